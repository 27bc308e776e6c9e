#include "mixture/mixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include "golden/golden.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using golden::Json;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// ---- golden cases

/// Largest error by condition and quantity; printed when ROLEMIX_PRINT_ERRORS is set.
class Errors {
 public:
  void add(double condition, const std::string& quantity, double error) {
    double& largest = largest_[{condition, quantity}];
    largest = std::max(largest, error);
  }

  ~Errors() {
    if (std::getenv("ROLEMIX_PRINT_ERRORS") == nullptr) {
      return;
    }
    for (const auto& [key, error] : largest_) {
      std::printf("condition %-8g %-28s %.1e\n", key.first, key.second.c_str(), error);
    }
  }

 private:
  std::map<std::pair<double, std::string>, double> largest_;
};

class GoldenMixture : public testing::Test {
 protected:
  void check(const std::string& quantity, double actual, double expected) {
    const double error = golden::error(actual, expected, anomaly_score_);
    errors_.add(condition_, quantity, error);
    EXPECT_LE(error, tolerance_) << where_ << ": " << quantity << " is " << actual << ", not "
                                 << expected;
  }

  void check(const std::string& quantity, const Vector& actual, const Json& expected) {
    ASSERT_EQ(actual.size(), static_cast<Index>(expected.size())) << where_ << ": " << quantity;
    for (Index i = 0; i < actual.size(); ++i) {
      check(quantity, actual[i], golden::number(expected[i]));
    }
  }

  /// Calls `test(mixture, case, sample)` for every sample of every case.
  template <typename Test>
  void for_each_sample(Test test) {
    const Json file = golden::read("mixture.json");
    for (const Json& entry : file.at("cases")) {
      const auto mixture = GaussianMixture::create(golden::vector_of(entry["weights"]),
                                                   golden::matrix_of(entry["means"]),
                                                   golden::symmetrics_of(entry["covariances"]));
      ASSERT_TRUE(mixture) << entry["name"] << ": " << mixture.error().message;
      condition_ = entry["condition"];
      tolerance_ = entry["tolerance"];
      for (const Json& sample : entry["samples"]) {
        where_ = entry["name"].get<std::string>() + ", " + sample["kind"].get<std::string>();
        anomaly_score_ = sample["log_likelihood"];
        test(*mixture, entry, sample);
      }
    }
  }

 private:
  Errors errors_;
  double condition_ = 0;
  double tolerance_ = 0;
  double anomaly_score_ = 0;
  std::string where_;
};

TEST_F(GoldenMixture, log_likelihood_and_responsibilities) {
  for_each_sample([&](const GaussianMixture& mixture, const Json&, const Json& sample) {
    const Vector x = golden::vector_of(sample["x"]);
    check("log_likelihood", mixture.log_likelihood(x), sample["log_likelihood"]);
    check("responsibilities", mixture.responsibilities(x), sample["responsibilities"]);
  });
}

TEST_F(GoldenMixture, the_bound_of_the_log_density) {
  for_each_sample([&](const GaussianMixture& mixture, const Json& entry, const Json& sample) {
    check("log_peak_bound", mixture.log_peak_bound(), entry["log_peak_bound"]);
    const auto observed = mixture.marginal(observed_dimensions(golden::vector_of(sample["x"])));
    check("log_peak_bound", observed->log_peak_bound(), sample["log_peak_bound"]);
  });
}

TEST_F(GoldenMixture, conditionals_of_every_metric) {
  for_each_sample([&](const GaussianMixture& mixture, const Json&, const Json& sample) {
    const Vector x = golden::vector_of(sample["x"]);
    const std::vector<UnivariateMixture> others = mixture.conditionals(x);
    for (std::size_t d = 0; d < others.size(); ++d) {
      check("conditional mean", mean(others[d]), sample["conditional_mean"][d]);
      check("conditional variance", variance(others[d]), sample["conditional_variance"][d]);
      check("conditional quantiles", quantile(others[d], 0.025), sample["conditional_low"][d]);
      check("conditional quantiles", quantile(others[d], 0.975), sample["conditional_high"][d]);
      if (!std::isnan(x[static_cast<Index>(d)])) {
        check("log surprise", log_two_sided_tail(others[d], x[static_cast<Index>(d)]),
              sample["log_surprise"][d]);
      }
    }
  });
}

