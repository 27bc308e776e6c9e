// What is worth telling of an explained sample, in numbers: an alert keeps it, sentences are made
// of it.
#ifndef ROLEMIX_EXPLAIN_FINDING_H_
#define ROLEMIX_EXPLAIN_FINDING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "explain/detail.h"
#include "explain/explain.h"
#include "model/role_model.h"

namespace rolemix {

enum class FindingKind : std::uint8_t {
  kNotMeasured,  ///< no metric was
  kNoLevel,      ///< no metric can be judged before its host has a level
  kInside,       ///< no metric is outside a range
  kIgnoredSide,  ///< none is outside on the side that is watched
  kOutside,
};

/// One metric, as MetricExplanation has it.
struct FoundMetric {
  int metric = 0;  ///< index
  double observed = 0;
  double expected = 0;
  double low = 0;
  double high = 0;
  double typical_low = 0;
  double typical_high = 0;
  double blame = 0;
  Reason reason = Reason::kNone;
  Direction direction = Direction::kAbove;
};

struct Finding {
  FindingKind kind = FindingKind::kNotMeasured;
  /// Most to blame first: when something is outside those that carry the blame, at most three;
  /// when all is inside the one that differs most; else none.
  std::vector<FoundMetric> metrics;
  std::vector<int> predictors;  ///< indices of those that mainly predict the first, most first
  bool alone = false;           ///< no other metric was measured
};

Finding finding_of(const Explanation& explanation, const std::optional<Prediction>& prediction);

/// The names of the metrics that carry the blame, most to blame first; none when all are inside.
std::vector<std::string> top_metrics(const RoleModel& model, const Finding& finding);

}  // namespace rolemix

#endif  // ROLEMIX_EXPLAIN_FINDING_H_
