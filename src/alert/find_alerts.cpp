#include "alert/find_alerts.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

#include "base/sort_indices.h"
#include "explain/detail.h"
#include "explain/explain.h"
#include "explain/finding.h"
#include "explain/host_explainer.h"

namespace rolemix {
namespace {

/// All rows in order of time, at one time in order of the hosts' names.
std::vector<std::int32_t> rows_by_time(const Samples& samples) {
  std::vector<std::int32_t> rows;
  std::vector<std::int32_t> rank(samples.hosts.size());
  for (std::size_t i = 0; i < rank.size(); ++i) {
    rank[samples.by_name[i]] = static_cast<std::int32_t>(i);
  }
  std::vector<double> times(static_cast<std::size_t>(samples.rows()));
  for (const HostSamples& host : samples.hosts) {
    rows.insert(rows.end(), host.rows.begin(), host.rows.end());
    for (Index i = 0; i < host.size(); ++i) {
      times[host.rows[i]] = host.times[i];
    }
  }
  sort_indices(rows, [&](std::int32_t a, std::int32_t b) {
    const double difference = times[a] - times[b];
    return difference < 0 ||
           (difference == 0 && rank[samples.places[a].host] < rank[samples.places[b].host]);
  });
  return rows;
}

/// Explains the worst samples of alerts, where they are among the samples.
class WorstSamples {
 public:
  WorstSamples(Explainer& explainer, const Samples& samples)
      : explainer_(explainer), samples_(samples) {}

  void explain(Alert& alert) {
    const HostSamples* host = samples_.find(alert.worst_host);
    const Index worst = host == nullptr ? -1 : host->at(alert.worst_at);
    if (worst < 0) {
      return;
    }
    HostExplainer explained(explainer_, *host);
    const Explanation explanation = explained.explain(worst, 1).front();
    alert.finding = finding_of(explanation, prediction_of(explainer_, explained.values(worst),
                                                          explained.shift(worst), explanation));
  }

 private:
  Explainer& explainer_;
  const Samples& samples_;
};

/// What is carried on of each host with samples, even of those that have no score yet.
void carry(Explainer& explainer, const Samples& samples, const TableScores& scores,
           AlertState& state) {
  for (std::size_t h = 0; h < samples.hosts.size(); ++h) {
    const HostSamples& host = samples.hosts[h];
    if (host.size() > 0) {
      std::ranges::lower_bound(state.hosts, host.name, {}, &HostAlertState::host)->carried =
          state_before(explainer, host, host.size(), scores.memories[h]);
    }
  }
}

/// The last event of each alert.
void take(std::vector<AlertEvent> events, std::vector<AlertEvent>& last) {
  for (AlertEvent& event : events) {
    std::size_t place = event.change == AlertChange::kOpened ? 0 : last.size();
    while (place > 0 && last[place - 1].alert.alert_id != event.alert.alert_id) {
      --place;
    }
    if (place == 0) {
      last.push_back(std::move(event));
    } else {
      last[place - 1] = std::move(event);
    }
  }
}

/// By opened_at; those of one time come in order of the hosts' names.
template <typename T, typename OpenedAt>
std::vector<T> sorted(std::vector<T> all, OpenedAt opened_at) {
  std::vector<std::int32_t> order(all.size());
  std::iota(order.begin(), order.end(), 0);
  sort_indices(
      order, [&](std::int32_t a, std::int32_t b) { return opened_at(all[a]) < opened_at(all[b]); });
  std::vector<T> result;
  result.reserve(all.size());
  for (const std::int32_t i : order) {
    result.push_back(std::move(all[i]));
  }
  return result;
}

/// What became of an open alert after its last event.
void bring_up_to_date(Alert& alert, const AlertState& state) {
  if (!std::isnan(alert.closed_at)) {
    return;
  }
  if (alert.scope == AlertScope::kRole) {
    alert = state.current;
    return;
  }
  alert = std::ranges::lower_bound(state.hosts, alert.hosts.front(), {}, &HostAlertState::host)
              ->current;
}

/// Forgets what Samples does not believe of hosts; the role's time goes back with the last of them.
void believe(const Calibration& calibration, const Samples& samples, AlertState& state) {
  bool changed = false;
  for (const FarSamples& far : samples.far) {
    if (far.done == FarTime::kForgotten) {
      changed = true;
      HostAlertState& host =
          *std::ranges::lower_bound(state.hosts, far.host, {}, &HostAlertState::host);
      const bool watched = host.watched;
      host = HostAlertState();
      host.host = far.host;
      host.watched = watched;
    }
  }
  constexpr double kNever = std::numeric_limits<double>::lowest();
  double latest = kNever;
  for (const HostAlertState& host : state.hosts) {
    latest = std::max(latest, std::isnan(host.last_at) ? latest : host.last_at);
  }
  if (changed) {
    state.latest = latest;
    state.tick = latest > kNever ? tick_of(calibration, latest) : kNever;
    state.settled = true;
  }
}

std::vector<AlertEvent> run(Explainer& explainer, const Samples& samples, const TableScores& scores,
                            const AlertSettings& settings, AlertState& state, bool is_last,
                            bool explained) {
  const RoleModel& model = explainer.scorer().model();
  const AlertThresholds thresholds = alert_thresholds(model.calibration, settings);
  std::vector<std::string> names;
  for (const std::int32_t h : samples.by_name) {
    if (samples.hosts[h].size() > 0) {
      names.push_back(samples.hosts[h].name);
    }
  }
  expect_hosts(state, names);
  believe(model.calibration, samples, state);
  std::vector<AlertEvent> events;
  for (const std::int32_t row : rows_by_time(samples)) {
    if (!std::isnan(scores.alert_score[row])) {
      take(update(state, model, thresholds, samples.host(row).name,
                  {samples.time(row), scores.anomaly_score[row], scores.alert_score[row]}),
           events);
    }
  }
  WorstSamples worst(explainer, samples);
  if (is_last) {
    take(settle(state, model, thresholds), events);
  } else {
    for (HostAlertState& host : state.hosts) {
      if (is_under_way(host)) {
        worst.explain(host.current);
      }
    }
    if (state.open) {
      worst.explain(state.current);
    }
  }
  for (AlertEvent& event : events) {
    bring_up_to_date(event.alert, state);
    if (explained) {
      worst.explain(event.alert);
    }
  }
  if (!is_last) {
    carry(explainer, samples, scores, state);
  }
  return sorted(std::move(events), [](const AlertEvent& event) { return event.alert.opened_at; });
}

}  // namespace

std::vector<Alert> find_alerts(Explainer& explainer, const Samples& samples,
                               const TableScores& scores, const AlertSettings& settings,
                               bool explained) {
  AlertState state;
  std::vector<Alert> alerts;
  for (AlertEvent& event : run(explainer, samples, scores, settings, state, true, explained)) {
    alerts.push_back(std::move(event.alert));
  }
  return alerts;
}

std::vector<AlertEvent> follow_alerts(Explainer& explainer, const Samples& samples,
                                      const TableScores& scores, const AlertSettings& settings,
                                      AlertState& state) {
  return run(explainer, samples, scores, settings, state, false, true);
}

std::vector<Alert> open_alerts(const AlertState& state) {
  std::vector<Alert> alerts;
  if (state.open) {
    alerts.push_back(state.current);
  }
  for (const HostAlertState& host : state.hosts) {
    if (host.open && host.report == AlertReport::kReported) {
      alerts.push_back(host.current);
    }
  }
  return sorted(std::move(alerts), [](const Alert& alert) { return alert.opened_at; });
}

}  // namespace rolemix
