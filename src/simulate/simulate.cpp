#include "simulate/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "simulate/incidents.h"
#include "simulate/random.h"
#include "simulate/role.h"
#include "simulate/server.h"
#include "simulate/workload.h"

namespace rolemix {
namespace {

using namespace simulation;

constexpr double kMostRows = 2e7;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr double kMinute = 60;

Result<void> validate(const SimulateOptions& options) {
  const auto refuse = [](std::string message) {
    return fail(ErrorCode::kInvalidArgument, std::move(message));
  };
  if (find_role(options.role) == nullptr) {
    return refuse(fmt::format("role: expected web or db, got '{}'", options.role));
  }
  if (options.hosts < 1 || options.hosts > 1000) {
    return refuse(fmt::format("hosts: expected 1 to 1000, got {}", options.hosts));
  }
  if (!(options.days >= 1 && options.days <= 400)) {
    return refuse(fmt::format("days: expected 1 to 400, got {}", options.days));
  }
  if (options.interval < 10 || options.interval > 3600) {
    return refuse(fmt::format("interval: expected 10 to 3600 seconds, got {}", options.interval));
  }
  if (!(options.start >= 0 && options.start <= 1e11) ||
      options.start != std::floor(options.start)) {
    return refuse(fmt::format("start: expected whole epoch seconds, got {}", options.start));
  }
  if (!(options.clean_days <= options.days)) {
    return refuse(fmt::format("clean_days: expected at most days ({}), got {}", options.days,
                              options.clean_days));
  }
  const double rows = options.hosts * options.days * 86400 / options.interval;
  if (rows > kMostRows) {
    return refuse(fmt::format("hosts, days, interval: expected at most {:.0f} samples, got {:.0f}",
                              kMostRows, rows));
  }
  return {};
}

Clock make_clock(const SimulateOptions& options) {
  Clock clock;
  clock.start = options.start;
  clock.interval = options.interval;
  clock.samples = static_cast<std::int64_t>(options.days * 86400 / options.interval);
  clock.steps_per_sample = (options.interval + 59) / 60;
  return clock;
}

/// The hosts side by side, since they share what is asked of the role.
class Role {
 public:
  Role(const RoleTraits& traits, const SimulateOptions& options)
      : traits_(traits),
        clock_(make_clock(options)),
        seed_(2 * options.seed + (options.role == "db" ? 1 : 0)),
        hosts_(make_hosts(traits, options.hosts, seed_)),
        demand_(make_demand(traits, clock_, seed_)),
        swaps_(make_swaps(clock_)) {
    const double clean = options.clean_days < 0 ? 0.6 * options.days : options.clean_days;
    const Setting setting{traits, clock_, clock_.start + clean * 86400, seed_, hosts_, swaps_};
    for (std::size_t h = 0; h < hosts_.size(); ++h) {
      schedules_.push_back(
          make_schedule(traits, hosts_[h], static_cast<int>(h), options.hosts, clock_, seed_));
    }
    active_.resize(hosts_.size());
    plans_ = plan_incidents(setting, demand_, schedules_);
    for (const Plan& plan : plans_) {
      if (plan.host == kEveryHost) continue;
      active_[static_cast<std::size_t>(plan.host)].emplace_back(plan, setting, demand_);
    }
    for (std::size_t h = 0; h < hosts_.size(); ++h) {
      const auto index = static_cast<std::int64_t>(h);
      balance_.emplace_back(seed_, Stream::kBalance, index);
      jitter_.emplace_back(0.012, 7 * kMinute, clock_.step(), balance_[h]);
      servers_.emplace_back(traits, hosts_[h], clock_.step(),
                            Variates(seed_, Stream::kServer, index),
                            Variates(seed_, Stream::kEvents, index));
    }
  }

  /// All samples, one vector per host.
  std::vector<std::vector<Sample>> run();
  SampleTable table(const std::vector<std::vector<Sample>>& samples) const;
  std::vector<Incident> incidents() const {
    std::vector<Incident> result;
    result.reserve(plans_.size());
    for (const Plan& plan : plans_) result.push_back(describe(plan, hosts_));
    return result;
  }

 private:
  bool passive(std::size_t host, double time) const;
  double share(std::size_t host, std::int64_t step);
  Conditions conditions(std::size_t host, std::int64_t step) const;

