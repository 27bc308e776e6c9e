#include "alert/alert_state_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "base/digest.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::HasSubstr;

/// With metrics of these names.
RoleModel a_model(const std::vector<std::string>& names = {"cpu", "load"}) {
  RoleModel model;
  model.role = "test:role";
  model.model_id = "0123456789abcdef";
  model.calibration = simple_calibration();
  for (const std::string& name : names) {
    model.metrics.emplace_back().name = name;
  }
  return model;
}

std::string write(const AlertState& state) { return encode_alert_state(state, a_model()); }

Result<AlertState> read(const std::string& bytes, const RoleModel& model = a_model()) {
  return read_alert_state({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                          model);
}

/// With a right digest, as a hostile file would have it.
std::string resealed(std::string bytes) {
  const std::size_t body = bytes.size() - 8;
  std::uint64_t hash = digest(bytes.substr(0, body));
  for (std::size_t i = body; i < bytes.size(); ++i, hash >>= 8) {
    bytes[i] = static_cast<char>(hash & 0xff);
  }
  return bytes;
}

/// Of a role at odds: most hosts at once, one before, one silent.
AlertState a_state() {
  const RoleModel model = a_model();
  AlertState state;
  for (int minute = 0; minute < 12; ++minute) {
    for (const char* host : {"alpha", "beta", "gamma", "delta"}) {
      const bool bad = minute > (*host == 'a' ? 2 : 6) && *host != 'd';
      if (*host != 'd' || minute < 9) {
        update(state, model, {2, 3, 3}, host, {60.0 * minute, 30, bad ? 2.5 : 0.5});
      }
    }
  }
  state.hosts[1].carried.last_at = 720;  // without a value
  state.hosts[1].carried.memory = {0.75, 0.5, 660, true};
  state.hosts[1].carried.level = {{0, 600}, {1, std::nan(""), -3, 4}};
  state.hosts[1].carried.evidence = {{540, 600, 660}, {0, 2.5, 0, 0, 1, 0, 3, 0, 7, 0, 0, 12}};
  state.hosts[1].habituation = 0.25;
  state.hosts[1].current.finding =
      Finding{FindingKind::kOutside,
              {{0, 97, 30, 20, 40, 10, 50, 0.75, Reason::kBoth, Direction::kAbove},
               {1, 0.5, 3, 2, 4, 1, 5, 0.25, Reason::kUnusualValue, Direction::kBelow}},
              {1},
              false};
  state.current.finding = Finding{FindingKind::kNoLevel, {}, {}, true};
  return state;
}

TEST(AlertStateFile, gives_back_what_was_written) {
  const AlertState state = a_state();
  ASSERT_TRUE(state.open);
  const std::string bytes = write(state);
  const AlertState again = read(bytes).value();
  EXPECT_EQ(write(again), bytes);
  ASSERT_EQ(again.hosts.size(), 4U);
  EXPECT_EQ(again.hosts[1].carried.last_at, 720);
  EXPECT_EQ(again.hosts[1].last_at, 660);
  EXPECT_EQ(again.hosts[1].carried.memory.slow, 0.75);
  EXPECT_EQ(again.hosts[1].carried.memory.fast, 0.5);
  EXPECT_EQ(again.hosts[1].carried.level.times, (std::vector<double>{0, 600}));
  EXPECT_TRUE(std::isnan(again.hosts[1].carried.level.values[1]));
  EXPECT_EQ(again.hosts[1].carried.level.values[2], -3);
  EXPECT_EQ(again.hosts[1].carried.evidence.times, state.hosts[1].carried.evidence.times);
  EXPECT_EQ(again.hosts[1].carried.evidence.values, state.hosts[1].carried.evidence.values);
  EXPECT_EQ(again.hosts[1].habituation, 0.25);
  const Finding& finding = again.hosts[1].current.finding.value();
  EXPECT_EQ(finding.kind, FindingKind::kOutside);
  ASSERT_EQ(finding.metrics.size(), 2U);
  const FoundMetric& cpu = finding.metrics[0];
  EXPECT_EQ(cpu.metric, 0);
  EXPECT_EQ((std::vector{cpu.observed, cpu.expected, cpu.low, cpu.high, cpu.typical_low,
                         cpu.typical_high, cpu.blame}),
            (std::vector<double>{97, 30, 20, 40, 10, 50, 0.75}));
  EXPECT_EQ(cpu.reason, Reason::kBoth);
  EXPECT_EQ(cpu.direction, Direction::kAbove);
  EXPECT_EQ(finding.metrics[1].reason, Reason::kUnusualValue);
  EXPECT_EQ(finding.metrics[1].direction, Direction::kBelow);
  EXPECT_EQ(finding.predictors, std::vector<int>{1});
  EXPECT_FALSE(finding.alone);
  EXPECT_FALSE(again.hosts[0].current.finding);
  EXPECT_EQ(again.model_id, a_model().model_id);
  EXPECT_EQ(again.hosts[1].current.hosts, std::vector<std::string>{"beta"});
  EXPECT_EQ(again.current.hosts, state.current.hosts);
  EXPECT_EQ(again.current.finding->kind, FindingKind::kNoLevel);
  EXPECT_TRUE(again.current.finding->alone);
  EXPECT_EQ(again.current.scope, AlertScope::kRole);
  EXPECT_TRUE(std::isnan(again.current.closed_at));
  EXPECT_EQ(again.awaited, state.awaited);
}

TEST(AlertStateFile, holds_a_state_without_hosts) {
  EXPECT_TRUE(read(write(AlertState())).value().hosts.empty());
}

TEST(AlertStateFile, resumed_after_any_sample_gives_the_same_events) {
  const RoleModel model = a_model();
  const AlertThresholds thresholds = {2, 3, 2};
  Random random(1);
  AlertState straight;
  AlertState resumed;
  int events = 0;
  std::vector<int> bad(4);
  for (int i = 0; i < 2000; ++i) {
    const int h = i % 4;
    const bool all = i / 4 % 40 < 8;
    bad[h] = std::max(bad[h] - 1, all || random.uniform() < 0.03 ? 4 : 0);
    const ScoredSample sample = {15.0 * i + (i > 900 ? 5000 : 0), 10 * random.uniform(),
                                 (bad[h] > 0 ? 1.8 : 0.5) + 1.5 * random.uniform()};
    const std::string host(1, static_cast<char>('a' + h));
    resumed = read(write(resumed)).value();
    const auto expected = update(straight, model, thresholds, host, sample);
    const auto actual = update(resumed, model, thresholds, host, sample);
    ASSERT_EQ(actual.size(), expected.size()) << i;
    for (std::size_t e = 0; e < actual.size(); ++e) {
      EXPECT_EQ(actual[e].change, expected[e].change);
      EXPECT_EQ(actual[e].alert.alert_id, expected[e].alert.alert_id);
      EXPECT_EQ(actual[e].alert.hosts, expected[e].alert.hosts);
      EXPECT_EQ(actual[e].alert.opened_at, expected[e].alert.opened_at);
      EXPECT_EQ(actual[e].alert.samples, expected[e].alert.samples);
      EXPECT_EQ(actual[e].alert.severity, expected[e].alert.severity);
    }
    events += static_cast<int>(actual.size());
  }
  EXPECT_GT(events, 40);
}

TEST(AlertStateFile, goes_on_with_another_model_by_the_names_of_its_metrics) {
  const AlertState state = a_state();
  const AlertState other = read(write(state), a_model({"disk", "load", "cpu"})).value();
  EXPECT_EQ(other.model_id, a_model().model_id) << "which it was";
  const std::vector<double>& level = other.hosts[1].carried.level.values;
  ASSERT_EQ(level.size(), 6U);
  EXPECT_TRUE(std::isnan(level[0])) << "disk was not known";
  EXPECT_TRUE(std::isnan(level[1])) << "load was missing";
  EXPECT_EQ(level[2], 1) << "cpu";
  EXPECT_TRUE(std::isnan(level[3]));
  EXPECT_EQ(level[4], 4);
  EXPECT_EQ(level[5], -3);
  EXPECT_EQ(other.hosts[1].carried.evidence.values,
            (std::vector<double>{0, 2.5, 0, 0, 0, 0, 0, 0, 1, 0, 0, 3, 0, 0, 7, 0, 12, 0}));
  EXPECT_EQ(other.hosts[1].carried.memory.slow, state.hosts[1].carried.memory.slow);
  const Finding& finding = other.hosts[1].current.finding.value();
  EXPECT_EQ(finding.metrics[0].metric, 2) << "cpu";
  EXPECT_EQ(finding.metrics[0].observed, 97);
  EXPECT_EQ(finding.metrics[1].metric, 1) << "load";
  EXPECT_EQ(finding.predictors, std::vector<int>{1});
  const AlertState without = read(write(state), a_model({"disk"})).value();
  EXPECT_EQ(without.hosts[1].carried.evidence.values, (std::vector<double>{0, 0, 0, 0, 0, 0}));
  EXPECT_FALSE(without.hosts[1].current.finding) << "nothing of it is left";
  EXPECT_TRUE(without.current.finding) << "it is about no metric";
}

TEST(AlertStateFile, keeps_whatever_was_measured) {
  AlertState state = a_state();
  for (const double value : {1e26, 3.4e38, std::numeric_limits<double>::max(), -1e300}) {
    state.hosts[1].carried.level.values[0] = value;
    const auto again = read(write(state));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->hosts[1].carried.level.values[0], value);
  }
}

