#include "train/em.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <cmath>

#include "core/mixture.h"
#include "core/random_model.h"
#include "random.h"

namespace rolemix {
namespace {

/// Rows of two states: around 0 with unit spread, and around (distance, ...) with another spread.
Matrix two_states(Index rows, Index dimensions, double distance, std::uint64_t seed) {
  Random random(seed);
  Matrix samples = 3 * random_normals(random, rows, dimensions);
  for (Index i = 0; i < rows; i += 3) {
    samples.row(i) = samples.row(i) / 2 + Matrix::Constant(1, dimensions, distance);
  }
  return samples;
}

TEST(Em, TheObjectiveNeverFalls) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Matrix samples = two_states(400, 4, 5, seed);
    MixtureFit fit = start_from_k_means(samples, 3, seed);
    run_em(samples, {.max_iterations = 80, .tolerance = 0}, fit);
    for (std::size_t i = 1; i < fit.objective.size(); ++i) {
      EXPECT_GE(fit.objective[i], fit.objective[i - 1] - 1e-10) << "iteration " << i;
    }
  }
}

TEST(Em, TheObjectiveNeverFallsWhereThePriorClips) {
  // Spreads well below the tolerance: every covariance is clipped in most directions.
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Matrix samples = 0.2 * two_states(400, 4, 8, seed);
    MixtureFit fit = start_from_k_means(samples, 3, seed);
    run_em(samples, {.max_iterations = 80, .tolerance = 0}, fit);
    for (std::size_t i = 1; i < fit.objective.size(); ++i) {
      EXPECT_GE(fit.objective[i], fit.objective[i - 1] - 1e-10) << "iteration " << i;
    }
  }
}

TEST(Em, OneComponentIsTheMeanAndTheCovarianceOfTheRows) {
  Random random(7);
  const Matrix samples = 5 * random_normals(random, 300, 3);
  MixtureFit fit = start_from_k_means(samples, 1, 1);
  run_em(samples, {}, fit);
  const Vector mean = samples.colwise().mean().transpose();
  const Matrix centred = samples.rowwise() - mean.transpose();
  const Matrix covariance = centred.transpose() * centred / 300.0;
  EXPECT_LT((fit.means.row(0).transpose() - mean).cwiseAbs().maxCoeff(), 1e-12);
  EXPECT_LT((fit.covariances[0] - covariance).cwiseAbs().maxCoeff(), 1e-10);
}

TEST(Em, RecoversTwoStates) {
  const Matrix samples = two_states(6000, 3, 15, 3);
  MixtureFit fit = start_from_k_means(samples, 2, 1);
  run_em(samples, {}, fit);
  const Index away = fit.means(0, 0) > fit.means(1, 0) ? 0 : 1;
  EXPECT_NEAR(fit.weights[away], 1.0 / 3, 0.01);
  EXPECT_NEAR(fit.means(away, 1), 15, 0.2);
  EXPECT_NEAR(fit.covariances[1 - away](0, 0), 9, 0.6);
  EXPECT_TRUE(fit.converged);
}

TEST(Em, NoConditionalStandardDeviationIsBelowTheTolerance) {
  Random random(11);
  Matrix samples = random_normals(random, 500, 5);
  samples.col(1) = samples.col(0);                   // an exact copy
  samples.col(2).setConstant(4);                     // a constant
  samples.col(3) = samples.col(0) + samples.col(4);  // a sum
  MixtureFit fit = start_from_k_means(samples, 2, 1);
  run_em(samples, {}, fit);
  for (const Matrix& covariance : fit.covariances) {
    const Vector conditional_variance = covariance.inverse().diagonal().cwiseInverse();
    EXPECT_GE(conditional_variance.minCoeff(), 1 - 1e-9);
  }
}

TEST(Em, LogLikelihoodsAreThoseOfThePlainMixture) {
  const Matrix samples = two_states(700, 4, 5, 2);
  MixtureFit fit = start_from_k_means(samples, 3, 1);
  run_em(samples, {.max_iterations = 20, .tolerance = 0}, fit);
  const auto mixture = GaussianMixture::create(fit.weights, fit.means, fit.covariances);
  ASSERT_TRUE(mixture.has_value());
  const Vector batch = log_likelihoods(samples, fit);
  for (Index i = 0; i < samples.rows(); ++i) {
    const double plain = mixture->log_likelihood(samples.row(i).transpose());
    EXPECT_NEAR(batch[i], plain, 1e-11 * std::max(1.0, std::abs(plain)));
  }
}

TEST(StartFromKMeans, WorksOnDuplicatesAndConstants) {
  const Matrix samples = Matrix::Constant(50, 3, 2.5);
  MixtureFit fit = start_from_k_means(samples, 3, 1);
  run_em(samples, {}, fit);
  EXPECT_TRUE(fit.means.allFinite());
  EXPECT_TRUE(GaussianMixture::create(fit.weights, fit.means, fit.covariances).has_value());
}

}  // namespace
}  // namespace rolemix
