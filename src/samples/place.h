// Where a sample stands, in model units.
#ifndef ROLEMIX_SAMPLES_PLACE_H_
#define ROLEMIX_SAMPLES_PLACE_H_

#include <cmath>

#include "base/matrix.h"
#include "model/role_model.h"

namespace rolemix {

struct Place {
  Vector sample;  ///< (D) centred metrics about the role's level; NaN = missing
  Vector up;      ///< (D) what was taken off, to be added back
};

/// values (D) in the metrics' own units; shift (D) as of level_shifts, or (0).
inline Place place_of(const RoleModel& model, const VectorRef& values, const VectorRef& shift) {
  Place place{to_model_units(model, values), Vector::Zero(values.size())};
  for (Index d = 0; d < shift.size(); ++d) {
    if (model.metrics[d].center_by_host) {
      place.sample[d] -= shift[d];
      place.up[d] = std::isnan(shift[d]) ? 0 : shift[d];
    }
  }
  return place;
}

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_PLACE_H_