std::vector<std::string> hosts_of(const AlertState& state) {
  std::vector<std::string> names;
  for (const HostAlertState& host : state.hosts) {
    names.push_back(host.host);
  }
  return names;
}

TEST(AlertStateFile, leaves_out_and_names_what_no_state_may_hold) {
  const WrittenState whole = write_alert_state(a_state(), a_model()).value();
  EXPECT_EQ(whole.bytes, write(a_state()));
  EXPECT_TRUE(whole.notices.empty());
  AlertState state = a_state();
  state.hosts[2].carried.memory.slow = std::numeric_limits<double>::infinity();
  const WrittenState written = write_alert_state(state, a_model()).value();
  ASSERT_EQ(written.notices.size(), 1U);
  EXPECT_EQ(written.notices[0].code, "not_kept_in_state");
  EXPECT_EQ(written.notices[0].host, state.hosts[2].host);
  EXPECT_THAT(written.notices[0].text, HasSubstr("host \"delta\" is not kept, so it begins anew"));
  EXPECT_THAT(hosts_of(read(written.bytes).value()),
              testing::ElementsAre("alpha", "beta", "gamma"));
  AlertState with_long_name = a_state();
  with_long_name.hosts.emplace_back().host = "h" + std::string(65536, 'x');
  const WrittenState without = write_alert_state(with_long_name, a_model()).value();
  EXPECT_THAT(without.notices, testing::SizeIs(1));
  EXPECT_EQ(read(without.bytes)->hosts.size(), 4U);
}

