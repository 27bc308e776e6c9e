// What is asked of a simulated role over time, and what its people and timers do to its hosts.
#ifndef ROLEMIX_SIMULATE_WORKLOAD_H_
#define ROLEMIX_SIMULATE_WORKLOAD_H_

#include <cstdint>
#include <vector>

#include "simulate/role.h"

namespace rolemix::simulation {

/// The grid of time: samples, and the steps of at most a minute between them.
struct Clock {
  double start = 0;          ///< of the first sample, epoch seconds
  double interval = 60;      ///< seconds between samples
  std::int64_t samples = 0;  ///< of a host
  std::int64_t steps_per_sample = 1;

  double step() const { return interval / static_cast<double>(steps_per_sample); }
  std::int64_t steps() const { return samples * steps_per_sample; }
  /// The end of a step; that of a sample's last step is the sample's timestamp.
  double time(std::int64_t index) const {
    return start - interval + static_cast<double>(index + 1) * step();
  }
  double end() const { return start + static_cast<double>(samples) * interval; }
};

struct Span {
  double from = 0;
  double to = 0;

  bool contains(double t) const { return from <= t && t < to; }
  bool touches(const Span& other, double gap) const {
    return from < other.to + gap && other.from < to + gap;
  }
};

/// What users ask of the role, per step.
struct Demand {
  std::vector<double> level;    ///< 1 = the usual evening peak
  std::vector<double> mix;      ///< CPU cost of a request, relative to usual
  std::vector<double> content;  ///< bytes of an answer, relative to usual
};

/// What happens to one host by plan.
struct Schedule {
  std::vector<Span> backups;
  std::vector<double> restarts;  ///< deploys
  std::vector<Span> gaps;        ///< the agent is not running
};

/// The usual level at a time of the week, without noise; depends on the seed and the time only.
double usual_level(const RoleTraits& role, double time, std::uint64_t seed);

Demand make_demand(const RoleTraits& role, const Clock& clock, std::uint64_t seed);

Schedule make_schedule(const RoleTraits& role, const HostTraits& host, int index, int count,
                       const Clock& clock, std::uint64_t seed);

/// The moments at which the pair swaps its roles: once a week, Wednesday morning of a week from
/// Monday.
std::vector<double> make_swaps(const Clock& clock);

}  // namespace rolemix::simulation

#endif  // ROLEMIX_SIMULATE_WORKLOAD_H_
