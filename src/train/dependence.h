// Metrics that say nothing of their own: exact copies of others, and parts whose sum never changes.
#ifndef ROLEMIX_TRAIN_DEPENDENCE_H_
#define ROLEMIX_TRAIN_DEPENDENCE_H_

#include <optional>
#include <vector>

#include "base/matrix.h"

namespace rolemix {

/// Another metric, and in how many samples it differs.
struct Original {
  Index metric = 0;
  Index different = 0;
};

/// Which of the candidates the metric equals in every sample but for odd ones, as of odd_of, also
/// in what is missing. values (N, D).
std::optional<Original> find_original(const MatrixRef& values, Index metric,
                                      const std::vector<Index>& candidates);

/// Metrics whose sum is the same in every sample, but for rounding.
struct ConstantSum {
  std::vector<Index> metrics;  ///< ascending, at least two
  double sum = 0;
};

/// values (N, D) without NaN. The null space of the covariance, in reduced row echelon form (Golub
/// & Van Loan 2013, section 3.4), has a row of equal entries for each such sum.
std::vector<ConstantSum> find_constant_sums(const MatrixRef& values);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_DEPENDENCE_H_
