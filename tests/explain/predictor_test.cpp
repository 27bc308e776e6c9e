#include "explain/predictor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using Metrics = std::vector<Index>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// x without the metrics of the lists.
Vector without(Vector x, const Metrics& left_out, const Metrics& set) {
  x(left_out).setConstant(kNaN);
  x(set).setConstant(kNaN);
  return x;
}

GaussianMixture component_of(const Parameters& parameters, Index k) {
  return Parameters{Vector::Ones(1), parameters.means.row(k).eval(), {parameters.covariances[k]}}
      .mixture();
}

/// By sub-matrices: of each component the density of what is given, and the peak of the rest.
double naive_highest(const Parameters& parameters, const Vector& given) {
  Vector logs = parameters.weights.array().log();
  for (Index k = 0; k < logs.size(); ++k) {
    const GaussianMixture component = component_of(parameters, k);
    logs[k] += component.log_likelihood(given);
    if (!missing_dimensions(given).empty()) {
      logs[k] += component.conditional(given)->log_peak_bound();
    }
  }
  return log_sum_exp(logs);
}

/// The expectation of all that is missing in `given`, at its place.
Vector naive_expectation(const GaussianMixture& mixture, const Vector& given) {
  const Metrics missing = missing_dimensions(given);
  const GaussianMixture rest = mixture.conditional(given).value();
  Vector result = given;
  result(missing) = rest.means().transpose() * rest.weights();
  return result;
}

/// The highest log density with these metrics moved, by parabolas along one axis after the other:
/// the density's logarithm is quadratic.
double climb(const GaussianMixture& component, Vector x, const Metrics& free) {
  for (int sweep = 0; sweep < 500; ++sweep) {
    for (const Index d : free) {
      const double here = component.log_likelihood(x);
      Vector up = x;
      Vector down = x;
      up[d] += 1;
      down[d] -= 1;
      const double above = component.log_likelihood(up);
      const double below = component.log_likelihood(down);
      x[d] += 0.5 * (above - below) / (2 * here - above - below);
    }
  }
  return component.log_likelihood(x);
}

Metrics random_order(Random& random, Index size) {
  Metrics order(size);
  std::iota(order.begin(), order.end(), 0);
  for (Index i = size - 1; i > 0; --i) {
    std::swap(order[i], order[random_index(random, i + 1)]);
  }
  return order;
}

/// A mixture, a sample, metrics that are left out, and a set with at most three others.
struct Case {
  Parameters parameters;
  Vector x;
  Metrics left_out;
  Metrics set;

  Predictor predictor() const {
    Predictor predictor(parameters.mixture(), x);
    for (const Index d : left_out) {
      predictor.leave_out(d);
    }
    return predictor;
  }
};

Case random_case(Random& random, Index most_dimensions = 8) {
  const Index dimensions = 1 + random_index(random, most_dimensions);
  Case result{random_parameters(random, 1 + random_index(random, 4), dimensions), {}, {}, {}};
  result.x = random_sample(random, result.parameters);
  result.x[random_index(random, dimensions)] += 5 * random_normal(random);
  const Metrics order = random_order(random, dimensions);
  const Index left_out = random_index(random, dimensions + 1);
  result.left_out.assign(order.begin(), order.begin() + left_out);
  const Index in_set = std::min(dimensions, left_out + random_index(random, 4));
  const Index first = left_out == 0 ? 0 : random_index(random, left_out + 1);
  result.set.assign(order.begin() + first, order.begin() + std::max(first, in_set));
  std::ranges::reverse(result.set);
  return result;
}

TEST(Predictor, gives_the_expectation_that_the_conditional_mixture_has) {
  Random random(1);
  for (int i = 0; i < 500; ++i) {
    const Case c = random_case(random);
    const Vector actual = c.predictor().expectation(c.set);
    ASSERT_EQ(actual.size(), std::ssize(c.set));
    if (c.set.empty()) {
      continue;
    }
    const Vector expected =
        naive_expectation(c.parameters.mixture(), without(c.x, c.left_out, c.set));
    for (Index j = 0; j < actual.size(); ++j) {
      EXPECT_NEAR(actual[j], expected[c.set[j]], 1e-9 * (1 + c.x.cwiseAbs().maxCoeff()));
    }
  }
}

TEST(Predictor, gives_the_mean_of_the_density_along_a_metric) {
  Random random(2);
  for (int i = 0; i < 20; ++i) {
    Case c = random_case(random, 4);
    const GaussianMixture mixture = c.parameters.mixture();
    const Index d = random_index(random, c.x.size());
    const double actual = Predictor(mixture, c.x).expectation({d})[0];
    double mass = 0;
    double moment = 0;
    for (double step = -60; step <= 60; step += 0.01) {
      c.x[d] = actual + step;
      const double density = std::exp(mixture.log_likelihood(c.x));
      mass += density;
      moment += density * step;
    }
    EXPECT_NEAR(moment / mass, 0, 1e-8);
  }
}

