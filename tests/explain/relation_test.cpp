#include "explain/relation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "model/random_model.h"
#include "model/varied_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Metrics = std::vector<Index>;
using Groups = std::vector<Metrics>;

/// What `rows` (M, N) make of N independent metrics of deviation 1, each with its own noise.
Matrix covariance_of(const Matrix& rows, double noise) {
  return rows * rows.transpose() + noise * noise * Matrix::Identity(rows.rows(), rows.rows());
}

Parameters one_component(const Matrix& covariance) {
  const Index dimensions = covariance.rows();
  return {Vector::Ones(1), Matrix::Zero(1, dimensions), {covariance}};
}

Groups groups(const Matrix& covariance) {
  return groups_of(one_component(covariance).mixture(), 0);
}

/// Of metric d given others, by the inverse of their covariance.
double naive_variance(const Matrix& covariance, Index d, const Metrics& others) {
  if (others.empty()) {
    return covariance(d, d);
  }
  const Matrix inverse = covariance(others, others).inverse();
  const Vector with = covariance(others, d);
  return covariance(d, d) - with.dot(inverse * with);
}

Metrics all_but(Index dimensions, Index d) {
  Metrics others;
  for (Index i = 0; i < dimensions; ++i) {
    if (i != d) {
      others.push_back(i);
    }
  }
  return others;
}

/// The greedy choice, each step by trying every metric.
Metrics naive_predictors(const Matrix& covariance, Index d) {
  const Metrics all = all_but(covariance.rows(), d);
  const double explained = covariance(d, d) - naive_variance(covariance, d, all);
  Metrics chosen;
  if (explained < 0.25 * covariance(d, d)) {
    return chosen;
  }
  while (chosen.size() < std::min<std::size_t>(3, all.size()) &&
         covariance(d, d) - naive_variance(covariance, d, chosen) < 0.9 * explained) {
    Metrics best;
    for (const Index next : all) {
      Metrics larger = chosen;
      larger.push_back(next);
      if (!std::ranges::count(chosen, next) &&
          (best.empty() ||
           naive_variance(covariance, d, larger) < naive_variance(covariance, d, best))) {
        best = larger;
      }
    }
    chosen = best;
  }
  return chosen;
}

Metrics random_order(Random& random, Index size) {
  Metrics order(size);
  std::iota(order.begin(), order.end(), 0);
  for (Index i = size - 1; i > 0; --i) {
    std::swap(order[i], order[random_index(random, i + 1)]);
  }
  return order;
}

Parameters reordered(const Parameters& parameters, const Metrics& order) {
  Parameters result = parameters;
  result.means = parameters.means(Eigen::all, order);
  for (Matrix& covariance : result.covariances) {
    covariance = Matrix(covariance(order, order));
  }
  return result;
}

/// Copies, a sum of three, and free metrics, with noise and on different scales, in random order.
Matrix with_groups(Random& random, Metrics& order) {
  Matrix rows = Matrix::Zero(9, 7);
  rows(0, 0) = rows(1, 0) = 1;
  rows(2, 1) = rows(3, 2) = 1;
  rows(4, 1) = rows(4, 2) = -1;
  for (Index d = 5; d < 9; ++d) {
    rows(d, d - 2) = 1;
    rows(d, random_index(random, 2)) += 0.8 * random.uniform();
  }
  order = random_order(random, 9);
  const Matrix covariance = covariance_of(rows, 0.03 + 0.05 * random.uniform());
  const Vector scale = Vector::NullaryExpr(9, [&] { return std::exp(3 * random_normal(random)); });
  const Matrix scaled = scale.asDiagonal() * covariance * scale.asDiagonal();
  return scaled(order, order);
}

// ---- groups

TEST(Groups, of_two_and_of_three_copies) {
  Matrix rows = Matrix::Zero(6, 3);
  rows(0, 0) = rows(3, 0) = 1;
  rows(1, 1) = rows(4, 1) = rows(5, 1) = -20;
  rows(2, 2) = 1;
  EXPECT_THAT(groups(covariance_of(rows, 1e-3)), ElementsAre(Metrics{0, 3}, Metrics{1, 4, 5}));
}

