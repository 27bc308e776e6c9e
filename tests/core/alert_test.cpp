#include "core/alert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "core/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// ---- the fold

/// Alert scores 60 s apart; anomaly_score is ten times as much. Warning from 2, critical from 3.
class AlertFold : public testing::Test {
 protected:
  std::vector<AlertEvent> feed(const std::vector<double>& alert_scores) {
    std::vector<AlertEvent> events;
    for (const double score : alert_scores) {
      events.push_back(update(state_, calibration_, thresholds_, {time_, 10 * score, score}));
      time_ += 60;
    }
    return events;
  }

  Calibration calibration_ = simple_calibration();
  AlertThresholds thresholds_ = {2, 3, 3};
  AlertState state_;
  double time_ = 0;
};

constexpr AlertEvent kNone = AlertEvent::kNone;
constexpr AlertEvent kOpened = AlertEvent::kOpened;
constexpr AlertEvent kEscalated = AlertEvent::kEscalated;
constexpr AlertEvent kClosed = AlertEvent::kClosed;

TEST_F(AlertFold, opens_at_the_nth_anomalous_sample_in_a_row) {
  EXPECT_THAT(feed({0, 2, 2.5, 2.1, 2.2}), ElementsAre(kNone, kNone, kNone, kOpened, kNone));
  EXPECT_EQ(state_.current.started_at, 60);
  EXPECT_EQ(state_.current.opened_at, 180);
  EXPECT_TRUE(std::isnan(state_.current.closed_at));
  EXPECT_EQ(state_.current.level, AlertLevel::kWarning);
  EXPECT_EQ(state_.current.samples, 4);
}

TEST_F(AlertFold, opens_at_the_first_samples_of_a_host) {
  EXPECT_THAT(feed({2, 2, 2}), ElementsAre(kNone, kNone, kOpened));
  EXPECT_EQ(state_.current.started_at, 0);
}

TEST_F(AlertFold, starts_again_after_a_normal_sample) {
  EXPECT_THAT(feed({2, 2, 1.9, 2, 2, 1.9, 2, 2, 2}),
              ElementsAre(kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone, kOpened));
  EXPECT_EQ(state_.current.started_at, 360);
  EXPECT_EQ(state_.current.samples, 3);
}

TEST_F(AlertFold, closes_after_n_normal_samples_at_the_first_of_them) {
  feed({2, 2, 2, 2});
  EXPECT_THAT(feed({1, 1, 1}), ElementsAre(kNone, kNone, kClosed));
  EXPECT_EQ(state_.current.closed_at, 240);
  EXPECT_EQ(state_.current.samples, 4);
  EXPECT_FALSE(state_.open);
  EXPECT_THAT(feed({1, 1, 1, 1}), ElementsAre(kNone, kNone, kNone, kNone)) << "only once";
}

TEST_F(AlertFold, stays_open_through_shorter_pauses) {
  feed({2, 2, 2});
  EXPECT_THAT(feed({1, 1, 2, 1, 1, 2}), ElementsAre(kNone, kNone, kNone, kNone, kNone, kNone));
  EXPECT_TRUE(state_.open);
  EXPECT_EQ(state_.current.samples, 9);
  EXPECT_THAT(feed({1, 1, 1}), ElementsAre(kNone, kNone, kClosed));
  EXPECT_EQ(state_.current.closed_at, 9 * 60);
  EXPECT_EQ(state_.current.samples, 9);
}

TEST_F(AlertFold, opens_a_new_alert_after_the_last_one_closed) {
  feed({2, 9, 2, 1, 1, 1});
  EXPECT_THAT(feed({2, 2, 2}), ElementsAre(kNone, kNone, kOpened));
  EXPECT_EQ(state_.current.started_at, 360);
  EXPECT_EQ(state_.current.samples, 3);
  EXPECT_EQ(state_.current.anomaly_score, 20) << "nothing is left of the alert before";
  EXPECT_TRUE(std::isnan(state_.current.closed_at));
}

TEST_F(AlertFold, opens_as_critical_when_all_n_samples_are) {
  EXPECT_THAT(feed({3, 4, 5}), ElementsAre(kNone, kNone, kOpened));
  EXPECT_EQ(state_.current.level, AlertLevel::kCritical);
}

