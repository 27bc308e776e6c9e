#include "explain/relation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "kernel/packed.h"
#include "mixture/linear_algebra.h"

namespace rolemix {
namespace {

constexpr double kTightVariance = 1.0 / 25;  // a fifth of the standard deviation
constexpr double kLeastExplained = 0.25;     // of a metric's variance, by all others
constexpr double kEnoughExplained = 0.9;     // of what all others explain, by the predictors
constexpr std::size_t kMostPredictors = 3;

/// Chooses metrics one by one, each time the one that lowers the variance of `target` given the
/// chosen ones most: a Cholesky factor of the covariance in the order in which they are chosen.
class Choice {
 public:
  Choice(const Matrix& covariance, Index target, std::vector<Index> candidates)
      : covariance_(covariance),
        target_(target),
        candidates_(std::move(candidates)),
        variances_(covariance.diagonal()),
        with_target_(covariance.row(target)) {}

  const std::vector<Index>& chosen() const { return chosen_; }

  /// Of the target given the chosen metrics.
  double variance() const { return variances_[target_]; }

  /// False when no candidate is left.
  bool grow() {
    if (candidates_.empty()) {
      return false;
    }
    const auto lowered = [&](Index j) { return with_target_[j] * with_target_[j] / variances_[j]; };
    auto best = candidates_.begin();
    for (auto other = best; other != candidates_.end(); ++other) {
      if (lowered(*other) > lowered(*best)) {
        best = other;
      }
    }
    add(*best);
    candidates_.erase(best);
    return true;
  }

 private:
  /// Variances and covariances become those given metric j too.
  void add(Index j) {
    Vector column = covariance_.row(j);
    for (const Vector& before : columns_) {
      column -= before[j] * before;
    }
    column /= std::sqrt(variances_[j]);
    with_target_ -= column[target_] * column;
    variances_ -= column.cwiseAbs2();
    columns_.push_back(std::move(column));
    chosen_.push_back(j);
  }

  const Matrix& covariance_;
  Index target_;
  std::vector<Index> candidates_;
  Vector variances_;    // (D) given the chosen metrics
  Vector with_target_;  // (D) covariances with the target, given the chosen metrics
  std::vector<Vector> columns_;
  std::vector<Index> chosen_;
};

std::vector<Index> without(std::vector<Index> metrics, Index d) {
  std::erase(metrics, d);
  return metrics;
}

/// Of metric d given others.
double conditional_variance(const Matrix& covariance, Index d, std::vector<Index> others) {
  others.push_back(d);
  const Matrix lower = factor_of_definite(submatrix(covariance, others));
  const double deviation = lower(lower.rows() - 1, lower.rows() - 1);
  return deviation * deviation;
}

/// The fewest of `tight` that leave metric d a fifth of its standard deviation; none when all of
/// them do not.
std::vector<Index> companions(const Matrix& covariance, Index d, const std::vector<Index>& tight) {
  const double enough = kTightVariance * covariance(d, d);
  Choice choice(covariance, d, without(tight, d));
  while (choice.variance() >= enough) {
    if (!choice.grow()) {
      return {};
    }
  }
  // Those chosen early may be of no use once the others are there.
  std::vector<Index> needed = choice.chosen();
  for (const Index each : choice.chosen()) {
    const std::vector<Index> fewer = without(needed, each);
    if (conditional_variance(covariance, d, fewer) < enough) {
      needed = fewer;
    }
  }
  return needed;
}

std::vector<Index> tight_metrics(const GaussianMixture& mixture, Index state) {
  std::vector<Index> tight;
  for (Index d = 0; d < mixture.dimensions(); ++d) {
    if (1 / mixture.precision(state)(d, d) < kTightVariance * mixture.covariance(state)(d, d)) {
      tight.push_back(d);
    }
  }
  return tight;
}

}  // namespace

std::vector<std::vector<Index>> groups_of(const GaussianMixture& mixture, Index state) {
  const std::vector<Index> tight = tight_metrics(mixture, state);
  std::vector<std::vector<Index>> needed(mixture.dimensions());
  std::vector<Index> group(mixture.dimensions());  // the first metric of each metric's group
  for (const Index d : tight) {
    needed[d] = companions(mixture.covariance(state), d, tight);
    group[d] = d;
  }
  for (const Index d : tight) {
    for (const Index other : needed[d]) {
      if (!needed[other].empty()) {
        const auto [first, second] = std::minmax(group[d], group[other]);
        std::ranges::replace(group, Index{second}, Index{first});
      }
    }
  }
  std::vector<std::vector<Index>> result;
  for (const Index first : tight) {
    std::vector<Index> members;
    for (const Index d : tight) {
      if (group[d] == first) {
        members.push_back(d);
      }
    }
    if (members.size() > 1) {
      result.push_back(std::move(members));
    }
  }
  return result;
}

std::optional<Relation> relation_of(const GaussianMixture& mixture, Index state,
                                    const VectorRef& sample, Index d) {
  const Matrix& covariance = mixture.covariance(state);
  const double explained = covariance(d, d) - 1 / mixture.precision(state)(d, d);
  if (explained < kLeastExplained * covariance(d, d)) {
    return std::nullopt;
  }
  std::vector<Index> others;
  for (Index other = 0; other < mixture.dimensions(); ++other) {
    if (other != d) {
      others.push_back(other);
    }
  }
  Choice choice(covariance, d, std::move(others));
  const double enough = covariance(d, d) - kEnoughExplained * explained;
  while (choice.variance() > enough && choice.chosen().size() < kMostPredictors && choice.grow()) {
  }
  Relation result{choice.chosen()};
  std::vector<Index> metrics = result.predictors;
  metrics.push_back(d);
  Vector x = sample(metrics);
  x[x.size() - 1] = std::numeric_limits<double>::quiet_NaN();
  const UnivariateMixture predicted = mixture.marginal(metrics)->conditional(x)->marginal_of(0);
  result.expected = mean(predicted);
  result.low = quantile(predicted, kRangeTail);
  result.high = quantile(predicted, 1 - kRangeTail);
  return result;
}

}  // namespace rolemix