TEST(AlertStateFile, does_not_keep_the_alert_of_a_role_whose_worst_host_is_left_out) {
  AlertState state = a_state();
  const auto worst =
      std::ranges::find(state.hosts, state.current.worst_host, &HostAlertState::host);
  worst->habituation = std::nan("");
  const WrittenState written = write_alert_state(state, a_model()).value();
  EXPECT_THAT(written.notices, testing::SizeIs(2));
  EXPECT_FALSE(read(written.bytes)->open);
}

TEST(AlertStateFile, holds_a_host_that_has_no_score_yet) {
  AlertState state = a_state();
  HostAlertState& host = state.hosts.emplace_back();
  host.host = "new";
  host.carried.last_at = 5000;
  host.carried.level = {{5000}, {1, 2}};
  const AlertState again = read(write(state)).value();
  EXPECT_TRUE(std::isnan(again.hosts[4].last_at));
  EXPECT_EQ(again.hosts[4].carried.last_at, 5000);
}

TEST(AlertStateFile, holds_more_than_a_hundred_thousand_hosts) {
  AlertState state;
  for (int i = 0; i < 100001; ++i) {
    state.hosts.emplace_back().host = "h" + std::to_string(1000000 + i);
  }
  const WrittenState written = write_alert_state(state, a_model()).value();
  EXPECT_TRUE(written.notices.empty());
  EXPECT_EQ(read(written.bytes)->hosts.size(), 100001U);
}

TEST(AlertStateFile, is_told_from_other_files) {
  EXPECT_THAT(read("").error().message, HasSubstr("not a rolemix alert state file"));
  EXPECT_THAT(read(std::string(100, 'x')).error().message, HasSubstr("expected \"RLAS\""));
}

TEST(AlertStateFile, recognises_every_flipped_bit_and_every_cut) {
  const std::string bytes = write(a_state());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      EXPECT_FALSE(read(flipped)) << i << " " << bit;
    }
    EXPECT_FALSE(read(bytes.substr(0, i)));
  }
}

TEST(AlertStateFile, with_flipped_bits_and_a_right_digest_is_refused_or_harmless) {
  const RoleModel model = a_model();
  const std::string bytes = write(a_state());
  Random random(2);
  int accepted = 0;
  const auto use = [&](const std::string& damaged) {
    auto state = read(damaged);
    if (!state) {
      EXPECT_THAT(state.error().message, HasSubstr("alert state file: "));
      return;
    }
    ++accepted;
    for (int minute = 12; minute < 20; ++minute) {
      for (const char* host : {"alpha", "beta", "gamma", "new"}) {
        update(*state, model, {2, 3, 3}, host, {60.0 * minute, 30, 2.5});
      }
    }
    settle(*state, model, {2, 3, 3});
    EXPECT_TRUE(read(write(*state)));
  };
  for (std::size_t i = 0; i + 8 < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      use(resealed(flipped));
    }
  }
  for (int run = 0; run < 5000; ++run) {
    std::string flipped = bytes;
    for (Index n = 1 + random_index(random, 6); n > 0; --n) {
      flipped[random_index(random, std::ssize(bytes) - 8)] =
          static_cast<char>(random_index(random, 256));
    }
    use(resealed(flipped));
  }
  EXPECT_GT(accepted, 100) << "numbers may be changed";
}

