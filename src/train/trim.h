// Rows that are so far from all the rest that they say nothing of what is normal.
#ifndef ROLEMIX_TRAIN_TRIM_H_
#define ROLEMIX_TRAIN_TRIM_H_

#include <vector>

#include "base/matrix.h"
#include "train/em.h"

namespace rolemix {

constexpr double kMostTrimmed = 0.1;  ///< of the rows; where more are far, none is left out

/// Those of the rows whose squared distance from their component is at most 32 a metric that was
/// observed. samples (N, D) in model units, NaN = missing.
std::vector<Index> near_rows(const MatrixRef& samples, const std::vector<Index>& rows,
                             const MixtureFit& fit);

/// Fits, leaves out the rows that are far, and fits again until none is, or a tenth would go
/// (trimmed likelihood, Neykov et al. 2007). `fit` is the starting point, `rows` those to learn
/// from; both are replaced.
void fit_trimmed(const MatrixRef& samples, const EmOptions& options, std::vector<Index>& rows,
                 MixtureFit& fit);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_TRIM_H_
