#include "train/expectation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "train/em_oracle.h"

namespace rolemix {
namespace {

using oracle::apart;
using oracle::two_states_with_gaps;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// The rows of which something is known.
Matrix known_rows(const Matrix& samples) {
  std::vector<Index> known;
  for (Index i = 0; i < samples.rows(); ++i) {
    if (!samples.row(i).array().isNaN().all()) {
      known.push_back(i);
    }
  }
  return samples(known, Eigen::all);
}

void expect_as_row_by_row(const Matrix& samples, int components, bool clip, const char* what) {
  MixtureFit fit = start_from_k_means(samples, components, 1);
  MixtureFit expected = fit;
  constexpr int kSteps = 5;
  run_em(samples, {.max_iterations = kSteps, .tolerance = -1e300, .clip = clip}, fit);
  const Matrix known = known_rows(samples);
  for (int i = 0; i < kSteps; ++i) {
    EXPECT_NEAR(fit.objective[i], oracle::em_step(known, clip, expected).mean(), 1e-9) << what;
  }
  EXPECT_LT(apart(fit, expected), 1e-8) << what;
}

TEST(Gaps, CountAsRowByRowWithSubMatrices) {
  expect_as_row_by_row(two_states_with_gaps(200, 4, 0.3, 1), 2, true, "a third missing");
  expect_as_row_by_row(two_states_with_gaps(200, 4, 0.3, 1), 2, false, "without the prior");
  expect_as_row_by_row(two_states_with_gaps(200, 7, 0.7, 2), 3, true, "two thirds missing");
  expect_as_row_by_row(0.3 * two_states_with_gaps(200, 5, 0.2, 3), 2, true, "clipped");
  expect_as_row_by_row(two_states_with_gaps(100, 1, 0.5, 4), 2, true, "one metric");
  expect_as_row_by_row(two_states_with_gaps(1700, 3, 0.3, 5), 2, true, "several blocks");
}

TEST(Gaps, InOneBlockOfMetricsCountAsRowByRow) {
  Matrix samples = two_states_with_gaps(600, 6, 0, 6);
  samples.topLeftCorner(250, 2).setConstant(kNan);
  samples.bottomRightCorner(100, 3).setConstant(kNan);
  expect_as_row_by_row(samples, 2, true, "two hosts without an exporter");
}

TEST(Gaps, NeverLetTheObjectiveFall) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    for (const double scale : {0.1, 0.3, 1.0, 30.0}) {
      const Matrix samples = scale * two_states_with_gaps(400, 5, 0.25, seed);
      MixtureFit fit = start_from_k_means(samples, 3, seed);
      run_em(samples, {.max_iterations = 60, .tolerance = -1e300}, fit);
      for (std::size_t i = 1; i < fit.objective.size(); ++i) {
        EXPECT_GE(fit.objective[i], fit.objective[i - 1] - 1e-10)
            << "scale " << scale << ", iteration " << i;
      }
    }
  }
}

TEST(Gaps, OfWholeRowsCountForNothing) {
  const Matrix samples = two_states_with_gaps(300, 3, 0.2, 7);
  Matrix more(400, 3);
  more << samples, Matrix::Constant(100, 3, kNan);
  MixtureFit fit = start_from_k_means(samples, 2, 1);
  MixtureFit with_more = fit;
  run_em(samples, {.max_iterations = 5}, fit);
  run_em(more, {.max_iterations = 5}, with_more);
  EXPECT_EQ(fit.objective, with_more.objective);
  EXPECT_EQ(apart(fit, with_more), 0);
}

TEST(Gaps, WithoutAnyValueLeaveTheFitAsItIs) {
  MixtureFit fit = start_from_k_means(two_states_with_gaps(50, 3, 0, 8), 2, 1);
  const MixtureFit before = fit;
  run_em(Matrix::Constant(5, 3, kNan), {}, fit);
  EXPECT_EQ(apart(fit, before), 0);
  EXPECT_TRUE(fit.objective.empty());
  EXPECT_FALSE(fit.converged);
}

TEST(Gaps, OfAWholeColumnLeaveItWhereItStarted) {
  Matrix samples = two_states_with_gaps(300, 3, 0.1, 9);
  samples.col(1).setConstant(kNan);
  MixtureFit fit = start_from_k_means(samples, 2, 1);
  for (Matrix& covariance : fit.covariances) {
    covariance(1, 1) = 4;
  }
  const MixtureFit start = fit;
  run_em(samples, {.max_iterations = 20}, fit);
  for (Index k = 0; k < 2; ++k) {
    EXPECT_NEAR(fit.means(k, 1), start.means(k, 1), 1e-12);
    EXPECT_NEAR(fit.covariances[k](1, 1), 4, 1e-12);
    EXPECT_NEAR(fit.covariances[k](0, 1), 0, 1e-12);
  }
}

TEST(Gaps, LeaveTheLogLikelihoodOfThePlainMixture) {
  const Matrix samples = two_states_with_gaps(700, 6, 0.4, 10);
  MixtureFit fit = start_from_k_means(samples, 3, 1);
  run_em(samples, {.max_iterations = 20}, fit);
  const auto mixture = GaussianMixture::create(fit.weights, fit.means, fit.covariances);
  ASSERT_TRUE(mixture.has_value());
  const Vector batch = log_likelihoods(samples, fit);
  for (Index i = 0; i < samples.rows(); ++i) {
    const double plain = mixture->log_likelihood(samples.row(i).transpose());
    EXPECT_NEAR(batch[i], plain, 1e-11 * std::max(1.0, std::abs(plain))) << "row " << i;
  }
}

TEST(Gaps, AreFilledWithWhatTheOtherMetricsSay) {
  // The second metric is twice the first, but for little; half of it was not measured.
  Random random(11);
  Matrix samples = 20 * random_normals(random, 2000, 2);
  samples.col(1) = 2 * samples.col(0) + 0.1 * samples.col(1);
  for (Index i = 0; i < samples.rows(); ++i) {
    if (samples(i, 0) > 0) {
      samples(i, 1) = kNan;
    }
  }
  MixtureFit fit = start_from_k_means(samples, 1, 1);
  run_em(samples, {.max_iterations = 500, .tolerance = 1e-9}, fit);
  EXPECT_NEAR(fit.means(0, 1), 2 * fit.means(0, 0), 0.3);
  EXPECT_NEAR(fit.covariances[0](0, 1) / fit.covariances[0](0, 0), 2, 0.02);
}

}  // namespace
}  // namespace rolemix
