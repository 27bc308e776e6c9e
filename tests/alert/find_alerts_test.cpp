#include "alert/find_alerts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "alert/alert_id.h"
#include "alert/alert_state_file.h"
#include "explain/of_table.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

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
    const Samples samples = samples_of(model_, table_of(model_, rows)).value();
    Explainer explainer(scorer);
    return find_alerts(explainer, samples, score(scorer, samples), settings);
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
  EXPECT_EQ(host_names(alert), "a");
  EXPECT_EQ(alert.started_at, 60);
  EXPECT_EQ(alert.opened_at, 180);
  EXPECT_EQ(alert.closed_at, 300);
  EXPECT_EQ(alert.samples, 4);
  EXPECT_EQ(alert.worst_at, 180);
  EXPECT_NEAR(alert.anomaly_score, 800 + std::log(2 * std::numbers::pi), 1e-9);
  ASSERT_TRUE(alert.finding);
  EXPECT_EQ(alert.finding->kind, FindingKind::kOutside);
  EXPECT_THAT(top_metrics(model_, *alert.finding), ElementsAre("metric0"));
  EXPECT_EQ(alert.finding->metrics[0].observed, 40);
  EXPECT_EQ(alert.alert_id, make_alert_id(model_.role, "a", 60));
  EXPECT_GE(alert.severity, 50);
}

TEST_F(FindAlerts, finds_the_same_alerts_without_explaining_them) {
  std::vector<Row> rows = minutes("a", {0, 9, 12, 40, 9, 0, 0, 0, 0, 20, 20, 20});
  for (const char* host : {"b", "c"}) {
    for (const Row& row : minutes(host, {0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 20, 20})) {
      rows.push_back(row);
    }
  }
  Scorer scorer = Scorer::create(model_).value();
  const Samples samples = samples_of(model_, table_of(model_, rows)).value();
  const TableScores scores = score(scorer, samples);
  Explainer explainer(scorer);
  const auto explained = find_alerts(explainer, samples, scores, {});
  const auto counted = find_alerts(explainer, samples, scores, {}, false);
  ASSERT_EQ(counted.size(), explained.size());
  EXPECT_EQ(counted.back().scope, AlertScope::kRole);
  for (std::size_t i = 0; i < counted.size(); ++i) {
    EXPECT_EQ(counted[i].alert_id, explained[i].alert_id);
    EXPECT_EQ(counted[i].opened_at, explained[i].opened_at);
    EXPECT_EQ(counted[i].worst_at, explained[i].worst_at);
    EXPECT_EQ(counted[i].severity, explained[i].severity);
    EXPECT_FALSE(counted[i].finding);
    EXPECT_TRUE(explained[i].finding);
  }
}

TEST_F(FindAlerts, tells_of_a_step_from_the_level_of_its_host) {
  model_.metrics[0].center_by_host = true;
  model_.metrics[0].median = 0;
  std::vector<double> values(200, 500);
  std::fill(values.begin() + 150, values.begin() + 170, 510);
  std::vector<Row> rows = minutes("high", values);
  for (const Row& row : minutes("low", std::vector<double>(200, -30))) {
    rows.push_back(row);
  }
  const std::vector<Alert> alerts = alerts_of(rows);
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(host_names(alerts[0]), "high");
  EXPECT_EQ(alerts[0].started_at, 150 * 60);
  const FoundMetric& found = alerts[0].finding.value().metrics.at(0);
  EXPECT_EQ(found.metric, 0);
  EXPECT_EQ(found.observed, 510);
  EXPECT_EQ(found.reason, Reason::kBoth);
  EXPECT_NEAR(found.typical_low, 498, 0.1) << "about the host's own level";
  EXPECT_NEAR(found.high, 502, 0.1);
}

