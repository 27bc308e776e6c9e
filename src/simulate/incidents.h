// The incidents of a simulation: which, where and when; and what each does to its host.
#ifndef ROLEMIX_SIMULATE_INCIDENTS_H_
#define ROLEMIX_SIMULATE_INCIDENTS_H_

#include <cstdint>
#include <vector>

#include "simulate/random.h"
#include "simulate/role.h"
#include "simulate/server.h"
#include "simulate/simulate.h"
#include "simulate/workload.h"

namespace rolemix::simulation {

enum class Kind {
  kBrokenRelation,
  kLeak,
  kTrafficSpike,
  kMemoryStep,
  kStuckProcess,
  kNetworkLoss,
  kDiskFull,
  kNoisyNeighbour,
  kBackupMoved,
};

inline constexpr int kEveryHost = -1;

struct Plan {
  Kind kind = Kind::kLeak;
  int host = kEveryHost;
  Span span;
  double turn = 0;  ///< the moment that splits the incident: restart, full, moved backup's start
  double size = 0;  ///< how strong: bytes, share, factor, ... by kind
};

/// All that the planner must know of a role.
struct Setting {
  const RoleTraits& role;
  const Clock& clock;
  double clean_until = 0;  ///< epoch seconds
  std::uint64_t seed = 1;
  const std::vector<HostTraits>& hosts;
  const std::vector<double>& swaps;
};

/// Chooses the incidents, in order of time, and moves what they move in the demand and the
/// schedules.
std::vector<Plan> plan_incidents(const Setting& setting, Demand& demand,
                                 std::vector<Schedule>& schedules);

Incident describe(const Plan& plan, const std::vector<HostTraits>& hosts);

/// A plan under way on its host.
class ActiveIncident {
 public:
  ActiveIncident(const Plan& plan, const Setting& setting, const Demand& demand);

  /// Adds what the incident does in the step that ends at now.time.
  void apply(Conditions& now);

 private:
  double envelope(double time, double rise, double fall) const;

  Plan plan_;
  double step_;
  double filesystem_room_ = 0;
  std::vector<double>
      progress_;  ///< of a leak, per step from span.from: share of what is asked so far
  Variates random_;
  Wander wobble_;
};

}  // namespace rolemix::simulation

#endif  // ROLEMIX_SIMULATE_INCIDENTS_H_
