// Clusters to start a mixture from.
#ifndef ROLEMIX_TRAIN_K_MEANS_H_
#define ROLEMIX_TRAIN_K_MEANS_H_

#include <cstdint>

#include "base/matrix.h"

namespace rolemix {

struct Clusters {
  Matrix centres;      ///< (K, D)
  double inertia = 0;  ///< sum of the squared distances of all points to the nearest centre
};

/// k-means++ (Arthur & Vassilvitskii 2007), the best of a few seedings after some Lloyd iterations.
/// points (N, D), at least one.
Clusters k_means(const Matrix& points, int clusters, std::uint64_t seed);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_K_MEANS_H_
