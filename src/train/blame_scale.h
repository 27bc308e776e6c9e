// How much usually speaks against each metric: what blame is measured in.
#ifndef ROLEMIX_TRAIN_BLAME_SCALE_H_
#define ROLEMIX_TRAIN_BLAME_SCALE_H_

#include <cstdint>
#include <vector>

#include "base/matrix.h"
#include "mixture/mixture.h"

namespace rolemix {

/// (D) by metric, the nats that usually speak against it: -log of its two-sided tail probability
/// has a mean of 1 where the mixture's marginal is right, and more where the fit left out what
/// comes again and again. Of each host the mean, or what one value in 200 reaches over what it
/// should reach, log 200, whichever is more; then the middle of the hosts. Values count for what
/// one in 1000 reaches at most, so that no single one matters; never less than 1/4, for no spread
/// is less than about half a tolerance. samples (N, D) in model units, NaN = missing, with those
/// that the fit left out; hosts (N), each host's rows in one piece.
Vector blame_scales(const MatrixRef& samples, const std::vector<std::int32_t>& hosts,
                    const GaussianMixture& mixture);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_BLAME_SCALE_H_
