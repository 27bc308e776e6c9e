// What the other metrics of a sample predict of any few: normal_set.h asks it of many sets.
#ifndef ROLEMIX_EXPLAIN_PREDICTOR_H_
#define ROLEMIX_EXPLAIN_PREDICTOR_H_

#include <array>
#include <cstddef>
#include <vector>

#include "mixture/mixture.h"

namespace rolemix {

/// Of one sample. Metrics that are left out for good are eliminated (Gauss-Jordan) from each
/// component's [Λ y], y = Λ (x - μ), which leaves the same matrix of the rest, and in the rows of
/// what was eliminated the regression on it.
class Predictor {
 public:
  static constexpr std::size_t kMostMetrics = 3;  ///< of a set that are not left out

  /// x: (D), complete.
  Predictor(const GaussianMixture& mixture, const Vector& x);

  /// From now on metric d predicts nothing.
  void leave_out(Index d);

  /// log Σ_k π_k max N_k over all values of the metrics of a set: no sample is likelier that has
  /// the others.
  double highest_log_density(const std::vector<Index>& set) const;

  /// The joint expectation of the metrics of a set, in its order.
  Vector expectation(const std::vector<Index>& set) const;

 private:
  /// The metrics of a set that are not left out already.
  struct Free {
    std::array<Index, kMostMetrics> metrics{};
    std::size_t size = 0;
  };

  struct Solution {
    std::array<double, kMostMetrics> shifts{};  // x - its conditional mean = Λ⁻¹ y
    double squared_distance = 0;                // yᵀ Λ⁻¹ y
    double log_determinant = 0;                 // of Λ
  };

  Free free_of(const std::vector<Index>& set) const;
  static Solution solve(const Matrix& table, const Free& free);

  Vector x_;
  std::vector<int> left_out_;  // 1: yes; a vector of bools is code of its own
  Vector exponents_;           // (K) log π_k N_k with what is left out at its likeliest
  Vector log_determinants_;    // (K) of the precision of what is left out
  std::vector<Matrix> tables_;
};

}  // namespace rolemix

#endif  // ROLEMIX_EXPLAIN_PREDICTOR_H_