TEST_F(AlertFold, escalates_once_at_the_nth_critical_sample_in_a_row) {
  feed({2, 3, 3});
  EXPECT_EQ(state_.current.level, AlertLevel::kWarning);
  EXPECT_THAT(feed({2, 3, 3, 3, 3}), ElementsAre(kNone, kNone, kNone, kEscalated, kNone));
  EXPECT_EQ(state_.current.level, AlertLevel::kCritical);
  EXPECT_THAT(feed({2, 2, 2}), ElementsAre(kNone, kNone, kNone)) << "it does not go back";
  EXPECT_EQ(state_.current.level, AlertLevel::kCritical);
}

TEST_F(AlertFold, with_one_attempt_opens_and_closes_at_once) {
  thresholds_.attempts = 1;
  EXPECT_THAT(feed({1, 2, 3, 1, 2}), ElementsAre(kNone, kOpened, kEscalated, kClosed, kOpened));
}

TEST_F(AlertFold, keeps_the_worst_of_its_anomalous_samples) {
  feed({2, 2, 2, 7, 2});
  // Normal by their alert score, though not on their own: they are after the alert.
  for (int i = 0; i < 3; ++i) {
    update(state_, calibration_, thresholds_, {time_, 500, 1});
    time_ += 60;
  }
  EXPECT_FALSE(state_.open);
  EXPECT_EQ(state_.current.anomaly_score, 70);
  EXPECT_EQ(state_.current.worst_at, 180);
  EXPECT_LT(state_.current.worst_at, state_.current.closed_at);
}

TEST_F(AlertFold, has_the_severity_of_what_lasted_n_samples) {
  feed({2, 2, 9, 2.5, 2.6, 2.4});
  // The largest minimum of three in a row is 2.5.
  const double expected = severity_of_return_time(return_time(calibration_, 3, 2.5));
  EXPECT_NEAR(state_.current.severity, expected, 1e-12);
}

TEST_F(AlertFold, never_opens_while_the_calibration_is_not_ready) {
  calibration_.ready = false;
  thresholds_ = alert_thresholds(calibration_, AlertSettings{});
  EXPECT_THAT(feed({1e6, 1e300, 1e300, 1e300}), ElementsAre(kNone, kNone, kNone, kNone));
}

TEST_F(AlertFold, can_be_written_down_and_resumed_at_any_sample) {
  Random random(1);
  std::vector<double> scores;
  for (int i = 0; i < 300; ++i) {
    scores.push_back(4 * random.uniform());
  }
  const std::vector<AlertEvent> expected = feed(scores);
  state_ = AlertState();
  time_ = 0;
  std::vector<AlertEvent> events;
  for (const double score : scores) {
    const AlertState written = state_;
    state_ = AlertState(written);
    events.push_back(feed({score}).front());
  }
  EXPECT_EQ(events, expected);
}

TEST_F(AlertFold, goes_on_when_the_attempts_are_changed_between_samples) {
  thresholds_.attempts = 10;
  feed({2, 2, 2, 2, 2, 2, 2, 2});
  thresholds_.attempts = 2;
  EXPECT_THAT(feed({2}), ElementsAre(kOpened));
  EXPECT_EQ(state_.recent.size(), 2U);
}

TEST_F(AlertFold, follows_a_plain_description) {
  // Opens when the last three are all at least 2; closes when the last three are all below 2.
  Random random(2);
  for (int run = 0; run < 50; ++run) {
    state_ = AlertState();
    bool open = false;
    std::vector<double> seen;
    for (int i = 0; i < 200; ++i) {
      seen.push_back(4 * random.uniform());
      const AlertEvent event = feed({seen.back()}).front();
      const auto last = std::vector<double>(
          seen.end() - std::min<std::ptrdiff_t>(3, std::ssize(seen)), seen.end());
      const bool full = last.size() == 3;
      const bool all_high = full && std::ranges::all_of(last, [](double v) { return v >= 2; });
      const bool all_low = full && std::ranges::all_of(last, [](double v) { return v < 2; });
      EXPECT_EQ(event == kOpened, !open && all_high);
      EXPECT_EQ(event == kClosed, open && all_low);
      open = (open && !all_low) || all_high;
      EXPECT_EQ(state_.open, open);
    }
  }
}

