#include "alert/alert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;

// ---- the fold

/// Alert scores 60 s apart; anomaly_score is ten times as much. Warning from 2, critical from 3.
using Changes = std::vector<AlertChange>;

class AlertFold : public testing::Test {
 protected:
  /// One entry per sample.
  std::vector<Changes> feed(const std::vector<double>& alert_scores) {
    std::vector<Changes> all;
    for (const double score : alert_scores) {
      Changes changes;
      const ScoredSample sample = {time_, 10 * score, score};
      for (const AlertEvent& event : update(state_, calibration_, thresholds_, sample)) {
        changes.push_back(event.change);
        alert_ = event.alert;
      }
      all.push_back(changes);
      time_ += 60;
    }
    return all;
  }

  Calibration calibration_ = simple_calibration();
  AlertThresholds thresholds_ = {2, 3, 3};
  HostAlertState state_;
  Alert alert_;  ///< of the last event
  double time_ = 0;
};

const Changes kNone = {};
const Changes kOpened = {AlertChange::kOpened};
const Changes kEscalated = {AlertChange::kEscalated};
const Changes kClosed = {AlertChange::kClosed};

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

TEST_F(AlertFold, ends_after_half_a_day_and_tells_again_only_of_more) {
  feed(std::vector<double>(719, 4));
  EXPECT_TRUE(state_.open);
  EXPECT_THAT(feed({4, 4, 4}), ElementsAre(kNone, kClosed, kNone));
  EXPECT_EQ(alert_.closed_at - alert_.started_at, 43200);
  EXPECT_EQ(alert_.samples, 721);
  feed(std::vector<double>(300, 4));
  EXPECT_FALSE(state_.open) << "it lasts";
  EXPECT_THAT(feed({5, 5, 5}), ElementsAre(kNone, kNone, kOpened)) << "it got worse";
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
  EXPECT_EQ(alert_.closed_at, 240);
  EXPECT_EQ(alert_.samples, 4);
  EXPECT_FALSE(state_.open);
  EXPECT_THAT(feed({1, 1, 1, 1}), ElementsAre(kNone, kNone, kNone, kNone)) << "only once";
}

TEST_F(AlertFold, stays_open_through_shorter_pauses) {
  feed({2, 2, 2});
  EXPECT_THAT(feed({1, 1, 2, 1, 1, 2}), ElementsAre(kNone, kNone, kNone, kNone, kNone, kNone));
  EXPECT_TRUE(state_.open);
  EXPECT_EQ(state_.current.samples, 9);
  EXPECT_THAT(feed({1, 1, 1}), ElementsAre(kNone, kNone, kClosed));
  EXPECT_EQ(alert_.closed_at, 9 * 60);
  EXPECT_EQ(alert_.samples, 9);
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
  EXPECT_THAT(feed({1, 2, 3, 1, 2.9}), ElementsAre(kNone, kOpened, kEscalated, kClosed, kOpened));
}

TEST_F(AlertFold, opens_again_at_once_only_for_something_about_as_strong) {
  thresholds_.attempts = 1;
  // Two above the threshold: three quarters of that are got used to.
  EXPECT_THAT(feed({4, 1, 3.4, 3.6}), ElementsAre(kOpened, kClosed, kNone, kOpened));
}

TEST_F(AlertFold, gets_unused_to_an_alert_within_days) {
  thresholds_.attempts = 1;
  feed({6, 1});
  EXPECT_NEAR(state_.habituation, 3 * std::exp(-60.0 / 172800), 1e-12);
  const auto calm_until = [&](double time) {
    for (; time_ < time; time_ += 2940) {
      feed({1});
    }
    time_ = time;
  };
  calm_until(2 * 86400);
  EXPECT_THAT(feed({2 + 3 * std::exp(-1) - 0.01, 1}), ElementsAre(kNone, kNone));
  calm_until(4 * 86400);
  EXPECT_THAT(feed({2 + 3 * std::exp(-2) + 0.01}), ElementsAre(kOpened));
}