TEST_F(GoldenMixture, marginals_of_every_metric) {
  for_each_sample([&](const GaussianMixture& mixture, const Json& entry, const Json& sample) {
    const Vector x = golden::vector_of(sample["x"]);
    for (Index d = 0; d < x.size(); ++d) {
      const UnivariateMixture typical = mixture.marginal_of(d);
      check("typical quantiles", quantile(typical, 0.025), entry["typical_low"][d]);
      check("typical quantiles", quantile(typical, 0.975), entry["typical_high"][d]);
      if (!std::isnan(x[d])) {
        check("log typical surprise", log_two_sided_tail(typical, x[d]),
              sample["log_typical_surprise"][d]);
      }
    }
  });
}

TEST_F(GoldenMixture, the_missing_metrics_together_given_the_observed) {
  for_each_sample([&](const GaussianMixture& mixture, const Json&, const Json& sample) {
    if (!sample.contains("missing_mean")) {
      return;
    }
    const auto rest = mixture.conditional(golden::vector_of(sample["x"]));
    ASSERT_TRUE(rest);
    const Vector center = rest->means().transpose() * rest->weights();
    check("missing mean", center, sample["missing_mean"]);
    Matrix spread = Matrix::Zero(rest->dimensions(), rest->dimensions());
    for (Index k = 0; k < rest->components(); ++k) {
      const Vector offset = rest->means().row(k).transpose() - center;
      spread += rest->weights()[k] * (rest->covariance(k) + offset * offset.transpose());
    }
    const Matrix expected = golden::symmetric_of(sample["missing_covariance"]);
    for (Index i = 0; i < spread.rows(); ++i) {
      for (Index j = 0; j < spread.cols(); ++j) {
        check("missing covariance", spread(i, j), expected(i, j));
      }
    }
  });
}

// ---- laws

/// Calls `test(random, parameters)` for random sizes.
template <typename Test>
void for_random_parameters(std::uint64_t seed, Test test) {
  Random random(seed);
  for (int i = 0; i < 60; ++i) {
    const Index components = 1 + random_index(random, 5);
    const Index dimensions = 1 + random_index(random, 8);
    test(random, random_parameters(random, components, dimensions));
  }
}

TEST(GaussianMixture, responsibilities_sum_to_1) {
  for_random_parameters(1, [](Random& random, const Parameters& parameters) {
    const GaussianMixture mixture = parameters.mixture();
    const Vector x = with_gaps(random, 1e6 * random_sample(random, parameters));
    EXPECT_NEAR(mixture.responsibilities(x).sum(), 1, 1e-15);
    EXPECT_GE(mixture.responsibilities(x).minCoeff(), 0);
  });
}

TEST(GaussianMixture, density_of_one_metric_integrates_to_1) {
  Random random(2);
  for (int i = 0; i < 5; ++i) {
    const GaussianMixture mixture = random_parameters(random, 1 + i, 1).mixture();
    double total = 0;
    for (double x = -40; x < 40; x += 0.01) {
      total += 0.01 * std::exp(mixture.log_likelihood(Vector::Constant(1, x)));
    }
    EXPECT_NEAR(total, 1, 1e-9);
  }
}

TEST(GaussianMixture, density_of_two_metrics_integrates_to_1) {
  Random random(3);
  const GaussianMixture mixture = random_parameters(random, 3, 2).mixture();
  double total = 0;
  for (double a = -30; a < 30; a += 0.1) {
    for (double b = -30; b < 30; b += 0.1) {
      total += 0.01 * std::exp(mixture.log_likelihood(Eigen::Vector2d(a, b)));
    }
  }
  EXPECT_NEAR(total, 1, 1e-9);
}

