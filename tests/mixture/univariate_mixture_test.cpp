#include "mixture/univariate_mixture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"

namespace rolemix {
namespace {

struct Part {
  double weight;
  double mean;
  double standard_deviation;
};

UnivariateMixture mixture_of(const std::vector<Part>& parts) {
  const auto size = static_cast<Index>(parts.size());
  UnivariateMixture mixture{Vector(size), Vector(size), Vector(size)};
  for (Index k = 0; k < size; ++k) {
    mixture.log_weights[k] = std::log(parts[k].weight);
    mixture.means[k] = parts[k].mean;
    mixture.standard_deviations[k] = parts[k].standard_deviation;
  }
  return mixture;
}

/// Components up to `apart` units apart, with deviations from 1/spread to spread units.
UnivariateMixture random_mixture(Random& random, double apart, double spread) {
  std::vector<Part> parts(1 + random.next() % 6);
  double total = 0;
  for (Part& part : parts) {
    part.weight = 0.01 + random.uniform();
    part.mean = apart * (random.uniform() - 0.5);
    part.standard_deviation = std::pow(spread, 2 * random.uniform() - 1);
    total += part.weight;
  }
  for (Part& part : parts) {
    part.weight /= total;
  }
  return mixture_of(parts);
}

// ---- log of the normal distribution function

TEST(LogNormalCdf, fits_values_of_high_precision) {
  // mpmath.log(mpmath.ncdf(z)) with 40 digits.
  const std::vector<std::pair<double, double>> kValues = {
      {-1000, -500007.82669481218}, {-100, -5005.5242086942051},  {-40, -804.60844201375379},
      {-30.5, -469.46273732291211}, {-30, -454.3212439563432},    {-29.5, -439.42947460915023},
      {-10, -53.231285150512471},   {-1, -1.8410216450092635},    {0, -0.69314718055994531},
      {1, -0.17275377902344989},    {5, -2.8665161296376359e-07}, {8, -6.2209605742717861e-16},
  };
  for (const auto& [z, expected] : kValues) {
    EXPECT_NEAR(log_normal_cdf(z), expected, 1e-14 * std::abs(expected)) << z;
  }
}

TEST(LogNormalCdf, joins_its_two_formulas_without_a_step) {
  const double below = std::nextafter(-30.0, -31.0);
  EXPECT_NEAR(log_normal_cdf(-30), log_normal_cdf(below), 1e-14 * 454);
}

TEST(LogNormalCdf, has_limits_at_the_infinities) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(log_normal_cdf(-kInfinity), -kInfinity);
  EXPECT_EQ(log_normal_cdf(kInfinity), 0);
  EXPECT_TRUE(std::isfinite(log_normal_cdf(-1e150)));
}

// ---- sums in logs

TEST(LogSumExp, neither_overflows_nor_underflows) {
  Vector values(3);
  values << -1e6, -1e6 + 1, -1e6 - 1;
  EXPECT_NEAR(log_sum_exp(values), -1e6 + std::log(1 + std::exp(1.0) + std::exp(-1.0)), 1e-9);
  values.array() += 2e6;
  EXPECT_NEAR(log_sum_exp(values), 1e6 + std::log(1 + std::exp(1.0) + std::exp(-1.0)), 1e-9);
}

TEST(LogSumExp, of_nothing_possible_is_minus_infinity) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(log_sum_exp(Vector::Constant(2, -kInfinity)), -kInfinity);
}

// ---- laws of distributions

TEST(UnivariateMixture, density_is_the_derivative_of_the_cdf) {
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    const UnivariateMixture mixture = random_mixture(random, 10, 2);
    const double x = 16 * random.uniform() - 8;
    constexpr double kStep = 1e-4;
    const double slope = (cdf(mixture, x + kStep) - cdf(mixture, x - kStep)) / (2 * kStep);
    EXPECT_NEAR(std::exp(log_density(mixture, x)), slope, 1e-7);
  }
}

TEST(UnivariateMixture, density_integrates_to_1_and_gives_mean_and_variance) {
  Random random(2);
  for (int i = 0; i < 20; ++i) {
    const UnivariateMixture mixture = random_mixture(random, 10, 2);
    double total = 0;
    double first = 0;
    double second = 0;
    constexpr double kStep = 0.01;
    for (double x = -40; x < 40; x += kStep) {
      const double mass = kStep * std::exp(log_density(mixture, x));
      total += mass;
      first += mass * x;
      second += mass * x * x;
    }
    EXPECT_NEAR(total, 1, 1e-9);
    EXPECT_NEAR(mean(mixture), first, 1e-8);
    EXPECT_NEAR(variance(mixture), second - first * first, 1e-7);
  }
}

TEST(UnivariateMixture, tails_are_exact_far_from_the_data) {
  const UnivariateMixture one = mixture_of({{1, 3, 2}});
  EXPECT_NEAR(log_two_sided_tail(one, 83), std::log(2) - 804.60844201375379, 1e-11);
  EXPECT_NEAR(log_two_sided_tail(one, -77), std::log(2) - 804.60844201375379, 1e-11);
  EXPECT_NEAR(log_two_sided_tail(one, 2003), std::log(2) - 500007.82669481218, 1e-8);
}

