// Where a sample stands, in model units.
#ifndef ROLEMIX_SAMPLES_PLACE_H_
#define ROLEMIX_SAMPLES_PLACE_H_

#include "base/matrix.h"
#include "model/role_model.h"

namespace rolemix {

struct Place {
  Vector sample;  ///< (D) centred metrics about the role's level; NaN = missing
  Vector up;      ///< (D) what was taken off, to be added back
};

/// values (D) in the metrics' own units; shift (D) as of HostSamples, or (0).
Place place_of(const RoleModel& model, const VectorRef& values, const VectorRef& shift);

/// Measures the centred metrics of samples (n, D), in model units, from their hosts' own levels,
/// which lie so far from the role's: shifts (n, D) as of HostSamples. A metric without a level is
/// missing then. The shifts become those that are left: of the other metrics, 0 where there is no
/// level.
void center(const RoleModel& model, Matrix& samples, Matrix& shifts);

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_PLACE_H_
