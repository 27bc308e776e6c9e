// Explains the samples of hosts with their history: their own level of late, and what spoke against
// each metric just before. docs/explanation.md says why.
#ifndef ROLEMIX_EXPLAIN_HOST_EXPLAINER_H_
#define ROLEMIX_EXPLAIN_HOST_EXPLAINER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "explain/explain.h"
#include "score/score.h"
#include "score/score_memory.h"
#include "table/sample_table.h"

namespace rolemix {

/// What explanations take from a host's past, from before its samples at hand.
struct HostPast {
  KeptRows level;     ///< as of ScoreMemory
  KeptRows evidence;  ///< nats against each metric at its last samples
};

/// Explains the samples of one host.
class HostExplainer {
 public:
  /// times (n) epoch seconds, ascending; values (n, D) as Explainer takes them.
  HostExplainer(Explainer& explainer, std::vector<double> times, Matrix values, HostPast past = {});

  /// The samples first ... first + count - 1. The evidence that blame is of is the sum of that of
  /// the samples of late, weighted by e^(-age / T), up to an age of 5 T; T is half the time
  /// constant of the alert_score's memory.
  std::vector<Explanation> explain(Index first, Index count);

  /// (D) what is remembered against each metric at the time of a sample, of those before it.
  Vector remembered(Index row);

  /// (D) how far the host's level of late lies from the role's at a sample, as of level_shifts.
  Vector shift(Index row) const { return shifts_.row(row).transpose(); }

  /// Seconds back to which evidence is remembered.
  double longest_memory() const;

  const Matrix& values() const { return values_; }

  /// The evidence that is remembered after the last sample.
  KeptRows recent_evidence();

 private:
  Index first_remembered(Index row) const;
  Vector weighted(const Matrix& evidence, Index begin, Index end, double time) const;

  Explainer& explainer_;
  std::vector<double> times_;
  Matrix values_;
  Matrix shifts_;  // (n, D)
  KeptRows past_;
  double memory_ = 0;  // T, seconds
};

/// Takes the explanation of rows[i], which is sample `place` of its host.
using Take = std::function<void(std::size_t i, Explanation&& explanation, const HostExplainer& host,
                                Index place)>;

/// Explains rows of a table with what the table holds of their hosts, each host's in order of time.
/// Errors: those of rows_by_host.
Result<void> explain_table(Explainer& explainer, const SampleTable& table,
                           const std::vector<std::int32_t>& rows, const Take& take);

/// The same, all at once in the order of `rows`.
Result<std::vector<Explanation>> explain_table(Explainer& explainer, const SampleTable& table,
                                               const std::vector<std::int32_t>& rows);

/// One host's samples of a table, ready to be explained: `rows` in order of time.
HostExplainer host_explainer(Explainer& explainer, const SampleTable& table,
                             const std::vector<std::int32_t>& rows, HostPast past = {});

/// At the last sample of a table of one host, in order of time. Errors: those of score_table.
Result<HostMoment> moment_of_last(Explainer& explainer, const SampleTable& table);

/// The explanation of values (D) at such a moment.
Explanation explain_at(Explainer& explainer, const HostMoment& moment, const VectorRef& values);

}  // namespace rolemix

#endif  // ROLEMIX_EXPLAIN_HOST_EXPLAINER_H_