TEST_F(AlertFold, opens_again_only_after_n_samples_that_are_each_news) {
  feed({6, 6, 6, 1, 1, 1});  // three more than the threshold are got used to
  time_ += 60;
  std::vector<Changes> events;
  for (int i = 0; i < 4000; ++i) {
    events.push_back(feed({3}).front());
  }
  const auto opened = std::ranges::find(events, kOpened);
  ASSERT_NE(opened, events.end());
  EXPECT_EQ(alert_.opened_at - alert_.started_at, 120);
}

TEST_F(AlertFold, starts_with_the_first_sample_above_the_threshold_whatever_it_has_got_used_to) {
  const std::vector<double> growing = {2, 2, 2.5, 6, 6, 6};
  const auto started_after = [&](const std::vector<double>& before) {
    state_ = HostAlertState();
    time_ = 0;
    feed(before);
    time_ = 3600;
    feed(growing);
    EXPECT_TRUE(state_.open);
    EXPECT_EQ(state_.current.samples, 6);
    return state_.current.started_at;
  };
  EXPECT_EQ(started_after({}), 3600);
  EXPECT_EQ(started_after({5, 5, 5, 1, 1, 1}), 3600) << "used to three quarters of three more";
}

TEST_F(AlertFold, is_used_to_what_lasted_for_half_a_day_told_of_or_not) {
  feed({6, 6, 6, 1, 1, 1});
  feed(std::vector<double>(721, 3));  // nothing new beside six
  EXPECT_TRUE(state_.used_to);
  EXPECT_FALSE(is_under_way(state_));
  const double worse = time_;
  EXPECT_THAT(feed({7, 7, 7}), ElementsAre(kNone, kNone, kOpened));
  EXPECT_EQ(alert_.started_at, worse) << "not half a day ago";
  feed({1, 1, 1});
  EXPECT_FALSE(state_.used_to);
}

TEST_F(AlertFold, starts_afresh_after_a_long_silence) {
  feed({9, 9, 9});
  time_ += 7200;
  EXPECT_THAT(feed({3, 3, 3}), ElementsAre(kClosed, kNone, kOpened));
}

TEST_F(AlertFold, closes_below_the_threshold_itself) {
  EXPECT_THAT(feed({9, 9, 9, 2.1, 2.1, 2.1, 1, 1, 1}),
              ElementsAre(kNone, kNone, kOpened, kNone, kNone, kNone, kNone, kNone, kClosed));
}

