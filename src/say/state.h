// What a component is to a person: when the role is in it, and which metrics are high or low then.
#ifndef ROLEMIX_SAY_STATE_H_
#define ROLEMIX_SAY_STATE_H_

#include <string>
#include <vector>

#include "model/role_model.h"
#include "text/language.h"

namespace rolemix {

/// A metric in which a state differs from the rest of the role's time.
struct StateMetric {
  Index metric = 0;
  bool high = false;
  double value = 0;  ///< the state's mean, in the metric's unit
};

struct StateDescription {
  /// "01:00-05:00 UTC", "weekends", "weekdays 08:00-18:00 UTC"; empty where it has no time of its
  /// own, or none is known.
  std::string when;
  std::vector<StateMetric> metrics;  ///< at most three, most different first
};

/// Errors of use: `state` must be one of the model's.
StateDescription describe_state(const RoleModel& model, Index state,
                                Language language = Language::kEnglish);

/// "01:00-05:00 UTC: load1 low (0.2), disk.writes.iops high (340 /s)".
std::string state_name(const RoleModel& model, Index state, Language language = Language::kEnglish);

}  // namespace rolemix

#endif  // ROLEMIX_SAY_STATE_H_
