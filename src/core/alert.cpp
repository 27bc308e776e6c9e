#include "core/alert.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <tuple>
#include <utility>

#include "core/digest.h"
#include "core/explain.h"
#include "table/sort_indices.h"

namespace rolemix {
namespace {

constexpr std::size_t kTopMetrics = 3;

/// Identifies an alert by what it is about; seconds are enough to tell two alerts of a host apart.
std::string make_alert_id(const std::string& role, const Alert& alert) {
  const auto seconds = static_cast<std::int64_t>(std::clamp(alert.started_at, -1e15, 1e15));
  return hexadecimal(digest(role + "\n" + alert.host + "\n" + std::to_string(seconds)));
}

void take_in(AlertState& state, const Calibration& calibration, const AlertThresholds& thresholds,
             const ScoredSample& sample) {
  Alert& alert = state.current;
  ++alert.samples;
  if (alert.samples == 1 || sample.anomaly_score > alert.anomaly_score) {
    alert.anomaly_score = sample.anomaly_score;
    alert.worst_at = sample.timestamp;
  }
  if (static_cast<int>(state.recent.size()) == thresholds.attempts) {
    const double lasting = *std::ranges::min_element(state.recent);
    alert.severity =
        std::max(alert.severity,
                 severity_of_return_time(return_time(calibration, thresholds.attempts, lasting)));
  }
}

AlertEvent raise(AlertState& state, const AlertThresholds& thresholds, double timestamp) {
  if (static_cast<int>(state.recent.size()) < thresholds.attempts) {
    return AlertEvent::kNone;
  }
  const double lasting = *std::ranges::min_element(state.recent);
  const bool critical = lasting >= thresholds.critical;
  if (!state.open) {
    if (lasting < thresholds.warning) {
      return AlertEvent::kNone;
    }
    state.open = true;
    state.current.opened_at = timestamp;
    state.current.level = critical ? AlertLevel::kCritical : AlertLevel::kWarning;
    return AlertEvent::kOpened;
  }
  if (critical && state.current.level == AlertLevel::kWarning) {
    state.current.level = AlertLevel::kCritical;
    return AlertEvent::kEscalated;
  }
  return AlertEvent::kNone;
}

void add_explanation(Scorer& scorer, Explainer& explainer, const Matrix& values, std::int32_t row,
                     Alert& alert) {
  const Explanation explanation = explainer.explain(values.row(row).transpose());
  alert.top_metrics = top_metrics(scorer.model(), explanation, kTopMetrics);
  alert.sentence = sentence(scorer.model(), explanation);
}

}  // namespace

AlertThresholds alert_thresholds(const Calibration& calibration, const AlertSettings& settings) {
  const auto at = [&](Sensitivity sensitivity) {
    return alert_threshold(calibration, settings.max_check_attempts,
                           return_time_of_severity(severity_of(sensitivity)));
  };
  return {at(settings.warning), at(settings.critical), settings.max_check_attempts};
}

AlertEvent update(AlertState& state, const Calibration& calibration,
                  const AlertThresholds& thresholds, const ScoredSample& sample) {
  state.recent.push_back(sample.alert_score);
  while (static_cast<int>(state.recent.size()) > thresholds.attempts) {
    state.recent.erase(state.recent.begin());
  }
  if (sample.alert_score >= thresholds.warning) {
    if (!state.open && state.anomalous == 0) {
      std::string host = std::move(state.current.host);
      state.current = Alert();
      state.current.host = std::move(host);
      state.current.started_at = sample.timestamp;
    }
    ++state.anomalous;
    state.normal = 0;
    take_in(state, calibration, thresholds, sample);
    return raise(state, thresholds, sample.timestamp);
  }
  state.anomalous = 0;
  if (!state.open) {
    return AlertEvent::kNone;
  }
  if (state.normal++ == 0) {
    state.first_normal_at = sample.timestamp;
  }
  ++state.current.samples;  // until it turns out that the alert is over
  if (state.normal < thresholds.attempts) {
    return AlertEvent::kNone;
  }
  state.open = false;
  state.current.closed_at = state.first_normal_at;
  state.current.samples -= state.normal;
  return AlertEvent::kClosed;
}

Result<std::vector<Alert>> find_alerts(Scorer& scorer, const SampleTable& table,
                                       const TableScores& scores, const AlertSettings& settings) {
  const auto hosts = rows_by_host(table);
  if (!hosts) {
    return std::unexpected(hosts.error());
  }
  const RoleModel& model = scorer.model();
  const AlertThresholds thresholds = alert_thresholds(model.calibration, settings);
  std::vector<std::string> names;
  for (const MetricSpec& metric : model.metrics) {
    names.push_back(metric.name);
  }
  std::vector<std::string> ignored;
  const Matrix values = select_metrics(table, names, ignored);
  Explainer explainer(scorer);
  std::vector<Alert> alerts;
  for (const HostRows& host : *hosts) {
    AlertState state;
    state.current.host = table.hosts[host.host];
    const auto finish = [&] {
      Alert alert = state.current;
      alert.alert_id = make_alert_id(model.role, alert);
      const auto row = std::ranges::lower_bound(
          host.rows, alert.worst_at, {}, [&](std::int32_t r) { return table.timestamps[r]; });
      add_explanation(scorer, explainer, values, *row, alert);
      alerts.push_back(std::move(alert));
    };
    for (const std::int32_t row : host.rows) {
      if (scores.state[row] < 0) {
        continue;
      }
      const ScoredSample sample{table.timestamps[row], scores.anomaly_score[row],
                                scores.alert_score[row]};
      if (update(state, model.calibration, thresholds, sample) == AlertEvent::kClosed) {
        finish();
      }
    }
    if (state.open) {
      finish();
    }
  }
  std::vector<std::int32_t> order(alerts.size());
  std::iota(order.begin(), order.end(), 0);
  sort_indices(order, [&](std::int32_t a, std::int32_t b) {
    return std::tie(alerts[a].opened_at, alerts[a].host) <
           std::tie(alerts[b].opened_at, alerts[b].host);
  });
  std::vector<Alert> sorted;
  sorted.reserve(alerts.size());
  for (const std::int32_t i : order) {
    sorted.push_back(std::move(alerts[i]));
  }
  return sorted;
}

std::string_view name(AlertLevel level) {
  return level == AlertLevel::kWarning ? "warning" : "critical";
}

}  // namespace rolemix