  const RoleTraits& traits_;
  Clock clock_;
  std::uint64_t seed_;
  std::vector<HostTraits> hosts_;
  Demand demand_;
  std::vector<double> swaps_;
  std::vector<Schedule> schedules_;
  std::vector<Plan> plans_;
  std::vector<std::vector<ActiveIncident>> active_;  ///< by host
  std::vector<Variates> balance_;
  std::vector<Wander> jitter_;
  std::vector<Server> servers_;
};

bool Role::passive(std::size_t host, double time) const {
  if (!hosts_[host].paired) return false;
  const auto swapped = std::ranges::count_if(swaps_, [&](double t) { return t <= time; });
  return (host + 1 == hosts_.size()) == (swapped % 2 == 0);
}

/// The part of the role's requests that the load balancer gives the host, before normalisation.
double Role::share(std::size_t host, std::int64_t step) {
  const double time = clock_.time(step);
  double jitter = 1 + jitter_[host].next(balance_[host]);
  // Requests come one by one: the fewer, the rougher.
  const double expected = demand_.level[static_cast<std::size_t>(step)] * traits_.peak_requests;
  jitter +=
      std::sqrt(1.4 / std::max(1.0, expected * clock_.step()) + 3e-5) * balance_[host].normal();
  if (passive(host, time)) return 0;
  double share = hosts_[host].share * std::max(0.0, jitter);
  // Around a restart the host is drained, then let in again.
  const std::vector<double>& restarts = schedules_[host].restarts;
  const auto restart = std::ranges::upper_bound(restarts, time - 35);
  if (restart != restarts.end() && *restart <= time + 25) share *= 0.15;
  // Failing health checks take a host out now and then.
  return servers_[host].filesystem_full() ? share * std::clamp(0.62 + 6 * (jitter - 1), 0.3, 0.9)
                                          : share;
}

Conditions Role::conditions(std::size_t host, std::int64_t step) const {
  const double time = clock_.time(step);
  const double before = time - clock_.step();
  Conditions now;
  now.time = time;
  now.mix = demand_.mix[static_cast<std::size_t>(step)];
  now.content = demand_.content[static_cast<std::size_t>(step)];
  now.feeds_standby = hosts_[host].paired && !passive(host, time);
  const std::vector<Span>& backups = schedules_[host].backups;
  const auto backup = std::ranges::upper_bound(backups, before, {}, &Span::to);
  if (backup != backups.end() && backup->from < time) {
    now.backup = (std::min(time, backup->to) - std::max(before, backup->from)) / clock_.step();
  }
  const auto happens = [&](const std::vector<double>& times) {
    const auto next = std::ranges::upper_bound(times, before);
    return next != times.end() && *next <= time;
  };
  const bool swaps = hosts_[host].paired && traits_.worker_count > 0 && happens(swaps_);
  now.restart = swaps || happens(schedules_[host].restarts);
  return now;
}

std::vector<std::vector<Sample>> Role::run() {
  const std::size_t count = hosts_.size();
  const auto samples = static_cast<std::size_t>(clock_.samples);
  std::vector<std::vector<Sample>> result(count, std::vector<Sample>(samples, Sample{}));
  std::vector<double> shares(count);
  const double sharing = static_cast<double>(count >= 4 ? count - 1 : count);
  for (std::int64_t i = 0; i < clock_.steps(); ++i) {
    const double time = clock_.time(i);
    double total = 0;
    for (std::size_t h = 0; h < count; ++h) total += shares[h] = share(h, i);
    const double requests =
        demand_.level[static_cast<std::size_t>(i)] * traits_.peak_requests * sharing;
    const std::int64_t steps = clock_.steps_per_sample;
    const auto row = static_cast<std::size_t>(i / steps);
    const bool last = i % steps == steps - 1;
    for (std::size_t h = 0; h < count; ++h) {
      Conditions now = conditions(h, i);
      now.requests = total > 0 ? requests * shares[h] / total : 0;
      if (passive(h, time)) {
        const std::size_t partner = h + 1 == count ? h - 1 : h + 1;
        now.replicated = requests * shares[partner] / total;
      }
      for (ActiveIncident& incident : active_[h]) incident.apply(now);
      const Sample step = servers_[h].advance(now);
      Sample& sample = result[h][row];
      for (std::size_t d = 0; d < kMetricCount; ++d) {
        if (!kMetrics[d].gauge) sample[d] += step[d] / static_cast<double>(steps);
        if (kMetrics[d].gauge && last) sample[d] = step[d];
      }
    }
  }
  return result;
}

/// Rounds to the agent's precision; the division keeps decimals short (37.62,
/// not 37.620000000000005).
double round_to(double value, double quantum) {
  if (quantum >= 1) return quantum * std::floor(value / quantum + 0.5);
  const double per_unit = std::floor(1 / quantum + 0.5);
  return std::floor(value * per_unit + 0.5) / per_unit;
}

SampleTable Role::table(const std::vector<std::vector<Sample>>& samples) const {
  SampleTable table;
  for (const MetricTraits& metric : kMetrics) table.metrics.emplace_back(metric.name);
  std::vector<Sample> rows;
  for (std::size_t h = 0; h < hosts_.size(); ++h) {
    table.hosts.push_back(hosts_[h].name);
    Variates random(seed_, Stream::kAgent, static_cast<std::int64_t>(h));
    bool started = false;
    for (std::int64_t k = 0; k < clock_.samples; ++k) {
      const double t = clock_.start + static_cast<double>(k) * clock_.interval;
      const bool timed_out = random.uniform() < 0.0004;
      if (std::ranges::any_of(schedules_[h].gaps,
                              [&](const Span& gap) { return gap.contains(t); })) {
        started = true;
        continue;
      }
      Sample row = samples[h][static_cast<std::size_t>(k)];
      for (std::size_t d = 0; d < kMetricCount; ++d) {
        row[d] = round_to(row[d], kMetrics[d].quantum);
        if (started && kMetrics[d].counter) row[d] = kMissing;
      }
      if (timed_out) row[kRequests] = kMissing;
      started = false;
      table.host.push_back(static_cast<std::int32_t>(h));
      table.timestamps.push_back(t);
      rows.push_back(row);
    }
  }
  table.values.resize(static_cast<Index>(rows.size()), static_cast<Index>(kMetricCount));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(rows[i], table.values.row(static_cast<Index>(i)).data());
  }
  return table;
}

}  // namespace

Result<Simulation> simulate(const SimulateOptions& options) {
  if (auto valid = validate(options); !valid) return std::unexpected(valid.error());
  const RoleTraits& traits = *find_role(options.role);
  Role role(traits, options);
  Simulation simulation;
  simulation.table = role.table(role.run());
  simulation.incidents = role.incidents();
  simulation.config_yaml = make_config(traits);
  return simulation;
}

}  // namespace rolemix