TEST(GaussianMixture, the_order_of_the_components_does_not_matter) {
  for_random_parameters(4, [](Random& random, const Parameters& parameters) {
    Parameters reversed = parameters;
    reversed.weights.reverseInPlace();
    reversed.means.colwise().reverseInPlace();
    std::ranges::reverse(reversed.covariances);
    const Vector x = random_sample(random, parameters);
    const GaussianMixture one = parameters.mixture();
    const GaussianMixture other = reversed.mixture();
    EXPECT_NEAR(one.log_likelihood(x), other.log_likelihood(x), 1e-12);
    const Vector responsibilities = other.responsibilities(x).reverse();
    EXPECT_TRUE(one.responsibilities(x).isApprox(responsibilities, 1e-12));
    EXPECT_NEAR(one.log_peak_bound(), other.log_peak_bound(), 1e-12);
  });
}

TEST(GaussianMixture, the_order_of_the_metrics_does_not_matter) {
  for_random_parameters(5, [](Random& random, const Parameters& parameters) {
    const GaussianMixture mixture = parameters.mixture();
    std::vector<Index> order;
    for (Index d = mixture.dimensions(); d-- > 0;) {
      order.push_back(d);
    }
    const GaussianMixture reversed = mixture.marginal(order).value();
    const Vector x = with_gaps(random, random_sample(random, parameters));
    const Vector reversed_x = x.reverse();
    EXPECT_NEAR(mixture.log_likelihood(x), reversed.log_likelihood(reversed_x), 1e-11);
    const std::vector<UnivariateMixture> others = mixture.conditionals(x);
    const std::vector<UnivariateMixture> reversed_others = reversed.conditionals(reversed_x);
    for (std::size_t d = 0; d < others.size(); ++d) {
      const UnivariateMixture& mirrored = reversed_others[others.size() - 1 - d];
      EXPECT_NEAR(mean(others[d]), mean(mirrored), 1e-10);
      EXPECT_NEAR(variance(others[d]), variance(mirrored), 1e-9);
    }
  });
}

TEST(GaussianMixture, scaling_a_metric_moves_the_log_density_by_the_log_of_the_scale) {
  for_random_parameters(6, [](Random& random, const Parameters& parameters) {
    const Vector x = random_sample(random, parameters);
    const Index d = random_index(random, x.size());
    for (const double scale : {1e-15, 1e-3, 1e20}) {
      Parameters scaled = parameters;
      Vector scaled_x = x;
      scaled.means.col(d) *= scale;
      scaled_x[d] *= scale;
      for (Matrix& covariance : scaled.covariances) {
        covariance.row(d) *= scale;
        covariance.col(d) *= scale;
      }
      const double expected = parameters.mixture().log_likelihood(x) - std::log(scale);
      EXPECT_NEAR(scaled.mixture().log_likelihood(scaled_x), expected, 1e-10);
    }
  });
}

TEST(GaussianMixture, log_likelihood_with_gaps_is_that_of_the_marginal) {
  for_random_parameters(7, [](Random& random, const Parameters& parameters) {
    const GaussianMixture mixture = parameters.mixture();
    const Vector x = with_gaps(random, random_sample(random, parameters));
    const std::vector<Index> observed = observed_dimensions(x);
    EXPECT_EQ(observed.size() + missing_dimensions(x).size(), static_cast<std::size_t>(x.size()));
    if (!observed.empty()) {
      const Vector part = x(observed);
      const GaussianMixture marginal = mixture.marginal(observed).value();
      EXPECT_NEAR(mixture.log_likelihood(x), marginal.log_likelihood(part), 1e-11);
      EXPECT_TRUE(mixture.responsibilities(x).isApprox(marginal.responsibilities(part), 1e-11));
    }
  });
}

