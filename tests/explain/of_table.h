// Scores and explanations of tables, in one step.
#ifndef ROLEMIX_TESTS_EXPLAIN_OF_TABLE_H_
#define ROLEMIX_TESTS_EXPLAIN_OF_TABLE_H_

#include <cstdint>
#include <vector>

#include "explain/host_explainer.h"
#include "samples/samples.h"
#include "score/score.h"

namespace rolemix {

inline TableScores score(Scorer& scorer, const SampleTable& table) {
  return score(scorer, samples_of(scorer.model(), table).value());
}

inline std::vector<Explanation> explain(Explainer& explainer, const SampleTable& table,
                                        const std::vector<std::int32_t>& rows) {
  return explain(explainer, samples_of(explainer.scorer().model(), table).value(), rows);
}

/// The table's only host.
inline HostSamples host_of(const RoleModel& model, const SampleTable& table) {
  return samples_of(model, table).value().hosts.at(0);
}

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_EXPLAIN_OF_TABLE_H_
