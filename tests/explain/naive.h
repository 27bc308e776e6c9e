// Scores and explanations sample by sample from the plain mixture, as docs/explanation.md states
// them: the oracle of all that works on batches.
#ifndef ROLEMIX_TESTS_EXPLAIN_NAIVE_H_
#define ROLEMIX_TESTS_EXPLAIN_NAIVE_H_

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

#include "explain/explain.h"
#include "mixture/mixture.h"
#include "model/role_model.h"
#include "model/units.h"
#include "score/score.h"

namespace rolemix {

/// All that is computed from one sample.
struct SampleResult {
  SampleScore score;
  Explanation explanation;
};

class Naive {
 public:
  explicit Naive(const RoleModel& model)
      : model_(model), mixture_(validated_mixture(model).value()) {
    for (Index d = 0; d < model_.dimensions(); ++d) {
      typical_.push_back(mixture_.marginal_of(d));
      typical_range_.push_back(shown_range(d, typical_.back()));
    }
  }

  const RoleModel& model() const { return model_; }
  const GaussianMixture& mixture() const { return mixture_; }
  const UnivariateMixture& typical(Index d) const { return typical_[d]; }

  /// (D) in model units, after the detection direction.
  Vector scored_sample(const VectorRef& values) const {
    Vector x = to_model_units(model_, values);
    const std::vector<UnivariateMixture> others = mixture_.conditionals(x);
    for (Index d = 0; d < x.size(); ++d) {
      if (!is_watched_on_one_side(d, x)) {
        continue;
      }
      const double center = likeliest_mean(others[d]);
      if (ignored(model_.metrics[d].detection_direction, x[d], center) &&
          log_density(others[d], center) > log_density(others[d], x[d])) {
        x[d] = center;
      }
    }
    return x;
  }

  /// Whether some metric is replaced or not, or by one mean or another, by less than can be told:
  /// two means are equally likely, or the value is on the likeliest, or as likely.
  bool is_undecided(const VectorRef& values, double tolerance) const {
    const Vector x = to_model_units(model_, values);
    const std::vector<UnivariateMixture> others = mixture_.conditionals(x);
    for (Index d = 0; d < x.size(); ++d) {
      if (!is_watched_on_one_side(d, x)) {
        continue;
      }
      const double center = likeliest_mean(others[d]);
      const double most = log_density(others[d], center);
      const auto is_as_likely = [&](double value) {
        return std::abs(log_density(others[d], value) - most) <= tolerance;
      };
      if (std::abs(x[d] - center) <= tolerance * std::max(1.0, std::abs(center)) ||
          is_as_likely(x[d]) || std::ranges::count_if(others[d].means, is_as_likely) > 1) {
        return true;
      }
    }
    return false;
  }

  SampleResult operator()(const VectorRef& values) const {
    SampleResult result;
    const Vector scored = scored_sample(values);
    result.score = score(scored);
    Explanation& explanation = result.explanation;
    explanation.anomaly_score = result.score.anomaly_score;
    explanation.state = result.score.state;
    explanation.responsibilities = mixture_.responsibilities(scored);
    explanation.metrics.resize(values.size());
    add_surprises(values, scored, explanation.metrics);
    if (result.score.state >= 0) {
      add_contributions(scored, explanation);
    }
    rank(explanation);
    return result;
  }

 private:
  static bool ignored(DetectionDirection direction, double value, double center) {
    return (direction == DetectionDirection::kAbove && value < center) ||
           (direction == DetectionDirection::kBelow && value > center);
  }

  bool is_watched_on_one_side(Index d, const Vector& x) const {
    return !std::isnan(x[d]) && model_.metrics[d].detection_direction != DetectionDirection::kBoth;
  }

  /// Of the components' means the one with the highest density.
  static double likeliest_mean(const UnivariateMixture& mixture) {
    double likeliest = mixture.means[0];
    for (const double mean : mixture.means) {
      if (log_density(mixture, mean) > log_density(mixture, likeliest)) {
        likeliest = mean;
      }
    }
    return likeliest;
  }

  double shown(Index d, double value) const {
    return to_possible_value(model_.metrics[d], from_model_units(model_.metrics[d], value));
  }

  /// A range that reaches where logit clamps reaches the end of the scale.
  double shown_end(Index d, double value) const {
    const MetricSpec& metric = model_.metrics[d];
    if (metric.transform == Transform::kLogit) {
      if (value <= to_model_units(metric, 0)) {
        return 0;
      }
      if (value >= to_model_units(metric, metric.full_scale)) {
        return metric.full_scale;
      }
    }
    return shown(d, value);
  }

  std::pair<double, double> shown_range(Index d, const UnivariateMixture& mixture) const {
    return {shown_end(d, quantile(mixture, 0.025)), shown_end(d, quantile(mixture, 0.975))};
  }

  SampleScore score(const Vector& scored) const {
    const std::vector<Index> observed = observed_dimensions(scored);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    if (observed.empty()) {
      return {nan, nan, -1};
    }
    SampleScore result;
    result.anomaly_score = result.completed_score = -mixture_.log_likelihood(scored);
    const Vector responsibilities = mixture_.responsibilities(scored);
    const GaussianMixture part = mixture_.marginal(observed).value();
    const auto missing = static_cast<double>(scored.size() - part.dimensions());
    for (Index k = 0; k < mixture_.components() && missing > 0; ++k) {
      result.completed_score += responsibilities[k] * 0.5 *
                                (missing * std::log(2 * std::numbers::pi * std::numbers::e) +
                                 mixture_.log_determinant(k) - part.log_determinant(k));
    }
    Index state = 0;
    responsibilities.maxCoeff(&state);
    result.state = static_cast<int>(state);
    return result;
  }

