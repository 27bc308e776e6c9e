#include "model/tolerance_effect.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>

namespace rolemix {
namespace {

RoleModel two_metrics(const Matrix& covariance, const Matrix& unclipped) {
  RoleModel model;
  model.role = "a:b";
  model.metrics.resize(2);
  model.metrics[0].tolerance = 5;
  model.metrics[1].tolerance = 0.5;
  model.weights = Vector::Ones(1);
  model.means = Matrix::Zero(1, 2);
  model.covariances = {covariance};
  if (unclipped.size() > 0) {
    model.unclipped_covariances = {unclipped};
  }
  return model;
}

TEST(ToleranceEffect, IsTheRangeGivenTheOthersBeforeAndAfterThePrior) {
  const Matrix unclipped{{4, 1.9}, {1.9, 1}};
  const Matrix covariance{{4.5, 1.2}, {1.2, 1.7}};
  const auto effects = tolerance_effects(two_metrics(covariance, unclipped));
  const auto half_width = [](const Matrix& sigma, Index d, double tolerance) {
    return 1.959963984540054 * tolerance / std::sqrt(sigma.inverse()(d, d));
  };
  EXPECT_NEAR(effects[0].learned, half_width(unclipped, 0, 5), 1e-9);
  EXPECT_NEAR(effects[1].learned, half_width(unclipped, 1, 0.5), 1e-9);
  EXPECT_NEAR(effects[0].with_tolerance, half_width(covariance, 0, 5), 1e-9);
  EXPECT_NEAR(effects[1].with_tolerance, half_width(covariance, 1, 0.5), 1e-9);
}

TEST(ToleranceEffect, OfAnExactCopyIsNextToNothingLearned) {
  const Matrix copies{{4, 4}, {4, 4}};
  const Matrix covariance{{4.5, 3.5}, {3.5, 4.5}};
  const auto effects = tolerance_effects(two_metrics(covariance, copies));
  EXPECT_LT(effects[0].learned, 1e-4);
  EXPECT_GT(effects[0].with_tolerance, 1.9 * 5);
}

TEST(ToleranceEffect, IsUnknownWithoutUnclippedCovariances) {
  const auto effects = tolerance_effects(two_metrics(Matrix{{4, 1}, {1, 4}}, Matrix()));
  EXPECT_TRUE(std::isnan(effects[0].learned));
  EXPECT_TRUE(std::isfinite(effects[0].with_tolerance));
}

}  // namespace
}  // namespace rolemix
