#include "kernel/kernel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "model/random_model.h"

namespace rolemix {
namespace {

/// DESIGN's rule for two correct codes.
void expect_close(double a, double b, double score, double tolerance) {
  EXPECT_LE(std::abs(a - b), tolerance * std::max({1.0, std::abs(a), std::abs(b), std::abs(score)}))
      << a << " and " << b;
}

BatchScores score(const Kernel& kernel, const Matrix& samples) {
  BatchScores scores;
  kernel.score(samples.data(), samples.rows(), Responsibilities::kGiven, scores);
  return scores;
}

BatchExplanations explain(const Kernel& kernel, const Matrix& samples) {
  BatchExplanations explained;
  kernel.explain(samples.data(), nullptr, samples.rows(), explained);
  return explained;
}

/// With some whitening, which need not be one here.
Kernel kernel_of(Random& random, const Parameters& parameters, InstructionSet set) {
  Kernel kernel(parameters.mixture(), set);
  const Index dimensions = parameters.means.cols();
  std::vector<Matrix> whitening(parameters.weights.size());
  for (Matrix& matrix : whitening) {
    matrix = random_normals(random, dimensions, dimensions);
  }
  kernel.set_whitening(whitening);
  return kernel;
}

/// A quantile by what it is: the distribution function there, as well as x can be told. Where next
/// to nothing lies between two states the place itself says little.
void expect_quantile(const UnivariateMixture& mixture, double x, double probability) {
  const double per_digit = std::exp(log_density(mixture, x)) * std::abs(x);
  EXPECT_NEAR(cdf(mixture, x), probability, 1e-12 * std::max(1.0, per_digit));
}

void expect_metric_as_mixture(const BatchExplanations& explained, Index row, Index d,
                              const UnivariateMixture& others, const UnivariateMixture& own,
                              double x, double score, double tolerance) {
  expect_close(explained[kMean](d, row), mean(others), score, tolerance);
  expect_close(explained[kVariance](d, row), variance(others), score, tolerance);
  expect_close(explained[kLogSurprise](d, row), log_two_sided_tail(others, x), score, tolerance);
  expect_close(explained[kCdf](d, row), cdf(others, x), score, tolerance);
  expect_quantile(others, explained[kLow](d, row), 0.025);
  expect_quantile(others, explained[kHigh](d, row), 0.975);
  expect_close(explained[kLogTypicalSurprise](d, row), log_two_sided_tail(own, x), score,
               tolerance);
  expect_close(explained[kTypicalCdf](d, row), cdf(own, x), score, tolerance);
}

void expect_as_mixture(const Kernel& kernel, const Matrix& samples, double tolerance) {
  const GaussianMixture& mixture = kernel.mixture();
  const BatchScores scores = score(kernel, samples);
  const BatchExplanations explained = explain(kernel, samples);
  EXPECT_EQ(explained.scores.log_likelihood, scores.log_likelihood);
  EXPECT_EQ(explained.scores.state, scores.state);
  EXPECT_EQ(explained.scores.responsibilities, scores.responsibilities);
  for (Index row = 0; row < samples.rows(); ++row) {
    const Vector x = samples.row(row).transpose();
    const double score = mixture.log_likelihood(x);
    expect_close(scores.log_likelihood[row], score, score, tolerance);
    const Vector responsibilities = mixture.responsibilities(x);
    EXPECT_NEAR(responsibilities[scores.state[row]], responsibilities.maxCoeff(), 1e-9);
    for (Index k = 0; k < mixture.components(); ++k) {
      expect_close(scores.responsibilities(k, row), responsibilities[k], score, tolerance);
    }
    const std::vector<UnivariateMixture> others = mixture.conditionals(x);
    for (Index d = 0; d < mixture.dimensions(); ++d) {
      expect_metric_as_mixture(explained, row, d, others[d], mixture.marginal_of(d), x[d], score,
                               tolerance);
    }
  }
}

class KernelOf : public testing::TestWithParam<InstructionSet> {};

TEST_P(KernelOf, says_what_the_mixture_says_for_random_models_and_samples) {
  Random random(1);
  for (int trial = 0; trial < 60; ++trial) {
    const Index dimensions = 1 + random_index(random, 23);
    const Index components = 1 + random_index(random, 7);
    const Parameters parameters = random_parameters(random, components, dimensions);
    const Kernel kernel = kernel_of(random, parameters, GetParam());
    const double spread = std::pow(10, 1.5 * random.uniform());
    const Matrix samples = spread * random_normals(random, random_index(random, 70), dimensions);
    expect_as_mixture(kernel, samples, 1e-12);
  }
}

TEST_P(KernelOf, keeps_its_digits_far_from_the_data) {
  Random random(2);
  for (const double away : {40.0, 1e3, 1e6, 1e12, 1e50}) {
    const Kernel kernel = kernel_of(random, random_parameters(random, 3, 5), GetParam());
    Matrix samples = random_normals(random, 10, 5);
    for (Index row = 0; row < samples.rows(); ++row) {
      samples(row, row % 5) = row % 2 == 0 ? away : -away;
    }
    const BatchExplanations explained = explain(kernel, samples);
    EXPECT_TRUE(explained.scores.log_likelihood.allFinite());
    for (const Matrix& field : explained.fields) {
      EXPECT_TRUE(field.allFinite());
    }
    if (away <= 1e6) {
      expect_as_mixture(kernel, samples, 1e-12);
    }
  }
}

TEST_P(KernelOf, keeps_the_weights_of_states_that_one_metric_tells_apart) {
  Random random(7);
  for (const double apart : {30.0, 300.0, 3000.0}) {
    Parameters parameters = random_parameters(random, 2, 4);
    parameters.means.row(1) = parameters.means.row(0);
    parameters.means(1, 2) += apart;
    parameters.covariances[1] = 2 * parameters.covariances[0];
    Matrix samples = random_normals(random, 10, 4).rowwise() + parameters.means.row(0);
    samples.bottomRows(5).col(2).array() += apart;
    expect_as_mixture(kernel_of(random, parameters, GetParam()), samples, 1e-12);
  }
}

TEST_P(KernelOf, keeps_the_weights_up_to_where_samples_are_left_to_the_plain_code) {
  constexpr double kDeviation = 30;
  Parameters parameters;
  parameters.weights = Eigen::Vector2d(0.9, 0.1);
  parameters.means = Matrix::Zero(2, 2);
  parameters.means(1, 1) = kDeviation;
  parameters.covariances.assign(2, kDeviation * kDeviation * Matrix::Identity(2, 2));
  Matrix samples = Matrix::Zero(1000, 2);
  samples.col(1) = Vector::LinSpaced(1000, 20 * kDeviation, 40 * kDeviation);
  Random random(8);
  expect_as_mixture(kernel_of(random, parameters, GetParam()), samples, 1e-12);
}

TEST_P(KernelOf, gives_a_sample_the_same_numbers_in_any_batch) {
  Random random(3);
  const Kernel kernel = kernel_of(random, random_parameters(random, 4, 7), GetParam());
  const Matrix samples = 10 * random_normals(random, 167, 7);
  const BatchExplanations together = explain(kernel, samples);
  for (Index row = 0; row < samples.rows(); ++row) {
    const BatchExplanations alone = explain(kernel, samples.row(row));
    EXPECT_EQ(alone.scores.log_likelihood[0], together.scores.log_likelihood[row]);
    for (int field = 0; field < kExplanationFields; ++field) {
      EXPECT_EQ(alone.fields[field].col(0), together.fields[field].col(row)) << field;
    }
  }
}

TEST_P(KernelOf, gives_a_sample_with_a_gap_no_finite_score_and_the_others_theirs) {
  Random random(11);
  for (int round = 0; round < 30; ++round) {
    const Index dimensions = 1 + random_index(random, 23);
    const Index components = 1 + random_index(random, 7);
    const Parameters parameters = random_parameters(random, components, dimensions);
    const Kernel kernel(parameters.mixture(), GetParam());
    Matrix samples = 3 * random_normals(random, 67, dimensions);
    const BatchScores before = score(kernel, samples);
    for (Index row = 0; row < samples.rows(); row += 2) {
      samples(row, random_index(random, samples.cols())) = std::numeric_limits<double>::quiet_NaN();
    }
    const BatchScores after = score(kernel, samples);
    for (Index row = 0; row < samples.rows(); ++row) {
      if (row % 2 == 0) {
        EXPECT_FALSE(std::isfinite(after.log_likelihood[row]));
      } else {
        EXPECT_EQ(after.log_likelihood[row], before.log_likelihood[row]);
        EXPECT_EQ(after.state[row], before.state[row]);
      }
    }
  }
}

TEST_P(KernelOf, replaces_ignored_values_alike_in_any_batch) {
  Random random(9);
  const Parameters parameters = random_parameters(random, 5, 6);
  const Kernel kernel(parameters.mixture(), GetParam());
  const std::vector<DetectionDirection> directions(6, DetectionDirection::kAbove);
  const Matrix samples = 20 * random_normals(random, 200, 6);
  Matrix together = samples;
  kernel.replace_ignored(directions, together.data(), samples.rows());
  for (Index row = 0; row < samples.rows(); ++row) {
    Matrix alone = samples.row(row);
    kernel.replace_ignored(directions, alone.data(), 1);
    EXPECT_EQ(alone, together.row(row));
  }
}

TEST_P(KernelOf, gives_no_more_than_surprises_unless_asked) {
  Random random(5);
  const Kernel kernel = kernel_of(random, random_parameters(random, 3, 6), GetParam());
  const Matrix samples = random_normals(random, 40, 6);
  BatchExplanations few;
  kernel.surprises(samples.data(), samples.rows(), few);
  const BatchExplanations all = explain(kernel, samples);
  EXPECT_EQ(few[kMean], all[kMean]);
  EXPECT_EQ(few[kVariance], all[kVariance]);
  EXPECT_EQ(few[kLogSurprise], all[kLogSurprise]);
  EXPECT_EQ(few[kLow].size(), 0);
}

TEST_P(KernelOf, says_what_each_metric_is_on_its_own_near_and_far) {
  Random random(8);
  const Kernel kernel = kernel_of(random, random_parameters(random, 3, 6), GetParam());
  Matrix samples = random_normals(random, 40, 6);
  samples(1, 2) = 40;
  samples(2, 3) = -1e5;
  TypicalSurprises own;
  kernel.typical(samples.data(), samples.rows(), own);
  for (Index row = 0; row < samples.rows(); ++row) {
    for (Index d = 0; d < 6; ++d) {
      const UnivariateMixture marginal = kernel.mixture().marginal_of(d);
      const double expected = log_two_sided_tail(marginal, samples(row, d));
      EXPECT_NEAR(own.log_surprise(d, row), expected, 1e-11 * std::max(1.0, std::abs(expected)));
      EXPECT_NEAR(own.cdf(d, row), cdf(marginal, samples(row, d)), 1e-12);
    }
  }
}

TEST_P(KernelOf, shares_out_the_squares_of_what_is_whitened) {
  Random random(6);
  const Parameters parameters = random_parameters(random, 3, 7);
  Kernel kernel(parameters.mixture(), GetParam());
  std::vector<Matrix> whitening;
  for (int k = 0; k < 3; ++k) {
    whitening.push_back(random_normals(random, 7, 7));
  }
  kernel.set_whitening(whitening);
  const Matrix samples = random_normals(random, 40, 7);
  const BatchExplanations explained = explain(kernel, samples);
  for (Index row = 0; row < samples.rows(); ++row) {
    const Vector x = samples.row(row).transpose();
    const Vector responsibilities = kernel.mixture().responsibilities(x);
    Vector shares = Vector::Zero(7);
    for (Index k = 0; k < 3; ++k) {
      const Vector white = whitening[k] * (x - parameters.means.row(k).transpose());
      shares += responsibilities[k] * white.cwiseAbs2();
    }
    EXPECT_TRUE(explained[kShare].col(row).isApprox(shares, 1e-11));
  }
}

TEST_P(KernelOf, judges_what_was_observed_by_what_the_scored_sample_says) {
  Random random(7);
  const Kernel kernel = kernel_of(random, random_parameters(random, 3, 5), GetParam());
  const Matrix scored = random_normals(random, 30, 5);
  Matrix observed = scored;
  for (Index row = 0; row < observed.rows(); ++row) {
    observed(row, row % 5) += 3 * random_normal(random);
  }
  BatchExplanations explained;
  kernel.explain(scored.data(), observed.data(), scored.rows(), explained);
  for (Index row = 0; row < observed.rows(); ++row) {
    const Vector x = scored.row(row).transpose();
    const std::vector<UnivariateMixture> others = kernel.mixture().conditionals(x);
    const double score = kernel.mixture().log_likelihood(x);
    for (Index d = 0; d < 5; ++d) {
      expect_metric_as_mixture(explained, row, d, others[d], kernel.mixture().marginal_of(d),
                               observed(row, d), score, 1e-12);
    }
  }
}

TEST_P(KernelOf, replaces_ignored_values_as_the_plain_code_does) {
  Random random(8);
  for (int trial = 0; trial < 120; ++trial) {
    const Index dimensions = 1 + random_index(random, 12);
    Parameters parameters = random_parameters(random, 1 + random_index(random, 6), dimensions);
    if (trial % 2 == 1) {
      parameters.means *= std::pow(10, -4 * random.uniform());  // states that are much alike
    }
    const Kernel kernel(parameters.mixture(), GetParam());
    std::vector<DetectionDirection> directions(dimensions);
    for (DetectionDirection& direction : directions) {
      direction = static_cast<DetectionDirection>(random_index(random, 3));
    }
    const double spread = std::pow(10, 2 * random.uniform());
    const Matrix samples = spread * random_normals(random, 40, dimensions);
    Matrix replaced = samples;
    kernel.replace_ignored(directions, replaced.data(), samples.rows());
    for (Index row = 0; row < samples.rows(); ++row) {
      const Vector x = samples.row(row).transpose();
      const Vector expected = replace_ignored(kernel.mixture(), directions, x);
      const double score = kernel.mixture().log_likelihood(x);
      for (Index d = 0; d < dimensions; ++d) {
        expect_close(replaced(row, d), expected[d], score, 1e-12);
      }
    }
  }
}

TEST_P(KernelOf, takes_no_samples) {
  Random random(4);
  const Kernel kernel = kernel_of(random, random_parameters(random, 2, 3), GetParam());
  EXPECT_EQ(score(kernel, Matrix(0, 3)).log_likelihood.size(), 0);
  EXPECT_EQ(explain(kernel, Matrix(0, 3))[kMean].size(), 0);
}

TEST_P(KernelOf, sums_moments_as_plain_code_does) {
  Random random(5);
  for (Index dimensions = 1; dimensions <= 43; dimensions += 1 + dimensions / 9) {
    for (const Index count : {0, 1, 7, 128, 129, 300}) {
      const Matrix samples = 10 * random_normals(random, count, dimensions);
      const Vector mean = random_normals(random, dimensions, 1);
      Vector shares(count);
      for (double& share : shares) {
        share = random.uniform() < 0.2 ? 0.5 * kLeastShare : random.uniform();
      }
      Moments moments(dimensions);
      moments.mass = 1;
      moments.first[0] = 2;
      moments.second(dimensions - 1, 0) = 3;
      Moments expected = moments;
      add_moments(samples.data(), shares.data(), count, mean.data(), moments, GetParam());
      for (Index n = 0; n < count; ++n) {
        const Vector centred = samples.row(n).transpose() - mean;
        expected.mass += shares[n];
        expected.first += shares[n] * centred;
        expected.second += shares[n] * centred * centred.transpose();
      }
      const auto far = [](const Matrix& apart) {
        return apart.size() > 0 ? apart.cwiseAbs().maxCoeff() : 0;
      };
      EXPECT_NEAR(moments.mass, expected.mass, 1e-11);
      EXPECT_LT(far(moments.first - expected.first), 1e-9) << dimensions << " metrics";
      const Matrix apart = moments.second - expected.second;
      EXPECT_LT(far(apart.triangularView<Eigen::Lower>()), 1e-8)
          << dimensions << " metrics, " << count << " rows";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, KernelOf, testing::ValuesIn(instruction_sets()),
                         [](const auto& tested) { return std::string(name(tested.param)); });

TEST(InstructionSets, begin_with_the_one_that_every_machine_has) {
  EXPECT_EQ(instruction_sets().front(), InstructionSet::kBaseline);
}

}  // namespace
}  // namespace rolemix