TEST(GaussianMixture, joint_density_is_marginal_times_conditional) {
  for_random_parameters(8, [](Random& random, const Parameters& parameters) {
    const GaussianMixture mixture = parameters.mixture();
    const Vector x = random_sample(random, parameters);
    const Vector gaps = with_gaps(random, x);
    const std::vector<Index> missing = missing_dimensions(gaps);
    if (missing.empty()) {
      return;
    }
    const Vector rest = x(missing);
    const double together =
        mixture.log_likelihood(gaps) + mixture.conditional(gaps)->log_likelihood(rest);
    EXPECT_NEAR(mixture.log_likelihood(x), together, 1e-10);
  });
}

TEST(GaussianMixture, no_log_density_is_above_the_bound) {
  for_random_parameters(9, [](Random& random, const Parameters& parameters) {
    const GaussianMixture mixture = parameters.mixture();
    for (Index k = 0; k < mixture.components(); ++k) {
      const Vector at_mean = mixture.means().row(k).transpose();
      EXPECT_LE(mixture.log_likelihood(at_mean), mixture.log_peak_bound() + 1e-12);
    }
    const Vector x = random_sample(random, parameters);
    EXPECT_LE(mixture.log_likelihood(x), mixture.log_peak_bound());
  });
}

TEST(GaussianMixture, the_precision_is_the_inverse_of_the_covariance) {
  for_random_parameters(10, [](Random&, const Parameters& parameters) {
    const GaussianMixture mixture = parameters.mixture();
    for (Index k = 0; k < mixture.components(); ++k) {
      const Matrix product = mixture.covariance(k) * mixture.precision(k);
      EXPECT_TRUE(product.isIdentity(1e-10));
      const double determinant = mixture.covariance(k).determinant();
      EXPECT_NEAR(mixture.log_determinant(k), std::log(determinant), 1e-10);
    }
  });
}

// ---- the conditionals of all metrics at once

/// Distance of two distributions in their own standard deviations.
void expect_same(const UnivariateMixture& actual, const UnivariateMixture& expected,
                 double tolerance, const std::string& where) {
  const double sd = std::sqrt(variance(expected));
  EXPECT_NEAR(mean(actual), mean(expected), tolerance * sd) << where;
  EXPECT_NEAR(std::sqrt(variance(actual)), sd, tolerance * sd) << where;
  for (const double p : {0.025, 0.975}) {
    EXPECT_NEAR(quantile(actual, p), quantile(expected, p), tolerance * sd) << where;
  }
}

/// Conditionals from the precisions against those by a sub-matrix of each metric.
void expect_conditionals(const GaussianMixture& mixture, const Vector& x, double tolerance,
                         const std::string& where) {
  const std::vector<UnivariateMixture> others = mixture.conditionals(x);
  for (Index d = 0; d < x.size(); ++d) {
    Vector without = x;
    without[d] = kNaN;
    const std::vector<Index> missing = missing_dimensions(without);
    const auto place = std::ranges::find(missing, d) - missing.begin();
    const UnivariateMixture direct = mixture.conditional(without)->marginal_of(place);
    expect_same(others[d], direct, tolerance, where + ", metric " + std::to_string(d));
  }
}

TEST(Conditionals, by_formula_equal_those_by_sub_matrix) {
  for_random_parameters(11, [](Random& random, const Parameters& parameters) {
    const GaussianMixture mixture = parameters.mixture();
    const Vector x = random_sample(random, parameters);
    expect_conditionals(mixture, x, 1e-9, "complete");
    expect_conditionals(mixture, with_gaps(random, x), 1e-9, "with gaps");
  });
}

