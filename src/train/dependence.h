// Metrics that say nothing of their own: exact copies of others, and parts whose sum never changes.
#ifndef ROLEMIX_TRAIN_DEPENDENCE_H_
#define ROLEMIX_TRAIN_DEPENDENCE_H_

#include <vector>

#include "matrix.h"

namespace rolemix {

/// A metric that equals an earlier one in every sample, also in what is missing.
struct Copy {
  Index metric = 0;
  Index of = 0;
};

/// values (N, D), NaN = missing.
std::vector<Copy> find_copies(const MatrixRef& values);

/// Metrics of one unit whose sum is the same in every sample, but for rounding.
struct ConstantSum {
  std::vector<Index> metrics;  ///< ascending, at least two
  double sum = 0;
};

/// values (N, D) without NaN. The null space of the covariance, in reduced row echelon form (Golub
/// & Van Loan 2013, section 3.4), has a row of equal entries for each such sum.
std::vector<ConstantSum> find_constant_sums(const MatrixRef& values);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_DEPENDENCE_H_
