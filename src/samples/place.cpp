#include "samples/place.h"

#include <cmath>
#include <utility>

#include "model/units.h"

namespace rolemix {

Place place_of(const RoleModel& model, const VectorRef& values, const VectorRef& shift) {
  Place place{to_model_units(model, values), Vector::Zero(values.size())};
  for (Index d = 0; d < shift.size(); ++d) {
    if (model.metrics[d].center_by_host) {
      place.sample[d] -= shift[d];
      place.up[d] = std::isnan(shift[d]) ? 0 : shift[d];
    }
  }
  return place;
}

void center(const RoleModel& model, Matrix& samples, Matrix& shifts) {
  for (Index row = 0; row < shifts.rows(); ++row) {
    for (Index d = 0; d < shifts.cols(); ++d) {
      double& shift = shifts(row, d);
      if (model.metrics[d].center_by_host) {
        samples(row, d) -= std::exchange(shift, 0);
      } else if (std::isnan(shift)) {
        shift = 0;
      }
    }
  }
}

}  // namespace rolemix
