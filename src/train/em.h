// Expectation-maximisation for full covariances that are no smaller than the tolerance.
#ifndef ROLEMIX_TRAIN_EM_H_
#define ROLEMIX_TRAIN_EM_H_

#include <cstdint>
#include <vector>

#include "matrix.h"

namespace rolemix {

/// Parameters of a mixture in training, in units of the tolerances; no invariant but the shapes.
struct MixtureFit {
  Vector weights;                             ///< (K)
  Matrix means;                               ///< (K, D)
  std::vector<Matrix> covariances;            ///< K times (D, D), every eigenvalue >= 1
  std::vector<Matrix> unclipped_covariances;  ///< the same before the prior
  std::vector<double> objective;  ///< mean log likelihood per row (nats) before each iteration
  bool converged = false;
};

struct EmOptions {
  int max_iterations = 200;
  double tolerance = 1e-5;  ///< stop when an iteration gains less, nats per row
};

/// Starting point: k-means++ (Arthur & Vassilvitskii 2007) on standardised columns, the best of a
/// few seedings after some Lloyd iterations. samples (N, D) without NaN, N >= components.
MixtureFit start_from_k_means(const MatrixRef& samples, int components, std::uint64_t seed);

/// Improves `fit` in place by EM (Bishop 2006, section 9.2.2). The M-step's covariances are the
/// exact maximum under the prior "not smaller than the identity": eigenvalues below 1 become 1, so
/// the objective never falls.
void run_em(const MatrixRef& samples, const EmOptions& options, MixtureFit& fit);

/// (N) log likelihood of each row, nats.
Vector log_likelihoods(const MatrixRef& samples, const MixtureFit& fit);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_EM_H_
