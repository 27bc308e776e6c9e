#include "train/tolerance.h"

#include <gtest/gtest.h>

#include <limits>

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Vector steps(Index count, double step) {
  Vector values(count);
  for (Index i = 0; i < count; ++i) {
    values[i] = step * static_cast<double>(i);
  }
  return values;
}

TEST(Summarise, KnowsRangeResolutionAndSize) {
  const ValueSummary summary = summarise(steps(1001, 0.5));
  EXPECT_EQ(summary.count, 1001);
  EXPECT_EQ(summary.low, 0.5) << "one at each end may be odd";
  EXPECT_EQ(summary.high, 499.5);
  EXPECT_EQ(summary.resolution, 0.5);
  EXPECT_NEAR(summary.robust_range, 495, 1);
  EXPECT_EQ(summary.median_size, 250);
}

TEST(Summarise, ARareExcursionDoesNotWidenTheRobustRange) {
  Vector values = steps(1000, 0.01);
  values[3] = 1e6;
  EXPECT_LT(summarise(values).robust_range, 11);
}

TEST(Summarise, OneOddValueAmongThousandsChangesNothing) {
  const Vector usual = steps(2000, 0.5);
  const ValueSummary without = summarise(usual);
  for (const double odd : {0x1p64, 1e6, -1e6, -2e-14, 0.75, 512.25, 1e300}) {
    Vector values = usual;
    values[700] = odd;
    const ValueSummary summary = summarise(values);
    EXPECT_NEAR(summary.low, without.low, 1) << odd;
    EXPECT_NEAR(summary.high, without.high, 1) << odd;
    EXPECT_NEAR(summary.robust_range, without.robust_range, 1) << odd;
    EXPECT_EQ(summary.resolution, without.resolution) << odd;
    EXPECT_NEAR(summary.median, without.median, 1) << odd;
  }
}

TEST(Summarise, WhatHardlyEverMovesHasTheRangeOfItsUsualMoves) {
  Vector values = Vector::Constant(10000, 7);
  EXPECT_EQ(summarise(values).robust_range, 0);
  values[5] = 1e9;
  EXPECT_EQ(summarise(values).robust_range, 0) << "once is not at all";
  EXPECT_EQ(summarise(values).low, summarise(values).high);
  values.segment(100, 20).setConstant(9);
  EXPECT_EQ(summarise(values).robust_range, 2);
}

TEST(Summarise, LeavesMissingValuesOut) {
  const Vector values = (Vector(4) << kNaN, 1, kNaN, 3).finished();
  EXPECT_EQ(summarise(values).count, 2);
  EXPECT_EQ(summarise(values).resolution, 2);
  EXPECT_EQ(summarise(Vector::Constant(3, kNaN)).count, 0);
}

TEST(Summarise, RoundingIsNotResolution) {
  const Vector values = (Vector(3) << 1e8, std::nextafter(1e8, 2e8), 2e8).finished();
  EXPECT_NEAR(summarise(values).resolution, 1e8, 1);
}

TEST(ToleranceOf, AStatedToleranceWins) {
  MetricRule rule;
  rule.tolerance = ToleranceRule{5, false};
  EXPECT_EQ(tolerance_of(rule, summarise(steps(1001, 0.5)), 0.02).value, 5);
}

TEST(ToleranceOf, AShareIsOfTheFullScaleElseOfTheMedian) {
  MetricRule rule;
  rule.tolerance = ToleranceRule{0.1, true};
  EXPECT_EQ(tolerance_of(rule, summarise(steps(1001, 0.5)), 0.02).value, 25);
  rule.full_scale = 1000;
  EXPECT_EQ(tolerance_of(rule, summarise(steps(1001, 0.5)), 0.02).value, 100);
}

TEST(ToleranceOf, SaysWhereItCameFromAndWhichShareItIs) {
  const ValueSummary summary = summarise(steps(1001, 0.5));
  const auto source = [&](const MetricRule& rule, double share) {
    return tolerance_of(rule, summary, share).source;
  };
  MetricRule rule;
  EXPECT_EQ(source(rule, 0.07), "7 % of the robust range");
  EXPECT_EQ(source(rule, 1e-6), "resolution");
  rule.tolerance = ToleranceRule{0.125, true};
  EXPECT_EQ(source(rule, 0.02), "configured, 12.5 % of the median");
  rule.full_scale = 100;
  EXPECT_EQ(source(rule, 0.02), "configured, 12.5 % of full_scale");
  rule.tolerance = ToleranceRule{1e-6, true};
  EXPECT_EQ(source(rule, 0.02),
            "configured, 0.0001 % of full_scale, raised to 0.001 % of the range");
  rule.tolerance = ToleranceRule{5, false};
  EXPECT_EQ(source(rule, 0.02), "configured");
}

TEST(ToleranceOf, OtherwiseTheLargerOfResolutionAndShareOfTheRange) {
  EXPECT_NEAR(tolerance_of({}, summarise(steps(1001, 0.5)), 0.02).value, 9.9, 0.05);
  EXPECT_EQ(tolerance_of({}, summarise(steps(11, 1)), 0.02).value, 1);
}

TEST(ToleranceOf, IsNeverSoSmallThatNumbersRunOut) {
  MetricRule rule;
  rule.tolerance = ToleranceRule{1, false};  // one byte
  EXPECT_GE(tolerance_of(rule, summarise(steps(1001, 1e9)), 0.02).value, 1e6);
}

}  // namespace
}  // namespace rolemix
