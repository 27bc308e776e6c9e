#include "model/tolerance_effect.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "kernel/packed.h"
#include "mixture/linear_algebra.h"
#include "model/units.h"

namespace rolemix {
namespace {

/// (D) standard deviation of each metric given the others, (Σ⁻¹)_dd^-½. A covariance of metrics
/// that depend on each other exactly has no inverse: its smallest eigenvalues count as rounding.
Vector conditional_deviations(const Matrix& covariance) {
  const std::optional<SymmetricEigen> eigen = symmetric_eigen(covariance);
  if (!eigen) {
    return Vector::Constant(covariance.rows(), std::numeric_limits<double>::quiet_NaN());
  }
  const double least = 1e-12 * std::max(eigen->values.maxCoeff(), 1e-12);
  Vector precision = Vector::Zero(covariance.rows());
  for (Index k = 0; k < covariance.rows(); ++k) {
    precision += eigen->vectors.row(k).transpose().cwiseAbs2() / std::max(eigen->values[k], least);
  }
  return precision.cwiseSqrt().cwiseInverse();
}

double half_width(const MetricSpec& metric, double mean, double deviation) {
  const double reach = kRangeDeviations * deviation;
  return (from_model_units(metric, mean + reach) - from_model_units(metric, mean - reach)) / 2;
}

}  // namespace

std::vector<ToleranceEffect> tolerance_effects(const RoleModel& model) {
  std::vector<ToleranceEffect> effects(model.metrics.size());
  const bool has_unclipped = !model.unclipped_covariances.empty();
  for (Index k = 0; k < model.components(); ++k) {
    const Vector clipped = conditional_deviations(model.covariances[k]);
    const Vector learned =
        has_unclipped ? conditional_deviations(model.unclipped_covariances[k])
                      : Vector::Constant(clipped.size(), std::numeric_limits<double>::quiet_NaN());
    for (Index d = 0; d < model.dimensions(); ++d) {
      const MetricSpec& metric = model.metrics[d];
      const double mean = model.means(k, d);
      effects[d].learned += model.weights[k] * half_width(metric, mean, learned[d]);
      effects[d].with_tolerance += model.weights[k] * half_width(metric, mean, clipped[d]);
    }
  }
  return effects;
}

}  // namespace rolemix
