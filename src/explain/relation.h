// Which metrics go together: groups that move as one, and the few metrics that predict another.
// docs/explanation.md derives the formulas.
#ifndef ROLEMIX_EXPLAIN_RELATION_H_
#define ROLEMIX_EXPLAIN_RELATION_H_

#include <optional>
#include <vector>

#include "base/matrix.h"
#include "mixture/mixture.h"

namespace rolemix {

/// Groups of two or more metrics that determine each other in component `state`, such as copies and
/// the parts of a constant sum: each metric's standard deviation given some others of its group is
/// below a fifth of its own. Sorted, and in order of their first metrics; no metric is in two.
std::vector<std::vector<Index>> groups_of(const GaussianMixture& mixture, Index state);

/// What a few other metrics predict of one, in model units.
struct Relation {
  std::vector<Index> predictors;  ///< one to three, the one that tells most first
  double expected = 0;            ///< mean given the predictors
  double low = 0;                 ///< central 95 % range given the predictors
  double high = 0;
};

/// Of metric d of a complete sample, (D) in model units, whose own value does not matter. The
/// predictors are chosen one by one in component `state` until they explain 90 % of what all others
/// explain of the metric's variance; the range is that of the whole mixture of these metrics.
/// Nothing when all others explain less than a quarter of the variance.
std::optional<Relation> relation_of(const GaussianMixture& mixture, Index state,
                                    const VectorRef& sample, Index d);

}  // namespace rolemix

#endif  // ROLEMIX_EXPLAIN_RELATION_H_
