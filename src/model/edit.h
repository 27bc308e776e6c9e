// A model changed without training it again: other tolerances, muted metrics.
#ifndef ROLEMIX_MODEL_EDIT_H_
#define ROLEMIX_MODEL_EDIT_H_

#include <limits>
#include <vector>

#include "base/error.h"
#include "model/role_model.h"

namespace rolemix {

/// What is changed of one metric.
struct MetricEdit {
  double tolerance = std::numeric_limits<double>::quiet_NaN();  ///< in its unit; NaN: as trained
  bool muted = false;  ///< as if it had never been measured
};

/// The model with these edits, one for each of its metrics; the order of edits does not matter.
/// Tolerances act through the unclipped covariances: the transform stays as trained, the prior that
/// no covariance is smaller than the tolerances is applied anew. Then muted metrics are
/// marginalised (Bishop 2006, eq. 2.98). So that severity stays honest, scores are measured against
/// what the edited mixture says of the role's own samples: their expected value and spread, in
/// closed form, take the place of the trained ones (docs/explanation.md). Errors: those of
/// validated_mixture, and invalid_argument for tolerances that are not above 0, without unclipped
/// covariances, or when all metrics are muted.
Result<RoleModel> edited(const RoleModel& model, const std::vector<MetricEdit>& edits);

/// What the mixture says of samples that its unclipped components make (each on its own, so where
/// components overlap it is a little too large).
struct ExpectedScore {
  double mean = 0;                ///< nats
  double standard_deviation = 0;  ///< within a component
};

/// Errors: those of validated_mixture.
Result<ExpectedScore> expected_score(const RoleModel& model);

}  // namespace rolemix

#endif  // ROLEMIX_MODEL_EDIT_H_