TEST(Conditionals, give_the_score_per_variable_of_a_sparse_gaussian_markov_random_field_mixture) {
  // Ide, Khandelwal & Kalagnanam 2016: a_d = -log Σ_k g_k N(x_d; u_k, 1/Λ_k,dd), where
  // u_k = μ_k,d - Σ_e≠d Λ_k,de (x_e - μ_k,e) / Λ_k,dd; here with the mixture's own gates.
  Random random(41);
  for (int i = 0; i < 50; ++i) {
    const Parameters parameters = random_parameters(random, 3, 5);
    const GaussianMixture mixture = parameters.mixture();
    const Vector x = random_sample(random, parameters) + Vector::Constant(5, i % 2 == 0 ? 0 : 3);
    const std::vector<UnivariateMixture> conditionals = mixture.conditionals(x);
    for (Index d = 0; d < 5; ++d) {
      std::vector<Index> others;
      for (Index e = 0; e < 5; ++e) {
        if (e != d) {
          others.push_back(e);
        }
      }
      const Vector gates = mixture.marginal(others).value().responsibilities(x(others));
      double density = 0;
      for (Index k = 0; k < 3; ++k) {
        const Matrix precision = parameters.covariances[k].inverse();
        double u = parameters.means(k, d);
        for (const Index e : others) {
          u -= precision(d, e) * (x[e] - parameters.means(k, e)) / precision(d, d);
        }
        density += gates[k] * std::sqrt(precision(d, d) / (2 * std::numbers::pi)) *
                   std::exp(-0.5 * precision(d, d) * (x[d] - u) * (x[d] - u));
      }
      EXPECT_NEAR(log_density(conditionals[d], x[d]), std::log(density),
                  1e-9 * (1 + std::abs(std::log(density))));
    }
  }
}

TEST(Conditionals, of_one_metric_do_not_depend_on_how_far_off_it_is) {
  for_random_parameters(12, [](Random& random, const Parameters& parameters) {
    const GaussianMixture mixture = parameters.mixture();
    const Vector near = random_sample(random, parameters);
    const Index d = random_index(random, near.size());
    const UnivariateMixture expected = mixture.conditionals(near)[d];
    for (const double far : {1e2, -1e4, 1e6, -1e9, 1e15}) {
      Vector x = near;
      x[d] = far;
      expect_same(mixture.conditionals(x)[d], expected, 1e-9, "at " + std::to_string(far));
    }
  });
}

TEST(Conditionals, of_metrics_that_are_all_missing_are_the_marginals) {
  for_random_parameters(13, [](Random&, const Parameters& parameters) {
    const GaussianMixture mixture = parameters.mixture();
    const Vector nothing = Vector::Constant(mixture.dimensions(), kNaN);
    const std::vector<UnivariateMixture> others = mixture.conditionals(nothing);
    for (Index d = 0; d < mixture.dimensions(); ++d) {
      expect_same(others[d], mixture.marginal_of(d), 1e-12, "metric " + std::to_string(d));
    }
    EXPECT_EQ(mixture.log_likelihood(nothing), 0);
    EXPECT_EQ(mixture.responsibilities(nothing), mixture.weights());
  });
}

TEST(Conditionals, are_never_narrower_than_the_tolerance_when_no_covariance_is) {
  for_random_parameters(14, [](Random& random, const Parameters& parameters) {
    // random_parameters adds the identity to every covariance.
    for (const UnivariateMixture& others :
         parameters.mixture().conditionals(random_sample(random, parameters))) {
      EXPECT_GE(others.standard_deviations.minCoeff(), 1 - 1e-12);
    }
  });
}

// ---- edges and errors

TEST(GaussianMixture, of_one_component_and_one_metric_is_the_normal_distribution) {
  const auto mixture = GaussianMixture::create(Vector::Ones(1), Matrix::Constant(1, 1, 3),
                                               {Matrix::Constant(1, 1, 4)});
  ASSERT_TRUE(mixture);
  const Vector x = Vector::Constant(1, 7);
  EXPECT_NEAR(mixture->log_likelihood(x), -std::log(2 * std::sqrt(2 * std::numbers::pi)) - 2,
              1e-15);
  EXPECT_EQ(mixture->responsibilities(x)[0], 1);
  EXPECT_NEAR(mean(mixture->conditionals(x)[0]), 3, 1e-15);
}

