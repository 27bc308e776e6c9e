// Whether two codes say the same of a sample: |a - b| <= tolerance * max(1, |a|, |anomaly_score|),
// and what stands in its place where that cannot be asked.
#ifndef ROLEMIX_TESTS_EXPLAIN_AGREEMENT_H_
#define ROLEMIX_TESTS_EXPLAIN_AGREEMENT_H_

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "explain/naive.h"
#include "model/units.h"
#include "model/varied_model.h"

namespace rolemix {

/// A covariance of this condition, rounded to doubles, fixes the numbers no better than this.
inline double tolerance_of(double condition) { return std::max(1e-12, 1e-16 * condition); }

/// The largest differences seen, by field, in units of the rule's right side without its tolerance.
struct Differences {
  std::map<std::string, double> largest;
  std::vector<std::string> above;  ///< what is wrong, in words
  int undecided = 0;  ///< samples left out: they differ, on the edge of what a direction ignores
};

class Agreement {
 public:
  Agreement(const Naive& naive, Differences& out)
      : naive_(naive),
        condition_(condition_of(naive.model())),
        tolerance_(tolerance_of(condition_)),
        out_(out) {}

  double tolerance() const { return tolerance_; }

  void compare(const VectorRef& values, const SampleResult& a, const SampleResult& b) {
    values_ = values;
    here_ = {};
    compare_fields(a, b);
    if (!here_.above.empty() && naive_.is_undecided(values, tolerance_ * scale_)) {
      ++out_.undecided;
      return;
    }
    for (const auto& [field, largest] : here_.largest) {
      out_.largest[field] = std::max(out_.largest[field], largest);
    }
    out_.above.insert(out_.above.end(), here_.above.begin(), here_.above.end());
  }

 private:
  void compare_fields(const SampleResult& a, const SampleResult& b) {
    const double score = a.score.anomaly_score;
    scale_ = std::isnan(score) ? 1 : std::max(1.0, std::abs(score));
    field("anomaly_score", score, b.score.anomaly_score);
    field("completed_score", a.score.completed_score, b.score.completed_score);
    field("explained score", score, a.explanation.anomaly_score);
    field("explained score", score, b.explanation.anomaly_score);
    const Vector& shares = a.explanation.responsibilities;
    for (Index k = 0; k < shares.size(); ++k) {
      field("responsibilities", shares[k], b.explanation.responsibilities[k]);
    }
    state(shares, a.score.state, b.score.state);
    state(shares, a.score.state, a.explanation.state);
    state(shares, a.score.state, b.explanation.state);
    for (Index d = 0; d < values_.size(); ++d) {
      metric(d, a.explanation.metrics[d], b.explanation.metrics[d]);
    }
    blames(a.explanation, b.explanation);
  }

  /// The difference of two numbers by the rule.
  double difference(double a, double b) const {
    return a == b || (std::isnan(a) && std::isnan(b)) ? 0
           : std::isfinite(a) && std::isfinite(b) ? std::abs(a - b) / std::max(scale_, std::abs(a))
                                                  : std::numeric_limits<double>::infinity();
  }

  void add(const std::string& name, double difference, double a, double b) {
    double& largest = here_.largest[name];
    largest = std::max(largest, difference);
    if (!(difference <= tolerance_)) {
      std::ostringstream text;
      text.precision(17);
      text << name << ": " << a << " and " << b << " differ by " << difference << ", score "
           << scale_ << ", tolerance " << tolerance_ << ", D " << values_.size() << ", K "
           << naive_.model().components();
      here_.above.push_back(text.str());
    }
  }

  void field(const std::string& name, double a, double b) { add(name, difference(a, b), a, b); }

  /// Another state is right when it is as responsible, by the log densities that choose it.
  void state(const Vector& shares, int a, int b) {
    const bool known = a >= 0 && b >= 0 && b < shares.size();
    add("state", a == b ? 0 : known ? std::abs(std::log(shares[a] / shares[b])) / scale_ : 1, a, b);
  }

  /// In model units, in which 1 is a tolerance whatever the transform.
  double in_units(Index d, double a, double b) const {
    const MetricSpec& spec = naive_.model().metrics[d];
    return difference(to_model_units(spec, a), to_model_units(spec, b));
  }

  /// Of what is averaged.
  double spread(Index d, const MetricExplanation& a) const {
    const MetricSpec& spec = naive_.model().metrics[d];
    return to_model_units(spec, a.high) - to_model_units(spec, a.low);
  }

