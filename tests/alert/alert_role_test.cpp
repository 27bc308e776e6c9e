// The role's part of the fold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "alert/alert.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Alert scores of hosts a, b, c, ... once a minute; warning from 2, critical from 3.
class RoleAlerts : public testing::Test {
 protected:
  RoleAlerts() {
    model_.role = "test:role";
    model_.calibration = simple_calibration();
  }

  /// One minute: a digit is an alert score, a space no sample. What happened, such as "opened a" or
  /// "closed role a;b;c".
  std::vector<std::string> minute(const std::string& scores) {
    std::vector<std::string> told;
    for (std::size_t h = 0; h < scores.size(); ++h) {
      if (scores[h] != ' ') {
        const double score = scores[h] - '0';
        const std::string host(1, static_cast<char>('a' + h));
        tell(update(state_, model_, thresholds_, host, {time_, 10 * score, score}), told);
      }
    }
    time_ += 60;
    return told;
  }

  std::vector<std::string> minutes(const std::vector<std::string>& all) {
    std::vector<std::string> told;
    for (const std::string& scores : all) {
      for (const std::string& line : minute(scores)) {
        told.push_back(line);
      }
    }
    return told;
  }

  void tell(const std::vector<AlertEvent>& events, std::vector<std::string>& told) {
    for (const AlertEvent& event : events) {
      const char* changes[] = {"opened ", "escalated ", "closed "};
      const bool is_role = event.alert.scope == AlertScope::kRole;
      told.push_back(changes[static_cast<int>(event.change)] + std::string(is_role ? "role " : "") +
                     host_names(event.alert));
      last_ = event.alert;
    }
  }

  RoleModel model_;
  AlertThresholds thresholds_ = {2, 3, 3};
  AlertState state_;
  Alert last_;  ///< of the last event
  double time_ = 600;
};

TEST_F(RoleAlerts, stand_for_hosts_that_turn_anomalous_together) {
  EXPECT_THAT(minutes({"0000", "2220", "2220"}), IsEmpty());
  EXPECT_THAT(minute("2520"), ElementsAre("opened role a;b;c"));
  EXPECT_EQ(last_.started_at, 660);
  EXPECT_EQ(last_.opened_at, 780);
  EXPECT_EQ(last_.worst_host, "b");
  EXPECT_EQ(last_.anomaly_score, 50);
  EXPECT_EQ(last_.level, AlertLevel::kWarning);
  EXPECT_THAT(minutes({"2220", "2220"}), IsEmpty());
}

TEST_F(RoleAlerts, are_not_made_of_half_the_hosts) {
  EXPECT_THAT(minutes({"0000", "2200", "2200", "2200"}), ElementsAre("opened a", "opened b"));
}

TEST_F(RoleAlerts, need_three_hosts) {
  EXPECT_THAT(minutes({"00", "22", "22", "22"}), ElementsAre("opened a", "opened b"));
  EXPECT_THAT(minutes({"00", "00", "00"}), ElementsAre("closed a", "closed b"));
  EXPECT_THAT(minutes({"222", "222", "222"}), ElementsAre("opened role a;b;c"));
}

TEST_F(RoleAlerts, wait_for_hosts_that_are_turning) {
  // a opens while most are anomalous: it is not told of before the others have decided.
  EXPECT_THAT(minutes({"000", "200", "220", "222", "222"}), ElementsAre("opened role a;b"));
  EXPECT_EQ(last_.started_at, 720) << "when most of them had begun";
  EXPECT_THAT(minute("222"), IsEmpty());
  EXPECT_THAT(state_.current.hosts, ElementsAre("a", "b", "c"));
}

TEST_F(RoleAlerts, leave_a_host_alone_when_the_others_get_better) {
  EXPECT_THAT(minutes({"000", "200", "200"}), IsEmpty());
  EXPECT_THAT(minute("220"), IsEmpty());
  EXPECT_THAT(minute("200"), ElementsAre("opened a"));
  EXPECT_EQ(last_.opened_at, 780) << "as if it had not waited";
}

TEST_F(RoleAlerts, make_no_host_wait_for_longer_than_it_takes_to_open) {
  EXPECT_THAT(minutes({"000", "220", "200", "220", "200"}), ElementsAre("opened a"));
  state_ = AlertState();
  // b is anomalous every other minute, c in between: most are turning all the time.
  EXPECT_THAT(minutes({"000", "220", "202", "220", "202"}), IsEmpty());
  EXPECT_THAT(minute("220"), ElementsAre("opened a"));
}