TEST_F(FindAlerts, lists_alerts_by_time_of_opening_and_host_with_open_ones) {
  std::vector<Row> rows = minutes("b", {20, 20, 20, 0, 0, 0});
  for (const Row& row : minutes("a", {0, 20, 20, 20, 20, 20})) {
    rows.push_back(row);
  }
  for (const Row& row : minutes("c", {20, 20, 20, 20, 0, 0})) {
    rows.push_back(row);
  }
  for (const char* calm : {"d", "e", "f", "g"}) {
    for (const Row& row : minutes(calm, {0, 0, 0, 0, 0, 0})) {
      rows.push_back(row);
    }
  }
  std::ranges::reverse(rows);
  const std::vector<Alert> alerts = alerts_of(rows);
  std::vector<std::string> hosts;
  for (const Alert& alert : alerts) {
    hosts.push_back(host_names(alert));
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
  EXPECT_THAT(top_metrics(model_, alerts_of(rows)[0].finding.value()), ElementsAre("metric0"));
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
    const AlertSettings one = {Sensitivity::kNormal, Sensitivity::kNormal, 1};
    EXPECT_EQ(alerts_of(rows, one).size(), 3U) << "each after a long silence";
  }
}

/// All numbers of what was found.
std::string said(const Alert& alert) {
  std::string text;
  for (const FoundMetric& metric : alert.finding.value_or(Finding()).metrics) {
    text += std::to_string(metric.metric) + " " + std::string(name(metric.reason));
    for (const double number : {metric.observed, metric.expected, metric.low, metric.high,
                                metric.typical_low, metric.typical_high, metric.blame}) {
      text += " " + std::to_string(number);
    }
  }
  return text;
}

/// Alerts but for what the rest of the role adds.
std::vector<std::string> outlines(const std::vector<Alert>& alerts) {
  std::vector<std::string> lines;
  for (const Alert& a : alerts) {
    std::string line =
        a.alert_id + " " + host_names(a) + " " + std::string(name(a.level)) + " " + said(a);
    for (const double number : {a.started_at, a.opened_at, a.closed_at, a.last_sample_at,
                                a.severity, a.anomaly_score, double(a.samples)}) {
      line += " " + std::to_string(number);
    }
    lines.push_back(line);
  }
  std::ranges::sort(lines);
  return lines;
}

/// Hosts that come and go, misbehave alone and together, with pauses.
std::vector<Row> random_rows(Random& random, int hosts, int minutes) {
  std::vector<Row> rows;
  std::vector<int> bad(hosts);
  std::vector<int> silent(hosts);
  for (int minute = 0; minute < minutes; ++minute) {
    const bool all = random.uniform() < 0.03;
    for (int h = 0; h < hosts; ++h) {
      bad[h] = std::max(bad[h] - 1, all || random.uniform() < 0.01 ? 8 : 0);
      silent[h] = std::max(silent[h] - 1, random.uniform() < 0.003 ? 5 + 90 * (h % 2) : 0);
      if (silent[h] == 0) {
        const double value = (bad[h] > 0 ? 20 : 0) + 3 * random.uniform();
        rows.push_back(
            {"host" + std::to_string(h), 60.0 * minute + 7 * h, Eigen::Vector2d(value, 10)});
      }
    }
  }
  return rows;
}

TEST_F(FindAlerts, gives_the_same_alerts_for_rows_in_any_order) {
  Random random(5);
  for (int run = 0; run < 10; ++run) {
    std::vector<Row> rows = random_rows(random, 4, 400);
    const std::vector<std::string> expected = outlines(alerts_of(rows));
    EXPECT_GT(expected.size(), 1U);
    for (std::size_t i = rows.size(); i > 1; --i) {
      std::swap(rows[i - 1], rows[random_index(random, static_cast<Index>(i))]);
    }
    EXPECT_EQ(outlines(alerts_of(rows)), expected);
  }
}

