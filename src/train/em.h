// Expectation-maximisation for full covariances that are no smaller than the tolerance.
#ifndef ROLEMIX_TRAIN_EM_H_
#define ROLEMIX_TRAIN_EM_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "base/matrix.h"

namespace rolemix {

/// Parameters of a mixture in training, in units of the tolerances; no invariant but the shapes.
struct MixtureFit {
  Vector weights;                             ///< (K)
  Matrix means;                               ///< (K, D)
  std::vector<Matrix> covariances;            ///< K times (D, D), every eigenvalue >= 1
  std::vector<Matrix> unclipped_covariances;  ///< the same before the prior
  /// Mean log likelihood (nats) before each iteration, per row of which anything was observed.
  std::vector<double> objective;
  bool converged = false;
  bool degenerate = false;  ///< a covariance has no factor: EM stopped there
};

struct EmOptions {
  int max_iterations = 200;
  double tolerance = 1e-5;  ///< stop when an iteration gains less, nats per row
  int threads = 1;          ///< at most; the result is the same for any number, to the last bit
  /// Whether the prior holds. Without it a covariance can become singular and the objective
  /// infinite, as with every maximum likelihood.
  bool clip = true;
  /// Told every objective as soon as it is known; may be empty.
  std::function<void(int iteration, double objective)> progress = nullptr;
};

/// Starting point: k-means on standardised columns. samples (N, D); NaN counts as its column's
/// mean.
MixtureFit start_from_k_means(const MatrixRef& samples, int components, std::uint64_t seed);

/// Improves `fit` in place by EM (Bishop 2006, section 9.2.2). The M-step's covariances are the
/// exact maximum under the prior "not smaller than the identity": eigenvalues below 1 become 1, so
/// the objective never falls.
///
/// samples (N, D), NaN where missing: of a row counts what was observed, and missing metrics are
/// marginalised exactly (Ghahramani & Jordan 1994; Little & Rubin 2019, chapter 8). Rows of which
/// nothing is known count for nothing; without any others `fit` stays as it is. So do the mean and
/// the variance of a metric that no row knows, where the start has it independent of the others.
void run_em(const MatrixRef& samples, const EmOptions& options, MixtureFit& fit);

/// (N) log likelihood of what was observed of each row, nats; 0 where that is nothing.
Vector log_likelihoods(const MatrixRef& samples, const MixtureFit& fit);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_EM_H_
