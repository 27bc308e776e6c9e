#include "core/explain.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/format.h"
#include "core/linear_algebra.h"
#include "table/sort_indices.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kRangeTail = 0.025;  // on each side of a central 95 % range
const double kLogOutside =
    std::log(2 * kRangeTail);  // a surprise below this lies outside the range

Vector pick(const VectorRef& x, const std::vector<Index>& dimensions) {
  Vector part(static_cast<Index>(dimensions.size()));
  for (Index i = 0; i < part.size(); ++i) {
    part[i] = x[dimensions[i]];
  }
  return part;
}

/// Model units -> a value that people can believe.
double shown(const MetricSpec& metric, double value) {
  return to_possible_value(metric, from_model_units(metric, value));
}

/// An end of a range. Values beyond where logit clamps are one to the model, so a range that
/// reaches there reaches the end of the scale.
double shown_end(const MetricSpec& metric, double value) {
  if (metric.transform == Transform::kLogit) {
    if (value <= to_model_units(metric, 0)) {
      return 0;
    }
    if (value >= to_model_units(metric, metric.full_scale)) {
      return metric.full_scale;
    }
  }
  return shown(metric, value);
}

/// The log surprise of a value; 0 when it lies in the half of the distribution that the detection
/// direction ignores.
double watched(DetectionDirection direction, const UnivariateMixture& mixture, double x,
               double log_surprise) {
  return on_ignored_side(direction, cdf(mixture, x), 0.5) ? 0 : log_surprise;
}

Reason reason_of(bool outside_given_others, bool outside_typical) {
  if (outside_given_others && outside_typical) {
    return Reason::kBoth;
  }
  if (outside_typical) {
    return Reason::kUnusualValue;
  }
  return outside_given_others ? Reason::kUnusualGivenOthers : Reason::kNone;
}

/// Normalises the blame and ranks: by blame, then contribution, then index; missing metrics last.
void rank(Explanation& explanation) {
  std::vector<MetricExplanation>& metrics = explanation.metrics;
  double total = 0;
  for (const MetricExplanation& metric : metrics) {
    total += metric.blame;
  }
  explanation.ranking.resize(metrics.size());
  std::iota(explanation.ranking.begin(), explanation.ranking.end(), 0);
  sort_indices(explanation.ranking, [&](int a, int b) {
    const bool a_missing = std::isnan(metrics[a].observed);
    const bool b_missing = std::isnan(metrics[b].observed);
    if (a_missing != b_missing) {
      return b_missing;
    }
    if (metrics[a].blame != metrics[b].blame) {
      return metrics[a].blame > metrics[b].blame;
    }
    return metrics[a].contribution > metrics[b].contribution;
  });
  for (std::size_t i = 0; i < explanation.ranking.size(); ++i) {
    MetricExplanation& metric = metrics[explanation.ranking[i]];
    metric.rank = static_cast<int>(i) + 1;
    metric.blame = total > 0 ? metric.blame / total : 0;
  }
}

/// Per component R^-½ D^-½ with Σ = D^½ R D^½: corr-max whitening (Kessy et al. 2018, table 1).
std::vector<Matrix> corr_max_whitening(const GaussianMixture& mixture) {
  std::vector<Matrix> result;
  for (Index k = 0; k < mixture.components(); ++k) {
    const Matrix& covariance = mixture.covariance(k);
    const Vector scale = covariance.diagonal().array().rsqrt();
    const Matrix root = inverse_square_root(scaled(covariance, scale, scale));
    result.push_back(scaled(root, Vector::Ones(scale.size()), scale));
  }
  return result;
}

}  // namespace

Explainer::Explainer(Scorer& scorer) : scorer_(scorer) {
  const RoleModel& model = scorer.model();
  for (Index d = 0; d < model.dimensions(); ++d) {
    typical_.push_back(scorer.mixture().marginal_of(d));
    const double low = quantile(typical_.back(), kRangeTail);
    const double high = quantile(typical_.back(), 1 - kRangeTail);
    typical_range_.emplace_back(shown_end(model.metrics[d], low),
                                shown_end(model.metrics[d], high));
  }
}

