#include "alert/find_alerts.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
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
std::vector<std::int32_t> rows_by_time(const SampleTable& table,
                                       const std::vector<HostRows>& hosts) {
  std::vector<std::int32_t> rows;
  std::vector<std::int32_t> rank(table.hosts.size());
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    rank[hosts[i].host] = static_cast<std::int32_t>(i);
    rows.insert(rows.end(), hosts[i].rows.begin(), hosts[i].rows.end());
  }
  sort_indices(rows, [&](std::int32_t a, std::int32_t b) {
    const double difference = table.timestamps[a] - table.timestamps[b];
    return difference < 0 || (difference == 0 && rank[table.host[a]] < rank[table.host[b]]);
  });
  return rows;
}

/// Explains the worst samples of alerts, where the table has them.
class WorstSamples {
 public:
  /// state: what was known of the hosts before the table; its memories are from then.
  WorstSamples(Scorer& scorer, const SampleTable& table, const std::vector<HostRows>& hosts,
               const AlertState& state)
      : explainer_(scorer), table_(table), hosts_(hosts), state_(state) {}

  void explain(Alert& alert) {
    const auto name = [&](const HostRows& host) -> const std::string& {
      return table_.hosts[host.host];
    };
    const auto host = std::ranges::lower_bound(hosts_, alert.worst_host, {}, name);
    if (host == hosts_.end() || name(*host) != alert.worst_host) {
      return;
    }
    const auto time = [&](std::int32_t row) { return table_.timestamps[row]; };
    const auto row = std::ranges::lower_bound(host->rows, alert.worst_at, {}, time);
    if (row == host->rows.end() || time(*row) != alert.worst_at) {
      return;
    }
    HostExplainer& explained = of(*host);
    const Index place = row - host->rows.begin();
    const Explanation explanation = explained.explain(place, 1).front();
    alert.finding =
        finding_of(explanation, prediction_of(explainer_, explained.values().row(place).transpose(),
                                              explained.shift(place), explanation));
  }

  /// What is to be kept of the evidence of each host in the table.
  void keep_evidence(std::vector<HostAlertState>& states) {
    for (const HostRows& host : hosts_) {
      const auto kept =
          std::ranges::lower_bound(states, table_.hosts[host.host], {}, &HostAlertState::host);
      if (kept != states.end() && kept->host == table_.hosts[host.host]) {
        kept->evidence = of(host).recent_evidence();
      }
    }
  }

 private:
  /// Made when first asked for: most hosts have no alert.
  HostExplainer& of(const HostRows& host) {
    std::unique_ptr<HostExplainer>& made = made_[static_cast<std::size_t>(&host - hosts_.data())];
    if (made == nullptr) {
      const std::string& name = table_.hosts[host.host];
      const auto known = std::ranges::lower_bound(state_.hosts, name, {}, &HostAlertState::host);
      HostPast past;
      if (known != state_.hosts.end() && known->host == name) {
        past = {known->memory.level, known->evidence};
      }
      made = std::make_unique<HostExplainer>(
          host_explainer(explainer_, table_, host.rows, std::move(past)));
    }
    return *made;
  }

  Explainer explainer_;
  const SampleTable& table_;
  const std::vector<HostRows>& hosts_;
  const AlertState& state_;
  std::vector<std::unique_ptr<HostExplainer>> made_ =
      std::vector<std::unique_ptr<HostExplainer>>(hosts_.size());  // as hosts_
};

/// The alerts that events are about, each once, as the last event left it.
void take(std::vector<AlertEvent> events, std::vector<Alert>& alerts) {
  for (AlertEvent& event : events) {
    std::size_t place = event.change == AlertChange::kOpened ? 0 : alerts.size();
    while (place > 0 && alerts[place - 1].alert_id != event.alert.alert_id) {
      --place;
    }
    if (place == 0) {
      alerts.push_back(std::move(event.alert));
    } else {
      alerts[place - 1] = std::move(event.alert);
    }
  }
}

/// By opened_at; events of one time come in order of the hosts' names.
std::vector<Alert> sorted(std::vector<Alert> alerts) {
  std::vector<std::int32_t> order(alerts.size());
  std::iota(order.begin(), order.end(), 0);
  sort_indices(order, [&](std::int32_t a, std::int32_t b) {
    return alerts[a].opened_at < alerts[b].opened_at;
  });
  std::vector<Alert> result;
  result.reserve(alerts.size());
  for (const std::int32_t i : order) {
    result.push_back(std::move(alerts[i]));
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

Result<std::vector<Alert>> run(Scorer& scorer, const SampleTable& table, const TableScores& scores,
                               const AlertSettings& settings, AlertState& state, bool is_last,
                               bool explained) {
  const auto hosts = rows_by_host(table);
  if (!hosts) {
    return std::unexpected(hosts.error());
  }
  const RoleModel& model = scorer.model();
  const AlertThresholds thresholds = alert_thresholds(model.calibration, settings);
  std::vector<Alert> alerts;
  for (const std::int32_t row : rows_by_time(table, *hosts)) {
    if (!std::isnan(scores.alert_score[row])) {
      take(update(state, model, thresholds, table.hosts[table.host[row]],
                  {table.timestamps[row], scores.anomaly_score[row], scores.alert_score[row]}),
           alerts);
    }
  }
  WorstSamples worst(scorer, table, *hosts, state);
  if (is_last) {
    take(settle(state, model, thresholds), alerts);
  } else {
    for (HostAlertState& host : state.hosts) {
      if (host.open || host.anomalous > 0) {
        worst.explain(host.current);
      }
    }
    if (state.open) {
      worst.explain(state.current);
    }
  }
  for (Alert& alert : alerts) {
    bring_up_to_date(alert, state);
    if (explained) {
      worst.explain(alert);
    }
  }
  if (!is_last) {
    worst.keep_evidence(state.hosts);
  }
  return sorted(std::move(alerts));
}

}  // namespace

Result<std::vector<Alert>> find_alerts(Scorer& scorer, const SampleTable& table,
                                       const TableScores& scores, const AlertSettings& settings,
                                       bool explained) {
  AlertState state;
  return run(scorer, table, scores, settings, state, true, explained);
}

Result<std::vector<Alert>> follow_alerts(Scorer& scorer, const SampleTable& table,
                                         const TableScores& scores, const AlertSettings& settings,
                                         AlertState& state) {
  return run(scorer, table, scores, settings, state, false, true);
}

}  // namespace rolemix