TEST_F(FindAlerts, gives_each_host_the_alerts_that_it_has_alone_while_no_two_misbehave_at_once) {
  Random random(6);
  std::vector<Row> rows;
  std::vector<std::string> expected;
  for (int h = 0; h < 5; ++h) {
    std::vector<double> values(500);
    for (int i = 100 * h; i < 100 * h + 70; ++i) {
      values[i] = random.uniform() < 0.7 ? 20 : 0;
    }
    const std::vector<Row> host = minutes("host" + std::to_string(h), values);
    rows.insert(rows.end(), host.begin(), host.end());
    for (const std::string& line : outlines(alerts_of(host))) {
      expected.push_back(line);
    }
  }
  std::ranges::sort(expected);
  EXPECT_GT(expected.size(), 5U);
  EXPECT_EQ(outlines(alerts_of(rows)), expected);
}

TEST_F(FindAlerts, makes_one_alert_of_most_hosts_that_names_them_and_the_worst) {
  std::vector<Row> rows;
  for (const char* host : {"d", "c", "b", "a"}) {
    const double peak = *host == 'b' ? 40 : 20;
    for (const Row& row : minutes(host, {0, 20, 20, peak, 20, 0, 0, 0, 0, 0, 0})) {
      rows.push_back(*host == 'd' ? Row{"d", row.timestamp, Eigen::Vector2d(0, 10)} : row);
    }
  }
  const std::vector<Alert> alerts = alerts_of(rows);
  ASSERT_EQ(alerts.size(), 1U);
  const Alert& alert = alerts[0];
  EXPECT_EQ(alert.scope, AlertScope::kRole);
  EXPECT_THAT(alert.hosts, ElementsAre("a", "b", "c"));
  EXPECT_EQ(alert.started_at, 60);
  EXPECT_EQ(alert.opened_at, 180);
  EXPECT_EQ(alert.worst_at, 180);
  EXPECT_NEAR(alert.anomaly_score, 800 + std::log(2 * std::numbers::pi), 1e-9);
  EXPECT_EQ(alert.worst_host, "b");
  EXPECT_EQ(alert.finding.value().metrics.at(0).observed, 40);
  EXPECT_EQ(alert.alert_id, make_alert_id(model_.role, {}, 60));
}

TEST_F(FindAlerts, gives_the_same_alerts_when_a_state_goes_on_after_any_sample) {
  Random random(7);
  const std::vector<Row> rows = random_rows(random, 4, 150);
  const std::vector<Alert> all = alerts_of(rows);
  EXPECT_TRUE(
      std::ranges::any_of(all, [](const Alert& a) { return a.scope == AlertScope::kRole; }));
  Scorer scorer = Scorer::create(model_).value();
  Explainer explainer(scorer);
  const auto follow = [&](const std::vector<Row>& part, AlertState& state) {
    const Samples samples = samples_of(model_, table_of(model_, part)).value();
    std::vector<Alert> told;
    for (AlertEvent& event : follow_alerts(explainer, samples, score(scorer, samples), {}, state)) {
      EXPECT_EQ(event.change == AlertChange::kClosed, !std::isnan(event.alert.closed_at));
      told.push_back(std::move(event.alert));
    }
    return told;
  };
  AlertState once;
  const std::vector<std::string> expected = outlines(follow(rows, once));
  for (std::size_t cut = 1; cut < rows.size(); cut += 7) {
    AlertState state;
    const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(cut);
    std::vector<Alert> told = follow({rows.begin(), middle}, state);
    for (const Alert& later : follow({middle, rows.end()}, state)) {
      std::erase_if(told, [&](const Alert& a) { return a.alert_id == later.alert_id; });
      told.push_back(later);
    }
    // An alert that was told of as open and has had no event since stands in the state.
    for (Alert& alert : told) {
      for (const HostAlertState& host : state.hosts) {
        if (std::isnan(alert.closed_at) && host.open && host.current.alert_id == alert.alert_id) {
          alert = host.current;
        }
      }
    }
    EXPECT_EQ(outlines(told), expected) << cut;
  }
}

