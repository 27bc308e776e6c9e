#include "core/detection_direction.h"

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "core/kernel_packed.h"

namespace rolemix {
namespace {

constexpr std::array kDirections = {DetectionDirection::kBoth, DetectionDirection::kAbove,
                                    DetectionDirection::kBelow};

/// Of the means of components that can be seen the one with the highest density. The mean of the
/// whole mixture may lie between two states, where no host ever is.
double likeliest_mean(const UnivariateMixture& mixture) {
  const double invisible = std::log(kInvisible);
  double likeliest = mixture.means[0];
  double most = -std::numeric_limits<double>::infinity();
  for (Index k = 0; k < mixture.means.size(); ++k) {
    if (mixture.log_weights[k] > invisible) {
      const double there = log_density(mixture, mixture.means[k]);
      if (there > most) {
        most = there;
        likeliest = mixture.means[k];
      }
    }
  }
  return likeliest;
}

}  // namespace

bool on_ignored_side(DetectionDirection direction, double value, double center) {
  return (direction == DetectionDirection::kAbove && value < center) ||
         (direction == DetectionDirection::kBelow && value > center);
}

Vector replace_ignored(const GaussianMixture& mixture,
                       const std::vector<DetectionDirection>& directions, const VectorRef& x) {
  const std::vector<UnivariateMixture> others = mixture.conditionals(x);
  Vector result = x;
  for (Index d = 0; d < x.size(); ++d) {
    if (directions[d] == DetectionDirection::kBoth) {
      continue;
    }
    const double likeliest = likeliest_mean(others[d]);
    if (on_ignored_side(directions[d], x[d], likeliest) &&
        log_density(others[d], likeliest) > log_density(others[d], x[d])) {
      result[d] = likeliest;
    }
  }
  return result;
}

std::string_view name(DetectionDirection direction) {
  switch (direction) {
    case DetectionDirection::kBoth:
      return "both";
    case DetectionDirection::kAbove:
      return "above";
    case DetectionDirection::kBelow:
      break;
  }
  return "below";
}

Result<DetectionDirection> parse_detection_direction(std::string_view text) {
  for (const DetectionDirection direction : kDirections) {
    if (text == name(direction)) {
      return direction;
    }
  }
  return fail(
      ErrorCode::kInvalidArgument,
      "detection_direction: expected both, above or below, got \"" + std::string(text) + "\"");
}

}  // namespace rolemix
