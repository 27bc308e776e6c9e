// Past moments of a role that looked like this one, so that a known incident is recognised.
#ifndef ROLEMIX_EXPLAIN_SIMILAR_H_
#define ROLEMIX_EXPLAIN_SIMILAR_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "explain/host_explainer.h"
#include "samples/samples.h"
#include "score/score.h"

namespace rolemix {

struct SimilarMoment {
  std::int32_t row = 0;  ///< of the samples
  std::string host;
  double timestamp = 0;   ///< epoch seconds
  double severity = 0;    ///< 0-100
  double similarity = 0;  ///< 0-1
};

/// How alike two explanations of one model are, 0-1: the cosine between their blames, signed by
/// direction, of the metrics outside a range; half of it counts only as far as the states agree.
double similarity(const Explanation& a, const Explanation& b);

/// The past moments of any host most like the sample at `row`, whose explanation is `here`: the
/// worst of each hour of a host with a severity of 25 or more, at least an hour earlier, at most
/// `limit`, most alike first; none with a similarity below 0.7.
std::vector<SimilarMoment> similar_moments(Explainer& explainer, const Samples& samples,
                                           const TableScores& scores, std::int32_t row,
                                           const Explanation& here, std::size_t limit = 3);

}  // namespace rolemix

#endif  // ROLEMIX_EXPLAIN_SIMILAR_H_