TEST(GaussianMixture, takes_scales_from_tiny_to_huge) {
  for (const double scale : {1e-24, 1e-10, 1.0, 1e10, 1e24}) {
    Matrix covariance(2, 2);
    covariance << 1, 0.5, 0.5, 2;
    const auto mixture = GaussianMixture::create(Vector::Ones(1), Matrix::Constant(1, 2, scale),
                                                 {scale * scale * covariance});
    ASSERT_TRUE(mixture) << scale << ": " << mixture.error().message;
    const Vector x = 2 * scale * Vector::Ones(2);
    const double expected =
        -std::log(2 * std::numbers::pi) - 2 * std::log(scale) - 0.5 * std::log(1.75) - 4.0 / 7;
    EXPECT_NEAR(mixture->log_likelihood(x), expected, 1e-12 * std::abs(expected)) << scale;
    EXPECT_NEAR(mean(mixture->conditionals(x)[0]), 1.25 * scale, 1e-12 * scale);
  }
}

TEST(GaussianMixture, stays_finite_for_the_largest_values_it_takes) {
  Random random(15);
  Parameters parameters = random_parameters(random, 3, 4);
  for (Matrix& covariance : parameters.covariances) {
    covariance /= kLargestValue;
    covariance.diagonal().array() += 1 / kLargestValue;
  }
  const GaussianMixture mixture = parameters.mixture();
  const Vector x = Vector::Constant(4, kLargestValue);
  EXPECT_TRUE(std::isfinite(mixture.log_likelihood(x)));
  EXPECT_NEAR(mixture.responsibilities(x).sum(), 1, 1e-12);
  for (const UnivariateMixture& others : mixture.conditionals(x)) {
    EXPECT_TRUE(std::isfinite(quantile(others, 0.025)));
    EXPECT_TRUE(std::isfinite(log_two_sided_tail(others, x[0])));
  }
}

ErrorCode error_of(const Parameters& parameters) {
  const auto mixture =
      GaussianMixture::create(parameters.weights, parameters.means, parameters.covariances);
  EXPECT_FALSE(mixture);
  return mixture ? ErrorCode::kSourceFailed : mixture.error().code;
}

class BrokenMixture : public testing::Test {
 protected:
  Random random_{16};
  Parameters parameters_ = random_parameters(random_, 2, 3);
};

TEST_F(BrokenMixture, sizes_that_do_not_belong_together) {
  Parameters broken = parameters_;
  broken.covariances.pop_back();
  EXPECT_EQ(error_of(broken), ErrorCode::kShapeMismatch);
  broken = parameters_;
  broken.means.conservativeResize(2, 2);
  EXPECT_EQ(error_of(broken), ErrorCode::kShapeMismatch);
  broken = parameters_;
  broken.means.conservativeResize(1, 3);
  EXPECT_EQ(error_of(broken), ErrorCode::kShapeMismatch);
  EXPECT_EQ(error_of(Parameters{}), ErrorCode::kShapeMismatch);
}

TEST_F(BrokenMixture, weights_that_are_not_a_distribution) {
  for (const double weight : {0.0, -0.1, 0.7}) {
    Parameters broken = parameters_;
    broken.weights << weight, 0.5;
    EXPECT_EQ(error_of(broken), ErrorCode::kInvalidArgument) << weight;
  }
}

TEST_F(BrokenMixture, numbers_that_are_not_finite) {
  for (const double value : {kNaN, std::numeric_limits<double>::infinity()}) {
    Parameters broken = parameters_;
    broken.weights[1] = value;
    EXPECT_EQ(error_of(broken), ErrorCode::kNotFinite);
    broken = parameters_;
    broken.means(1, 1) = value;
    EXPECT_EQ(error_of(broken), ErrorCode::kNotFinite);
    broken = parameters_;
    broken.covariances[1](1, 1) = value;
    EXPECT_EQ(error_of(broken), ErrorCode::kNotFinite);
  }
}

