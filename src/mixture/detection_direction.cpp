#include "mixture/detection_direction.h"

#include <array>
#include <string>

#include "base/escape.h"

namespace rolemix {
namespace {

constexpr std::array kDirections = {DetectionDirection::kBoth, DetectionDirection::kAbove,
                                    DetectionDirection::kBelow};

/// Of the components' means the one with the highest density. The mean of the whole mixture may lie
/// between two states, where no host ever is.
double likeliest_mean(const UnivariateMixture& mixture) {
  Index best = 0;
  Vector logs(mixture.means.size());
  for (Index k = 0; k < logs.size(); ++k) {
    logs[k] = log_density(mixture, mixture.means[k]);
  }
  logs.maxCoeff(&best);
  return mixture.means[best];
}

}  // namespace

bool on_ignored_side(DetectionDirection direction, double value, double center) {
  return (direction == DetectionDirection::kAbove && value < center) ||
         (direction == DetectionDirection::kBelow && value > center);
}

Vector replace_ignored(const GaussianMixture& mixture,
                       const std::vector<DetectionDirection>& directions, const VectorRef& x) {
  const std::vector<UnivariateMixture> others = mixture.complete_conditionals(x);
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
  return fail(ErrorCode::kInvalidArgument,
              "detection_direction: expected both, above or below, got " + in_quotes(text));
}

}  // namespace rolemix