TEST(AlertStateFile, refuses_fields_without_meaning) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<std::function<void(AlertState&)>> faults = {
      [](AlertState& s) { s.hosts[0].host = ""; },
      [](AlertState& s) { s.hosts[0].host = "zzz"; },
      [](AlertState& s) { s.hosts[1].host = s.hosts[0].host; },
      [](AlertState& s) { s.hosts[0].last_at = std::nan(""); },
      [](AlertState& s) { s.hosts[1].carried.last_at = std::nan(""); },
      [&](AlertState& s) { s.hosts[1].carried.last_at = infinity; },
      [&](AlertState& s) { s.hosts[0].recent[0] = infinity; },
      [](AlertState& s) { s.hosts[0].recent.resize(11); },
      [](AlertState& s) { s.hosts[0].anomalous = -1; },
      [](AlertState& s) { s.hosts[0].carried.memory.slow = -1; },
      [](AlertState& s) { s.hosts[0].carried.memory.fast = -1; },
      [](AlertState& s) { s.hosts[0].habituation = -1; },
      [](AlertState& s) { s.hosts[1].carried.level.times = {600, 0}; },
      [](AlertState& s) { s.hosts[1].carried.level.times[1] = s.hosts[1].last_at + 61; },
      [](AlertState& s) { s.hosts[1].carried.level.values.pop_back(); },
      [&](AlertState& s) { s.hosts[1].carried.level.values[0] = infinity; },
      [](AlertState& s) { s.hosts[1].carried.level.times.assign(65, 0); },
      [](AlertState& s) { s.hosts[1].carried.evidence.times[2] = 600; },
      [](AlertState& s) { s.hosts[1].carried.evidence.times[2] = s.hosts[1].last_at + 61; },
      [](AlertState& s) { s.hosts[1].carried.evidence.values.pop_back(); },
      [](AlertState& s) { s.hosts[1].carried.evidence.values[0] = -1; },
      [](AlertState& s) { s.hosts[1].carried.evidence.values[11] = std::nan(""); },
      [&](AlertState& s) { s.hosts[0].carried.memory.timestamp = infinity; },
      [](AlertState& s) { s.hosts[0].report = static_cast<AlertReport>(3); },
      [](AlertState& s) { s.hosts[0].current.severity = 101; },
      [](AlertState& s) { s.hosts[0].current.level = static_cast<AlertLevel>(2); },
      [](AlertState& s) { s.hosts[0].current.samples = -5; },
      [](AlertState& s) { s.hosts[0].current.samples = s.hosts[0].normal; },
      [](AlertState& s) { s.current.samples = s.normal = 2; },
      [](AlertState& s) { s.hosts[0].current.worst_at = s.hosts[0].current.started_at - 1; },
      [](AlertState& s) { s.hosts[0].current.worst_at = s.hosts[0].last_at + 1; },
      [](AlertState& s) { s.current.worst_at = s.latest + 1; },
      [](AlertState& s) { s.hosts[1].carried.memory.timestamp = s.hosts[1].last_at + 61; },
      [](AlertState& s) { s.latest = s.hosts[0].last_at - 1; },
      [&](AlertState& s) { s.hosts[0].current.started_at = infinity; },
      [](AlertState& s) { s.current.worst_host = "nobody"; },
      [](AlertState& s) { s.hosts[0].current.worst_host = "beta"; },
      [](AlertState& s) { s.hosts[0].joined = s.hosts[1].joined = s.hosts[3].joined = false; },
      [&](AlertState& s) { s.latest = infinity; },
      [](AlertState& s) { s.normal = -1; },
      [](AlertState& s) { s.hosts[1].current.finding->kind = static_cast<FindingKind>(5); },
      [](AlertState& s) { s.hosts[1].current.finding->metrics.clear(); },
      [](AlertState& s) { s.hosts[1].current.finding->predictors.assign(17, 0); },
      [](AlertState& s) { s.hosts[1].current.finding->predictors = {2}; },
      [](AlertState& s) { s.hosts[1].current.finding->metrics[0].metric = -1; },
      [](AlertState& s) { s.hosts[1].current.finding->metrics[0].metric = 2; },
      [](AlertState& s) { s.hosts[1].current.finding->metrics[0].reason = static_cast<Reason>(4); },
      [](AlertState& s) { s.hosts[1].current.finding->metrics[0].blame = 2; },
      [&](AlertState& s) { s.hosts[1].current.finding->metrics[0].observed = infinity; },
      [](AlertState& s) { s.hosts[1].current.finding->metrics[0].low = 41; },
  };
  for (std::size_t i = 0; i < faults.size(); ++i) {
    AlertState state = a_state();
    faults[i](state);
    EXPECT_FALSE(read(write(state))) << "fault " << i;
  }
}

}  // namespace
}  // namespace rolemix