TEST_F(AlertFold, keeps_the_worst_of_its_anomalous_samples) {
  feed({2, 2, 2, 7, 2});
  // Normal by their alert score, though not on their own: they are after the alert.
  for (int i = 0; i < 3; ++i) {
    for (const AlertEvent& event : update(state_, calibration_, thresholds_, {time_, 500, 1})) {
      alert_ = event.alert;
    }
    time_ += 60;
  }
  EXPECT_FALSE(state_.open);
  EXPECT_EQ(alert_.anomaly_score, 70);
  EXPECT_EQ(alert_.worst_at, 180);
  EXPECT_LT(alert_.worst_at, alert_.closed_at);
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
  const std::vector<Changes> expected = feed(scores);
  state_ = HostAlertState();
  time_ = 0;
  std::vector<Changes> events;
  for (const double score : scores) {
    const HostAlertState written = state_;
    state_ = HostAlertState(written);
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
  // Opens when the last three are all at least 2, and what it has got used to more; closes when the
  // last three are all below 2.
  Random random(2);
  for (int run = 0; run < 50; ++run) {
    state_ = HostAlertState();
    bool open = false;
    double used_to = 0;
    int news = 0;
    std::vector<double> seen;
    for (int i = 0; i < 200; ++i) {
      seen.push_back(4 * random.uniform());
      const Changes event = feed({seen.back()}).front();
      const auto last = std::vector<double>(
          seen.end() - std::min<std::ptrdiff_t>(3, std::ssize(seen)), seen.end());
      const bool full = last.size() == 3;
      used_to *= std::exp(-60.0 / (2 * 86400));
      news = seen.back() >= 2 + used_to ? news + 1 : 0;
      const bool all_high = news >= 3;
      const bool all_low = full && std::ranges::all_of(last, [](double v) { return v < 2; });
      EXPECT_EQ(event == kOpened, !open && all_high);
      EXPECT_EQ(event == kClosed, open && all_low);
      open = (open && !all_low) || all_high;
      used_to = open ? std::max(used_to, 0.75 * (seen.back() - 2)) : used_to;
      EXPECT_EQ(state_.open, open);
    }
  }
}

// ---- gaps

TEST_F(AlertFold, does_not_count_a_run_across_a_gap) {
  EXPECT_THAT(feed({2, 2}), ElementsAre(kNone, kNone));
  time_ += 3 * 86400;
  EXPECT_THAT(feed({2, 2}), ElementsAre(kNone, kNone));
  EXPECT_THAT(feed({2}), ElementsAre(kOpened));
  EXPECT_EQ(alert_.started_at, 120 + 3 * 86400);
  EXPECT_EQ(alert_.samples, 3);
}

TEST_F(AlertFold, takes_up_to_three_usual_intervals_for_no_gap) {
  feed({2, 2});
  time_ += 120;
  EXPECT_THAT(feed({2}), ElementsAre(kOpened));
  state_ = HostAlertState();
  feed({2, 2});
  time_ += 121;
  EXPECT_THAT(feed({2}), ElementsAre(kNone));
}

TEST_F(AlertFold, stays_open_through_a_gap_and_needs_n_in_a_row_after_it_to_escalate) {
  feed({2, 2, 2, 3, 3});
  time_ += 1800;
  EXPECT_THAT(feed({3, 3, 3}), ElementsAre(kNone, kNone, kEscalated));
  EXPECT_EQ(alert_.opened_at, 120);
}

TEST_F(AlertFold, stays_open_while_its_host_is_silent_and_says_since_when) {
  feed({2, 2, 2});
  EXPECT_TRUE(state_.open);
  EXPECT_EQ(state_.current.last_sample_at, 120);
  time_ += 3000;
  EXPECT_THAT(feed({1, 1, 1}), ElementsAre(kNone, kNone, kClosed)) << "back and well";
  EXPECT_EQ(alert_.closed_at, 3180);
}

TEST_F(AlertFold, starts_afresh_when_its_host_was_silent_for_more_than_an_hour) {
  feed({2, 2, 2});
  time_ += 3600;
  EXPECT_THAT(feed({2, 2, 2}), ElementsAre(kClosed, kNone, kOpened));
  EXPECT_EQ(alert_.started_at, 3780);
  EXPECT_EQ(alert_.samples, 3);
  feed({1});
  time_ += 7200;
  EXPECT_THAT(feed({1}), ElementsAre(kClosed));
  EXPECT_EQ(alert_.closed_at, 3960) << "it was getting better before";
  EXPECT_EQ(alert_.samples, 3);
}

TEST_F(AlertFold, can_close_and_open_at_one_sample) {
  thresholds_.attempts = 1;
  feed({2});
  time_ += 4000;
  EXPECT_THAT(feed({2}), ElementsAre(Changes{AlertChange::kClosed, AlertChange::kOpened}));
}

TEST_F(AlertFold, knows_no_gaps_without_a_usual_interval) {
  calibration_.interval_seconds = 0;
  feed({2, 2});
  time_ += 1e6;
  EXPECT_THAT(feed({2}), ElementsAre(kOpened));
}

TEST_F(AlertFold, goes_by_the_clock_of_a_host_that_comes_more_seldom) {
  for (const double apart : {200., 600., 2100.}) {
    state_ = {};
    std::vector<Changes> changes;
    for (int i = 0; i < 4; ++i) {
      changes.push_back(feed({2}).front());
      time_ += apart - 60;
    }
    // What lies between the first two may be a gap: only the third says that it is usual.
    EXPECT_THAT(changes, ElementsAre(kNone, kNone, kNone, kOpened)) << apart;
    EXPECT_EQ(state_.current.started_at, time_ - 3 * apart) << apart;
  }
  // More than three dozen usual intervals are a gap to every host.
  state_ = {};
  for (int i = 0; i < 6; ++i) {
    EXPECT_THAT(feed({2}), ElementsAre(kNone)) << i;
    time_ += 2200 - 60;
  }
}

TEST_F(AlertFold, takes_samples_that_come_more_often_as_one_attempt) {
  const auto often = [&](const std::vector<double>& scores, double apart) {
    std::vector<std::size_t> changed;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (!feed({scores[i]}).front().empty()) {
        changed.push_back(i);
      }
      time_ += apart - 60;
    }
    return changed;
  };
  // Of every 20 s one in three counts, of every 5 s one in nine: 45 s.
  EXPECT_THAT(often(std::vector<double>(8, 2.5), 20), ElementsAre(6));
  EXPECT_EQ(state_.current.samples, 8);
  EXPECT_THAT(often(std::vector<double>(8, 1), 20), ElementsAre(6));
  EXPECT_EQ(alert_.samples, 8) << "without those below the threshold";
  EXPECT_EQ(alert_.closed_at, alert_.started_at + 8 * 20);
  EXPECT_THAT(often(std::vector<double>(20, 2.5), 5), ElementsAre(18));
  EXPECT_THAT(often(std::vector<double>(20, 1), 5), ElementsAre(18));
  // As often as in training, with jitter.
  EXPECT_THAT(often(std::vector<double>(4, 2.5), 46), ElementsAre(2));
  EXPECT_THAT(often(std::vector<double>(4, 1), 46), ElementsAre(2));
  // Of an attempt the smallest counts, and one below the threshold ends the run.
  EXPECT_THAT(often({2.5, 2.5, 2.5, 1, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5}, 20), ElementsAre(10));
  EXPECT_EQ(alert_.level, AlertLevel::kWarning);
  EXPECT_THAT(often({3.5, 3.5, 2.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5}, 20),
              ElementsAre(11))
      << "critical with the third attempt that has no 2.5";
}

