// Which incidents, where and when: the most important first, each where it is clear to see.
#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "simulate/incidents.h"

namespace rolemix::simulation {
namespace {

constexpr double kMinute = 60;
constexpr double kHour = 3600;
constexpr double kDay = 86400;
constexpr double kCalm = 2 * kHour;    ///< between two incidents of a host
constexpr double kDaysPerRound = 2.5;  ///< of the incident part, for one of each kind
constexpr int kMostRounds = 10;
constexpr int kAttempts = 20;
constexpr std::size_t kHostsTried = 12;

/// A kind with the hours of the day at which it may begin, and its length in hours.
struct Entry {
  Kind kind;
  std::vector<double> hours;
  double shortest;
  double longest;
};

/// In order of importance.
std::vector<Entry> entries() {
  return {
      {Kind::kBrokenRelation, {0.5, 6.2}, 1.15, 1.4},
      {Kind::kLeak, {8.2, 9.4, 11.0, 12.6, 14.8}, 7.2, 8.6},
      {Kind::kTrafficSpike, {12.5, 16.5, 20.2, 22.2}, 0.8, 1.0},
      {Kind::kMemoryStep, {9.6, 11.3, 15.2}, 0, 0},
      {Kind::kStuckProcess, {7.1, 16.8, 21.6}, 1.8, 2.7},
      {Kind::kNetworkLoss, {9.8, 14.4, 18.0, 20.4}, 0.75, 1.15},
      {Kind::kDiskFull, {5.5, 13.0, 16.0, 19.5}, 3.1, 3.9},
      {Kind::kNoisyNeighbour, {10.6, 13.8, 17.0, 19.4}, 1.5, 2.4},
      {Kind::kTrafficSpike, {4.4}, 0.8, 1.0},
      {Kind::kBackupMoved, {4.7, 5.2}, 0, 0},
  };
}

class Planner {
 public:
  Planner(const Setting& setting, Demand& demand, std::vector<Schedule>& schedules)
      : setting_(setting),
        demand_(demand),
        schedules_(schedules),
        random_(setting.seed, Stream::kPlan) {
    double level = demand.level[0];
    for (std::int64_t i = 0; i < setting.clock.steps(); ++i) {
      if (highest_ > 0 && setting.clock.time(i) >= setting.clean_until) break;
      level += (demand.level[static_cast<std::size_t>(i)] - level) *
               approach(setting.clock.step(), 10 * kMinute);
      highest_ = std::max(highest_, level);
    }
  }

  std::vector<Plan> plan();

 private:
  std::vector<Span> candidates(const Entry& entry);
  std::vector<int> host_order(Kind kind);
  bool place(const Entry& entry);
  std::optional<Plan> make(Kind kind, int host, Span span) const;
  std::optional<Plan> move_backup(Plan plan) const;
  bool fits(const Plan& plan, bool alone) const;
  bool undisturbed(const Plan& plan, std::size_t host) const;
  bool passive(std::size_t host, double time) const;
  double mean_level(Span span) const;
  void carry_out(const Plan& plan);