TEST(Groups, of_the_parts_of_a_constant_sum) {
  Matrix rows = Matrix::Zero(6, 4);
  for (Index i = 0; i < 4; ++i) {
    rows(i, i) = 1;
    rows(5, i) = -1;
  }
  rows(4, 0) = 1;  // a noisy look at the first
  Matrix covariance = covariance_of(rows, 0.01);
  covariance(4, 4) += 0.5;
  EXPECT_THAT(groups(covariance), ElementsAre(Metrics{0, 1, 2, 3, 5}));
}

TEST(Groups, are_none_of_independent_metrics) {
  EXPECT_THAT(groups(Matrix::Identity(5, 5)), IsEmpty());
  EXPECT_THAT(groups(Matrix::Identity(1, 1)), IsEmpty());
}

TEST(Groups, begin_at_a_fifth_of_the_deviation) {
  for (const double deviation : {0.199, 0.201}) {  // of the one given the other
    Matrix covariance = Matrix::Ones(2, 2);
    covariance(0, 1) = covariance(1, 0) = std::sqrt(1 - deviation * deviation);
    EXPECT_EQ(groups(covariance).size(), deviation < 0.2 ? 1 : 0);
  }
}

TEST(Groups, have_no_metric_that_only_loose_metrics_determine) {
  // A sum of many small parts: it is known from them, none of them is known from the others.
  Matrix rows = Matrix::Zero(41, 40);
  rows.topRows(40).setIdentity();
  rows.row(40).setOnes();
  Matrix covariance = covariance_of(rows, 0);
  covariance.diagonal().array() += 1;
  EXPECT_LT(std::sqrt(naive_variance(covariance, 40, all_but(41, 40)) / covariance(40, 40)), 0.8);
  covariance(40, 40) -= 0.5;
  EXPECT_THAT(groups(covariance), IsEmpty());
}

TEST(Groups, do_not_merge_over_a_metric_that_proves_needless) {
  // The last two are copies that go with the sum of the first two better than either of them does.
  Matrix rows = Matrix::Zero(5, 3);
  rows(0, 0) = rows(1, 1) = 1;
  rows(2, 0) = rows(2, 1) = 1;
  rows(3, 0) = rows(3, 1) = rows(4, 0) = rows(4, 1) = 0.8;
  rows(3, 2) = rows(4, 2) = 0.6;
  EXPECT_THAT(groups(covariance_of(rows, 0.01)), ElementsAre(Metrics{0, 1, 2}, Metrics{3, 4}));
}

TEST(Groups, are_of_one_state) {
  const Matrix copies = covariance_of(Matrix::Ones(2, 1), 0.01);
  const Parameters parameters = {
      Vector::Constant(2, 0.5), Matrix::Zero(2, 2), {copies, Matrix::Identity(2, 2)}};
  EXPECT_THAT(groups_of(parameters.mixture(), 0), ElementsAre(Metrics{0, 1}));
  EXPECT_THAT(groups_of(parameters.mixture(), 1), IsEmpty());
}

TEST(Groups, do_not_depend_on_the_order_or_the_units_of_metrics) {
  Random random(1);
  for (int i = 0; i < 100; ++i) {
    Metrics order;
    const Matrix covariance = with_groups(random, order);
    Groups expected = {{}, {}};
    for (Index d = 0; d < 9; ++d) {
      if (order[d] < 5) {
        expected[order[d] < 2 ? 0 : 1].push_back(d);
      }
    }
    std::ranges::sort(expected);
    EXPECT_EQ(groups(covariance), expected);
  }
}

TEST(Groups, of_the_metrics_that_were_measured) {
  Matrix rows = Matrix::Zero(5, 3);
  rows(0, 0) = rows(1, 1) = 1;
  rows(2, 0) = rows(2, 1) = 1;
  rows(3, 2) = rows(4, 2) = 1;
  const GaussianMixture mixture = one_component(covariance_of(rows, 0.01)).mixture();
  EXPECT_THAT(groups_of(mixture, 0), ElementsAre(Metrics{0, 1, 2}, Metrics{3, 4}));
  EXPECT_THAT(groups_of(mixture.marginal({0, 2, 3, 4}).value(), 0), ElementsAre(Metrics{2, 3}));
}

