// The role's part of the fold: most hosts at once make one alert.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>

#include "alert/alert.h"
#include "alert/alert_id.h"
#include "base/sort_indices.h"

namespace rolemix {
namespace {

constexpr int kFewestHosts = 3;       // of one or two hosts none can be told from most
constexpr double kMostTicks = 1e300;  // a double, for timestamps of any size

bool most(int part, int all) { return all >= kFewestHosts && 2 * part > all; }

/// The one that has this many smaller ones before it.
double smallest(const std::vector<double>& values, int smaller) {
  std::vector<std::int32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  sort_indices(order, [&](std::int32_t a, std::int32_t b) { return values[a] < values[b]; });
  return values[order[smaller]];
}

/// A host that is getting better does no longer speak for the role.
bool alerts(const HostAlertState& host) { return host.open && host.normal == 0; }

/// How things stand at an evaluation.
struct Standing {
  bool turning = false;   ///< most hosts that send are anomalous
  bool alerting = false;  ///< most hosts that send have an open alert
  bool lasting = false;   ///< alerting, or would be if silent hosts had not got better
  double since = 0;       ///< when the host started that makes it most; meaningful when alerting
};

Standing standing_of(const AlertState& state, const Calibration& calibration) {
  Standing standing;
  if (calibration.interval_seconds <= 0) {
    return standing;
  }
  int sending = 0;
  int anomalous = 0;
  int silent = 0;
  std::vector<double> starts;
  for (const std::int32_t h : state.watched) {
    const HostAlertState& host = state.hosts[h];
    const double silence = state.latest - host.last_at;
    if (silence <= longest_gap(calibration, host.apart)) {
      ++sending;
      anomalous += host.anomalous > 0 ? 1 : 0;
      if (alerts(host)) {
        starts.push_back(host.current.started_at);
      }
    } else if (alerts(host) && silence <= longest_silence(calibration, host.apart)) {
      ++silent;
    }
  }
  const auto open = static_cast<int>(starts.size());
  standing.turning = most(anomalous, sending);
  standing.alerting = most(open, sending);
  standing.lasting = most(open + silent, sending + silent);
  if (standing.alerting) {
    standing.since = smallest(starts, sending / 2);
  }
  return standing;
}

/// The role's alert takes the open alerts of its hosts in.
void take_in(AlertState& state) {
  Alert& role = state.current;
  role.hosts.clear();
  for (const std::int32_t h : state.watched) {
    HostAlertState& host = state.hosts[h];
    host.joined |= host.open;
    if (host.joined) {
      role.hosts.push_back(host.host);
    }
    if (!host.open) {
      continue;
    }
    if (host.report == AlertReport::kPending) {
      host.report = AlertReport::kFolded;
    }
    const Alert& alert = host.current;
    role.level = std::max(role.level, alert.level);
    role.severity = std::max(role.severity, alert.severity);
    // A host may have been at odds for long; what it did before is no part of this.
    const bool recent = alert.worst_at >= role.started_at;
    if (recent && (role.worst_host.empty() || alert.anomaly_score > role.anomaly_score)) {
      role.anomaly_score = alert.anomaly_score;
      role.worst_host = host.host;
      role.worst_at = alert.worst_at;
      role.finding = alert.finding;
    }
  }
}

/// Where all hosts were at their worst before the role's alert began: the last sample of one.
void begin_with_last(AlertState& state) {
  Alert& role = state.current;
  for (const std::int32_t h : state.watched) {
    const HostAlertState& host = state.hosts[h];
    if (alerts(host) && (role.worst_host.empty() || host.last_at > role.worst_at)) {
      role.worst_host = host.host;
      role.worst_at = host.last_at;
      role.anomaly_score = host.last_score;
    }
  }
  role.started_at = std::min(role.started_at, role.worst_at);
}

void report(HostAlertState& host, std::vector<AlertEvent>& events) {
  host.report = AlertReport::kReported;
  events.push_back({AlertChange::kOpened, host.current});
}

void open(AlertState& state, const RoleModel& model, double since,
          std::vector<AlertEvent>& events) {
  // Hosts that have been alerting since before the role's last alert closed are no reason for this.
  const bool again = since <= state.first_normal_at && state.first_normal_at <= state.latest;
  state.open = true;
  state.normal = 0;
  state.current = Alert();
  Alert& alert = state.current;
  alert.scope = AlertScope::kRole;
  alert.started_at = again ? state.first_normal_at : since;
  alert.opened_at = alert.last_sample_at = state.latest;
  alert.samples = 1;
  for (const std::int32_t h : state.watched) {
    state.hosts[h].joined = false;
  }
  take_in(state);
  if (alert.worst_host.empty()) {
    begin_with_last(state);
  }
  alert.alert_id = make_alert_id(model.role, {}, alert.started_at);
  events.push_back({AlertChange::kOpened, alert});
}

/// Hosts that the role's alert, which is over, took in and that are not well have alerts of their
/// own, from now on: what was before was the role's.
void leave_behind(AlertState& state, const RoleModel& model, const AlertThresholds& thresholds,
                  std::vector<AlertEvent>& events) {
  for (const std::int32_t h : state.watched) {
    HostAlertState& host = state.hosts[h];
    if (alerts(host) && host.report == AlertReport::kFolded) {
      begin_anew(host, model.calibration, thresholds);
      host.current.alert_id = make_alert_id(model.role, host.host, host.current.started_at);
      host.current.opened_at = state.latest;
      report(host, events);
    }
  }
}

void close(AlertState& state, std::vector<AlertEvent>& events) {
  state.open = false;
  state.current.closed_at = state.first_normal_at;
  state.current.samples -= state.normal;
  events.push_back({AlertChange::kClosed, state.current});
}

/// An evaluation while the role's alert is open.
void go_on(AlertState& state, const AlertThresholds& thresholds, bool lasting,
           std::vector<AlertEvent>& events) {
  Alert& alert = state.current;
  ++alert.samples;
  alert.last_sample_at = state.latest;
  if (lasting) {
    state.normal = 0;
    const AlertLevel before = alert.level;
    take_in(state);
    if (alert.level != before) {
      events.push_back({AlertChange::kEscalated, alert});
    }
    return;
  }
  if (state.normal++ == 0) {
    state.first_normal_at = state.latest;
  }
  if (state.normal >= thresholds.attempts) {
    close(state, events);
  }
}

/// Alerts of hosts wait while most of the role is turning anomalous, but no longer than it takes an
/// alert to open.
void report_pending(AlertState& state, const AlertThresholds& thresholds, bool turning,
                    std::vector<AlertEvent>& events) {
  for (const std::int32_t h : state.watched) {
    HostAlertState& host = state.hosts[h];
    if (!host.open || host.report != AlertReport::kPending) {
      continue;
    }
    if (turning && host.waited + 1 < thresholds.attempts) {
      ++host.waited;
    } else {
      report(host, events);
    }
  }
}

void evaluate(AlertState& state, const RoleModel& model, const AlertThresholds& thresholds,
              std::vector<AlertEvent>& events) {
  state.settled = true;
  const Standing standing = standing_of(state, model.calibration);
  if (state.open) {
    go_on(state, thresholds, standing.lasting, events);
  } else if (standing.alerting) {
    open(state, model, standing.since, events);
  } else {
    report_pending(state, thresholds, standing.turning, events);
  }
  if (!state.open) {
    leave_behind(state, model, thresholds, events);
  }
}

/// Those that have been silent for so long that they say nothing of the role.
void stop_watching(AlertState& state, const Calibration& calibration) {
  std::erase_if(state.watched, [&](std::int32_t h) {
    HostAlertState& host = state.hosts[h];
    host.watched = state.latest - host.last_at <= longest_silence(calibration, host.apart) ||
                   host.open || (state.open && host.joined);
    if (!host.watched) {
      host.joined = host.awaited = false;
    }
    return !host.watched;
  });
}

/// In order of the hosts' names.
void watch(AlertState& state, HostAlertState& host) {
  if (host.watched) {
    return;
  }
  host.watched = true;
  const auto h = static_cast<std::int32_t>(&host - state.hosts.data());
  state.watched.insert(std::ranges::upper_bound(state.watched, h), h);
}

/// Evaluates the grid time that has passed and begins the next.
void begin_tick(AlertState& state, const RoleModel& model, const AlertThresholds& thresholds,
                double timestamp, std::vector<AlertEvent>& events) {
  const double tick = tick_of(model.calibration, timestamp);
  if (tick <= state.tick) {
    return;
  }
  if (!state.settled) {
    evaluate(state, model, thresholds, events);
  }
  state.tick = tick;
  state.latest = timestamp;
  state.settled = false;
  state.awaited = 0;
  stop_watching(state, model.calibration);
  for (const std::int32_t h : state.watched) {
    HostAlertState& host = state.hosts[h];
    host.awaited = timestamp - host.last_at <= longest_gap(model.calibration);
    state.awaited += host.awaited ? 1 : 0;
  }
}

/// Samples of one time mostly come in order of the hosts' names: behind `last` comes the next.
HostAlertState& find_or_add(AlertState& state, std::string_view name) {
  const std::size_t next = state.last + 1 < state.hosts.size() ? state.last + 1 : 0;
  if (next < state.hosts.size() && state.hosts[next].host == name) {
    state.last = next;
    return state.hosts[next];
  }
  auto place = std::ranges::lower_bound(state.hosts, name, {}, &HostAlertState::host);
  if (place == state.hosts.end() || place->host != name) {
    place = state.hosts.insert(place, HostAlertState());
    place->host = name;
    const auto added = static_cast<std::int32_t>(place - state.hosts.begin());
    for (std::int32_t& h : state.watched) {
      h += h >= added ? 1 : 0;
    }
  }
  state.last = place - state.hosts.begin();
  return *place;
}

/// What the host's own event means for the role.
void pass_on(HostAlertState& host, AlertEvent event, std::vector<AlertEvent>& events) {
  if (event.change == AlertChange::kOpened) {
    host.report = AlertReport::kPending;
    host.waited = 0;
    return;
  }
  const bool untold = host.report == AlertReport::kPending;
  if (untold && event.change == AlertChange::kClosed) {  // sooner than the role was evaluated
    events.push_back({AlertChange::kOpened, event.alert});
    events.back().alert.closed_at = std::numeric_limits<double>::quiet_NaN();
    events.push_back(std::move(event));
  } else if (host.report == AlertReport::kReported) {
    events.push_back(std::move(event));
  }
}

}  // namespace

double tick_of(const Calibration& calibration, double timestamp) {
  const double interval = calibration.interval_seconds;
  return interval > 0 ? std::clamp(std::floor(timestamp / interval), -kMostTicks, kMostTicks)
                      : timestamp;
}

void expect_hosts(AlertState& state, const std::vector<std::string>& names) {
  std::vector<HostAlertState> hosts;
  state.watched.clear();
  const auto add = [&](HostAlertState host) {
    if (host.watched) {
      state.watched.push_back(static_cast<std::int32_t>(hosts.size()));
    }
    hosts.push_back(std::move(host));
  };
  auto known = state.hosts.begin();
  for (const std::string& name : names) {
    for (; known != state.hosts.end() && known->host < name; ++known) {
      add(std::move(*known));
    }
    if (known == state.hosts.end() || known->host != name) {
      HostAlertState expected;
      expected.host = name;
      add(std::move(expected));
    }
  }
  for (; known != state.hosts.end(); ++known) {
    add(std::move(*known));
  }
  state.hosts = std::move(hosts);
  state.last = 0;
}

std::vector<AlertEvent> update(AlertState& state, const RoleModel& model,
                               const AlertThresholds& thresholds, std::string_view name,
                               const ScoredSample& sample) {
  std::vector<AlertEvent> events;
  begin_tick(state, model, thresholds, sample.timestamp, events);
  state.latest = std::max(state.latest, sample.timestamp);
  HostAlertState& host = find_or_add(state, name);
  watch(state, host);
  for (AlertEvent& event : update(host, model.calibration, thresholds, sample)) {
    event.alert.alert_id = make_alert_id(model.role, host.host, event.alert.started_at);
    if (host.open) {
      host.current.alert_id = event.alert.alert_id;
    }
    pass_on(host, std::move(event), events);
  }
  if (host.awaited) {
    host.awaited = false;
    if (--state.awaited == 0 && !state.settled) {
      evaluate(state, model, thresholds, events);
    }
  }
  return events;
}

std::vector<AlertEvent> settle(AlertState& state, const RoleModel& model,
                               const AlertThresholds& thresholds) {
  std::vector<AlertEvent> events;
  if (state.open) {
    // The role is not well before all of its hosts have said so; who joined it is known.
    if (standing_of(state, model.calibration).lasting) {
      take_in(state);
    }
    return events;
  }
  if (!state.settled) {
    evaluate(state, model, thresholds, events);
  }
  if (!state.open) {
    report_pending(state, thresholds, false, events);
  }
  return events;
}

}  // namespace rolemix