void Explainer::add_surprises(const Vector& x, const Vector& scored,
                              std::vector<MetricExplanation>& metrics) const {
  // Given the others as they were scored, so that a metric on its ignored side does not mislead
  // about the rest.
  const std::vector<UnivariateMixture> others = scorer_.mixture().conditionals(scored);
  for (Index d = 0; d < x.size(); ++d) {
    const MetricSpec& spec = scorer_.model().metrics[d];
    MetricExplanation& metric = metrics[d];
    const double expected = mean(others[d]);
    metric.expected = shown(spec, expected);
    metric.low = shown_end(spec, quantile(others[d], kRangeTail));
    metric.high = shown_end(spec, quantile(others[d], 1 - kRangeTail));
    std::tie(metric.typical_low, metric.typical_high) = typical_range_[d];
    if (std::isnan(x[d])) {
      metric.surprise = metric.typical_surprise = metric.contribution = kNaN;
      continue;
    }
    const double log_surprise = log_two_sided_tail(others[d], x[d]);
    const double log_typical = log_two_sided_tail(typical_[d], x[d]);
    metric.surprise = std::exp(log_surprise);
    metric.typical_surprise = std::exp(log_typical);
    const bool outside = log_surprise < kLogOutside;
    metric.reason = reason_of(outside, log_typical < kLogOutside);
    // Outside the range on the side of the range: the mean may lie outside it too, or beyond.
    const bool below = outside ? cdf(others[d], x[d]) < 0.5 : x[d] < expected;
    metric.direction = below ? Direction::kBelow : Direction::kAbove;
    const bool ignored = scored[d] != x[d];
    // The more surprising of the two views, in nats: a metric inside both of its ranges never
    // outranks one that lies outside either.
    metric.blame =
        ignored ? 0
                : 0 - std::min(watched(spec.detection_direction, others[d], x[d], log_surprise),
                               watched(spec.detection_direction, typical_[d], x[d], log_typical));
  }
}

void Explainer::add_contributions(const Vector& scored, Explanation& explanation) {
  Scorer::Observed& part = scorer_.observed(observed_dimensions(scored));
  const Vector x = pick(scored, part.dimensions);
  const Vector logs = part.mixture().weighted_log_densities(x);
  const double log_likelihood = log_sum_exp(logs);
  explanation.responsibilities = softmax(logs);
  if (part.whitening.empty()) {
    part.whitening = corr_max_whitening(part.mixture());
  }
  // Σ_k r_k w_kd²; the w_kd² of a component sum to its squared Mahalanobis distance.
  Vector shares = Vector::Zero(x.size());
  for (Index k = 0; k < part.mixture().components(); ++k) {
    const Vector white = product(part.whitening[k], x - part.mixture().means().row(k).transpose());
    shares += explanation.responsibilities[k] * white.cwiseAbs2();
  }
  const double above_floor = std::max(0.0, part.mixture().log_peak_bound() - log_likelihood);
  const double total = shares.sum();
  for (Index i = 0; i < x.size(); ++i) {
    explanation.metrics[part.dimensions[i]].contribution =
        total > 0 ? above_floor * (shares[i] / total) : 0;
  }
}

Explanation Explainer::explain(const VectorRef& values) {
  const Vector x = to_model_units(scorer_.model(), values);
  Explanation explanation;
  explanation.metrics.resize(x.size());
  for (Index d = 0; d < x.size(); ++d) {
    explanation.metrics[d].observed = values[d];
  }
  const SampleScore score = scorer_.score(values);
  explanation.anomaly_score = score.anomaly_score;
  explanation.state = score.state;
  const Vector scored = scorer_.scored_sample(values);
  add_surprises(x, scored, explanation.metrics);
  if (score.state < 0) {
    explanation.responsibilities = scorer_.mixture().weights();
  } else {
    add_contributions(scored, explanation);
  }
  rank(explanation);
  return explanation;
}

std::string sentence(const RoleModel& model, const Explanation& explanation) {
  const int top = explanation.ranking.front();
  const MetricExplanation& metric = explanation.metrics[top];
  const MetricSpec& spec = model.metrics[top];
  if (std::isnan(metric.observed)) {
    return "No metric was measured.";
  }
  const std::string seen = spec.name + " is " + format_value(metric.observed, spec.unit);
  const std::string typical = format_range(metric.typical_low, metric.typical_high, spec.unit);
  const std::string predicted = format_range(metric.low, metric.high, spec.unit);
  switch (metric.blame > 0 ? metric.reason : Reason::kNone) {
    case Reason::kUnusualValue:
      return seen + ": outside its usual " + typical +
             ", though it goes with the other metrics, which predict " + predicted + ".";
    case Reason::kUnusualGivenOthers:
      return seen + ": within its usual " + typical + ", but the other metrics predict " +
             predicted + ".";
    case Reason::kBoth:
      return seen + ": outside its usual " + typical + ", and the other metrics predict " +
             predicted + ".";
    case Reason::kNone:
      break;
  }
  return "No single metric is outside its range; " + seen + " differs most.";
}

std::vector<std::string> top_metrics(const RoleModel& model, const Explanation& explanation,
                                     std::size_t limit) {
  std::vector<std::string> names;
  for (const int d : explanation.ranking) {
    if (names.size() == limit || explanation.metrics[d].blame == 0 ||
        explanation.metrics[d].reason == Reason::kNone) {
      break;
    }
    names.push_back(model.metrics[d].name);
  }
  return names;
}

std::string_view name(Reason reason) {
  switch (reason) {
    case Reason::kNone:
      return "none";
    case Reason::kUnusualValue:
      return "unusual_value";
    case Reason::kUnusualGivenOthers:
      return "unusual_given_others";
    case Reason::kBoth:
      break;
  }
  return "both";
}

std::string_view name(Direction direction) {
  return direction == Direction::kAbove ? "above" : "below";
}

}  // namespace rolemix
