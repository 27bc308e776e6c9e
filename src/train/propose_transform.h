// Whether a metric would look more like a Gaussian through a transform.
#ifndef ROLEMIX_TRAIN_PROPOSE_TRANSFORM_H_
#define ROLEMIX_TRAIN_PROPOSE_TRANSFORM_H_

#include <optional>

#include "base/matrix.h"
#include "model/role_model.h"

namespace rolemix {

struct TransformProposal {
  Transform transform = Transform::kIdentity;
  double gain = 0;  ///< mean log likelihood of a value above that without a transform, nats
};

/// log1p for a metric that was never negative, logit for one with a full_scale, where the likeliest
/// Gaussian of the transformed values makes the values likelier by half a nat or more (Box & Cox
/// 1964, section 3). Nothing for a metric that has a transform, varies by less than its tolerance,
/// or lies at the ends of its scale. values (N) in the metric's unit; NaN = missing.
std::optional<TransformProposal> propose_transform(const MetricSpec& metric,
                                                   const VectorRef& values);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_PROPOSE_TRANSFORM_H_