TEST(Predictor, bounds_the_density_as_the_peaks_of_the_conditional_components_do) {
  Random random(3);
  for (int i = 0; i < 500; ++i) {
    const Case c = random_case(random);
    const double expected = naive_highest(c.parameters, without(c.x, c.left_out, c.set));
    EXPECT_NEAR(c.predictor().highest_log_density(c.set), expected,
                1e-9 * (1 + std::abs(expected)));
  }
}

TEST(Predictor, bounds_the_density_by_what_climbing_finds_in_each_component) {
  Random random(4);
  for (int i = 0; i < 30; ++i) {
    const Case c = random_case(random, 4);
    Metrics free = c.left_out;
    std::ranges::copy_if(c.set, std::back_inserter(free),
                         [&](Index d) { return !std::ranges::count(c.left_out, d); });
    Vector logs = c.parameters.weights.array().log();
    for (Index k = 0; k < logs.size(); ++k) {
      logs[k] += climb(component_of(c.parameters, k), c.x, free);
    }
    EXPECT_NEAR(c.predictor().highest_log_density(c.set), log_sum_exp(logs), 1e-6);
  }
}

TEST(Predictor, knows_no_likelier_sample_with_the_others_as_they_are) {
  Random random(5);
  for (int i = 0; i < 200; ++i) {
    Case c = random_case(random);
    const GaussianMixture mixture = c.parameters.mixture();
    const double bound = c.predictor().highest_log_density(c.set);
    for (int j = 0; j < 20; ++j) {
      const Vector other = random_sample(random, c.parameters);
      c.x(c.left_out) = other(c.left_out).eval();
      c.x(c.set) = other(c.set).eval();
      EXPECT_LE(mixture.log_likelihood(c.x), bound + 1e-9 * (1 + std::abs(bound)));
    }
  }
}

TEST(Predictor, of_a_single_component_has_its_bound_at_the_expectation) {
  Random random(6);
  for (int i = 0; i < 100; ++i) {
    const Parameters parameters = random_parameters(random, 1, 5);
    Vector x = random_sample(random, parameters);
    const Predictor predictor(parameters.mixture(), x);
    const Metrics set = {4, 1, 2};
    x(set) = predictor.expectation(set);
    EXPECT_NEAR(parameters.mixture().log_likelihood(x), predictor.highest_log_density(set), 1e-9);
  }
}

TEST(Predictor, leaves_out_in_any_order_and_once) {
  Random random(7);
  for (int i = 0; i < 100; ++i) {
    Case c = random_case(random);
    const Predictor expected = c.predictor();
    std::ranges::reverse(c.left_out);
    Predictor actual = c.predictor();
    for (const Index d : c.left_out) {
      actual.leave_out(d);
    }
    const double bound = expected.highest_log_density(c.set);
    EXPECT_NEAR(actual.highest_log_density(c.set), bound, 1e-9 * (1 + std::abs(bound)));
    EXPECT_TRUE(actual.expectation(c.set).isApprox(expected.expectation(c.set), 1e-9));
  }
}

TEST(Predictor, asked_of_nothing_knows_the_sample_itself) {
  Random random(8);
  const Case c = random_case(random);
  const GaussianMixture mixture = c.parameters.mixture();
  const Predictor predictor(mixture, c.x);
  EXPECT_NEAR(predictor.highest_log_density({}), mixture.log_likelihood(c.x), 1e-12);
  EXPECT_EQ(predictor.expectation({}).size(), 0);
}

TEST(Predictor, of_one_metric_or_with_all_left_out_knows_the_mixture_alone) {
  Random random(9);
  for (const Index dimensions : {1, 4}) {
    const Parameters parameters = random_parameters(random, 3, dimensions);
    const GaussianMixture mixture = parameters.mixture();
    Predictor predictor(mixture, Vector::Constant(dimensions, 2.5));
    for (Index d = dimensions > 1 ? 0 : 1; d < dimensions; ++d) {
      predictor.leave_out(d);
    }
    EXPECT_NEAR(predictor.highest_log_density({0}), mixture.log_peak_bound(), 1e-9);
    EXPECT_NEAR(predictor.expectation({0})[0], parameters.means.col(0).dot(parameters.weights),
                1e-9);
  }
}

}  // namespace
}  // namespace rolemix
