// Explains the samples of hosts with their history: their own level of late, and what spoke against
// each metric just before. docs/explanation.md says why.
#ifndef ROLEMIX_EXPLAIN_HOST_EXPLAINER_H_
#define ROLEMIX_EXPLAIN_HOST_EXPLAINER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/matrix.h"
#include "explain/explain.h"
#include "samples/samples.h"
#include "score/score.h"
#include "score/score_memory.h"

namespace rolemix {

/// Explains the samples of one host.
class HostExplainer {
 public:
  /// host.before says what is remembered from before its samples.
  HostExplainer(Explainer& explainer, const HostSamples& host);

  /// The samples first ... first + count - 1. The evidence that blame is of is the most that any of
  /// the samples of late has, times e^(-age / τ), up to an age of 5 τ; τ is the time constant of
  /// the alert_score's memory.
  std::vector<Explanation> explain(Index first, Index count, Missing missing = Missing::kPredicted);

  /// (2 D) what is remembered at the time of a sample, of those before it.
  Vector remembered(Index row);

  /// (D) the sample's values, and how far the host's level of late lies from the role's then.
  Vector values(Index row) const { return host_.values(row, 1).row(0).transpose(); }
  Vector shift(Index row) const;

  /// Seconds back to which evidence is remembered.
  double longest_memory() const;

  /// The evidence that is remembered before a sample; size() gives that after the last.
  KeptRows evidence_before(Index sample);

 private:
  std::vector<Explanation> plain(Index first, Index count, Missing missing);
  Matrix evidence(Index first, Index count);
  Index first_remembered(Index row) const;
  /// (2 D) at the time of a sample `row`, of the samples from begin on, whose evidence this is.
  Vector most_of_late(const MatrixRef& evidence, Index begin, Index row) const;

  Explainer& explainer_;
  const HostSamples& host_;
  bool knows_past_ = false;  // evidence of as many metrics from before
  double memory_ = 0;        // τ, seconds
};

/// Takes the explanation of rows[i], which is a sample of its host.
using Take = std::function<void(std::size_t i, Explanation&& explanation, const HostExplainer& host,
                                Index sample)>;

/// Explains samples by their rows in the table, each host's in order of time.
void explain(Explainer& explainer, const Samples& samples, const std::vector<std::int32_t>& rows,
             const Take& take, Missing missing = Missing::kPredicted);

/// The same, all at once in the order of `rows`.
std::vector<Explanation> explain(Explainer& explainer, const Samples& samples,
                                 const std::vector<std::int32_t>& rows);

/// What is carried of a host on from before a sample; size(): after the last. memory: as of then.
HostState state_before(Explainer& explainer, const HostSamples& host, Index sample,
                       const ScoreMemory& memory);

/// At a sample of a host.
HostMoment moment_of(Explainer& explainer, const HostSamples& host, Index sample);

/// The explanation of values (D) at such a moment.
Explanation explain_at(Explainer& explainer, const HostMoment& moment, const VectorRef& values);

}  // namespace rolemix

#endif  // ROLEMIX_EXPLAIN_HOST_EXPLAINER_H_
