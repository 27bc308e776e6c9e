// Why a sample is anomalous: for each metric what was seen, what was expected, and its share of the
// blame. docs/explanation.md derives the formulas.
#ifndef ROLEMIX_EXPLAIN_EXPLAIN_H_
#define ROLEMIX_EXPLAIN_EXPLAIN_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "model/role_model.h"
#include "score/score.h"

namespace rolemix {

enum class Reason : std::uint8_t {
  kNone,                ///< inside both ranges, or missing
  kUnusualValue,        ///< outside its typical range
  kUnusualGivenOthers,  ///< inside its typical range, outside the range that the other metrics
                        ///< predict
  kBoth,
};

enum class Direction : std::uint8_t { kAbove, kBelow };

/// One metric of one sample. Values and ranges are in the metric's unit; NaN where a missing metric
/// has none. A centred metric of a host without a level is missing, but observed.
struct MetricExplanation {
  double observed = 0;
  double expected = 0;  ///< mean given the other metrics
  double low = 0;       ///< central 95 % range given the other metrics
  double high = 0;
  double typical_low = 0;  ///< central 95 % range of the metric on its own
  double typical_high = 0;
  double surprise = 0;          ///< two-sided tail probability given the other metrics
  double typical_surprise = 0;  ///< two-sided tail probability of the metric on its own
  double contribution =
      0;                ///< nats; sums over the metrics to anomaly_score minus the model's floor
  double own = 0;       ///< what speaks against the metric by itself, in blame scales
  double relation = 0;  ///< nats; what speaks against it given the others, 0 inside both ranges
  double blame = 0;     ///< share, sums to 1 over the metrics
  int rank = 0;         ///< 1..D
  Reason reason = Reason::kNone;
  Direction direction = Direction::kAbove;
};

/// One sample explained.
struct Explanation {
  double anomaly_score = 0;  ///< nats; NaN when every metric is missing
  int state = -1;
  Vector responsibilities;                 ///< (K)
  std::vector<MetricExplanation> metrics;  ///< (D) in the model's order
  std::vector<int> ranking;                ///< (D) metric indices, most to blame first
};

/// What is said of missing metrics.
enum class Missing : std::uint8_t {
  kPredicted,     ///< what they could be, given the others: of each two quantiles
  kNotPredicted,  ///< what they usually are; for those who look at evidence alone
};

/// Explains samples with the mixture that scored them.
class Explainer {
 public:
  explicit Explainer(Scorer& scorer) : scorer_(scorer) {}

  /// values (D) in the metrics' own units, in the model's order; NaN = missing. shift (D), as of
  /// HostSamples, says how far the host's level lies from the role's; without one, (0), the host
  /// is taken to be at the role's level. What is expected of a centred metric is about the host's
  /// own level; of another the level is evidence only. Blame is for this sample alone.
  Explanation explain(const VectorRef& values, const VectorRef& shift = Vector());

  /// The same of n samples, (n, D), each with its shift, (n, D) or (0, 0).
  std::vector<Explanation> explain_rows(const MatrixRef& values, const Matrix& shifts = {},
                                        Missing missing = Missing::kPredicted);

  Scorer& scorer() const { return scorer_; }

 private:
  /// A row of those that explain_rows is asked for.
  struct Shown {
    const MatrixRef& values;
    const Matrix& shifts;
    Index row;
  };

  const std::vector<std::pair<double, double>>& typical();
  void explain_group(const Scorer::Group& group, const Matrix& of_level, const MatrixRef& values,
                     const Matrix& shifts, Index first,
                     std::vector<Explanation>& explanations) const;
  void predict_missing(const Scorer::Group& group, Index row, Explanation& explanation) const;
  void explain_observed(const Scorer::Group& group, const BatchExplanations& batch, Index row,
                        const Shown& shown, Explanation& explanation) const;
  void find_evidence(const Scorer::Group& group, const BatchExplanations& batch,
                     const TypicalSurprises& at_level, Index row, Explanation& explanation) const;

  Scorer& scorer_;
  std::vector<std::pair<double, double>> typical_;  // (D), model units; found when first asked for
};

/// The central 95 % range of metric d on its own, in its unit, of a host at the role's level.
std::pair<double, double> typical_range(const RoleModel& model, const GaussianMixture& mixture,
                                        Index d);

/// (2 D) what speaks against each metric of the sample by itself, then what does given the others.
Vector evidence_of(const Explanation& explanation);

/// (D) both together, of evidence as it is of a sample, of late or of a span, (2 D): where some
/// metrics are unusual by themselves, broken relations are mostly due to them.
Vector merged(const VectorRef& evidence);

/// Ranks the metrics by blame: shares of the roots of the merged evidence (2 D). A metric inside
/// both of its ranges has at most half of the most that one outside has; missing metrics come last.
/// docs/explanation.md says how this was chosen.
void rank_by(const VectorRef& evidence, Explanation& explanation);

/// Whether the metric carries blame: outside a range, on a side that is watched.
bool is_to_blame(const MetricExplanation& metric);

/// The metrics that carry the blame, most to blame first, at most `limit`.
std::vector<std::string> top_metrics(const RoleModel& model, const Explanation& explanation,
                                     std::size_t limit);

std::string_view name(Reason reason);
std::string_view name(Direction direction);

}  // namespace rolemix

#endif  // ROLEMIX_EXPLAIN_EXPLAIN_H_