TEST_F(RoleAlerts, leave_alerts_alone_that_were_told_of_before) {
  EXPECT_THAT(minutes({"000", "200", "200", "200"}), ElementsAre("opened a"));
  EXPECT_THAT(minutes({"222", "222", "222"}), ElementsAre("opened role a;b;c"));
  EXPECT_EQ(last_.started_at, 840);
  EXPECT_THAT(minutes({"022", "022", "022"}), ElementsAre("closed a"));
}

TEST_F(RoleAlerts, close_after_n_evaluations_in_which_not_most_hosts_alert) {
  minutes({"000", "222", "222", "222"});
  const double recovery = time_;
  EXPECT_THAT(minutes({"000", "000", "222", "000", "000"}), IsEmpty());
  EXPECT_THAT(minute("000"), ElementsAre("closed role a;b;c"));
  EXPECT_EQ(last_.closed_at, recovery + 180);
  EXPECT_EQ(last_.samples, 4);
  EXPECT_THAT(minutes({"000", "000", "000"}), IsEmpty());
}

TEST_F(RoleAlerts, give_a_host_that_is_still_anomalous_at_the_end_its_own_alert) {
  minutes({"000", "222", "222", "222", "200", "200"});
  const double now = time_;
  EXPECT_THAT(minute("200"), ElementsAre("closed role a;b;c", "opened a"));
  EXPECT_EQ(last_.started_at, now) << "what was before was the role's";
  EXPECT_EQ(last_.opened_at, now);
  EXPECT_EQ(last_.worst_at, now);
  EXPECT_EQ(last_.anomaly_score, 20);
  EXPECT_EQ(last_.samples, 1);
  EXPECT_EQ(last_.alert_id, "test:role/a@1970-01-01T00:16:00Z");
  EXPECT_THAT(minutes({"000", "000", "000"}), ElementsAre("closed a"));
}

TEST_F(RoleAlerts, give_a_host_that_was_getting_better_at_the_end_its_own_when_it_does_not) {
  minutes({"000", "222", "222", "222", "222", "200"});
  EXPECT_THAT(minutes({"200", "000"}), ElementsAre("closed role a;b;c"));
  const double again = time_;
  EXPECT_THAT(minute("200"), ElementsAre("opened a"));
  EXPECT_EQ(last_.started_at, again);
  // Nor is it told of where it does get better.
  state_ = AlertState();
  minutes({"000", "222", "222", "222", "222", "200"});
  EXPECT_THAT(minutes({"200", "000", "000", "000", "000"}), ElementsAre("closed role a;b;c"));
}

TEST_F(RoleAlerts, escalate_with_the_first_of_their_hosts) {
  EXPECT_THAT(minutes({"000", "222", "222", "222"}), ElementsAre("opened role a;b;c"));
  EXPECT_THAT(minutes({"232", "232", "232"}), ElementsAre("escalated role a;b;c"));
  EXPECT_EQ(last_.level, AlertLevel::kCritical);
}

TEST_F(RoleAlerts, count_hosts_that_send) {
  // c, d and e have left: of three that send two alert.
  minutes({"000000", "000000"});
  minutes({"00   0", "00   0", "00   0", "00   0"});
  EXPECT_THAT(minutes({"22   0", "22   0", "22   0"}), ElementsAre("opened role a;b"));
}

TEST_F(RoleAlerts, take_hosts_in_that_come_later) {
  minutes({"000", "222", "222", "222"});
  EXPECT_THAT(minutes({"2222", "2222", "2222", "2222"}), IsEmpty());
  EXPECT_THAT(state_.current.hosts, ElementsAre("a", "b", "c", "d"));
}

TEST_F(RoleAlerts, are_not_closed_by_hosts_that_fall_silent) {
  minutes({"0000", "2220", "2220", "2220"});
  for (int i = 0; i < 30; ++i) {
    EXPECT_THAT(minute("   0"), IsEmpty());
  }
  EXPECT_TRUE(state_.open);
  std::vector<std::string> told;
  for (int i = 0; i < 60; ++i) {
    for (const std::string& line : minute("   0")) {
      told.push_back(line);
    }
  }
  EXPECT_THAT(told, ElementsAre("closed role a;b;c", "opened a", "opened b", "opened c"))
      << "after an hour it is no longer the role's, but the hosts' own";
}

