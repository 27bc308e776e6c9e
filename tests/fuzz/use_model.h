// What a model that was read must be good for, whatever is in it.
#ifndef ROLEMIX_TESTS_FUZZ_USE_MODEL_H_
#define ROLEMIX_TESTS_FUZZ_USE_MODEL_H_

#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "explain/explain.h"
#include "explain/finding.h"
#include "model/role_model.h"
#include "model/units.h"
#include "say/sentence.h"
#include "score/score.h"

namespace rolemix {

inline bool is_share(double value) { return value >= 0 && value <= 1 + 1e-9; }

/// An empty text when every number is one that the headers promise, else what is wrong.
inline std::string wrong_in(const Explanation& explanation, const Vector& values) {
  double blame = 0;
  for (std::size_t d = 0; d < explanation.metrics.size(); ++d) {
    const MetricExplanation& metric = explanation.metrics[d];
    for (const double number :
         {metric.expected, metric.low, metric.high, metric.typical_low, metric.typical_high}) {
      if (!std::isfinite(number)) {
        return "a range that is not finite";
      }
    }
    if (metric.low > metric.high || metric.typical_low > metric.typical_high) {
      return "a range upside down";
    }
    blame += metric.blame;
    const bool missing = std::isnan(values[static_cast<Index>(d)]);
    if (missing != std::isnan(metric.surprise) || missing != std::isnan(metric.contribution)) {
      return "missing values that are not NaN, or others that are";
    }
    if (!missing && !(is_share(metric.surprise) && is_share(metric.typical_surprise) &&
                      metric.contribution >= 0 && std::isfinite(metric.contribution))) {
      return "surprises or contributions out of range";
    }
    if (metric.rank < 1 || metric.rank > static_cast<int>(explanation.metrics.size()) ||
        explanation.ranking[metric.rank - 1] != static_cast<int>(d)) {
      return "ranks that are no permutation";
    }
  }
  if (blame != 0 && std::abs(blame - 1) > 1e-9) {
    return "blames that do not sum to 1";
  }
  const double sum = explanation.responsibilities.sum();
  return std::abs(sum - 1) < 1e-9 ? "" : "responsibilities that do not sum to 1";
}

/// The same for all that is computed from one sample.
inline std::string wrong_with(Scorer& scorer, Explainer& explainer, const Vector& values) {
  const RoleModel& model = scorer.model();
  const SampleScore score = scorer.score(values);
  const Explanation explanation = explainer.explain(values);
  const bool nothing = observed_dimensions(values).empty();
  if (std::isfinite(score.anomaly_score) == nothing ||
      std::isfinite(score.completed_score) == nothing || (score.state < 0) != nothing ||
      score.state >= model.components()) {
    return "a score that is not finite, or a state out of range";
  }
  ScoreMemory memory;
  for (int i = 0; i < 3; ++i) {
    const double alert_score = update(memory, model.calibration, 60.0 * i, score.completed_score);
    const double severity = severity_of_return_time(return_time(model.calibration, 1, alert_score));
    if (!std::isfinite(alert_score) || !(severity >= 0 && severity <= 100)) {
      return "an alert score or severity out of range";
    }
  }
  if (sentence(model, finding_of(explanation, std::nullopt)).empty() ||
      top_metrics(model, explanation, 3).size() > 3) {
    return "no sentence";
  }
  return wrong_in(explanation, values);
}

/// Scores and explains a few samples with the model; what is wrong with the results, or an empty
/// text.
inline std::string wrong_with(const RoleModel& model) {
  auto scorer = Scorer::create(model);
  if (!scorer) {
    return "no scorer for a model that was read: " + scorer.error().message;
  }
  Explainer explainer(*scorer);
  const Index dimensions = model.dimensions();
  Vector gaps = Vector::Constant(dimensions, 1e9);
  for (Index d = 0; d < dimensions; d += 2) {
    gaps[d] = std::numeric_limits<double>::quiet_NaN();
  }
  Vector usual(dimensions);
  for (Index d = 0; d < dimensions; ++d) {
    usual[d] = from_model_units(model.metrics[d], model.means(0, d));
  }
  const double largest = std::numeric_limits<double>::max();
  for (const Vector& values : {usual, gaps, Vector(Vector::Zero(dimensions)),
                               Vector(Vector::Constant(dimensions, largest)),
                               Vector(Vector::Constant(dimensions, -1.5))}) {
    if (std::string wrong = wrong_with(*scorer, explainer, values); !wrong.empty()) {
      return wrong;
    }
  }
  return "";
}

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_FUZZ_USE_MODEL_H_