TEST(Groups, of_metrics_with_a_condition_of_1e8) {
  Matrix rows = Matrix::Zero(5, 3);
  rows(0, 0) = rows(1, 0) = rows(2, 0) = 1;
  rows(3, 1) = rows(4, 2) = 1;
  EXPECT_THAT(groups(covariance_of(rows, 1e-4)), ElementsAre(Metrics{0, 1, 2}));
}

// ---- relations

TEST(Relation, is_none_where_the_others_say_little) {
  const Matrix independent = Matrix::Identity(4, 4);
  EXPECT_FALSE(relation_of(one_component(independent).mixture(), 0, Vector::Zero(4), 2));
  EXPECT_FALSE(relation_of(one_component(Matrix::Identity(1, 1)).mixture(), 0, Vector::Zero(1), 0));
  for (const double share : {0.24, 0.26}) {
    Matrix covariance = Matrix::Identity(2, 2);
    covariance(0, 1) = covariance(1, 0) = std::sqrt(share);
    EXPECT_EQ(relation_of(one_component(covariance).mixture(), 0, Vector::Zero(2), 0).has_value(),
              share > 0.25);
  }
}

TEST(Relation, of_a_copy_is_the_other) {
  Matrix rows = Matrix::Identity(3, 3);
  rows.row(2) = rows.row(0);
  const GaussianMixture mixture = one_component(covariance_of(rows, 0.1)).mixture();
  const Relation relation =
      relation_of(mixture, 0, Eigen::Vector3d(3, 0.5, -40), 2).value_or(Relation());
  EXPECT_THAT(relation.predictors, ElementsAre(0));
  const double deviation = std::sqrt(1.01 - 1 / 1.01);
  EXPECT_NEAR(relation.expected, 3 / 1.01, 1e-12);
  EXPECT_NEAR(relation.low, 3 / 1.01 - 1.959963984540054 * deviation, 1e-12);
  EXPECT_NEAR(relation.high, 3 / 1.01 + 1.959963984540054 * deviation, 1e-12);
}

TEST(Relation, chooses_as_trying_every_metric_does) {
  Random random(2);
  int longest = 0;
  for (int i = 0; i < 300; ++i) {
    const Parameters parameters =
        random_parameters(random, 1 + random_index(random, 3), 1 + random_index(random, 7));
    const GaussianMixture mixture = parameters.mixture();
    const Index d = random_index(random, mixture.dimensions());
    const Index state = random_index(random, mixture.components());
    const auto relation = relation_of(mixture, state, random_sample(random, parameters), d);
    const Metrics predictors = relation ? relation->predictors : Metrics();
    EXPECT_EQ(predictors, naive_predictors(parameters.covariances[state], d));
    longest += predictors.size() == 3;
  }
  EXPECT_GT(longest, 20);
}

TEST(Relation, is_the_conditional_of_the_whole_mixture_of_its_metrics) {
  Random random(3);
  for (int i = 0; i < 200; ++i) {
    const Parameters parameters = random_parameters(random, 1 + random_index(random, 3), 5);
    Vector x = random_sample(random, parameters);
    if (i % 4 == 0) {
      x[random_index(random, 5)] += 40;
    }
    const Relation relation = relation_of(parameters.mixture(), 0, x, 2).value_or(Relation());
    if (relation.predictors.empty()) {
      continue;
    }
    const Metrics& given = relation.predictors;
    UnivariateMixture expected{Vector(parameters.weights.size()), Vector(parameters.weights.size()),
                               Vector(parameters.weights.size())};
    for (Index k = 0; k < parameters.weights.size(); ++k) {
      const Matrix& covariance = parameters.covariances[k];
      const Matrix inverse = covariance(given, given).inverse();
      const Vector offset = x(given) - parameters.means.row(k)(given).transpose();
      expected.means[k] =
          parameters.means(k, 2) + Vector(covariance(given, 2)).dot(inverse * offset);
      expected.standard_deviations[k] = std::sqrt(naive_variance(covariance, 2, given));
      expected.log_weights[k] = std::log(parameters.weights[k]) -
                                0.5 * offset.dot(inverse * offset) +
                                0.5 * std::log(inverse.determinant());
    }
    expected.log_weights.array() -= log_sum_exp(Vector(expected.log_weights));
    const double tolerance = 1e-10 * (1 + x.cwiseAbs().maxCoeff());
    EXPECT_NEAR(relation.expected, mean(expected), tolerance);
    EXPECT_NEAR(cdf(expected, relation.low), 0.025, 1e-10);
    EXPECT_NEAR(cdf(expected, relation.high), 0.975, 1e-10);
  }
}