TEST(UnivariateMixture, the_tail_belongs_to_the_component_that_reaches_furthest) {
  const UnivariateMixture mixture = mixture_of({{0.99, 0, 1}, {0.01, 0, 10}});
  const double expected = std::log(2 * 0.01) + log_normal_cdf(-100);
  EXPECT_NEAR(log_two_sided_tail(mixture, 1000), expected, 1e-11);
}

TEST(UnivariateMixture, the_two_sided_tail_is_1_at_the_median_and_falls_to_both_sides) {
  Random random(3);
  for (int i = 0; i < 100; ++i) {
    const UnivariateMixture mixture = random_mixture(random, 10, 3);
    const double median = quantile(mixture, 0.5);
    EXPECT_NEAR(log_two_sided_tail(mixture, median), 0, 1e-9);
    double above = 0;
    double below = 0;
    for (double step = 0.5; step < 50; step += 0.5) {
      const double next_above = log_two_sided_tail(mixture, median + step);
      const double next_below = log_two_sided_tail(mixture, median - step);
      EXPECT_LE(next_above, above);
      EXPECT_LE(next_below, below);
      above = next_above;
      below = next_below;
    }
  }
}

// ---- quantiles

/// The probability is reached between the two neighbours of x at this relative distance.
void expect_quantile(const UnivariateMixture& mixture, double x, double p, double distance) {
  const double margin = distance * std::max(1.0, std::abs(x));
  EXPECT_LE(cdf(mixture, x - margin), p + 1e-15) << "x = " << x << ", p = " << p;
  EXPECT_GE(cdf(mixture, x + margin), p - 1e-15) << "x = " << x << ", p = " << p;
}

TEST(Quantile, is_the_inverse_of_the_cdf) {
  Random random(4);
  for (int i = 0; i < 2000; ++i) {
    const UnivariateMixture mixture = random_mixture(random, 10, 10);
    const double p = 0.001 + 0.998 * random.uniform();
    expect_quantile(mixture, quantile(mixture, p), p, 1e-13);
  }
}

TEST(Quantile, of_one_component_is_the_normal_one) {
  const UnivariateMixture one = mixture_of({{1, 10, 2}});
  // mpmath: sqrt(2) erfinv(0.95) and sqrt(2) erfinv(0.5)
  EXPECT_NEAR(quantile(one, 0.975), 10 + 2 * 1.9599639845400542, 1e-14);
  EXPECT_NEAR(quantile(one, 0.025), 10 - 2 * 1.9599639845400542, 1e-14);
  EXPECT_NEAR(quantile(one, 0.75), 10 + 2 * 0.67448975019608174, 1e-14);
  EXPECT_EQ(quantile(one, 0.5), 10);
}

TEST(Quantile, holds_with_components_a_million_deviations_apart) {
  Random random(5);
  for (int i = 0; i < 2000; ++i) {
    const UnivariateMixture mixture = random_mixture(random, 1e6, 1000);
    for (const double p : {0.025, 0.975}) {
      expect_quantile(mixture, quantile(mixture, p), p, 1e-13);
    }
  }
}

TEST(Quantile, of_a_far_component_keeps_the_digits_of_that_component) {
  // 0.025 of the whole is the half of the first component, whose mean is 0.
  const UnivariateMixture mixture = mixture_of({{0.05, 0, 1}, {0.95, 1e6, 1}});
  EXPECT_NEAR(quantile(mixture, 0.025), 0, 1e-14);
  // 0.975 of the whole is the median of the second one.
  const UnivariateMixture mirrored = mixture_of({{0.05, 0, 1}, {0.95, -1e6, 1}});
  EXPECT_NEAR(quantile(mirrored, 0.975), 0, 1e-14);
}

TEST(Quantile, takes_no_notice_of_a_component_too_light_to_matter) {
  const UnivariateMixture one = mixture_of({{1, 10, 2}});
  UnivariateMixture two = mixture_of({{1, 10, 2}, {1, 1e9, 1e-3}});
  two.log_weights[1] = -1e5;
  EXPECT_NEAR(quantile(two, 0.975), quantile(one, 0.975), 1e-14);
  two.log_weights[1] = -std::numeric_limits<double>::infinity();
  EXPECT_NEAR(quantile(two, 0.975), quantile(one, 0.975), 1e-14);
}

TEST(Quantile, lies_between_two_humps_where_the_cdf_is_flat) {
  const UnivariateMixture mixture = mixture_of({{0.5, 0, 1}, {0.5, 1000, 1}});
  const double median = quantile(mixture, 0.5);
  EXPECT_GT(median, 5);
  EXPECT_LT(median, 995);
}

TEST(Quantile, scales_with_the_metric) {
  Random random(6);
  for (int i = 0; i < 50; ++i) {
    const UnivariateMixture mixture = random_mixture(random, 10, 3);
    for (const double scale : {1e-30, 1e-3, 1e40}) {
      UnivariateMixture scaled = mixture;
      scaled.means *= scale;
      scaled.standard_deviations *= scale;
      const double expected = scale * quantile(mixture, 0.025);
      EXPECT_NEAR(quantile(scaled, 0.025), expected, 1e-12 * scale * 10);
    }
  }
}

}  // namespace
}  // namespace rolemix
