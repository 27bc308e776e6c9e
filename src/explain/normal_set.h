// What would make a sample normal: the fewest metrics that, set to what the others predict, bring
// its score down. docs/explanation.md derives the formulas.
#ifndef ROLEMIX_EXPLAIN_NORMAL_SET_H_
#define ROLEMIX_EXPLAIN_NORMAL_SET_H_

#include <vector>

#include "base/matrix.h"
#include "score/score.h"

namespace rolemix {

/// A set of metrics and what they would have to be.
struct NormalSet {
  std::vector<Index> metrics;  ///< sorted, in the model's numbering; those measured when none do
  Vector values;               ///< (metrics) their joint expectation given the others, model units
  double completed_score = 0;  ///< of the sample with these values, nats; NaN without any metric
  bool found = false;          ///< the score is at most the bound
  bool exact = false;          ///< found, and no smaller set does
};

/// The smallest set that brings the completed score of a sample, (D) in model units with NaN =
/// missing, to at most `bound`, nats; of sets of one size the one with the lowest score. Empty when
/// the score is there already. A metric on its ignored side predicts nothing of the others. All
/// sets of up to three metrics are searched (two, of more than 64 metrics), larger ones grow from
/// the best of these one metric at a time. With detection directions on many metrics, and of large
/// models, the search may end early: it is not exact then, and the set may double in a step. For a
/// model of work_of at most kMostWorkInBrowser about a second on a core at worst.
NormalSet normal_set(Scorer& scorer, const VectorRef& sample, double bound);

}  // namespace rolemix

#endif  // ROLEMIX_EXPLAIN_NORMAL_SET_H_