TEST_F(RoleAlerts, with_one_attempt_open_at_the_end_of_the_same_minute) {
  thresholds_.attempts = 1;
  minute("000");
  EXPECT_THAT(minute("222"), ElementsAre("opened role a;b;c"));
}

TEST_F(RoleAlerts, do_not_exist_without_a_usual_interval) {
  model_.calibration.interval_seconds = 0;
  EXPECT_THAT(minutes({"000", "222", "222", "222", "222"}),
              testing::UnorderedElementsAre("opened a", "opened b", "opened c"));
}

TEST_F(RoleAlerts, settle_what_waits_when_no_more_samples_come) {
  std::vector<std::string> told = minutes({"000", "200", "220", "220"});
  EXPECT_THAT(told, IsEmpty());
  tell(settle(state_, model_, thresholds_), told);
  EXPECT_THAT(told, ElementsAre("opened a"));
  told.clear();
  tell(settle(state_, model_, thresholds_), told);
  EXPECT_THAT(told, IsEmpty());
}

// ---- laws

/// (host, sample) in order of time: hosts that come and go, alone and together.
struct Told {
  std::string host;
  ScoredSample sample;
};

std::vector<Told> random_role(Random& random, int hosts, int minutes) {
  std::vector<Told> samples;
  std::vector<int> bad(hosts);
  std::vector<int> silent(hosts);
  for (int minute = 0; minute < minutes; ++minute) {
    const bool all = random.uniform() < 0.02;
    for (int h = 0; h < hosts; ++h) {
      bad[h] =
          std::max(bad[h] - 1, (all && random.uniform() < 0.8) || random.uniform() < 0.01 ? 9 : 0);
      silent[h] = std::max(silent[h] - 1, random.uniform() < 0.003 ? 5 + 90 * (h % 2) : 0);
      if (silent[h] == 0) {
        const double score = (bad[h] > 0 ? 1.7 : 0.5) + 1.6 * random.uniform();
        samples.push_back({"host" + std::to_string(h), {60.0 * minute + 9 * h, 10 * score, score}});
      }
    }
  }
  return samples;
}

std::string text_of(const AlertEvent& event) {
  const Alert& a = event.alert;
  std::string text = std::to_string(static_cast<int>(event.change)) + " " + a.alert_id + " " +
                     std::string(name(a.scope)) + " " + host_names(a) + " " +
                     std::string(name(a.level)) + " " + a.worst_host;
  for (const double number : {a.started_at, a.opened_at, a.closed_at, a.last_sample_at, a.severity,
                              a.anomaly_score, a.worst_at, static_cast<double>(a.samples)}) {
    text += " " + std::to_string(number);
  }
  return text;
}

TEST(RoleAlertLaws, every_alert_opens_once_escalates_at_most_once_and_closes_at_most_once) {
  Random random(1);
  RoleModel model;
  model.role = "test:role";
  model.calibration = simple_calibration();
  int roles = 0;
  for (int run = 0; run < 30; ++run) {
    const AlertThresholds thresholds = {2, 3, 1 + static_cast<int>(random_index(random, 4))};
    AlertState state;
    std::vector<std::string> opened;
    std::vector<std::string> escalated;
    std::vector<std::string> closed;
    double before = -1;
    for (const Told& told : random_role(random, 5, 600)) {
      for (const AlertEvent& event : update(state, model, thresholds, told.host, told.sample)) {
        const Alert& alert = event.alert;
        auto& list = event.change == AlertChange::kOpened      ? opened
                     : event.change == AlertChange::kEscalated ? escalated
                                                               : closed;
        EXPECT_EQ(std::ranges::count(list, alert.alert_id), 0) << text_of(event);
        list.push_back(alert.alert_id);
        EXPECT_EQ(std::ranges::count(opened, alert.alert_id), 1) << "nothing before it opens";
        EXPECT_LE(alert.started_at, alert.opened_at);
        EXPECT_LE(alert.opened_at, told.sample.timestamp);
        EXPECT_EQ(std::isnan(alert.closed_at), event.change != AlertChange::kClosed);
        EXPECT_GE(alert.samples, 1);
        const bool is_role = alert.scope == AlertScope::kRole;
        roles += is_role ? 1 : 0;
        EXPECT_GE(alert.hosts.size(), is_role ? 2U : 1U);
        EXPECT_TRUE(std::ranges::is_sorted(alert.hosts));
      }
      EXPECT_GE(told.sample.timestamp, before);
      before = told.sample.timestamp;
    }
  }
  EXPECT_GT(roles, 50);
}

