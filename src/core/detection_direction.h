// Metrics that are watched on one side only.
#ifndef ROLEMIX_CORE_DETECTION_DIRECTION_H_
#define ROLEMIX_CORE_DETECTION_DIRECTION_H_

#include <vector>

#include "core/mixture.h"
#include "core/role_model.h"
#include "matrix.h"

namespace rolemix {

/// Whether the value lies on the side of the center that the direction takes no notice of.
bool on_ignored_side(DetectionDirection direction, double value, double center);

/// x (D), complete, in model units -> the likeliest sample to which only ignored deviations lead: a
/// metric watched above may have been higher, one watched below lower, the rest stay. For a single
/// metric and component that is its mean given the others, when that lies beyond x. Exact for one
/// component (Lawson & Hanson 1974, chapter 23); of a mixture the component that comes out
/// likeliest decides. x itself when nothing is likelier.
Vector without_ignored_deviations(const GaussianMixture& mixture, const Vector& x,
                                  const std::vector<DetectionDirection>& directions);

}  // namespace rolemix

#endif  // ROLEMIX_CORE_DETECTION_DIRECTION_H_
