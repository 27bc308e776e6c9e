// Which side of what is expected of a metric is news.
#ifndef ROLEMIX_MIXTURE_DETECTION_DIRECTION_H_
#define ROLEMIX_MIXTURE_DETECTION_DIRECTION_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "mixture/mixture.h"

namespace rolemix {

enum class DetectionDirection : std::uint8_t { kBoth, kAbove, kBelow };

/// Whether the value lies on the side of the center that the direction takes no notice of.
bool on_ignored_side(DetectionDirection direction, double value, double center);

/// x, complete, (D), with every metric that lies on its ignored side of its likeliest mean given
/// the others on that mean, if that is likelier. Plain; batches go through the kernel.
Vector replace_ignored(const GaussianMixture& mixture,
                       const std::vector<DetectionDirection>& directions, const VectorRef& x);

std::string_view name(DetectionDirection direction);

/// Errors: invalid_argument.
Result<DetectionDirection> parse_detection_direction(std::string_view text);

}  // namespace rolemix

#endif  // ROLEMIX_MIXTURE_DETECTION_DIRECTION_H_
