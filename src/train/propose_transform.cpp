#include "train/propose_transform.h"

#include <algorithm>
#include <cmath>

#include "model/units.h"

namespace rolemix {
namespace {

constexpr double kLeastGain = 0.5;     // nats; below it the two shapes are hardly told apart
constexpr double kMostClamped = 0.05;  // of the values, by logit: the slope there means nothing

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

struct Fit {
  double count = 0;
  double variance = 0;  ///< of the transformed values
  double mean_log_slope = 0;

  /// Mean log likelihood under the likeliest Gaussian of the transformed values, up to a constant.
  double log_likelihood() const { return mean_log_slope - 0.5 * std::log(variance); }
};

Fit fit_of(const MetricSpec& metric, const VectorRef& values) {
  Fit fit;
  double mean = 0;
  double squares = 0;  // about the mean (Welford 1962)
  double slopes = 0;
  for (const double value : values) {
    if (std::isnan(value)) {
      continue;
    }
    const double apart = to_model_units(metric, value) - mean;
    fit.count += 1;
    mean += apart / fit.count;
    squares += apart * apart * (fit.count - 1) / fit.count;
    slopes += log_slope(metric, value);
  }
  fit.variance = squares / fit.count;
  fit.mean_log_slope = slopes / fit.count;
  return fit;
}

/// Share of the values that logit clamps.
double share_clamped(const MetricSpec& metric, const VectorRef& values) {
  const double least = metric.tolerance;
  const auto clamped = std::ranges::count_if(
      values, [&](double value) { return value < least || value > metric.full_scale - least; });
  const auto known = std::ranges::count_if(values, [](double value) { return !std::isnan(value); });
  return static_cast<double>(clamped) / static_cast<double>(known);
}

}  // namespace

std::optional<TransformProposal> propose_transform(const MetricSpec& metric,
                                                   const VectorRef& values) {
  if (metric.transform != Transform::kIdentity || !metric.non_negative) {
    return std::nullopt;
  }
  const Fit plain = fit_of(metric, values);
  if (!(plain.variance > 1)) {
    return std::nullopt;  // no news, whatever the shape
  }
  MetricSpec transformed = metric;
  transformed.transform = std::isnan(metric.full_scale) ? Transform::kLog1p : Transform::kLogit;
  if (transformed.transform == Transform::kLogit &&
      (metric.full_scale <= 2 * metric.tolerance || share_clamped(metric, values) > kMostClamped)) {
    return std::nullopt;
  }
  const double gain = fit_of(transformed, values).log_likelihood() - plain.log_likelihood();
  if (!(gain >= kLeastGain)) {
    return std::nullopt;
  }
  return TransformProposal{transformed.transform, gain};
}

}  // namespace rolemix