TEST_F(FindAlerts, ranks_metrics_after_a_written_state_as_in_one_run) {
  model_.calibration.memory_seconds = 600;
  Random random(8);
  std::vector<Row> rows = minutes("a", std::vector<double>(40));
  for (Row& row : rows) {
    row.values += random_normals(random, 2, 1);
    row.values[random_index(random, 2)] += random.uniform() < 0.3 ? 8 * random.uniform() : 0;
  }
  Scorer scorer = Scorer::create(model_).value();
  Explainer explainer(scorer);
  const SampleTable whole = table_of(model_, rows);
  std::vector<std::int32_t> all(rows.size());
  std::iota(all.begin(), all.end(), 0);
  const std::vector<Explanation> expected = explain(explainer, whole, all);
  AlertState state;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SampleTable next = select_rows(whole, {all[i]});
    const HostState past = i > 0 ? state.hosts[0].carried : HostState();
    const Samples samples = samples_of(model_, next, {{"a", past}}).value();
    const Explanation actual = HostExplainer(explainer, samples.hosts[0]).explain(0, 1).front();
    EXPECT_EQ(actual.ranking, expected[i].ranking);
    for (Index d = 0; d < 2; ++d) {
      EXPECT_EQ(actual.metrics[d].blame, expected[i].metrics[d].blame) << i;
    }
    follow_alerts(explainer, samples, score(scorer, samples), {}, state);
    const std::string written = write_alert_state(state, model_).value().bytes;
    state = read_alert_state(
                {reinterpret_cast<const std::uint8_t*>(written.data()), written.size()}, model_)
                .value();
  }
}

/// Runs that each take in a table and hand a state on.
class FollowAlerts : public FindAlerts {
 protected:
  static constexpr double kNow = 1.79e9;
  static constexpr double kYear2099 = 4070908800;

  /// Samples of these hosts at this minute; 0 is normal.
  std::vector<Row> at_minute(int minute, const std::vector<std::string>& hosts, double value = 0) {
    std::vector<Row> rows;
    for (const std::string& host : hosts) {
      rows.push_back({host, kNow + 60 * minute, Eigen::Vector2d(value, 10)});
    }
    return rows;
  }

  /// The samples, and what was found out about them.
  Samples run(const std::vector<Row>& rows) {
    HostStates before;
    for (const HostAlertState& host : state_.hosts) {
      before[host.host] = host.carried;
    }
    Scorer scorer = Scorer::create(model_).value();
    Samples samples = samples_of(model_, table_of(model_, rows), before).value();
    Explainer explainer(scorer);
    for (const AlertEvent& event :
         follow_alerts(explainer, samples, score(scorer, samples), {}, state_)) {
      if (event.change != AlertChange::kClosed) {
        opened_.push_back(host_names(event.alert));
      }
    }
    const auto written = write_alert_state(state_, model_);
    EXPECT_TRUE(written && written->notices.empty());
    return samples;
  }

  /// From this minute on each host in turn is anomalous for 5 minutes: whose alerts open.
  std::vector<std::string> opened_from(int minute, const std::vector<std::string>& hosts) {
    opened_.clear();
    for (const std::string& anomalous : hosts) {
      for (int end = minute + 10; minute < end; ++minute) {
        std::vector<Row> rows = at_minute(minute, hosts);
        for (Row& row : rows) {
          if (row.host == anomalous && minute + 5 < end) {
            row.values[0] = 30;
          }
        }
        run(rows);
      }
    }
    return opened_;
  }

  AlertState state_;
  std::vector<std::string> opened_;
};

