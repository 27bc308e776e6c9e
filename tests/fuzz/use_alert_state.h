// What an alert state that was read must be good for, whatever is in it.
#ifndef ROLEMIX_TESTS_FUZZ_USE_ALERT_STATE_H_
#define ROLEMIX_TESTS_FUZZ_USE_ALERT_STATE_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "alert/alert.h"
#include "model/random_model.h"
#include "score/score.h"

namespace rolemix {

/// An empty text when every field is one that the header promises, else what is wrong.
inline std::string wrong_in(const AlertEvent& event) {
  const Alert& alert = event.alert;
  for (const double number : {alert.started_at, alert.opened_at, alert.last_sample_at,
                              alert.anomaly_score, alert.worst_at}) {
    if (!std::isfinite(number)) {
      return "an alert with a number that is not finite";
    }
  }
  if (std::isnan(alert.closed_at) == (event.change == AlertChange::kClosed)) {
    return "an alert that is closed without a time, or open with one";
  }
  if (!(alert.severity >= 0 && alert.severity <= 100) || alert.samples < 1) {
    return "an alert with a severity or samples out of range";
  }
  return alert.hosts.empty() || alert.worst_host.empty() ? "an alert of nobody" : "";
}

/// Goes on with a few samples of each of some hosts, all anomalous, then all normal; what is wrong
/// with the scores and events, or an empty text.
inline std::string wrong_with(AlertState state) {
  constexpr std::size_t kHosts = 5;
  constexpr int kSamples = 8;
  RoleModel model;
  model.role = "fuzz:role";
  model.calibration = simple_calibration();
  const AlertThresholds thresholds = alert_thresholds(model.calibration, {});
  std::vector<HostAlertState> hosts = state.hosts;
  hosts.resize(std::min(hosts.size(), kHosts));
  hosts.emplace_back().host = "newcomer";
  for (int i = 1; i <= kSamples; ++i) {
    const double time = state.latest + model.calibration.interval_seconds;
    for (HostAlertState& host : hosts) {
      const double score = i <= kSamples / 2 ? 1e9 : 0;
      const double alert_score = update(host.carried.memory, model.calibration, time, score);
      if (!std::isfinite(alert_score) || alert_score < 0) {
        return "an alert score that is not finite, or negative";
      }
      const ScoredSample sample = {time, score, score > 0 ? thresholds.critical + 1 : 0};
      for (const AlertEvent& event : update(state, model, thresholds, host.host, sample)) {
        if (std::string wrong = wrong_in(event); !wrong.empty()) {
          return wrong;
        }
      }
    }
  }
  for (const AlertEvent& event : settle(state, model, thresholds)) {
    if (std::string wrong = wrong_in(event); !wrong.empty()) {
      return wrong;
    }
  }
  return "";
}

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_FUZZ_USE_ALERT_STATE_H_
