// What two metrics of a sample could be together, given its others: what a picture of a broken
// relation shows.
#ifndef ROLEMIX_EXPLAIN_JOINT_H_
#define ROLEMIX_EXPLAIN_JOINT_H_

#include <vector>

#include "base/matrix.h"
#include "explain/explain.h"

namespace rolemix {

/// Where a component, given the other metrics, has 95 % of its probability.
struct JointEllipse {
  double weight = 0;  ///< of the component, given the other metrics
  Matrix outline;     ///< (65, 2) a closed line, in the metrics' units
};

/// The ellipses of metrics `first` and `second` of a sample, values (D), given its other metrics:
/// of components of at least 1 %, in their order. The 95 % ellipse of a bivariate normal is
/// that of squared Mahalanobis distance -2 log .05 (Bishop 2006, eq. 2.44, 2.81). Transforms bend
/// it. shift as for Explainer. Nothing when one of the two was not measured.
std::vector<JointEllipse> joint_ellipses(Explainer& explainer, const VectorRef& values,
                                         const VectorRef& shift, int first, int second);

}  // namespace rolemix

#endif  // ROLEMIX_EXPLAIN_JOINT_H_
