// The E-step: log likelihoods, and what the M-step needs to know of the rows.
#ifndef ROLEMIX_TRAIN_EXPECTATION_H_
#define ROLEMIX_TRAIN_EXPECTATION_H_

#include <vector>

#include "kernel/kernel.h"
#include "train/em.h"
#include "train/observed_rows.h"

namespace rolemix {

struct Expectation {
  double log_likelihood = 0;     ///< of all rows, nats
  std::vector<Moments> moments;  ///< (K) about the components' present means
  bool failed = false;           ///< a covariance has no factor: nothing is known
};

/// Of rows with gaps, the moments that are to be expected given what was observed (Ghahramani &
/// Jordan 1994, section 4): for each component, the missing metrics are their conditional mean, and
/// their conditional covariance is added. Sums are taken over fixed chunks and added in order: they
/// do not depend on the number of threads.
///
/// A row with gaps costs what a complete one does and, in each component, m D + m² operations for m
/// missing metrics; m³ more where no row in its block lacks the same. Nothing is kept for a set of
/// gaps, so there may be as many as there are rows.
Expectation expectation(const ObservedRows& rows, const MixtureFit& fit, int threads);

/// (N) of the samples that the rows are of; 0 where nothing is known, NaN when a covariance has no
/// factor.
Vector log_likelihoods_of(const ObservedRows& rows, Index samples, const MixtureFit& fit);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_EXPECTATION_H_
