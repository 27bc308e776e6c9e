#include "core/kernel.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random_model.h"

namespace rolemix {
namespace {

/// DESIGN's rule for two correct codes.
void expect_close(double a, double b, double score, double tolerance) {
  EXPECT_LE(std::abs(a - b), tolerance * std::max({1.0, std::abs(a), std::abs(b), std::abs(score)}))
      << a << " and " << b;
}

BatchScores score(const Kernel& kernel, const Matrix& samples) {
  BatchScores scores;
  kernel.score(samples.data(), samples.rows(), scores);
  return scores;
}

BatchConditionals explain(const Kernel& kernel, const Matrix& samples) {
  BatchConditionals conditionals;
  kernel.explain(samples.data(), samples.rows(), conditionals);
  return conditionals;
}

void expect_as_mixture(const Kernel& kernel, const Matrix& samples, double tolerance) {
  const GaussianMixture& mixture = kernel.mixture();
  const BatchScores scores = score(kernel, samples);
  const BatchConditionals explained = explain(kernel, samples);
  for (Index row = 0; row < samples.rows(); ++row) {
    const Vector x = samples.row(row).transpose();
    const double score = mixture.log_likelihood(x);
    expect_close(scores.log_likelihood[row], score, score, tolerance);
    expect_close(explained.log_likelihood[row], score, score, tolerance);
    const Vector responsibilities = mixture.responsibilities(x);
    for (Index k = 0; k < mixture.components(); ++k) {
      expect_close(scores.responsibilities(k, row), responsibilities[k], score, tolerance);
    }
    const std::vector<UnivariateMixture> others = mixture.conditionals(x);
    for (Index d = 0; d < mixture.dimensions(); ++d) {
      expect_close(explained.mean(d, row), mean(others[d]), score, tolerance);
      expect_close(explained.variance(d, row), variance(others[d]), score, tolerance);
      expect_close(explained.surprise(d, row), std::exp(log_two_sided_tail(others[d], x[d])), score,
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
    const Kernel kernel(parameters.mixture(), GetParam());
    const double spread = std::pow(10, 1.5 * random.uniform());
    const Matrix samples = spread * random_normals(random, random_index(random, 70), dimensions);
    expect_as_mixture(kernel, samples, 1e-12);
  }
}

TEST_P(KernelOf, keeps_its_digits_far_from_the_data) {
  Random random(2);
  for (const double away : {40.0, 1e3, 1e6, 1e12, 1e50}) {
    const Kernel kernel(random_parameters(random, 3, 5).mixture(), GetParam());
    Matrix samples = random_normals(random, 10, 5);
    for (Index row = 0; row < samples.rows(); ++row) {
      samples(row, row % 5) = row % 2 == 0 ? away : -away;
    }
    const BatchConditionals explained = explain(kernel, samples);
    EXPECT_TRUE(explained.log_likelihood.allFinite());
    EXPECT_TRUE(explained.mean.allFinite());
    EXPECT_TRUE(explained.variance.allFinite());
    EXPECT_TRUE(explained.surprise.allFinite());
    if (away <= 1e6) {
      expect_as_mixture(kernel, samples, 1e-12);
    }
  }
}

TEST_P(KernelOf, gives_a_sample_the_same_numbers_in_any_batch) {
  Random random(3);
  const Kernel kernel(random_parameters(random, 4, 7).mixture(), GetParam());
  const Matrix samples = random_normals(random, 67, 7);
  const BatchConditionals together = explain(kernel, samples);
  for (Index row = 0; row < samples.rows(); ++row) {
    const BatchConditionals alone = explain(kernel, samples.row(row));
    EXPECT_EQ(alone.log_likelihood[0], together.log_likelihood[row]);
    EXPECT_EQ(alone.mean.col(0), together.mean.col(row));
    EXPECT_EQ(alone.variance.col(0), together.variance.col(row));
    EXPECT_EQ(alone.surprise.col(0), together.surprise.col(row));
  }
}

TEST_P(KernelOf, takes_no_samples) {
  Random random(4);
  const Kernel kernel(random_parameters(random, 2, 3).mixture(), GetParam());
  EXPECT_EQ(score(kernel, Matrix(0, 3)).log_likelihood.size(), 0);
  EXPECT_EQ(explain(kernel, Matrix(0, 3)).log_likelihood.size(), 0);
}

INSTANTIATE_TEST_SUITE_P(, KernelOf, testing::ValuesIn(instruction_sets()),
                         [](const auto& tested) { return std::string(name(tested.param)); });

TEST(InstructionSets, begin_with_the_one_that_every_machine_has) {
  EXPECT_EQ(instruction_sets().front(), InstructionSet::kBaseline);
}

}  // namespace
}  // namespace rolemix
