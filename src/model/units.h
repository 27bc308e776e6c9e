// A metric's own unit <-> the units of the mixture: after its transform, in tolerances.
#ifndef ROLEMIX_MODEL_UNITS_H_
#define ROLEMIX_MODEL_UNITS_H_

#include <string_view>

#include "base/matrix.h"
#include "model/role_model.h"

namespace rolemix {

/// The tolerance in the metric's transform.
double transform_tolerance(const MetricSpec& metric);

/// The metric's value after its transform, before any edited tolerance. NaN stays NaN.
double transformed(const MetricSpec& metric, double value);

/// transformed() in the units in which the mixture was trained: to_model_units is the one after the
/// other, and neither ever falls where the value rises.
double in_tolerances(const MetricSpec& metric, double transformed);

/// The metric's value in the units in which the mixture was trained, at most kLargestValue in size.
/// NaN stays NaN.
double to_model_units(const MetricSpec& metric, double value);

/// Inverse of to_model_units, at most the largest finite number in size.
double from_model_units(const MetricSpec& metric, double value);

/// Whether the unit is of something that cannot be less than none: percent, bytes, bytes/s, 1/s,
/// seconds.
bool counts_from_zero(std::string_view unit);

/// The value kept to what the metric can be: not below 0 where it never was or its unit counts
/// from 0, not above full_scale, and 0 rather than a
/// trace of rounding. For ranges shown to people.
double to_possible_value(const MetricSpec& metric, double value);

/// Model units -> a value that people can believe.
double to_shown_value(const MetricSpec& metric, double value);

/// to_model_units for a row of all metrics, (D) -> (D).
Vector to_model_units(const RoleModel& model, const VectorRef& values);

/// The same of rows, (N, D) -> (N, D).
Matrix rows_to_model_units(const RoleModel& model, const MatrixRef& values);

/// The same into `result`, N x D.
void rows_to_model_units(const RoleModel& model, const MatrixRef& values, double* result);

/// (D) medians in model units, NaN when not known.
Vector medians(const RoleModel& model);

}  // namespace rolemix

#endif  // ROLEMIX_MODEL_UNITS_H_
