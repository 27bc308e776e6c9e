// A host's own level of late, and samples measured from it. docs/alerts.md says why.
#ifndef ROLEMIX_SAMPLES_HOST_LEVEL_H_
#define ROLEMIX_SAMPLES_HOST_LEVEL_H_

#include <vector>

#include "base/matrix.h"
#include "model/role_model.h"

namespace rolemix {

/// Something of each metric that is kept of some of a host's samples.
struct KeptRows {
  std::vector<double> times;   ///< (n) epoch seconds, ascending
  std::vector<double> values;  ///< (n, D), NaN = missing
};

/// How far the host's own level of late, the median of its last day, lies from `medians`, for each
/// of its samples, in order of time: (n, D), NaN where the host has less than an hour of history or
/// none of the metric. Each sample then becomes part of the level: the first of each half-hour of
/// the clock, as it was measured. times (n) epoch seconds; values (n, D) in the metrics' units;
/// shifts and medians (D) in those of the model. Without a model all are in one unit.
Matrix level_shifts(KeptRows& level, const std::vector<double>& times, const MatrixRef& values,
                    const Vector& medians, const RoleModel* model);

/// Measures the centred metrics of samples (n, D), in model units, from their hosts' own levels,
/// which lie so far from the role's: shifts (n, D) as of level_shifts. A metric without a level is
/// missing then. The shifts become those that are left: of the other metrics, 0 where there is no
/// level.
void center(const RoleModel& model, Matrix& samples, Matrix& shifts);

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_HOST_LEVEL_H_