TEST(Relation, does_not_depend_on_the_order_of_metrics) {
  Random random(4);
  for (int i = 0; i < 100; ++i) {
    const Parameters parameters = random_parameters(random, 1 + random_index(random, 3), 6);
    const Vector x = random_sample(random, parameters);
    const Metrics order = random_order(random, 6);
    const GaussianMixture mixture = parameters.mixture();
    const GaussianMixture other = reordered(parameters, order).mixture();
    for (Index d = 0; d < 6; ++d) {
      const auto actual = relation_of(other, 0, Vector(x(order)), d);
      const auto expected = relation_of(mixture, 0, x, order[d]);
      ASSERT_EQ(actual.has_value(), expected.has_value());
      if (actual && expected) {
        Metrics predictors;
        for (const Index predictor : actual->predictors) {
          predictors.push_back(order[predictor]);
        }
        EXPECT_EQ(predictors, expected->predictors);
        EXPECT_NEAR(actual->expected, expected->expected, 1e-10);
        EXPECT_NEAR(actual->low, expected->low, 1e-10);
        EXPECT_NEAR(actual->high, expected->high, 1e-10);
      }
    }
  }
}

TEST(Relation, scales_with_the_units_of_metrics) {
  Random random(5);
  for (int i = 0; i < 100; ++i) {
    const Parameters parameters = random_parameters(random, 2, 5);
    const Vector x = random_sample(random, parameters);
    Vector scale(5);
    for (double& each : scale) {
      each = std::ldexp(1, static_cast<int>(random_index(random, 20)) - 10);
    }
    Parameters other = parameters;
    other.means = parameters.means * scale.asDiagonal();
    for (Matrix& covariance : other.covariances) {
      covariance = Matrix(scale.asDiagonal() * covariance * scale.asDiagonal());
    }
    const auto expected = relation_of(parameters.mixture(), 1, x, 3);
    const auto actual = relation_of(other.mixture(), 1, Vector(scale.cwiseProduct(x)), 3);
    ASSERT_EQ(actual.has_value(), expected.has_value());
    if (actual && expected) {
      EXPECT_EQ(actual->predictors, expected->predictors);
      EXPECT_NEAR(actual->expected, scale[3] * expected->expected, 1e-10 * scale[3]);
      EXPECT_NEAR(actual->low, scale[3] * expected->low, 1e-10 * scale[3]);
      EXPECT_NEAR(actual->high, scale[3] * expected->high, 1e-10 * scale[3]);
    }
  }
}

TEST(Relation, of_metrics_with_a_condition_of_1e8) {
  Random random(6);
  for (int i = 0; i < 50; ++i) {
    const Matrix covariance = random_correlation(random, 8, 1e8);
    const Parameters parameters = one_component(covariance);
    const Vector x = random_sample(random, parameters);
    const auto relation = relation_of(parameters.mixture(), 0, x, 1);
    ASSERT_EQ(relation ? relation->predictors : Metrics(), naive_predictors(covariance, 1));
    if (relation) {
      const Metrics& given = relation->predictors;
      const Vector gain = Eigen::LDLT<Matrix>(covariance(given, given)).solve(covariance(given, 1));
      EXPECT_NEAR(relation->expected, gain.dot(x(given)), 1e-7);
    }
  }
}

TEST(Relation, does_not_depend_on_the_value_of_the_metric) {
  Random random(7);
  const Parameters parameters = random_parameters(random, 2, 4);
  Vector x = random_sample(random, parameters);
  const auto expected_at = [&](double value) {
    x[1] = value;
    return relation_of(parameters.mixture(), 0, x, 1).value_or(Relation()).expected;
  };
  const double expected = expected_at(0);
  EXPECT_NE(expected, 0);
  EXPECT_EQ(expected_at(1e50), expected);
  EXPECT_EQ(expected_at(std::numeric_limits<double>::quiet_NaN()), expected);
}

}  // namespace
}  // namespace rolemix