// ---- thresholds

TEST(AlertThresholds, are_those_of_the_sensitivities_for_the_attempts) {
  Calibration calibration = simple_calibration();
  calibration.tails[4].threshold = 0.5;
  const AlertThresholds thresholds =
      alert_thresholds(calibration, {Sensitivity::kSensitive, Sensitivity::kInsensitive, 5});
  EXPECT_EQ(thresholds.attempts, 5);
  EXPECT_NEAR(return_time(calibration, 5, thresholds.warning), 7, 1e-9);
  EXPECT_NEAR(return_time(calibration, 5, thresholds.critical), 365, 1e-9);
}

// ---- tables

class FindAlerts : public testing::Test {
 protected:
  /// A metric at 0 with deviation 1 and one at 10 with deviation 1; no memory, so that the alert
  /// score is that of the sample.
  FindAlerts() {
    Parameters parameters;
    parameters.weights = Vector::Ones(1);
    parameters.means = Eigen::RowVector2d(0, 10);
    parameters.covariances = {Matrix::Identity(2, 2)};
    model_ = plain_model(parameters);
    model_.calibration.memory_seconds = 0;
  }

  std::vector<Alert> alerts_of(const std::vector<Row>& rows, AlertSettings settings = {}) {
    Scorer scorer = Scorer::create(model_).value();
    const SampleTable table = table_of(model_, rows);
    const TableScores scores = score_table(scorer, table).value();
    return find_alerts(scorer, table, scores, settings).value();
  }

  /// One row each minute; the first metric has these values.
  static std::vector<Row> minutes(const std::string& host, const std::vector<double>& values,
                                  double from = 0) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < values.size(); ++i) {
      rows.push_back({host, from + 60.0 * static_cast<double>(i), Eigen::Vector2d(values[i], 10)});
    }
    return rows;
  }

  RoleModel model_;
};

TEST_F(FindAlerts, tells_what_was_worst_and_why) {
  const std::vector<Alert> alerts = alerts_of(minutes("a", {0, 9, 12, 40, 9, 0, 0, 0, 0}));
  ASSERT_EQ(alerts.size(), 1U);
  const Alert& alert = alerts[0];
  EXPECT_EQ(alert.host, "a");
  EXPECT_EQ(alert.started_at, 60);
  EXPECT_EQ(alert.opened_at, 180);
  EXPECT_EQ(alert.closed_at, 300);
  EXPECT_EQ(alert.samples, 4);
  EXPECT_EQ(alert.worst_at, 180);
  EXPECT_NEAR(alert.anomaly_score, 800 + std::log(2 * std::numbers::pi), 1e-9);
  EXPECT_THAT(alert.top_metrics, ElementsAre("metric0"));
  EXPECT_TRUE(alert.sentence.starts_with("metric0 is 40: ")) << alert.sentence;
  EXPECT_EQ(alert.alert_id.size(), 16U);
  EXPECT_GE(alert.severity, 50);
}

TEST_F(FindAlerts, lists_alerts_by_time_of_opening_and_host_with_open_ones) {
  std::vector<Row> rows = minutes("b", {20, 20, 20, 0, 0, 0});
  for (const Row& row : minutes("a", {0, 20, 20, 20, 20, 20})) {
    rows.push_back(row);
  }
  for (const Row& row : minutes("c", {20, 20, 20, 20, 0, 0})) {
    rows.push_back(row);
  }
  std::ranges::reverse(rows);
  const std::vector<Alert> alerts = alerts_of(rows);
  std::vector<std::string> hosts;
  for (const Alert& alert : alerts) {
    hosts.push_back(alert.host);
  }
  EXPECT_THAT(hosts, ElementsAre("b", "c", "a"));
  EXPECT_EQ(alerts[0].closed_at, 180);
  EXPECT_TRUE(std::isnan(alerts[1].closed_at)) << "two normal samples do not close it";
  EXPECT_TRUE(std::isnan(alerts[2].closed_at));
}