  /// The nats that a view of the metric adds to its blame.
  static double view(DetectionDirection direction, const UnivariateMixture& mixture, double x) {
    return ignored(direction, cdf(mixture, x), 0.5) ? 0 : 0 - log_two_sided_tail(mixture, x);
  }

  void add_surprises(const VectorRef& values, const Vector& scored,
                     std::vector<MetricExplanation>& metrics) const {
    const std::vector<UnivariateMixture> others = mixture_.conditionals(scored);
    Vector own = Vector::Zero(values.size());
    Vector relation = own;
    for (Index d = 0; d < values.size(); ++d) {
      MetricExplanation& metric = metrics[d];
      const double x = to_model_units(model_.metrics[d], values[d]);
      metric.observed = values[d];
      metric.expected = shown(d, mean(others[d]));
      std::tie(metric.low, metric.high) = shown_range(d, others[d]);
      std::tie(metric.typical_low, metric.typical_high) = typical_range_[d];
      if (std::isnan(x)) {
        metric.surprise = metric.typical_surprise = metric.contribution = x;
        continue;
      }
      metric.surprise = std::exp(log_two_sided_tail(others[d], x));
      metric.typical_surprise = std::exp(log_two_sided_tail(typical_[d], x));
      // And outside of what is shown, which ends where the metric does.
      const double value = values[d];
      const bool outside = metric.surprise < 0.05 && (value < metric.low || value > metric.high);
      const bool outside_typical = metric.typical_surprise < 0.05 &&
                                   (value < metric.typical_low || value > metric.typical_high);
      metric.reason = outside && outside_typical ? Reason::kBoth
                      : outside                  ? Reason::kUnusualGivenOthers
                      : outside_typical          ? Reason::kUnusualValue
                                                 : Reason::kNone;
      const bool below = value <= (outside ? metric.high : metric.expected);
      metric.direction = below ? Direction::kBelow : Direction::kAbove;
      const DetectionDirection direction = model_.metrics[d].detection_direction;
      if (scored[d] == x) {
        own[d] = view(direction, typical_[d], x);
        relation[d] = view(direction, others[d], x);
      }
    }
    add_blame(own, relation, metrics);
  }

  /// Before it is shared out.
  void add_blame(const Vector& own, const Vector& relation,
                 std::vector<MetricExplanation>& metrics) const {
    double most_own = 0;
    for (Index d = 0; d < own.size(); ++d) {
      MetricExplanation& metric = metrics[d];
      const bool inside = metric.reason == Reason::kNone;
      metric.own = own[d] / model_.metrics[d].blame_scale * (inside ? 0.2 : 1);
      metric.relation = inside ? 0 : relation[d];
      most_own = std::max(most_own, metric.own);
    }
    const double share = std::pow(std::min(1.0, std::log(20) / most_own), 2);
    double most = 0;
    for (MetricExplanation& metric : metrics) {
      const double nats = metric.relation;
      const double broken = nats < 10 ? nats / 20 : nats / 4 - 2;
      const bool inside = metric.reason == Reason::kNone;
      metric.blame = std::sqrt(metric.own + share * broken);
      most = inside ? most : std::max(most, metric.blame);
    }
    for (MetricExplanation& metric : metrics) {
      if (metric.reason == Reason::kNone && most > 0) {
        metric.blame = std::min(metric.blame, 0.5 * most);
      }
    }
  }

  void add_contributions(const Vector& scored, Explanation& explanation) const {
    const std::vector<Index> observed = observed_dimensions(scored);
    const GaussianMixture part = mixture_.marginal(observed).value();
    const Vector x = scored(observed);
    Vector shares = Vector::Zero(x.size());
    for (Index k = 0; k < part.components(); ++k) {
      const Vector scale = part.covariance(k).diagonal().array().rsqrt();
      const Matrix correlation = scale.asDiagonal() * part.covariance(k) * scale.asDiagonal();
      const Matrix root = Eigen::SelfAdjointEigenSolver<Matrix>(correlation).operatorInverseSqrt();
      const Vector offset = scale.asDiagonal() * (x - part.means().row(k).transpose());
      shares += explanation.responsibilities[k] * (root * offset).cwiseAbs2();
    }
    const double above_floor = part.log_peak_bound() + explanation.anomaly_score;
    for (std::size_t i = 0; i < observed.size(); ++i) {
      const double share = shares.sum() > 0 ? shares[static_cast<Index>(i)] / shares.sum() : 0;
      explanation.metrics[observed[i]].contribution = std::max(0.0, above_floor) * share;
    }
  }

  static void rank(Explanation& explanation) {
    std::vector<MetricExplanation>& metrics = explanation.metrics;
    explanation.ranking.resize(metrics.size());
    std::iota(explanation.ranking.begin(), explanation.ranking.end(), 0);
    const auto key = [&](int d) {
      const MetricExplanation& metric = metrics[d];
      const bool missing = std::isnan(metric.observed);
      return std::tuple(missing, missing ? 0 : -metric.blame, missing ? 0 : -metric.contribution,
                        d);
    };
    std::ranges::sort(explanation.ranking, {}, key);
    double total = 0;
    for (const MetricExplanation& metric : metrics) {
      total += metric.blame;
    }
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      metrics[explanation.ranking[i]].rank = static_cast<int>(i) + 1;
    }
    for (MetricExplanation& metric : metrics) {
      metric.blame = total > 0 ? metric.blame / total : 0;
    }
  }

  RoleModel model_;
  GaussianMixture mixture_;
  std::vector<UnivariateMixture> typical_;
  std::vector<std::pair<double, double>> typical_range_;
};

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_EXPLAIN_NAIVE_H_