  const Setting& setting_;
  Demand& demand_;
  std::vector<Schedule>& schedules_;
  Variates random_;
  double highest_ = 0;  ///< level of some minutes in the clean part
  std::vector<Plan> plans_;
};

/// Of several attempts, the first that places all, else the one that places the most important.
std::vector<Plan> Planner::plan() {
  const double days = (setting_.clock.end() - setting_.clean_until) / kDay;
  const int rounds = std::clamp(static_cast<int>(days / kDaysPerRound), 1, kMostRounds);
  std::vector<bool> most;
  std::vector<Plan> best;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    plans_.clear();
    std::vector<bool> placed;
    for (int round = 0; round < rounds; ++round) {
      for (const Entry& entry : entries()) {
        if (entry.kind != Kind::kMemoryStep || round == 0) placed.push_back(place(entry));
      }
    }
    if (placed <= most) continue;
    most = placed;
    best = plans_;
    if (std::ranges::all_of(placed, std::identity{})) break;
  }
  for (const Plan& plan : best) carry_out(plan);
  std::ranges::sort(best, {}, [](const Plan& plan) { return plan.span.from; });
  return best;
}

bool Planner::place(const Entry& entry) {
  const std::vector<Span> spans = candidates(entry);
  const std::vector<int> hosts = host_order(entry.kind);
  for (const bool alone : {true, false}) {
    for (const Span& span : spans) {
      for (const int host : hosts) {
        const std::optional<Plan> plan = make(entry.kind, host, span);
        if (!plan || !fits(*plan, alone)) continue;
        plans_.push_back(*plan);
        return true;
      }
    }
  }
  return false;
}

/// All times at which the entry may happen, mostly in random order.
std::vector<Span> Planner::candidates(const Entry& entry) {
  std::vector<Span> spans;
  const double first = std::floor(setting_.clean_until / kDay);
  for (double day = first; day * kDay < setting_.clock.end(); ++day) {
    for (const double hour : entry.hours) {
      const double from =
          day * kDay + hour * kHour + kMinute * std::floor(random_.uniform(-12, 13));
      const double length =
          kMinute * std::floor(60 * random_.uniform(entry.shortest, entry.longest));
      spans.push_back({from, from + std::max(length, 4 * setting_.clock.interval)});
    }
  }
  if (entry.kind == Kind::kMemoryStep) return spans;  // the sooner, the longer it lasts
  for (std::size_t i = spans.size(); i > 1; --i) {
    std::swap(spans[i - 1], spans[random_.bits() % i]);
  }
  return spans;
}

/// Hosts with the fewest incidents first; of those, the plainest for a broken relation (an odd host
/// is outside the usual ranges by itself), else in random order.
std::vector<int> Planner::host_order(Kind kind) {
  if (kind == Kind::kTrafficSpike) return {kEveryHost};
  const std::size_t count = setting_.hosts.size();
  std::vector<std::pair<double, int>> keys;
  for (std::size_t i = 0; i < count; ++i) {
    const auto host = static_cast<int>(i);
    const double draw = random_.uniform();
    if (setting_.hosts[i].paired != (kind == Kind::kMemoryStep)) continue;
    const auto earlier = std::ranges::count(plans_, host, &Plan::host);
    const double order = kind == Kind::kBrokenRelation ? setting_.hosts[i].oddity : draw;
    keys.emplace_back(10 * static_cast<double>(earlier) + order, host);
  }
  std::ranges::sort(keys);
  std::vector<int> hosts;
  hosts.reserve(keys.size());
  for (const auto& key : keys) hosts.push_back(key.second);
  hosts.resize(std::min(hosts.size(), kHostsTried));
  return hosts;
}

/// The plan with its strength, or nothing where the kind makes no sense at that time.
std::optional<Plan> Planner::make(Kind kind, int host, Span span) const {
  Plan plan{.kind = kind, .host = host, .span = span};
  const RoleTraits& role = setting_.role;
  const double usual_memory = role.base_memory + role.pool_bytes +
                              role.worker_count * (role.worker_bytes + 0.6 * role.worker_growth);
  switch (kind) {
    case Kind::kBrokenRelation: {
      const double level = mean_level(span);
      if (level > 0.5 || level < 0.25) return std::nullopt;
      plan.size = std::clamp(0.8 / level, 1.8, 3.3);
      return plan;
    }
    case Kind::kLeak:
      plan.turn = span.to - 60 * kMinute;
      plan.size = 0.955 * kMemoryBytes - usual_memory + 0.5 * kSwapBytes;
      return plan;
    case Kind::kTrafficSpike: {
      const bool at_night = span.from - kDay * std::floor(span.from / kDay) < 6 * kHour;
      plan.size = at_night ? 0.8 : 1.1 * highest_;
      return plan;
    }
    case Kind::kMemoryStep:
      if (!passive(static_cast<std::size_t>(host), span.from)) return std::nullopt;
      plan.span.to = setting_.clock.end();
      plan.size = 40 * kMegabyte;
      return plan;
    case Kind::kStuckProcess:
      plan.size = 1;
      return plan;
    case Kind::kNetworkLoss:
      plan.size = 0.03;
      return plan;
    case Kind::kDiskFull:
      plan.turn = span.to - 55 * kMinute;
      plan.size = 70;
      return plan;
    case Kind::kNoisyNeighbour:
      plan.size = 0.24;
      return plan;
    case Kind::kBackupMoved:
      return move_backup(plan);
  }
  return std::nullopt;
}

/// The plan for the backup of the same night, if there is one that is still to come.
std::optional<Plan> Planner::move_backup(Plan plan) const {
  const double night = kDay * std::floor(plan.span.from / kDay);
  const double earliest = std::max(night, setting_.clean_until);
  for (const Span& backup : schedules_[static_cast<std::size_t>(plan.host)].backups) {
    if (backup.from < earliest || backup.from > plan.span.from) continue;
    plan.turn = backup.from;
    plan.span.to = plan.span.from + std::floor(backup.to - backup.from);
    return plan;
  }
  return std::nullopt;
}

bool Planner::fits(const Plan& plan, bool alone) const {
  if (plan.span.from < setting_.clean_until || plan.span.to > setting_.clock.end()) return false;
  for (const Plan& other : plans_) {
    const bool lasting = plan.kind == Kind::kMemoryStep || other.kind == Kind::kMemoryStep;
    const bool same_host =
        plan.host == other.host || plan.host == kEveryHost || other.host == kEveryHost;
    if (lasting && plan.host != other.host) continue;
    if (same_host && plan.span.touches(other.span, kCalm)) return false;
    if (alone && plan.span.touches(other.span, kHour / 2)) return false;
  }
  if (plan.kind == Kind::kMemoryStep) return true;
  if (plan.host != kEveryHost) return undisturbed(plan, static_cast<std::size_t>(plan.host));
  for (std::size_t h = 0; h < schedules_.size(); ++h) {
    if (!undisturbed(plan, h)) return false;
  }
  return true;
}

/// Whether no deploy or backup of the host falls into the incident.
bool Planner::undisturbed(const Plan& plan, std::size_t host) const {
  const Schedule& schedule = schedules_[host];
  const double gap = 25 * kMinute;
  const Span around{plan.span.from - gap, plan.span.to + gap};
  const bool deployed =
      std::ranges::any_of(schedule.restarts, [&](double t) { return around.contains(t); });
  if (deployed) return false;
  if (plan.host == kEveryHost) return true;
  return std::ranges::none_of(schedule.backups, [&](const Span& backup) {
    return backup.touches(plan.span, gap) && backup.from != plan.turn;
  });
}

/// Whether the paired host is the standby of its pair at that time and already was an hour before.
bool Planner::passive(std::size_t host, double time) const {
  const auto swapped = std::ranges::count_if(setting_.swaps, [&](double t) { return t <= time; });
  const bool recent =
      std::ranges::any_of(setting_.swaps, [&](double t) { return std::abs(t - time) < kHour; });
  const bool last = host + 1 == setting_.hosts.size();
  return !recent && last == (swapped % 2 == 0);
}

double Planner::mean_level(Span span) const {
  double sum = 0;
  double count = 0;
  for (double t = span.from; t < span.to; t += 10 * kMinute, ++count) {
    sum += usual_level(setting_.role, t, setting_.seed);
  }
  return sum / count;
}

void Planner::carry_out(const Plan& plan) {
  if (plan.kind == Kind::kBackupMoved) {
    for (Span& backup : schedules_[static_cast<std::size_t>(plan.host)].backups) {
      if (backup.from == plan.turn) backup = plan.span;
    }
    return;
  }
  if (plan.kind != Kind::kTrafficSpike) return;
  Variates random(setting_.seed, Stream::kSpike, static_cast<std::int64_t>(plan.span.from));
  Wander wobble(0.015, 5 * kMinute, setting_.clock.step(), random);
  for (std::int64_t i = 0; i < setting_.clock.steps(); ++i) {
    const double t = setting_.clock.time(i);
    if (!plan.span.contains(t)) continue;
    const double length = plan.span.to - plan.span.from;
    const double since = std::max(0.0, t - plan.span.from - 0.4 * length);
    const double share = smooth_step((t - plan.span.from) / (0.12 * length)) *
                         portable_exp(-since / (0.17 * length));
    double& level = demand_.level[static_cast<std::size_t>(i)];
    level += share * std::max(0.0, plan.size * (1 + wobble.next(random)) - level);
  }
}

}  // namespace

std::vector<Plan> plan_incidents(const Setting& setting, Demand& demand,
                                 std::vector<Schedule>& schedules) {
  return Planner(setting, demand, schedules).plan();
}

}  // namespace rolemix::simulation
