#include "train/propose_transform.h"

#include <algorithm>
#include <cmath>

namespace rolemix {
namespace {

constexpr double kLeastGain = 0.5;  // nats; below it the two shapes are hardly told apart

/// Logarithm of the slope of the metric's transform at a value, in tolerances.
double log_slope(const MetricSpec& metric, double value) {
  switch (metric.transform) {
    case Transform::kIdentity:
      return 0;
    case Transform::kLog1p:
      return -std::log1p(std::abs(value) / metric.tolerance);
    case Transform::kLogit:
      break;
  }
  const double share =
      std::clamp(value, metric.tolerance, metric.full_scale - metric.tolerance) / metric.full_scale;
  return -std::log(4 * share * (1 - share));
}

/// Mean log likelihood of the values, up to a constant, under the likeliest Gaussian of their
/// transform whose variance is at least 1.
double fit_of(const MetricSpec& metric, const VectorRef& values) {
  double count = 0;
  double mean = 0;
  double squares = 0;  // about the mean (Welford 1962)
  double slopes = 0;
  for (const double value : values) {
    if (std::isnan(value)) {
      continue;
    }
    const double apart = to_model_units(metric, value) - mean;
    count += 1;
    mean += apart / count;
    squares += apart * apart * (count - 1) / count;
    slopes += log_slope(metric, value);
  }
  if (count == 0) {
    return 0;
  }
  const double variance = squares / count;
  const double clipped = std::max(1.0, variance);
  return slopes / count - 0.5 * (std::log(clipped) + variance / clipped);
}

}  // namespace

std::optional<TransformProposal> propose_transform(const MetricSpec& metric,
                                                   const VectorRef& values) {
  if (metric.transform != Transform::kIdentity || !metric.non_negative) {
    return std::nullopt;
  }
  MetricSpec transformed = metric;
  transformed.transform = std::isnan(metric.full_scale) ? Transform::kLog1p : Transform::kLogit;
  if (transformed.transform == Transform::kLogit && !(metric.full_scale > 2 * metric.tolerance)) {
    return std::nullopt;
  }
  const double gain = fit_of(transformed, values) - fit_of(metric, values);
  if (!(gain >= kLeastGain)) {
    return std::nullopt;
  }
  return TransformProposal{transformed.transform, gain};
}

}  // namespace rolemix
