// The number of components, by what held-out blocks of time say.
#ifndef ROLEMIX_TRAIN_SELECT_H_
#define ROLEMIX_TRAIN_SELECT_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "matrix.h"

namespace rolemix {

/// How well a number of components predicts time that it was not fitted on.
struct Candidate {
  int components = 0;
  double held_out = 0;        ///< mean log likelihood of held-out rows, nats per row
  double standard_error = 0;  ///< of its difference from the best candidate, over the folds
  bool light_state =
      false;  ///< a component with less than 1 % of the rows: an episode, not a state
};

struct Selection {
  int components =
      1;  ///< the fewest within one standard error, or 0.01 nats per metric, of the best
  std::vector<Candidate> candidates;
};

constexpr int kSelectionFolds = 5;

/// samples (N, D) with fold (N) in 0..4; folds are made of whole blocks of time. Tries `least` to
/// `most` components; stops when two more in a row did not help. One-standard-error rule: Hastie,
/// Tibshirani & Friedman 2009, section 7.10.1.
Selection select_components(const MatrixRef& samples, const std::vector<int>& fold, int least,
                            int most, std::uint64_t seed,
                            const std::function<void(double done)>& progress);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_SELECT_H_
