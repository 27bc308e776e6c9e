// What else there is to say of one explained sample: the states, what goes together, what predicted
// the top metric, and what would make it normal.
#ifndef ROLEMIX_EXPLAIN_DETAIL_H_
#define ROLEMIX_EXPLAIN_DETAIL_H_

#include <limits>
#include <optional>
#include <vector>

#include "base/matrix.h"
#include "explain/explain.h"

namespace rolemix {

/// Metrics that move as one in the sample's state, and their blame together.
struct MetricGroup {
  std::vector<int> metrics;  ///< indices, ascending
  double blame = 0;
};

/// Which few metrics mainly predicted another, and to what value; in that metric's unit.
struct Prediction {
  int metric = -1;
  std::vector<int> predictors;  ///< one to three, the one that tells most first
  double expected = 0;          ///< given the predictors alone
  double low = 0;               ///< central 95 % range given the predictors alone
  double high = 0;
};

/// The fewest metrics that would make the sample normal, each set to what the others predict.
struct Remedy {
  std::vector<int> metrics;    ///< indices, ascending; empty: it is normal
  std::vector<double> values;  ///< as many, in the metrics' units
  bool found = false;          ///< with these its severity is below the threshold
  bool exact = false;          ///< and no smaller set does
};

struct Detail {
  int runner_up = -1;                    ///< the next probable state; -1 without one
  std::optional<bool> firm;              ///< whether rank 1 stays first within the calibration's
                                         ///< uncertainty; nothing where that is not known
  std::vector<MetricGroup> groups;       ///< those with a metric that was measured outside a range
  std::optional<Prediction> prediction;  ///< of the metric of rank 1
  Remedy remedy;
};

/// Of a sample, values (D), and its explanation; shift (D) as Explainer takes it. Normal is what
/// would stay below the model's warning threshold if it lasted. docs/ explanation.md says how each
/// follows from the mixture.
Detail detail_of(Explainer& explainer, const VectorRef& values, const VectorRef& shift,
                 const Explanation& explanation);

/// The prediction alone; arguments as of detail_of.
std::optional<Prediction> prediction_of(Explainer& explainer, const VectorRef& values,
                                        const VectorRef& shift, const Explanation& explanation);

}  // namespace rolemix

#endif  // ROLEMIX_EXPLAIN_DETAIL_H_