TEST(RoleAlertLaws,
     a_state_that_is_copied_at_any_sample_goes_on_alike_and_the_future_changes_nothing) {
  Random random(2);
  RoleModel model;
  model.role = "test:role";
  model.calibration = simple_calibration();
  const AlertThresholds thresholds = {2, 3, 3};
  const std::vector<Told> samples = random_role(random, 5, 120);
  std::vector<AlertState> states(1);
  std::vector<std::vector<std::string>> told;
  for (const Told& entry : samples) {
    AlertState next = states.back();
    std::vector<std::string> lines;
    for (const AlertEvent& event : update(next, model, thresholds, entry.host, entry.sample)) {
      lines.push_back(text_of(event));
    }
    told.push_back(lines);
    states.push_back(next);
  }
  for (std::size_t cut = 0; cut < samples.size(); ++cut) {
    // Another future up to and after the cut: everyone misbehaves.
    AlertState state;
    for (std::size_t i = 0; i < cut; ++i) {
      std::vector<std::string> lines;
      for (const AlertEvent& e :
           update(state, model, thresholds, samples[i].host, samples[i].sample)) {
        lines.push_back(text_of(e));
      }
      ASSERT_EQ(lines, told[i]);
    }
    AlertState resumed = states[cut];
    for (std::size_t i = cut; i < std::min(cut + 60, samples.size()); ++i) {
      std::vector<std::string> lines;
      for (const AlertEvent& e :
           update(resumed, model, thresholds, samples[i].host, samples[i].sample)) {
        lines.push_back(text_of(e));
      }
      ASSERT_EQ(lines, told[i]);
    }
  }
}

TEST_F(RoleAlerts, looks_only_at_hosts_that_matter_however_many_there_were) {
  const auto hour = static_cast<std::size_t>(longest_silence(model_.calibration) / 60);
  for (int i = 0; i < 3000; ++i) {
    const std::string host = "h" + std::to_string(i * 7919 % 3000);  // in no order
    update(state_, model_, thresholds_, host, {time_, 0, 0});
    time_ += 60;
    ASSERT_LE(state_.watched.size(), hour + 2);
  }
  EXPECT_EQ(state_.hosts.size(), 3000U);
  EXPECT_TRUE(std::ranges::is_sorted(state_.watched));
  EXPECT_TRUE(std::ranges::is_sorted(state_.hosts, {}, &HostAlertState::host));
}

TEST_F(RoleAlerts, a_host_whose_alert_is_open_still_counts_after_days_of_silence) {
  minutes({"333300", "333300", "333300", "333300"});
  ASSERT_TRUE(state_.open);
  time_ += 3 * 86400;
  const auto told = minutes({"    00", "    00", "    00", "    00"});
  EXPECT_THAT(told, testing::Contains("closed role a;b;c;d"));
  for (const char* host : {"a", "b", "c", "d"}) {
    EXPECT_THAT(told, testing::Contains(std::string("opened ") + host));
  }
}

TEST_F(RoleAlerts, expected_hosts_change_nothing) {
  AlertState expecting;
  expect_hosts(expecting, {"a", "aa", "b", "c", "d", "zz"});
  for (const std::string& scores :
       std::vector<std::string>{"0330", "3330", "3330", "3333", "0000", "00 0", "0000", "0000"}) {
    std::vector<std::string> told;
    for (std::size_t h = 0; h < scores.size(); ++h) {
      if (scores[h] != ' ') {
        const double score = scores[h] - '0';
        const std::string host(1, static_cast<char>('a' + h));
        tell(update(expecting, model_, thresholds_, host, {time_, 10 * score, score}), told);
      }
    }
    EXPECT_EQ(told, minute(scores));
    expect_hosts(expecting, {"b", "bb", "c"});
  }
}

}  // namespace
}  // namespace rolemix
