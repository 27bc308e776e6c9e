#include "alert/alert.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace rolemix {
namespace {

// Calibration counts peaks that are an hour apart as two; so does a host that was silent for
// longer.
constexpr double kLongSilence = 3600;
// After an alert a host opens another at once only for something about as strong: its threshold is
// raised by this share of how far the alert went above it, and comes down within days.
constexpr double kHabituation = 0.75;
constexpr double kHabituationTime = 2 * 86400;
// What lasts for half a day is the host's level by then: told of, and no news. Only what is this
// much further above the threshold than it ever was is told of again, until the level has followed.
constexpr double kLongestAlert = 43200;
constexpr double kAboveLasting = 1.25;

double lasting(const HostAlertState& state) { return *std::ranges::min_element(state.recent); }

bool has_all_attempts(const HostAlertState& state, const AlertThresholds& thresholds) {
  return std::ssize(state.recent) == thresholds.attempts;
}

AlertEvent close(HostAlertState& state, double time) {
  state.open = false;
  state.current.closed_at = time;
  state.current.samples -= state.normal;
  return {AlertChange::kClosed, state.current};
}

/// A run of anomalous samples must be without gaps, an open alert outlasts all but long ones.
void mind_gap(HostAlertState& state, const Calibration& calibration, double timestamp,
              std::vector<AlertEvent>& events) {
  const double silence = timestamp - state.last_at;  // NaN at the first sample
  if (!(silence > longest_gap(calibration))) {
    return;
  }
  state.recent.clear();
  state.anomalous = 0;
  if (silence > longest_silence(calibration)) {
    state.habituation = 0;
  }
  if (state.open && silence > longest_silence(calibration)) {
    events.push_back(close(state, state.normal > 0 ? state.first_normal_at : timestamp));
  }
}

void start(HostAlertState& state, double timestamp) {
  state.current = Alert();
  state.current.hosts = {state.host};
  state.current.worst_host = state.host;
  state.current.started_at = timestamp;
}

void take_in(HostAlertState& state, const Calibration& calibration,
             const AlertThresholds& thresholds, const ScoredSample& sample) {
  Alert& alert = state.current;
  ++alert.samples;
  if (alert.samples == 1 || sample.anomaly_score > alert.anomaly_score) {
    alert.anomaly_score = sample.anomaly_score;
    alert.worst_at = sample.timestamp;
  }
  if (has_all_attempts(state, thresholds)) {
    const double time = return_time(calibration, thresholds.attempts, lasting(state));
    alert.severity = std::max(alert.severity, severity_of_return_time(time));
  }
}

void raise(HostAlertState& state, const AlertThresholds& thresholds, double timestamp,
           std::vector<AlertEvent>& events) {
  if (!has_all_attempts(state, thresholds)) {
    return;
  }
  Alert& alert = state.current;
  const bool critical = lasting(state) >= thresholds.critical;
  if (!state.open && state.anomalous >= thresholds.attempts) {
    state.open = true;
    state.normal = 0;
    alert.opened_at = timestamp;
    alert.level = critical ? AlertLevel::kCritical : AlertLevel::kWarning;
    events.push_back({AlertChange::kOpened, alert});
  } else if (state.open && critical && alert.level == AlertLevel::kWarning) {
    alert.level = AlertLevel::kCritical;
    events.push_back({AlertChange::kEscalated, alert});
  }
}

/// A normal sample of a host with an open alert.
void recover(HostAlertState& state, const AlertThresholds& thresholds, double timestamp,
             std::vector<AlertEvent>& events) {
  if (state.normal++ == 0) {
    state.first_normal_at = timestamp;
  }
  ++state.current.samples;  // until it turns out that the alert is over
  if (state.normal >= thresholds.attempts) {
    events.push_back(close(state, state.first_normal_at));
  }
}

}  // namespace

AlertThresholds alert_thresholds(const Calibration& calibration, const AlertSettings& settings) {
  const auto at = [&](Sensitivity sensitivity) {
    return alert_threshold(calibration, settings.max_check_attempts,
                           return_time_of_severity(severity_of(sensitivity)));
  };
  return {at(settings.warning), at(settings.critical), settings.max_check_attempts};
}

double longest_silence(const Calibration& calibration) {
  return std::max(kLongSilence, longest_gap(calibration));
}

std::vector<AlertEvent> update(HostAlertState& state, const Calibration& calibration,
                               const AlertThresholds& thresholds, const ScoredSample& sample) {
  std::vector<AlertEvent> events;
  if (sample.timestamp <= state.last_at) {
    return events;
  }
  mind_gap(state, calibration, sample.timestamp, events);
  if (state.habituation > 0) {
    state.habituation *= std::exp(-(sample.timestamp - state.last_at) / kHabituationTime);
  }
  state.last_at = sample.timestamp;
  state.recent.push_back(sample.alert_score);
  while (std::ssize(state.recent) > thresholds.attempts) {
    state.recent.erase(state.recent.begin());
  }
  const double above = sample.alert_score - thresholds.warning;
  if (above >= (state.open ? 0 : state.habituation)) {
    if (!state.open && state.anomalous == 0) {
      start(state, sample.timestamp);
    }
    ++state.anomalous;
    state.normal = 0;
    state.current.last_sample_at = sample.timestamp;
    take_in(state, calibration, thresholds, sample);
    raise(state, thresholds, sample.timestamp, events);
    if (state.open) {
      state.habituation = std::max(state.habituation, kHabituation * above);
      if (sample.timestamp > state.current.opened_at &&
          sample.timestamp - state.current.started_at >= kLongestAlert) {
        state.habituation *= kAboveLasting / kHabituation;
        state.anomalous = 0;
        events.push_back(close(state, sample.timestamp));
      }
    }
    return events;
  }
  state.anomalous = 0;
  if (state.open) {
    state.current.last_sample_at = sample.timestamp;
    recover(state, thresholds, sample.timestamp, events);
  }
  return events;
}

std::string host_names(const Alert& alert) {
  std::string names;
  for (const std::string& host : alert.hosts) {
    names += (names.empty() ? "" : ";") + host;
  }
  return names;
}

std::string_view name(AlertLevel level) {
  return level == AlertLevel::kWarning ? "warning" : "critical";
}

std::string_view name(AlertScope scope) { return scope == AlertScope::kHost ? "host" : "role"; }

}  // namespace rolemix