TEST_F(FindAlerts, gives_the_same_ids_whatever_the_settings_and_the_rest_of_the_table) {
  const std::vector<Row> rows = minutes("a", {0, 20, 20, 20, 20, 20, 20, 0, 0, 0, 0});
  const std::string id = alerts_of(rows).front().alert_id;
  EXPECT_EQ(alerts_of(rows, {Sensitivity::kNormal, Sensitivity::kInsensitive, 5})[0].alert_id, id);
  std::vector<Row> more = minutes("b", {20, 20, 20});
  more.insert(more.end(), rows.begin(), rows.end() - 3);
  const std::vector<Alert> alerts = alerts_of(more);
  EXPECT_EQ(alerts[1].alert_id, id);
  EXPECT_NE(alerts[0].alert_id, id);
  model_.role = "other:role";
  EXPECT_NE(alerts_of(rows).front().alert_id, id);
}

TEST_F(FindAlerts, does_not_change_what_happened_when_the_future_is_cut_off) {
  Random random(3);
  std::vector<double> values;
  for (int i = 0; i < 120; ++i) {
    values.push_back(std::floor(i / 10.0) * 10 * random.uniform() > 30 ? 20 : 0);
  }
  const std::vector<Row> rows = minutes("a", values);
  const std::vector<Alert> all = alerts_of(rows, {Sensitivity::kNormal, Sensitivity::kNormal, 2});
  EXPECT_GT(all.size(), 3U);
  for (std::size_t cut = 1; cut < rows.size(); ++cut) {
    const double end = 60.0 * static_cast<double>(cut);
    const std::vector<Alert> past =
        alerts_of({rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(cut)},
                  {Sensitivity::kNormal, Sensitivity::kNormal, 2});
    const auto opened =
        std::ranges::count_if(all, [&](const Alert& a) { return a.opened_at < end; });
    ASSERT_EQ(std::ssize(past), opened);
    for (std::size_t i = 0; i < past.size(); ++i) {
      EXPECT_EQ(past[i].alert_id, all[i].alert_id);
      EXPECT_EQ(past[i].started_at, all[i].started_at);
      EXPECT_EQ(past[i].opened_at, all[i].opened_at);
      EXPECT_TRUE(std::isnan(past[i].closed_at) || past[i].closed_at == all[i].closed_at);
      EXPECT_LE(past[i].anomaly_score, all[i].anomaly_score);
    }
  }
}

TEST_F(FindAlerts, passes_over_samples_without_values) {
  std::vector<Row> rows = minutes("a", {0, 20, 20, 20, 20, 0, 0, 0});
  rows[2].values.setConstant(kNaN);
  const std::vector<Alert> alerts = alerts_of(rows);
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].started_at, 60);
  EXPECT_EQ(alerts[0].opened_at, 240);
  EXPECT_EQ(alerts[0].samples, 3);
}

TEST_F(FindAlerts, explains_a_sample_with_gaps) {
  std::vector<Row> rows = minutes("a", {20, 20, 20});
  for (Row& row : rows) {
    row.values[1] = kNaN;
  }
  EXPECT_THAT(alerts_of(rows)[0].top_metrics, ElementsAre("metric0"));
}

TEST_F(FindAlerts, finds_none_in_normal_times_or_an_empty_table) {
  EXPECT_THAT(alerts_of(minutes("a", {0, 1, -1, 0.5, 0})), IsEmpty());
  EXPECT_THAT(alerts_of({}), IsEmpty());
}

TEST_F(FindAlerts, takes_any_finite_time) {
  for (const double from : {-1e18, 1e18, 1e300}) {
    std::vector<Row> rows = minutes("a", {20, 20, 20});
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i].timestamp = from * (1 + 1e-3 * static_cast<double>(i));
    }
    EXPECT_EQ(alerts_of(rows).size(), 1U);
  }
}

TEST(AlertLevels, have_names) {
  EXPECT_EQ(name(AlertLevel::kWarning), "warning");
  EXPECT_EQ(name(AlertLevel::kCritical), "critical");
}

}  // namespace
}  // namespace rolemix