  void metric(Index d, const MetricExplanation& a, const MetricExplanation& b) {
    field("observed", a.observed, b.observed);
    add("expected", in_units(d, a.expected, b.expected) / std::max(1.0, spread(d, a) / scale_),
        a.expected, b.expected);
    end("low", d, false, a.low, b.low);
    end("high", d, false, a.high, b.high);
    end("typical_low", d, true, a.typical_low, b.typical_low);
    end("typical_high", d, true, a.typical_high, b.typical_high);
    field("surprise", a.surprise, b.surprise);
    field("typical_surprise", a.typical_surprise, b.typical_surprise);
    contribution(a.contribution, b.contribution);
    // A surprise of 5 % may fall on either side of the range's end.
    const double edge =
        std::min(difference(a.surprise, 0.05), difference(a.typical_surprise, 0.05));
    if (a.reason != b.reason) {
      add("reason", edge, static_cast<int>(a.reason), static_cast<int>(b.reason));
    }
    if (a.direction != b.direction) {
      add("direction", std::min(edge, in_units(d, a.observed, a.expected)), a.observed, a.expected);
    }
  }

  /// An end of a range is the root of a distribution function: where that is flat, the root is
  /// known by its probability only.
  void end(const std::string& name, Index d, bool typical, double a, double b) {
    double apart = in_units(d, a, b);
    if (apart > tolerance_) {
      const MetricSpec& spec = naive_.model().metrics[d];
      const UnivariateMixture mixture =
          typical ? naive_.typical(d)
                  : naive_.mixture().conditionals(naive_.scored_sample(values_))[d];
      apart = std::min(apart, difference(cdf(mixture, to_model_units(spec, a)),
                                         cdf(mixture, to_model_units(spec, b))));
    }
    add(name, apart, a, b);
  }

  void contribution(double a, double b) {
    double apart = difference(a, b);
    if (apart > tolerance_) {
      apart *= std::min(1.0, tolerance_ / rounding_of_shares());
    }
    add("contribution", apart, a, b);
  }

  /// How well the shares of contributions are known. They are shares of the squared distance from
  /// the means, Σ r_k m_k², of a sum that is not small where that is: at a mean itself, what is
  /// shared out by is the rounding of the sample, or a component too light to be seen.
  double rounding_of_shares() const {
    constexpr double kUnseen = 1e-19;
    const Vector scored = naive_.scored_sample(values_);
    const std::vector<Index> observed = observed_dimensions(scored);
    const GaussianMixture part = naive_.mixture().marginal(observed).value();
    const Vector x = scored(observed);
    const Vector responsibilities = part.responsibilities(x);
    // A metric on its ignored side stands where the others predict it, as well as they can.
    const bool replaced = x != to_model_units(naive_.model(), values_)(observed);
    const double last_digit = 1e-15 * (replaced ? condition_ : 1);
    double distance = 0;
    double rounding = 0;
    double unseen = 0;
    for (Index k = 0; k < part.components(); ++k) {
      const Vector mean = part.means().row(k).transpose();
      const Vector last_digits = last_digit * mean.cwiseAbs().cwiseMax(x.cwiseAbs());
      const double squared = (x - mean).dot(part.precision(k) * (x - mean));
      distance += responsibilities[k] * squared;
      rounding +=
          responsibilities[k] * last_digits.cwiseAbs2().dot(Vector(part.precision(k).diagonal()));
      unseen += responsibilities[k] < kUnseen ? responsibilities[k] * squared : 0;
    }
    if (distance == 0) {
      return std::numeric_limits<double>::infinity();
    }
    const double above_floor = part.log_peak_bound() - part.log_likelihood(x);
    return (2 * std::sqrt(rounding / distance) + unseen / distance) *
           std::max(1.0, above_floor / scale_);
  }

  /// Blames are shares of a sum of roots of nats; ranks may be exchanged where the blames are the
  /// same.
  void blames(const Explanation& a, const Explanation& b) {
    const double nats = std::min(least_evidence(a), least_evidence(b));
    for (std::size_t i = 0; i < a.metrics.size(); ++i) {
      const MetricExplanation& here = a.metrics[i];
      add("blame", nats * difference(here.blame, b.metrics[i].blame), here.blame,
          b.metrics[i].blame);
      const MetricExplanation& first = a.metrics[a.ranking[i]];
      const MetricExplanation& second = a.metrics[b.ranking[i]];
      const bool exchangeable = std::isnan(first.observed) == std::isnan(second.observed);
      add("ranking", exchangeable ? nats * difference(first.blame, second.blame) : 1, a.ranking[i],
          b.ranking[i]);
    }
  }

  /// The least evidence that there is, at most 1: the less, the less certain is its root.
  static double least_evidence(const Explanation& explanation) {
    double least = 1;
    const Vector nats = merged(evidence_of(explanation));
    for (Index d = 0; d < nats.size(); ++d) {
      least = explanation.metrics[d].blame > 0 ? std::min(least, nats[d]) : least;
    }
    return least;
  }

  const Naive& naive_;
  double condition_;
  double tolerance_;
  Differences& out_;
  Differences here_;
  Vector values_;
  double scale_ = 1;
};

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_EXPLAIN_AGREEMENT_H_
