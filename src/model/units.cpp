#include "model/units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

namespace rolemix {
namespace {

/// d logit(x) / dx at the middle of the scale is 4 / full_scale: this many units per tolerance.
double logit_unit(const MetricSpec& metric) {
  return 4 * transform_tolerance(metric) / metric.full_scale;
}

/// What the transform gives is in units of its own tolerance, the model's units are those of the
/// metric's.
double edited_unit(const MetricSpec& metric) {
  return transform_tolerance(metric) / metric.tolerance;
}

}  // namespace

double transform_tolerance(const MetricSpec& metric) {
  return metric.transform_tolerance != 0 ? metric.transform_tolerance : metric.tolerance;
}

double transformed(const MetricSpec& metric, double value) {
  const double tolerance = transform_tolerance(metric);
  switch (metric.transform) {
    case Transform::kIdentity:
      break;
    case Transform::kLog1p:
      return std::copysign(std::log1p(std::abs(value) / tolerance), value);
    case Transform::kLogit: {
      const double x = std::clamp(value, tolerance, metric.full_scale - tolerance);
      return std::log(x / (metric.full_scale - x)) / logit_unit(metric);
    }
  }
  return value;
}

double in_tolerances(const MetricSpec& metric, double transformed) {
  const double result = metric.transform == Transform::kIdentity
                            ? transformed / metric.tolerance
                            : transformed * edited_unit(metric);
  return std::clamp(result, -kLargestValue, kLargestValue);
}

double to_model_units(const MetricSpec& metric, double value) {
  return in_tolerances(metric, transformed(metric, value));
}

double from_model_units(const MetricSpec& metric, double value) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  double result = value;
  switch (metric.transform) {
    case Transform::kIdentity:
      result = value * metric.tolerance;
      break;
    case Transform::kLog1p:
      result = std::copysign(
          std::expm1(std::abs(value) / edited_unit(metric)) * transform_tolerance(metric), value);
      break;
    case Transform::kLogit:
      result =
          metric.full_scale / (1 + std::exp(-value * logit_unit(metric) / edited_unit(metric)));
      break;
  }
  return std::clamp(result, -kLargest, kLargest);
}

bool counts_from_zero(std::string_view unit) {
  constexpr std::array<std::string_view, 5> kCounted = {"percent", "bytes", "bytes/s", "1/s",
                                                        "seconds"};
  return std::ranges::find(kCounted, unit) != kCounted.end();
}

double to_possible_value(const MetricSpec& metric, double value) {
  constexpr double kRounding = 1e-9;  // of the tolerance
  if (value < 0 && (metric.non_negative || counts_from_zero(metric.unit))) {
    return 0;
  }
  if (std::abs(value) < kRounding * metric.tolerance) {
    return 0;
  }
  return value > metric.full_scale ? metric.full_scale : value;
}

double to_shown_value(const MetricSpec& metric, double value) {
  return to_possible_value(metric, from_model_units(metric, value));
}

Vector to_model_units(const RoleModel& model, const VectorRef& values) {
  return rows_to_model_units(model, values.transpose()).row(0).transpose();
}

Matrix rows_to_model_units(const RoleModel& model, const MatrixRef& values) {
  Matrix result(values.rows(), values.cols());
  rows_to_model_units(model, values, result.data());
  return result;
}

void rows_to_model_units(const RoleModel& model, const MatrixRef& values, double* result) {
  const Index dimensions = values.cols();
  std::vector<double> divisors(static_cast<std::size_t>(dimensions), 1);
  std::vector<Index> others;  // than values over their tolerances
  for (Index d = 0; d < dimensions; ++d) {
    if (model.metrics[d].transform == Transform::kIdentity) {
      divisors[d] = model.metrics[d].tolerance;
    } else {
      others.push_back(d);
    }
  }
  for (Index row = 0; row < values.rows(); ++row, result += dimensions) {
    const double* from = values.row(row).data();
    for (Index d = 0; d < dimensions; ++d) {
      result[d] = std::clamp(from[d] / divisors[d], -kLargestValue, kLargestValue);
    }
    for (const Index d : others) {
      result[d] = to_model_units(model.metrics[d], from[d]);
    }
  }
}

Vector medians(const RoleModel& model) {
  Vector result(model.dimensions());
  for (Index d = 0; d < model.dimensions(); ++d) {
    result[d] = to_model_units(model.metrics[d], model.metrics[d].median);
  }
  return result;
}

}  // namespace rolemix