TEST_F(AlertFold, passes_over_samples_that_are_not_later) {
  feed({2, 2});
  time_ -= 120;
  EXPECT_THAT(feed({2, 2}), ElementsAre(kNone, kNone));
  EXPECT_THAT(feed({2}), ElementsAre(kOpened));
}

TEST_F(AlertFold, never_opens_with_fewer_than_n_successive_anomalous_samples) {
  Random random(4);
  for (int run = 0; run < 200; ++run) {
    state_ = HostAlertState();
    thresholds_.attempts = 1 + static_cast<int>(random_index(random, 10));
    int in_a_row = 0;
    double apart = 0;
    for (int i = 0; i < 300; ++i) {
      const double pause = random.uniform() < 0.03 ? 1e4 * random.uniform() : 0;
      const double score = random.uniform() < 0.8 ? 2 + random.uniform() : 1;
      time_ += pause;
      const bool is_gap = 60 + pause > 3 * std::clamp(apart, 60., 720.);
      apart = 60 + pause;
      in_a_row = score < 2 ? 0 : (is_gap ? 1 : in_a_row + 1);
      const Changes changes = feed({score}).front();
      if (std::ranges::count(changes, AlertChange::kOpened) > 0) {
        EXPECT_GE(in_a_row, thresholds_.attempts);
      }
    }
  }
}

// ---- thresholds

TEST(AlertThresholds, are_those_of_the_sensitivities_for_the_attempts) {
  Calibration calibration = simple_calibration();
  calibration.curves[4].slope = 5;
  const AlertThresholds thresholds =
      alert_thresholds(calibration, {Sensitivity::kSensitive, Sensitivity::kInsensitive, 5});
  EXPECT_EQ(thresholds.attempts, 5);
  EXPECT_NEAR(return_time(calibration, 5, thresholds.warning), 7, 1e-9);
  EXPECT_NEAR(return_time(calibration, 5, thresholds.critical), 365, 1e-9);
}

TEST(AlertNames, are_those_of_the_tables) {
  EXPECT_EQ(name(AlertLevel::kWarning), "warning");
  EXPECT_EQ(name(AlertLevel::kCritical), "critical");
  EXPECT_EQ(name(AlertScope::kHost), "host");
  EXPECT_EQ(name(AlertScope::kRole), "role");
  Alert alert;
  alert.hosts = {"a", "b"};
  EXPECT_EQ(host_names(alert), "a;b");
}

}  // namespace
}  // namespace rolemix
