#include "mixture/univariate_mixture.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace rolemix {
namespace {

constexpr double kLogTwoPi = 1.8378770664093454836;
// Components lighter than this share of a tail cannot move its probability in double precision.
constexpr double kNegligibleLogShare = -40.0;

/// log Σ exp(term) over the terms added so far.
class LogSumExp {
 public:
  void add(double term) {
    if (!(term <= largest_)) {
      sum_ = 1 + sum_ * std::exp(largest_ - term);
      largest_ = term;
    } else if (std::isfinite(largest_)) {
      sum_ += std::exp(term - largest_);
    }
  }
  double value() const { return std::isfinite(largest_) ? largest_ + std::log(sum_) : largest_; }

 private:
  double largest_ = -std::numeric_limits<double>::infinity();
  double sum_ = 0;
};

double component_z(const UnivariateMixture& mixture, Index k, double x) {
  return (x - mixture.means[k]) / mixture.standard_deviations[k];
}

/// log P(X <= x) for side = +1, log P(X >= x) for side = -1.
double log_tail(const UnivariateMixture& mixture, double x, double side) {
  LogSumExp sum;
  for (Index k = 0; k < mixture.means.size(); ++k) {
    sum.add(mixture.log_weights[k] + log_normal_cdf(side * component_z(mixture, k, x)));
  }
  return sum.value();
}

struct Normal {
  double weight;
  double mean;
  double deviation;
};

/// The components that can move a tail of this probability; never none.
std::vector<Normal> visible_parts(const UnivariateMixture& mixture, double probability) {
  const double negligible = std::log(probability) + kNegligibleLogShare;
  std::vector<Normal> parts;
  for (Index k = 0; k < mixture.means.size(); ++k) {
    if (mixture.log_weights[k] >= negligible) {
      parts.push_back(
          {std::exp(mixture.log_weights[k]), mixture.means[k], mixture.standard_deviations[k]});
    }
  }
  return parts;
}

struct TailAndDensity {
  double probability;  ///< P(X <= x) for side = +1, P(X >= x) for side = -1
  double density;
};

TailAndDensity tail_and_density(const std::vector<Normal>& parts, double x, double side) {
  const double scale = std::exp(-0.5 * kLogTwoPi);
  TailAndDensity sum = {0, 0};
  for (const Normal& part : parts) {
    const double z = (x - part.mean) / part.deviation;
    sum.probability += part.weight * 0.5 * std::erfc(-side * z / std::numbers::sqrt2);
    sum.density += part.weight * scale * std::exp(-0.5 * z * z) / part.deviation;
  }
  return sum;
}

/// z with Φ(z) = p, by Newton's method on log Φ, whose concavity makes it converge from the left.
double normal_quantile(double p) {
  if (p > 0.5) {
    return -normal_quantile(1 - p);
  }
  const double target = std::log(p);
  double z = -std::sqrt(std::max(0.0, -2 * target));
  for (int i = 0; i < 60; ++i) {
    const double log_cdf = log_normal_cdf(z);
    const double slope = std::exp(-0.5 * (z * z + kLogTwoPi) - log_cdf);
    const double step = (target - log_cdf) / slope;
    z += step;
    if (std::abs(step) <= 1e-15 * std::max(1.0, std::abs(z))) {
      break;
    }
  }
  return z;
}

}  // namespace

double log_normal_cdf(double z) {
  if (z >= -30) {
    const double upper = 0.5 * std::erfc(z / std::numbers::sqrt2);
    return z > 0 ? std::log1p(-upper) : std::log(0.5 * std::erfc(-z / std::numbers::sqrt2));
  }
  const double r = 1 / (z * z);
  const double series = -r * (1 - r * (3 - r * (15 - r * 105)));
  return -0.5 * (z * z + kLogTwoPi) - std::log(-z) + std::log1p(series);
}

double log_sum_exp(const VectorRef& values) {
  LogSumExp sum;
  for (const double value : values) {
    sum.add(value);
  }
  return sum.value();
}

Vector softmax(const VectorRef& values) {
  double largest = values[0];
  for (const double value : values) {
    largest = std::max(largest, value);
  }
  Vector result(values.size());
  double sum = 0;
  for (Index i = 0; i < values.size(); ++i) {
    result[i] = std::exp(values[i] - largest);
    sum += result[i];
  }
  for (double& share : result) {
    share /= sum;
  }
  return result;
}

double mean(const UnivariateMixture& mixture) {
  double sum = 0;
  for (Index k = 0; k < mixture.means.size(); ++k) {
    sum += std::exp(mixture.log_weights[k]) * mixture.means[k];
  }
  return sum;
}

double variance(const UnivariateMixture& mixture) {
  const double center = mean(mixture);
  double sum = 0;
  for (Index k = 0; k < mixture.means.size(); ++k) {
    const double offset = mixture.means[k] - center;
    const double sd = mixture.standard_deviations[k];
    sum += std::exp(mixture.log_weights[k]) * (sd * sd + offset * offset);
  }
  return sum;
}

double log_density(const UnivariateMixture& mixture, double x) {
  LogSumExp sum;
  for (Index k = 0; k < mixture.means.size(); ++k) {
    const double z = component_z(mixture, k, x);
    sum.add(mixture.log_weights[k] - 0.5 * (kLogTwoPi + z * z) -
            std::log(mixture.standard_deviations[k]));
  }
  return sum.value();
}

double cdf(const UnivariateMixture& mixture, double x) {
  double sum = 0;
  for (Index k = 0; k < mixture.means.size(); ++k) {
    sum += std::exp(mixture.log_weights[k]) * 0.5 *
           std::erfc(-component_z(mixture, k, x) / std::numbers::sqrt2);
  }
  return sum;
}

double log_two_sided_tail(const UnivariateMixture& mixture, double x) {
  const double smaller = std::min(log_tail(mixture, x, 1), log_tail(mixture, x, -1));
  return std::min(0.0, std::numbers::ln2 + smaller);
}

double quantile(const UnivariateMixture& mixture, double p) {
  assert(p > 0 && p < 1);
  // The smaller of the two tails keeps the digits.
  const double side = p <= 0.5 ? 1 : -1;
  const double wanted = p <= 0.5 ? p : 1 - p;
  const double z = normal_quantile(p);
  // The mixture's quantile lies between the smallest and the largest of its components' quantiles,
  // most likely next to that of the heaviest.
  const std::vector<Normal> parts = visible_parts(mixture, wanted);
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const Normal& part : parts) {
    low = std::min(low, part.mean + z * part.deviation);
    high = std::max(high, part.mean + z * part.deviation);
  }
  const Normal& heaviest = *std::ranges::max_element(parts, {}, &Normal::weight);
  double x = heaviest.mean + z * heaviest.deviation;
  double step = high - low;
  // Newton's method kept inside the bracket: a step that leaves it, or is not half of the one
  // before, is a bisection instead (Press et al. 2007, section 9.4).
  for (int i = 0; i < 400 && low < high; ++i) {
    const auto [probability, density] = tail_and_density(parts, x, side);
    const double error = side * (probability - wanted);
    (error < 0 ? low : high) = x;
    const double newton = -error / density;
    const bool bisect =
        !(x + newton > low && x + newton < high) || !(2 * std::abs(newton) < std::abs(step));
    step = bisect ? low + (high - low) / 2 - x : newton;
    // Closer than this the probability is rounding noise, which must not send the search elsewhere.
    const bool close = std::abs(error) <= 1e-14 * wanted;
    if (x + step == x || (close && bisect)) {
      break;
    }
    x += step;
    if (close) {
      break;
    }
  }
  return x;
}

}  // namespace rolemix
