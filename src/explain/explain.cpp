#include "explain/explain.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/sort_indices.h"
#include "mixture/linear_algebra.h"
#include "model/units.h"
#include "samples/place.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kLogOutside =
    std::log(2 * kRangeTail);  // a surprise below this lies outside the range

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
  return to_shown_value(metric, value);
}

/// The log surprise of a value; 0 when it lies in the half of the distribution that the detection
/// direction ignores.
double watched(DetectionDirection direction, double cdf, double log_surprise) {
  return on_ignored_side(direction, cdf, 0.5) ? 0 : log_surprise;
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

/// Nats against a metric that lies in its usual range, but not in that which the others predict:
/// few until there are many, since the more metrics the more of them do so by chance.
double relation_evidence(double nats) {
  constexpr double kByChance = 10;
  return nats < kByChance ? nats / 20 : 0.5 + (nats - kByChance) / 4;
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

std::pair<double, double> central_range(const UnivariateMixture& mixture) {
  return {quantile(mixture, kRangeTail), quantile(mixture, 1 - kRangeTail)};
}

/// Of a missing metric, in model units.
MetricExplanation missing(const UnivariateMixture& others, const std::pair<double, double>& range) {
  MetricExplanation metric;
  metric.observed = metric.surprise = metric.typical_surprise = metric.contribution = kNaN;
  metric.expected = mean(others);
  std::tie(metric.low, metric.high) = range;
  return metric;
}

/// From model units to the metric's own; `typical` in model units. up: of the host's level.
void show(const MetricSpec& spec, const std::pair<double, double>& typical, double up,
          MetricExplanation& metric) {
  metric.expected = to_shown_value(spec, metric.expected + up);
  std::tie(metric.typical_low, metric.typical_high) = typical;
  for (double* end : {&metric.low, &metric.high, &metric.typical_low, &metric.typical_high}) {
    *end = shown_end(spec, *end + up);
  }
}

/// What the metrics' own units start from at a row: the host's level, of metrics that are measured
/// from it.
double up_of(const MetricSpec& spec, const Matrix& shifts, Index row, Index d) {
  const double up = shifts.size() > 0 && spec.center_by_host ? shifts(row, d) : 0;
  return std::isnan(up) ? 0 : up;
}

bool is_outside(double value, double low, double high) { return value < low || value > high; }

/// Reason and direction by the ranges as they are shown, which end where the metric does.
void judge(bool outside_given_others, bool outside_typical, MetricExplanation& metric) {
  const double x = metric.observed;
  const bool outside = outside_given_others && is_outside(x, metric.low, metric.high);
  metric.reason =
      reason_of(outside, outside_typical && is_outside(x, metric.typical_low, metric.typical_high));
  // The mean may lie outside of the range, too, or beyond.
  const bool above = outside ? x > metric.high : x > metric.expected;
  metric.direction = above ? Direction::kAbove : Direction::kBelow;
}

}  // namespace

const std::vector<std::pair<double, double>>& Explainer::typical() {
  for (Index d = std::ssize(typical_); d < scorer_.mixture().dimensions(); ++d) {
    typical_.push_back(central_range(scorer_.mixture().marginal_of(d)));
  }
  return typical_;
}

void Explainer::explain_observed(const Scorer::Group& group, const BatchExplanations& batch,
                                 Index row, const Shown& shown, Explanation& explanation) const {
  const Scorer::Observed& part = *group.part;
  const double above_floor =
      std::max(0.0, part.mixture().log_peak_bound() - batch.scores.log_likelihood[row]);
  const double shares = batch[kShare].col(row).sum();
  for (Index i = 0; i < group.observed.cols(); ++i) {
    MetricExplanation& metric = explanation.metrics[part.dimensions[i]];
    metric.expected = batch[kMean](i, row);
    metric.low = batch[kLow](i, row);
    metric.high = batch[kHigh](i, row);
    const double log_surprise = batch[kLogSurprise](i, row);
    const double log_typical = batch[kLogTypicalSurprise](i, row);
    metric.surprise = std::exp(log_surprise);
    metric.typical_surprise = std::exp(log_typical);
    const Index d = part.dimensions[i];
    const MetricSpec& spec = scorer_.model().metrics[d];
    metric.observed = shown.values(shown.row, d);
    show(spec, typical_[d], up_of(spec, shown.shifts, shown.row, d), metric);
    judge(log_surprise < kLogOutside, log_typical < kLogOutside, metric);
    metric.contribution = shares > 0 ? above_floor * (batch[kShare](i, row) / shares) : 0;
  }
}

void Explainer::find_evidence(const Scorer::Group& group, const BatchExplanations& batch,
                              const TypicalSurprises& at_level, Index row,
                              Explanation& explanation) const {
  constexpr double kInside = 0.2;  // of what lies within both ranges
  const Scorer::Observed& part = *group.part;
  for (Index i = 0; i < group.observed.cols(); ++i) {
    const Index d = part.dimensions[i];
    const MetricSpec& spec = scorer_.model().metrics[d];
    const DetectionDirection direction = spec.detection_direction;
    MetricExplanation& metric = explanation.metrics[d];
    if (group.scored(row, i) != group.observed(row, i)) {
      continue;  // on the side that its detection direction ignores
    }
    const bool is_inside = metric.reason == Reason::kNone;
    metric.own = (is_inside ? kInside : 1) / spec.blame_scale *
                 std::min(-watched(direction, batch[kTypicalCdf](i, row),
                                   batch[kLogTypicalSurprise](i, row)),
                          -watched(direction, at_level.cdf(i, row), at_level.log_surprise(i, row)));
    metric.relation =
        is_inside ? 0 : -watched(direction, batch[kCdf](i, row), batch[kLogSurprise](i, row));
  }
}

void Explainer::explain_group(const Scorer::Group& group, const Matrix& of_level,
                              const MatrixRef& values, const Matrix& shifts, Index first,
                              std::vector<Explanation>& explanations) const {
  Scorer::Observed& part = *group.part;
  if (!part.kernel.has_whitening()) {
    part.kernel.set_whitening(corr_max_whitening(part.mixture()));
  }
  BatchExplanations batch;
  part.kernel.explain(group.scored.data(), group.observed.data(), group.scored.rows(), batch);
  TypicalSurprises at_level;  // of the samples as of a host at the role's level
  if (of_level.size() > 0) {
    Matrix moved = group.observed;
    for (Index row = 0; row < moved.rows(); ++row) {
      for (Index i = 0; i < moved.cols(); ++i) {
        moved(row, i) -= of_level(first + group.rows[row], part.dimensions[i]);
      }
    }
    part.kernel.typical(moved.data(), moved.rows(), at_level);
  } else {
    at_level = {batch[kLogTypicalSurprise], batch[kTypicalCdf]};
  }
  for (Index row = 0; row < group.scored.rows(); ++row) {
    Explanation& explanation = explanations[first + group.rows[row]];
    explanation.anomaly_score = -batch.scores.log_likelihood[row];
    explanation.state = batch.scores.state[row];
    explanation.responsibilities = batch.scores.responsibilities.col(row);
    explain_observed(group, batch, row, {values, shifts, first + group.rows[row]}, explanation);
    find_evidence(group, batch, at_level, row, explanation);
  }
}

void Explainer::predict_missing(const Scorer::Group& group, Index row,
                                Explanation& explanation) const {
  Scorer::Observed& part = *group.part;
  for (Index i = 0; i < std::ssize(part.missing); ++i) {
    const UnivariateMixture others = scorer_.predict_missing(
        part, i, group.scored.row(row).transpose(), explanation.responsibilities);
    explanation.metrics[part.missing[i]] = missing(others, central_range(others));
  }
}

std::vector<Explanation> Explainer::explain_rows(const MatrixRef& values, const Matrix& shifts,
                                                 Missing missing_metrics) {
  constexpr Index kChunk = 256;
  const RoleModel& model = scorer_.model();
  const Index dimensions = values.cols();
  Explanation nothing;  // of a sample without any measured metric
  nothing.anomaly_score = kNaN;
  nothing.responsibilities = scorer_.mixture().weights();
  for (Index d = 0; d < dimensions; ++d) {
    nothing.metrics.push_back(missing(scorer_.mixture().marginal_of(d), typical()[d]));
  }
  std::vector<Explanation> explanations(values.rows(), nothing);
  Matrix samples = rows_to_model_units(model, values);
  Matrix of_level = shifts;
  center(model, samples, of_level);
  if ((of_level.array() == 0).all()) {
    of_level.resize(0, 0);  // every host is at the role's level
  }
  for (Index begin = 0; begin < values.rows(); begin += kChunk) {
    const Index rows = std::min(kChunk, values.rows() - begin);
    for (const Scorer::Group& group : scorer_.groups(samples.middleRows(begin, rows))) {
      explain_group(group, of_level, values, shifts, begin, explanations);
      for (Index row = 0; missing_metrics == Missing::kPredicted && row < group.scored.rows();
           ++row) {
        predict_missing(group, row, explanations[begin + group.rows[row]]);
      }
    }
  }
  for (Index row = 0; row < values.rows(); ++row) {
    Explanation& explanation = explanations[row];
    for (Index d = 0; d < dimensions; ++d) {
      MetricExplanation& metric = explanation.metrics[d];
      if (std::isnan(metric.surprise)) {
        metric.observed = values(row, d);
        const double up = up_of(model.metrics[d], shifts, row, d);
        show(model.metrics[d], typical_[d], up, metric);
      }
    }
    rank_by(evidence_of(explanation), explanation);
  }
  return explanations;
}

Explanation Explainer::explain(const VectorRef& values, const VectorRef& shift) {
  return std::move(explain_rows(values.transpose(), shift.transpose()).front());
}

std::pair<double, double> typical_range(const RoleModel& model, const GaussianMixture& mixture,
                                        Index d) {
  const auto [low, high] = central_range(mixture.marginal_of(d));
  return {shown_end(model.metrics[d], low), shown_end(model.metrics[d], high)};
}

Vector evidence_of(const Explanation& explanation) {
  const Index dimensions = std::ssize(explanation.metrics);
  Vector evidence(2 * dimensions);
  for (Index d = 0; d < dimensions; ++d) {
    evidence[d] = explanation.metrics[d].own;
    evidence[dimensions + d] = explanation.metrics[d].relation;
  }
  return evidence;
}

Vector merged(const VectorRef& evidence) {
  const Index dimensions = evidence.size() / 2;
  Vector both(dimensions);
  double most = -kLogOutside;
  for (Index d = 0; d < dimensions; ++d) {
    most = std::max(most, evidence[d]);
  }
  const double share = -kLogOutside / most;
  for (Index d = 0; d < dimensions; ++d) {
    both[d] = evidence[d] + share * share * relation_evidence(evidence[dimensions + d]);
  }
  return both;
}

void rank_by(const VectorRef& by, Explanation& explanation) {
  const Vector evidence = merged(by);
  constexpr double kMostInside = 0.5;  // of the highest of those outside
  std::vector<MetricExplanation>& metrics = explanation.metrics;
  double most_outside = 0;
  bool any_outside = false;
  for (Index d = 0; d < evidence.size(); ++d) {
    metrics[d].blame = std::isnan(metrics[d].surprise) ? 0 : std::sqrt(evidence[d]);
    if (metrics[d].reason != Reason::kNone && metrics[d].blame > 0) {
      any_outside = true;
      most_outside = std::max(most_outside, metrics[d].blame);
    }
  }
  double total = 0;
  for (MetricExplanation& metric : metrics) {
    if (any_outside && metric.reason == Reason::kNone) {
      metric.blame = std::min(metric.blame, kMostInside * most_outside);
    }
    total += metric.blame;
  }
  explanation.ranking.resize(metrics.size());
  std::iota(explanation.ranking.begin(), explanation.ranking.end(), 0);
  // By blame, then contribution, then index.
  sort_indices(explanation.ranking, [&](int a, int b) {
    const bool a_missing = std::isnan(metrics[a].surprise);
    const bool b_missing = std::isnan(metrics[b].surprise);
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

bool is_to_blame(const MetricExplanation& metric) {
  return metric.blame > 0 && metric.reason != Reason::kNone;
}

std::vector<std::string> top_metrics(const RoleModel& model, const Explanation& explanation,
                                     std::size_t limit) {
  std::vector<std::string> names;
  for (const int d : explanation.ranking) {
    if (names.size() < limit && is_to_blame(explanation.metrics[d])) {
      names.push_back(model.metrics[d].name);
    }
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