TEST_F(FollowAlerts, goes_on_after_a_sample_of_a_wrong_clock) {
  const std::vector<std::string> hosts = {"a", "b", "c", "d"};
  for (const double wrong : {kYear2099, kNow + 2 * 86400, 1e15}) {
    state_ = {};
    run(at_minute(0, hosts));
    std::vector<Row> rows = at_minute(1, hosts);
    rows[1].timestamp = wrong;
    const Samples samples = run(rows);
    ASSERT_EQ(samples.far.size(), 1U);
    EXPECT_EQ(samples.far[0].host, "b");
    EXPECT_EQ(samples.far[0].time, wrong);
    EXPECT_EQ(opened_from(2, hosts), hosts);
  }
}

TEST_F(FollowAlerts, goes_on_beside_a_clock_that_stays_wrong) {
  const std::vector<std::string> hosts = {"a", "b", "c", "d"};
  opened_.clear();
  for (int minute = 0; minute < 10; ++minute) {
    std::vector<Row> rows = at_minute(minute, hosts, minute < 5 ? 0 : 30);
    rows[2].timestamp = kYear2099 + 60 * minute;
    EXPECT_EQ(run(rows).far.size(), 1U);
  }
  EXPECT_THAT(opened_, ElementsAre("a;b;d"));
}

TEST_F(FollowAlerts, forgets_a_state_that_is_far_ahead_of_all_that_comes) {
  for (const std::vector<std::string>& hosts :
       {std::vector<std::string>{"a"}, {"a", "b"}, {"a", "b", "c", "d"}}) {
    state_ = {};
    for (int minute = 0; minute < 90; ++minute) {
      run(at_minute(minute, hosts));
    }
    std::vector<Row> alone = at_minute(90, {"a"});
    alone[0].timestamp = kYear2099;
    run(alone);
    ASSERT_EQ(state_.latest, kYear2099) << "nothing tells that it is wrong";
    const Samples samples = run(at_minute(91, hosts));
    ASSERT_EQ(samples.far.size(), 1U);
    EXPECT_EQ(samples.far[0].done, FarTime::kForgotten);
    EXPECT_EQ(state_.latest, kNow + 91 * 60);
    EXPECT_EQ(opened_from(92, hosts), hosts);
  }
}

TEST_F(FollowAlerts, goes_back_to_no_time_before_that_of_the_other_hosts) {
  run(at_minute(0, {"a", "b", "c"}));
  run(at_minute(5, {"c"}));
  std::vector<Row> alone = at_minute(6, {"a"});
  alone[0].timestamp = kYear2099;
  run(alone);
  EXPECT_EQ(run(at_minute(2, {"a", "b"})).far.size(), 1U);
  EXPECT_EQ(state_.latest, kNow + 5 * 60);
  EXPECT_EQ(opened_from(6, {"a", "b", "c"}), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(FollowAlerts, forgets_it_of_a_host_that_sends_no_more) {
  const std::vector<std::string> hosts = {"b", "c"};
  std::vector<Row> alone = at_minute(0, {"a"});
  alone[0].timestamp = kYear2099;
  run(alone);
  EXPECT_EQ(run(at_minute(1, hosts)).far.size(), 1U);
  EXPECT_EQ(opened_from(2, hosts), hosts);
}

TEST_F(FollowAlerts, keeps_the_state_when_an_old_table_comes_again) {
  const std::vector<std::string> hosts = {"a", "b", "c"};
  for (int minute = 3 * 1440; minute < 3 * 1440 + 90; ++minute) {
    run(at_minute(minute, hosts));
  }
  const std::string before = write_alert_state(state_, model_)->bytes;
  std::vector<Row> old;
  for (int minute = 0; minute < 90; ++minute) {
    for (Row& row : at_minute(minute, hosts)) {
      old.push_back(row);
    }
  }
  const Samples samples = run(old);
  EXPECT_EQ(samples.rows(), 0);
  EXPECT_EQ(samples.passed_over, 270);
  EXPECT_THAT(samples.far, IsEmpty());
  EXPECT_EQ(write_alert_state(state_, model_)->bytes, before);
}

}  // namespace
}  // namespace rolemix
