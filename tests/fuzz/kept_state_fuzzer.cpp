// Of any samples, in several runs: every state is written, read again as it is, and goes on; where
// clocks are right, the runs together give the scores and alerts of one run over everything.
#include <fuzzer/FuzzedDataProvider.h>

#include <bit>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "alert/alert_state_file.h"
#include "alert/find_alerts.h"
#include "fuzz/seal_bytes.h"
#include "fuzz/use_alert_state.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Numbers that machines and people write where there is nothing to measure, and the ends of the
/// range.
constexpr double kOdd[] = {0,       -1,       1e26,    -1e26,  1e49,   9.9e49, FLT_MAX,
                           DBL_MAX, -DBL_MAX, DBL_MIN, 5e-324, 1.8e19, 1e308,  -0.0};

RoleModel model_from(FuzzedDataProvider& bytes) {
  Random random(bytes.ConsumeIntegral<std::uint16_t>());
  RoleModel model = random_model(random);
  for (MetricSpec& metric : model.metrics) {
    metric.median = from_model_units(metric, random_normal(random));
    metric.center_by_host = bytes.ConsumeBool();
  }
  model.calibration.memory_seconds = bytes.PickValueInArray({0, 600, 1800});
  model.calibration.interval_seconds = bytes.PickValueInArray({60, 60, 0});
  model.model_id = "0123456789abcdef";
  return model;
}

Vector values_from(FuzzedDataProvider& bytes, const RoleModel& model) {
  Random random(bytes.ConsumeIntegral<std::uint8_t>());
  Vector values = random_values(random, model);
  switch (bytes.ConsumeIntegralInRange<int>(0, 9)) {
    case 0:
      values.setConstant(kNaN);
      break;
    case 1:
      values = with_gaps(random, values);
      break;
    case 2:
      values.setConstant(bytes.PickValueInArray(kOdd));
      break;
    case 3:
      values[random_index(random, values.size())] = bytes.PickValueInArray(kOdd);
      break;
    case 4: {
      const double any = std::bit_cast<double>(bytes.ConsumeIntegral<std::uint64_t>());
      values[0] = std::isinf(any) ? kNaN : any;
      break;
    }
    case 5:
    case 6:
    case 7:
      values[0] += 30 * model.metrics[0].tolerance;
      break;
    default:
      break;
  }
  return values;
}

/// Of a table as its readers give it.
std::string host_from(FuzzedDataProvider& bytes) {
  static const std::string long_name(70000, 'l');  // no state may hold it
  const std::string names[] = {"a", "b", "c", "d\x01", "\xff", "=e;f,\"g\"", long_name};
  const std::size_t last = bytes.ConsumeIntegral<std::uint8_t>() == 0 ? 6 : 5;
  return names[bytes.ConsumeIntegralInRange<std::size_t>(0, last)];
}

/// The next samples, and whether the clocks are right: no time is far from all others, and none
/// comes in a later run than a time after it.
struct Part {
  std::vector<Row> rows;
  bool right = true;
};

Part part_from(FuzzedDataProvider& bytes, const RoleModel& model, double& now) {
  Part part;
  std::set<std::pair<std::string, double>> seen;  // two samples of one time are refused
  const int times = bytes.ConsumeIntegralInRange<int>(0, 12);
  for (int i = 0; i < times; ++i) {
    const double gap = bytes.PickValueInArray({60., 60., 60., 60., 0.5, 4000., 80000., 2e5, 1e8});
    now += gap;
    part.right = part.right && gap < 86400;
    const int hosts = bytes.ConsumeIntegralInRange<int>(1, 5);
    for (int h = 0; h < hosts; ++h) {
      double time = now + bytes.ConsumeFloatingPointInRange<double>(0, 0.25);
      if (bytes.ConsumeIntegral<std::uint8_t>() < 4) {
        time = bytes.PickValueInArray({now + 1e7, now - 1e7, -5e3, 0., 2.5e11, -1e15, 1e300});
        part.right = false;
      }
      const std::string host = host_from(bytes);
      if (seen.emplace(host, time).second) {
        part.rows.push_back({host, time, values_from(bytes, model)});
      }
    }
  }
  return part;
}

