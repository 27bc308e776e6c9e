// What the tolerance prior did: how closely the other metrics would pin down each metric by what
// was learned alone, and how closely the model lets them.
#ifndef ROLEMIX_MODEL_TOLERANCE_EFFECT_H_
#define ROLEMIX_MODEL_TOLERANCE_EFFECT_H_

#include <vector>

#include "model/role_model.h"

namespace rolemix {

/// Half the width of the central 95 % range of a metric given the others, in the metric's unit
/// around the component's mean; averaged over the components by weight.
struct ToleranceEffect {
  double learned = 0;         ///< from the unclipped covariances, before the prior; NaN: not known
  double with_tolerance = 0;  ///< from the covariances, as scored
};

/// (D) of a model that validated_mixture accepts.
std::vector<ToleranceEffect> tolerance_effects(const RoleModel& model);

}  // namespace rolemix

#endif  // ROLEMIX_MODEL_TOLERANCE_EFFECT_H_
