#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "base/random.h"
#include "golden/golden.h"
#include "mixture/mixture.h"
#include "model/random_model.h"
#include "train/em_oracle.h"

namespace rolemix {
namespace {

using oracle::apart;
using oracle::two_states;
using oracle::two_states_with_gaps;

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

MixtureFit fit_of(const golden::Json& json) {
  MixtureFit fit;
  fit.weights = golden::vector_of(json.at("weights"));
  fit.means = golden::matrix_of(json.at("means"));
  for (const golden::Json& covariance : json.at("covariances")) {
    fit.covariances.push_back(golden::matrix_of(covariance));
  }
  fit.unclipped_covariances = fit.covariances;
  return fit;
}

/// So many iterations, whatever they gain.
EmOptions steps(int count) {
  return {.max_iterations = count, .tolerance = -std::numeric_limits<double>::infinity()};
}

TEST(Em, WithoutThePriorEndsWhereScikitLearnDoes) {
  const golden::Json golden = golden::read("em.json");
  const double tolerance = golden.at("tolerance");
  for (const golden::Json& example : golden.at("cases")) {
    const Matrix samples = golden::matrix_of(example.at("rows"));
    MixtureFit fit = fit_of(example.at("start"));
    EmOptions options = steps(example.at("steps"));
    options.clip = false;
    run_em(samples, options, fit);
    EXPECT_LT(apart(fit, fit_of(example.at("end"))), tolerance) << samples.cols() << " metrics";
    const Vector expected = golden::vector_of(example.at("end").at("log_likelihoods"));
    EXPECT_LT((log_likelihoods(samples, fit) - expected).cwiseAbs().maxCoeff(), tolerance);
  }
}

TEST(Em, ClipsAsTheEigenvaluesOfEachCovarianceSay) {
  for (const double scale : {0.2, 0.5, 1.0}) {
    const Matrix samples = scale * two_states(150, 5, 4, 1);
    MixtureFit fit = start_from_k_means(samples, 3, 1);
    MixtureFit expected = fit;
    run_em(samples, steps(6), fit);
    for (int i = 0; i < 6; ++i) {
      const Vector likelihoods = oracle::em_step(samples, true, expected);
      EXPECT_NEAR(fit.objective[i], likelihoods.mean(), 1e-10);
    }
    EXPECT_LT(apart(fit, expected), 1e-9) << "scale " << scale;
  }
}

TEST(Em, DoesNotDependOnTheOrderOfRows) {
  for (const double gaps : {0.0, 0.2}) {
    const Matrix samples = two_states_with_gaps(1500, 4, gaps, 5);
    std::vector<Index> order(samples.rows());
    std::iota(order.begin(), order.end(), Index{0});
    Random random(1);
    for (std::size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[random_index(random, static_cast<Index>(i))]);
    }
    MixtureFit fit = start_from_k_means(samples, 2, 1);
    MixtureFit permuted = fit;
    run_em(samples, steps(15), fit);
    run_em(samples(order, Eigen::all), steps(15), permuted);
    EXPECT_LT(apart(fit, permuted), 1e-9);
  }
}

bool same_bytes(const Matrix& a, const Matrix& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

TEST(Em, GivesTheSameBytesOnAnyNumberOfThreads) {
  const Matrix samples = two_states_with_gaps(9000, 5, 0.03, 6);
  const MixtureFit start = start_from_k_means(samples, 3, 1);
  MixtureFit alone = start;
  run_em(samples, steps(4), alone);
  for (const int threads : {0, 2, 3, 100}) {
    MixtureFit fit = start;
    EmOptions options = steps(4);
    options.threads = threads;
    run_em(samples, options, fit);
    EXPECT_EQ(fit.objective, alone.objective);
    EXPECT_TRUE(same_bytes(fit.weights, alone.weights));
    EXPECT_TRUE(same_bytes(fit.means, alone.means));
    for (std::size_t k = 0; k < fit.covariances.size(); ++k) {
      EXPECT_TRUE(same_bytes(fit.covariances[k], alone.covariances[k]));
    }
  }
}

TEST(Em, TellsEveryObjectiveAsItGoes) {
  const Matrix samples = two_states(100, 2, 5, 7);
  MixtureFit fit = start_from_k_means(samples, 2, 1);
  std::vector<double> told;
  EmOptions options;
  options.progress = [&](int iteration, double objective) {
    EXPECT_EQ(iteration, static_cast<int>(told.size()));
    told.push_back(objective);
  };
  run_em(samples, options, fit);
  EXPECT_EQ(told, fit.objective);
  EXPECT_GT(told.size(), 1U);
}

/// Whatever the rows are, a mixture comes out.
void expect_mixture(const Matrix& samples, int components) {
  MixtureFit fit = start_from_k_means(samples, components, 1);
  run_em(samples, {}, fit);
  EXPECT_TRUE(GaussianMixture::create(fit.weights, fit.means, fit.covariances).has_value());
  EXPECT_TRUE(log_likelihoods(samples, fit).allFinite());
}

TEST(Em, MakesAMixtureOfAnyRows) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  expect_mixture(Matrix::Constant(50, 3, 2.5), 3);
  expect_mixture(Matrix::Constant(1, 4, 7), 1);
  expect_mixture(Matrix::Constant(1, 4, 7), 3);
  expect_mixture(two_states(2, 3, 5, 1), 4);
  expect_mixture(two_states(200, 1, 9, 1), 2);
  expect_mixture(1e9 * two_states(200, 3, 9, 1), 2);
  expect_mixture(1e-9 * two_states(200, 3, 9, 1), 2);
  expect_mixture(Matrix::Constant(5, 3, nan), 2);
  expect_mixture(Matrix(0, 3), 2);
}

TEST(Em, OfOneRowWithoutThePriorStaysFinite) {
  const Matrix samples = Matrix::Constant(1, 3, 7);
  MixtureFit fit = start_from_k_means(samples, 1, 1);
  EmOptions options = steps(5);
  options.clip = false;
  run_em(samples, options, fit);
  EXPECT_EQ(fit.means, samples);
  EXPECT_TRUE(std::isfinite(fit.objective.back()));
}

TEST(StartFromKMeans, WorksOnDuplicatesAndConstants) {
  const Matrix samples = Matrix::Constant(50, 3, 2.5);
  MixtureFit fit = start_from_k_means(samples, 3, 1);
  run_em(samples, {}, fit);
  EXPECT_TRUE(fit.means.allFinite());
  EXPECT_TRUE(GaussianMixture::create(fit.weights, fit.means, fit.covariances).has_value());
}

TEST(StartFromKMeans, TakesGapsForTheMeanOfTheirColumn) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Matrix samples = two_states(300, 3, 9, 4);
  Matrix filled = samples;
  for (Index i = 0; i < 300; i += 7) {
    samples(i, 1) = nan;
  }
  double sum = 0;
  for (Index i = 0; i < 300; ++i) {
    sum += i % 7 == 0 ? 0 : samples(i, 1);
  }
  for (Index i = 0; i < 300; i += 7) {
    filled(i, 1) = sum / 257;
  }
  EXPECT_LT(apart(start_from_k_means(samples, 2, 1), start_from_k_means(filled, 2, 1)), 1e-12);
}

TEST(Em, SaysWhenACovarianceHasNoFactorAndStopsThere) {
  Random random(9);
  const Matrix samples = random_normals(random, 100, 2);
  MixtureFit fit = start_from_k_means(samples, 1, 1);
  EXPECT_FALSE(fit.degenerate);
  fit.covariances[0].setConstant(std::numeric_limits<double>::quiet_NaN());
  run_em(samples, {}, fit);
  EXPECT_TRUE(fit.degenerate);
  EXPECT_FALSE(fit.converged);
  EXPECT_TRUE(fit.objective.empty());
  EXPECT_TRUE(log_likelihoods(samples, fit).array().isNaN().all());
}

}  // namespace
}  // namespace rolemix