/// What is told of an alert that does not change when it goes on.
using Told = std::tuple<AlertScope, AlertLevel, double, double, std::string>;

Told told_of(const Alert& alert) {
  const bool open = std::isnan(alert.closed_at);
  return {alert.scope, alert.level, alert.started_at, alert.opened_at,
          open ? "open" : std::to_string(alert.closed_at)};
}

[[noreturn]] void fail(const std::string& wrong) {
  std::fprintf(stderr, "kept_state_fuzzer: %s\n", wrong.c_str());
  std::abort();
}

AlertState read_again(const AlertState& state, const RoleModel& model, bool& all_kept) {
  const auto written = write_alert_state(state, model);
  if (!written) {
    fail("a state that is not written: " + written.error().message);
  }
  all_kept = all_kept && written->notices.empty();
  auto read = read_alert_state(bytes_of(written->bytes), model);
  if (!read) {
    fail("a state that is not read: " + read.error().message);
  }
  if (write_alert_state(*read, model)->bytes != written->bytes) {
    fail("other bytes when written again");
  }
  if (std::string wrong = wrong_with(*read); !wrong.empty()) {
    fail(wrong);
  }
  return std::move(*read);
}

/// One run after another, and what they gave.
class Runs {
 public:
  explicit Runs(const RoleModel& model)
      : scorer_(Scorer::create(model).value()), explainer_(scorer_) {}

  /// With the state before, written and read.
  void follow(const std::vector<Row>& rows) {
    const RoleModel& model = scorer_.model();
    HostStates before;
    for (const HostAlertState& host : state_.hosts) {
      before[host.host] = host.carried;
    }
    const auto samples = samples_of(model, table_of(model, rows), before);
    if (!samples) {
      fail("no samples: " + samples.error().message);
    }
    const TableScores scores = score(scorer_, *samples);
    alert_scores.insert(alert_scores.end(), scores.alert_score.begin(), scores.alert_score.end());
    std::set<std::string> now;
    for (const auto& [change, alert] : follow_alerts(explainer_, *samples, scores, {}, state_)) {
      if (!now.insert(alert.alert_id).second) {
        fail("an alert that is told of twice in one run");
      }
      told[alert.alert_id] = told_of(alert);
    }
    state_ = read_again(state_, model, all_kept);
  }

  std::vector<double> alert_scores;
  std::map<std::string, Told> told;  // by id, as last told
  bool all_kept = true;

 private:
  Scorer scorer_;
  Explainer explainer_;
  AlertState state_;
};

void expect_same(const Runs& parts, const Runs& whole) {
  if (parts.alert_scores.size() != whole.alert_scores.size()) {
    fail("other samples in parts than at once");
  }
  for (std::size_t i = 0; i < parts.alert_scores.size(); ++i) {
    const double a = parts.alert_scores[i];
    const double b = whole.alert_scores[i];
    if (a != b && !(std::isnan(a) && std::isnan(b))) {
      fail("another alert score in parts than at once: " + std::to_string(a) + ", " +
           std::to_string(b));
    }
  }
  if (parts.told != whole.told) {
    fail("other alerts in parts than at once: " + std::to_string(parts.told.size()) + ", " +
         std::to_string(whole.told.size()));
  }
}

}  // namespace
}  // namespace rolemix

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider bytes(data, size);
  const rolemix::RoleModel model = rolemix::model_from(bytes);
  rolemix::Runs parts(model);
  std::vector<rolemix::Row> all;
  bool right = true;
  double now = 1.7e9;
  for (int run = bytes.ConsumeIntegralInRange<int>(1, 4); run > 0; --run) {
    const rolemix::Part part = rolemix::part_from(bytes, model, now);
    parts.follow(part.rows);
    all.insert(all.end(), part.rows.begin(), part.rows.end());
    right = right && part.right;
  }
  if (right && parts.all_kept) {
    rolemix::Runs whole(model);
    whole.follow(all);
    rolemix::expect_same(parts, whole);
  }
  return 0;
}
