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
// What lasts for half a day is the host's level by then, told of or not, and no news. Only what is
// this much further above the threshold than it ever was is told of again, until the level has
// followed.
constexpr double kLongestAlert = 43200;
constexpr double kAboveLasting = 1.25;
// Of the usual interval: what comes sooner is the same attempt. Samples jitter.
constexpr double kLeastApart = 0.75;

double lasting(const HostAlertState& state) { return *std::ranges::min_element(state.recent); }

bool has_all_attempts(const HostAlertState& state, const AlertThresholds& thresholds) {
  return std::ssize(state.recent) == thresholds.attempts;
}

AlertEvent close(HostAlertState& state, double time) {
  AlertEvent event = {AlertChange::kClosed, std::exchange(state.current, Alert())};
  event.alert.closed_at = time;
  event.alert.samples -= state.normal_samples;
  state.open = false;
  state.normal = state.normal_samples = 0;
  return event;
}

/// A run of anomalous samples must be without gaps, an open alert outlasts all but long ones.
void mind_gap(HostAlertState& state, const Calibration& calibration, double timestamp,
              std::vector<AlertEvent>& events) {
  const double silence = timestamp - state.last_at;  // NaN at the first sample
  if (!(silence > longest_gap(calibration, state.apart))) {
    return;
  }
  state.recent.clear();
  state.anomalous = 0;
  const bool is_long = silence > longest_silence(calibration, state.apart);
  if (is_long) {
    state.habituation = 0;
    state.used_to = false;
  }
  if (state.open && is_long) {
    events.push_back(close(state, state.normal > 0 ? state.first_normal_at : timestamp));
  }
  if (!state.open) {
    state.current = Alert();
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

/// A sample at or above the threshold. The alert starts with the first of them, even if the host
/// had got used to so much from alerts before: its start does not depend on how far back samples
/// go.
void worsen(HostAlertState& state, const Calibration& calibration,
            const AlertThresholds& thresholds, const ScoredSample& sample, bool is_attempt,
            std::vector<AlertEvent>& events) {
  const double above = sample.alert_score - thresholds.warning;
  const bool is_news = state.open || above >= state.habituation;
  state.normal = state.normal_samples = 0;
  state.anomalous = is_news ? state.anomalous + (is_attempt ? 1 : 0) : 0;
  if (!is_news && state.used_to) {
    state.current = Alert();
    return;
  }
  if (!is_under_way(state)) {
    start(state, sample.timestamp);
  }
  state.current.last_sample_at = sample.timestamp;
  take_in(state, calibration, thresholds, sample);
  raise(state, thresholds, sample.timestamp, events);
  if (state.open) {
    state.habituation = std::max(state.habituation, kHabituation * above);
  }
  const bool is_new = state.open && state.current.opened_at == sample.timestamp;
  if (is_new || sample.timestamp - state.current.started_at < kLongestAlert) {
    return;
  }
  state.used_to = true;
  state.anomalous = 0;
  if (state.open) {
    state.habituation *= kAboveLasting / kHabituation;
    events.push_back(close(state, sample.timestamp));
  } else {
    state.current = Alert();
  }
}

/// A sample below the threshold.
void recover(HostAlertState& state, const AlertThresholds& thresholds, double timestamp,
             bool is_attempt, std::vector<AlertEvent>& events) {
  state.anomalous = 0;
  if (!state.open) {
    state.current = Alert();
  }
  if (!state.open && !state.used_to) {
    return;
  }
  if (state.normal_samples++ == 0) {
    state.first_normal_at = timestamp;
  }
  state.normal += is_attempt ? 1 : 0;
  if (state.open) {
    state.current.last_sample_at = timestamp;
    ++state.current.samples;  // until it turns out that the alert is over
  }
  if (state.normal < thresholds.attempts) {
    return;
  }
  state.used_to = false;
  if (state.open) {
    events.push_back(close(state, state.first_normal_at));
  }
  state.normal = state.normal_samples = 0;
}

/// Remembers the alert_score. Whether the sample is an attempt of its own, or the same as the one
/// before.
bool take_attempt(HostAlertState& state, const Calibration& calibration,
                  const AlertThresholds& thresholds, const ScoredSample& sample) {
  const auto is_above = [&](double score) { return score >= thresholds.warning; };
  const bool is_soon =
      !state.recent.empty() && is_above(state.recent.back()) == is_above(sample.alert_score) &&
      sample.timestamp - state.counted_at < kLeastApart * calibration.interval_seconds;
  if (is_soon) {
    state.recent.back() = std::min(state.recent.back(), sample.alert_score);
    return false;
  }
  state.counted_at = sample.timestamp;
  state.recent.push_back(sample.alert_score);
  while (std::ssize(state.recent) > thresholds.attempts) {
    state.recent.erase(state.recent.begin());
  }
  return true;
}

}  // namespace

AlertThresholds alert_thresholds(const Calibration& calibration, const AlertSettings& settings) {
  const auto at = [&](Sensitivity sensitivity) {
    return alert_threshold(calibration, settings.max_check_attempts,
                           return_time_of_severity(severity_of(sensitivity)));
  };
  return {at(settings.warning), at(settings.critical), settings.max_check_attempts};
}

double longest_silence(const Calibration& calibration, double apart) {
  return std::max(kLongSilence, longest_gap(calibration, apart));
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
  state.apart = std::isnan(state.last_at) ? 0 : sample.timestamp - state.last_at;
  state.last_at = sample.timestamp;
  state.last_score = sample.anomaly_score;
  const bool is_attempt = take_attempt(state, calibration, thresholds, sample);
  if (sample.alert_score >= thresholds.warning) {
    worsen(state, calibration, thresholds, sample, is_attempt, events);
  } else {
    recover(state, thresholds, sample.timestamp, is_attempt, events);
  }
  return events;
}

void begin_anew(HostAlertState& state, const Calibration& calibration,
                const AlertThresholds& thresholds) {
  const Alert before = std::move(state.current);
  start(state, state.last_at);
  Alert& alert = state.current;
  alert.opened_at = alert.last_sample_at = state.last_at;
  alert.level = before.level;
  alert.severity = before.severity;
  if (has_all_attempts(state, thresholds)) {
    alert.level =
        lasting(state) >= thresholds.critical ? AlertLevel::kCritical : AlertLevel::kWarning;
    alert.severity = 0;
  }
  take_in(state, calibration, thresholds, {state.last_at, state.last_score, state.recent.back()});
}

std::string host_names(const Alert& alert) {
  std::string names;
  for (const std::string& host : alert.hosts) {
    names += (names.empty() ? "" : ";") + host;
  }
  return names;
}

std::string_view name(AlertChange change) {
  switch (change) {
    case AlertChange::kOpened:
      return "opened";
    case AlertChange::kEscalated:
      return "escalated";
    case AlertChange::kClosed:
      break;
  }
  return "closed";
}

std::string_view name(AlertLevel level) {
  return level == AlertLevel::kWarning ? "warning" : "critical";
}

std::string_view name(AlertScope scope) { return scope == AlertScope::kHost ? "host" : "role"; }

}  // namespace rolemix