TEST_F(BrokenMixture, covariances_without_a_factor) {
  Parameters broken = parameters_;
  broken.covariances[1](0, 1) += 1;
  EXPECT_EQ(error_of(broken), ErrorCode::kInvalidArgument) << "not symmetric";
  broken = parameters_;
  broken.covariances[1](1, 1) = -1;
  EXPECT_EQ(error_of(broken), ErrorCode::kNotPositiveDefinite) << "negative";
  broken = parameters_;
  broken.covariances[1].setOnes();
  EXPECT_EQ(error_of(broken), ErrorCode::kNotPositiveDefinite) << "singular";
  broken = parameters_;
  broken.covariances[1].setOnes();
  broken.covariances[1].diagonal().array() += 1e-13;
  EXPECT_EQ(error_of(broken), ErrorCode::kNotPositiveDefinite) << "nearly singular";
}

TEST_F(BrokenMixture, numbers_beyond_the_range) {
  Parameters broken = parameters_;
  broken.means(0, 0) = 1e51;
  EXPECT_EQ(error_of(broken), ErrorCode::kInvalidArgument);
  for (const double scale : {1e-60, 1e60}) {
    broken = parameters_;
    broken.covariances[0] *= scale;
    EXPECT_EQ(error_of(broken), ErrorCode::kInvalidArgument);
  }
}

TEST(GaussianMixture, takes_metrics_of_very_different_scale) {
  Matrix covariance = Matrix::Identity(2, 2);
  covariance(0, 0) = 1e40;
  covariance(1, 1) = 1e-40;
  covariance(0, 1) = covariance(1, 0) = 0.5;
  EXPECT_TRUE(GaussianMixture::create(Vector::Ones(1), Matrix::Zero(1, 2), {covariance}));
}

TEST(GaussianMixture, normalises_weights_that_sum_to_nearly_1) {
  Vector weights(2);
  weights << 0.3, 0.7 + 5e-10;
  const std::vector<Matrix> covariances(2, Matrix::Identity(1, 1));
  const auto mixture = GaussianMixture::create(weights, Matrix::Zero(2, 1), covariances);
  ASSERT_TRUE(mixture);
  EXPECT_NEAR(mixture->weights().sum(), 1, 1e-15);
}

TEST(GaussianMixture, marginal_and_conditional_refuse_what_they_cannot_give) {
  Random random(17);
  const GaussianMixture mixture = random_parameters(random, 2, 3).mixture();
  for (const std::vector<Index>& wrong : std::vector<std::vector<Index>>{{}, {3}, {-1}, {1, 1}}) {
    const auto marginal = mixture.marginal(wrong);
    ASSERT_FALSE(marginal);
    EXPECT_EQ(marginal.error().code, ErrorCode::kInvalidArgument);
  }
  const auto conditional = mixture.conditional(Vector::Zero(3));
  ASSERT_FALSE(conditional);
  EXPECT_EQ(conditional.error().code, ErrorCode::kInvalidArgument);
}

TEST(Regression, predicts_missing_metrics_as_the_conditional_does) {
  Random random(31);
  const GaussianMixture mixture = random_parameters(random, 3, 5).mixture();
  Vector x = random_normals(random, 5, 1).col(0);
  x[1] = x[3] = kNaN;
  const std::vector<Index> observed = observed_dimensions(x);
  const std::vector<Index> missing = missing_dimensions(x);
  const GaussianMixture rest = mixture.conditional(x).value();
  for (Index k = 0; k < 3; ++k) {
    const GaussianMixture::Regression regression = mixture.regression(k, observed, missing);
    const Vector mean = mixture.means().row(k).transpose();
    const Vector predicted = mean(missing) + regression.gain * (x(observed) - mean(observed));
    EXPECT_TRUE(predicted.isApprox(rest.means().row(k).transpose(), 1e-12));
    EXPECT_TRUE(
        regression.standard_deviations.cwiseAbs2().isApprox(rest.covariance(k).diagonal(), 1e-12));
  }
}

}  // namespace
}  // namespace rolemix
