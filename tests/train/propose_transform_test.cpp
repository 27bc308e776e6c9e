#include "train/propose_transform.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

MetricSpec metric_of(double tolerance) {
  MetricSpec metric;
  metric.name = "disk.writes.iops";
  metric.tolerance = tolerance;
  metric.non_negative = true;
  return metric;
}

/// (N) normal numbers through a function.
template <typename Shape>
Vector values_of(const Shape& shape) {
  Random random(1);
  return random_normals(random, 2000, 1).col(0).unaryExpr(shape);
}

TEST(ProposeTransform, TakesTheLogarithmOfWhatSpreadsOverPowersOfTen) {
  const Vector values = values_of([](double z) { return 100 * std::exp(1.5 * z); });
  const auto proposal = propose_transform(metric_of(1), values);
  ASSERT_TRUE(proposal.has_value());
  EXPECT_EQ(proposal->transform, Transform::kLog1p);
  // Of ln x ~ N(m, s): the identity's variance is (e^(s²) - 1) e^(2m + s²), the logarithm's s².
  const double variance = 1.5 * 1.5;
  const double expected =
      0.5 * (std::log(std::expm1(variance)) + variance) - 0.5 * std::log(variance);
  EXPECT_NEAR(proposal->gain, expected, 0.3);
}

TEST(ProposeTransform, StretchesSharesNearTheEndsOfTheScale) {
  MetricSpec metric = metric_of(0.1);
  metric.full_scale = 100;
  const Vector values = values_of([](double z) { return 100 / (1 + std::exp(4 + 1.5 * z)); });
  const auto proposal = propose_transform(metric, values);
  ASSERT_TRUE(proposal.has_value());
  EXPECT_EQ(proposal->transform, Transform::kLogit);
  metric.tolerance = 2;
  EXPECT_FALSE(propose_transform(metric, values).has_value()) << "most of it is clamped";
}

TEST(ProposeTransform, LeavesWhatIsAsGoodAsItIs) {
  const Vector normal = values_of([](double z) { return 100 + 10 * z; });
  EXPECT_FALSE(propose_transform(metric_of(1), normal).has_value());
  const Vector narrow = values_of([](double z) { return std::exp(z); });
  EXPECT_FALSE(propose_transform(metric_of(20), narrow).has_value())
      << "no news, whatever the shape";
}

TEST(ProposeTransform, AsksNothingOfStatedTransformsAndNegativeValues) {
  const Vector values = values_of([](double z) { return 100 * std::exp(1.5 * z); });
  MetricSpec stated = metric_of(1);
  stated.transform = Transform::kLog1p;
  EXPECT_FALSE(propose_transform(stated, values).has_value());
  MetricSpec negative = metric_of(1);
  negative.non_negative = false;
  EXPECT_FALSE(propose_transform(negative, values).has_value());
}

TEST(ProposeTransform, SkipsMissingValues) {
  Vector values = values_of([](double z) { return 100 * std::exp(1.5 * z); });
  const double gain = propose_transform(metric_of(1), values)->gain;
  values.conservativeResize(2500);
  values.tail(500).setConstant(std::nan(""));
  EXPECT_EQ(propose_transform(metric_of(1), values)->gain, gain);
  values.setConstant(std::nan(""));
  EXPECT_FALSE(propose_transform(metric_of(1), values).has_value());
}

}  // namespace
}  // namespace rolemix
