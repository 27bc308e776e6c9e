// Which component each row comes from, and how far it lies from it.
#ifndef ROLEMIX_TRAIN_MEMBERSHIP_H_
#define ROLEMIX_TRAIN_MEMBERSHIP_H_

#include <vector>

#include "base/matrix.h"
#include "train/em.h"

namespace rolemix {

struct Membership {
  int component = -1;           ///< the most probable one; -1 where nothing is known of the row
  double squared_distance = 0;  ///< Mahalanobis, in the metrics that were observed
  Index observed = 0;           ///< how many those are
};

/// One for each of the rows; empty when the fit is no mixture. samples (N, D) in model units, NaN =
/// missing: missing metrics are marginalised.
std::vector<Membership> memberships(const MatrixRef& samples, const std::vector<Index>& rows,
                                    const MixtureFit& fit);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_MEMBERSHIP_H_
