#include "simulate/workload.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "simulate/random.h"

namespace rolemix::simulation {
namespace {

constexpr double kHour = 3600;
constexpr double kDay = 86400;

using Hours = std::array<double, 24>;

// Share of the evening peak at each full hour: a shop whose customers buy after work.
constexpr Hours kWorkday = {.41, .29, .215, .175, .16,  .17, .225, .36, .55,  .70, .77, .80,
                            .74, .70, .76,  .79,  .785, .76, .79,  .89, .975, 1.0, .86, .62};
constexpr Hours kSaturday = {.49, .37,  .28, .22,  .185, .175, .19, .245, .35, .49, .63, .725,
                             .77, .795, .81, .815, .805, .79,  .80, .84,  .87, .86, .76, .60};
constexpr Hours kSunday = {.47, .35, .265, .205, .175, .165, .18, .23, .33, .48,  .64, .75,
                           .79, .80, .82,  .84,  .84,  .835, .86, .94, 1.0, .985, .80, .54};

std::int64_t day_of_week(std::int64_t day) { return ((day + 4) % 7 + 7) % 7; }

double hour_level(const RoleTraits& role, std::int64_t hour, std::uint64_t seed) {
  const auto day = static_cast<std::int64_t>(std::floor(static_cast<double>(hour) / 24));
  const auto of_day = static_cast<std::size_t>(hour - day * 24);
  const std::int64_t weekday = day_of_week(day);
  const Hours& hours = weekday == 0 ? kSunday : weekday == 6 ? kSaturday : kWorkday;
  double level = hours[of_day];
  if (weekday == 1 && of_day >= 8 && of_day <= 11) level *= 1.15 - 0.04 * std::abs(9.0 - of_day);
  if (weekday == 5 && of_day >= 18) level *= 0.9;
  level = role.night_floor + (1 - role.night_floor) * level;
  if (of_day == 4) level += role.night_batch;
  // No two days are alike: a level of its own for each day and each hour.
  Variates of_hour(seed, Stream::kHour, hour);
  Variates of_date(seed, Stream::kDay, day);
  return level * (1 + 0.02 * of_hour.normal()) * (1 + 0.02 * of_date.normal());
}

}  // namespace

double usual_level(const RoleTraits& role, double time, std::uint64_t seed) {
  const double hours = time / kHour;
  const auto hour = static_cast<std::int64_t>(std::floor(hours));
  const double x = hours - static_cast<double>(hour);
  const double p0 = hour_level(role, hour - 1, seed);
  const double p1 = hour_level(role, hour, seed);
  const double p2 = hour_level(role, hour + 1, seed);
  const double p3 = hour_level(role, hour + 2, seed);
  // Catmull-Rom through the hourly levels.
  return p1 +
         0.5 * x * (p2 - p0 + x * (2 * p0 - 5 * p1 + 4 * p2 - p3 + x * (3 * (p1 - p2) + p3 - p0)));
}

Demand make_demand(const RoleTraits& role, const Clock& clock, std::uint64_t seed) {
  Variates random(seed, Stream::kDemand);
  const double step = clock.step();
  Wander slow(0.025, 45 * 60, step, random);
  Wander quick(0.018, 4 * 60, step, random);
  Wander mix(0.022, 70 * 60, step, random);
  Wander content(0.022, 50 * 60, step, random);

  Demand demand;
  double burst = 0;
  double burst_decay = 0;
  double next_burst = 3.5 * kHour * random.exponential();
  for (std::int64_t i = 0; i < clock.steps(); ++i) {
    const double t = clock.time(i);
    burst *= burst_decay;
    next_burst -= step;
    if (next_burst <= 0) {  // a newsletter, a push message, somebody's post
      burst += std::min(0.2, 0.03 + 0.04 * random.exponential());
      burst_decay = 1 - approach(step, random.uniform(3, 14) * 60);
      next_burst = 3.5 * kHour * random.exponential();
    }
    double noise = 1 + slow.next(random);
    noise += quick.next(random);
    demand.level.push_back(usual_level(role, t, seed) * noise * (1 + burst));
    demand.mix.push_back(1 + mix.next(random));
    demand.content.push_back(1 + content.next(random));
  }
  return demand;
}

Schedule make_schedule(const RoleTraits& role, const HostTraits& host, int index, int count,
                       const Clock& clock, std::uint64_t seed) {
  Variates random(seed, Stream::kSchedule, index);
  Schedule schedule;
  const double deploy_gap = std::min(150.0, kHour / count);
  const double usual_length = role.backup_minutes * 60 * random.uniform(0.88, 1.15);
  const auto first = static_cast<std::int64_t>(std::floor(clock.start / kDay)) - 1;
  const auto last = static_cast<std::int64_t>(std::floor(clock.end() / kDay));
  for (std::int64_t day = first; day <= last; ++day) {
    const double midnight = static_cast<double>(day) * kDay;
    const double backup = midnight + 2 * kHour + host.backup_offset + random.uniform(0, 20);
    schedule.backups.push_back({backup, backup + usual_length * random.uniform(0.95, 1.06)});
    const double hour = role.deploy_hour[static_cast<std::size_t>(day_of_week(day))];
    Variates deploy(seed, Stream::kDeploy, day);
    if (hour >= 0) {
      schedule.restarts.push_back(midnight + hour * kHour + deploy.uniform(-1500, 1500) +
                                  deploy_gap * index);
    }
  }
  for (double t = clock.start;;) {
    t += 4.5 * kDay * random.exponential();
    if (t >= clock.end()) break;
    const double length = random.uniform(80, 420);
    schedule.gaps.push_back({t, t + length});
    t += length;
  }
  return schedule;
}

std::vector<double> make_swaps(const Clock& clock) {
  std::vector<double> swaps;
  const double length = clock.end() - clock.start;
  for (double t = std::min(2.425 * kDay, 0.35 * length); t < length; t += 7 * kDay) {
    swaps.push_back(clock.start + t);
  }
  return swaps;
}

}  // namespace rolemix::simulation
