#include "train/return_curve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/random.h"

namespace rolemix {
namespace {

/// Peaks of any role: a bulk that rises to a tail.
PeakHeights random_heights(Random& random) {
  PeakHeights heights;
  double score = 0.6 * random.uniform();
  double time = 0.02 + 0.1 * random.uniform();
  for (int i = 0; i < 8; ++i) {
    heights.bulk.push_back(score);
    heights.return_times.push_back(time);
    score += 0.01 + random.uniform() / 4;
    time *= 1.2 + random.uniform();
  }
  heights.tail = {score, 1 / time, kLeastScale + random.uniform() / 2};
  heights.normal_level = 1 + 3 * random.uniform();
  return heights;
}

/// The rule point by point, as docs/alerts.md states it.
double naive_log_time(const PeakHeights& heights, double score) {
  double fitted = std::log(heights.return_times.front());
  for (std::size_t i = 0; i < heights.bulk.size(); ++i) {
    const bool last = i + 1 == heights.bulk.size();
    const double next = last ? heights.tail.threshold : heights.bulk[i + 1];
    const double from = std::log(heights.return_times[i]);
    const double to = last ? -std::log(heights.tail.rate) : std::log(heights.return_times[i + 1]);
    if (score >= heights.bulk[i] && score < next) {
      fitted = from + (to - from) * (score - heights.bulk[i]) / (next - heights.bulk[i]);
    }
  }
  if (score >= heights.tail.threshold) {
    fitted = (score - heights.tail.threshold) / heights.tail.scale - std::log(heights.tail.rate);
  }
  const auto normal = [&](double at) {
    return std::log(30.0) + (at - heights.normal_level) / 0.35;
  };
  const auto news = [](double at) { return std::log(7.0) + (at - 0.41) / 0.07; };
  const double first = std::log(heights.return_times.front());
  const double least = std::min(first, std::log(1.0 / 24));
  // Below what the peaks tell of: from severity 0 on the line of news to the first knot.
  const double knot =
      std::min(heights.bulk.front(), heights.normal_level + 0.35 * (first - std::log(30.0)));
  const double begin = 0.41 + 0.07 * (least - std::log(7.0));
  double curve = std::max(fitted, normal(score));
  if (score < knot && knot > begin) {
    curve = least + (first - least) * (score - begin) / (knot - begin);
  }
  return std::max(least, std::min(curve, news(score)));
}

TEST(ReturnCurveOf, SaysWhatItsRuleSaysPointByPoint) {
  Random random(1);
  for (int i = 0; i < 300; ++i) {
    const PeakHeights heights = random_heights(random);
    const ReturnCurve curve = return_curve(heights);
    for (double score = 0; score < 12; score += 0.0171) {
      EXPECT_NEAR(log_return_time(curve, score), naive_log_time(heights, score), 1e-9)
          << i << " at " << score;
    }
  }
}

TEST(ReturnCurveOf, RisesStrictlyFromItsFirstKnotOn) {
  Random random(2);
  for (int i = 0; i < 300; ++i) {
    const ReturnCurve curve = return_curve(random_heights(random));
    Calibration calibration;
    calibration.curves.assign(kMaxCheckAttempts, curve);
    EXPECT_TRUE(validate(calibration)) << validate(calibration).error().message;
  }
}

TEST(ReturnCurveOf, OfEqualPeaksTakesTheMostSeldom) {
  PeakHeights heights;
  heights.bulk = {0, 0, 0, 1, 1};
  heights.return_times = {0.01, 0.02, 0.04, 0.5, 1};
  heights.tail = {2, 0.1, 0.5};
  heights.normal_level = 100;
  const ReturnCurve curve = return_curve(heights);
  EXPECT_NEAR(log_return_time(curve, 0), std::log(0.04), 1e-12);
  EXPECT_NEAR(log_return_time(curve, 1), 0, 1e-12);
  EXPECT_NEAR(log_return_time(curve, 2), std::log(10), 1e-12);
}

TEST(ReturnCurveOf, NeverMakesNewsOfOneToleranceHoweverSteadyTheRoleIs) {
  // A role whose peaks are seldom and low, as of a machine that does nothing.
  PeakHeights heights;
  heights.bulk = {0, 0.001};
  heights.return_times = {10, 50};
  heights.tail = {0.002, 1.0 / 100, kLeastScale};
  heights.normal_level = 5;
  const ReturnCurve curve = return_curve(heights);
  const double week = return_time_of_severity(severity_of(Sensitivity::kSensitive));
  // One tolerance away, the squared distance is 1 at most: half a nat.
  EXPECT_LT(log_return_time(curve, std::log1p(0.5)), std::log(week));
  EXPECT_GT(log_return_time(curve, std::log1p(0.5) + kLeastScale), std::log(week));
  EXPECT_EQ(severity_of_return_time(std::exp(log_return_time(curve, 0))), 0);
}

TEST(ReturnCurveOf, HoldsWhatIsSeldomAmongNormalHostsForSeldomThoughTheHistoryHasItOften) {
  PeakHeights heights;
  heights.bulk = {0.5, 6};
  heights.return_times = {0.05, 0.5};
  heights.tail = {7, 1, 2};  // high peaks every day
  heights.normal_level = 3;
  const ReturnCurve curve = return_curve(heights);
  EXPECT_NEAR(log_return_time(curve, 3), std::log(30), 1e-12);
  EXPECT_GT(log_return_time(curve, 6), std::log(30 * 365));
}

TEST(ReturnCurveOf, MeetsNoParallelLineBeyondAllScores) {
  Random random(7);
  for (int i = 0; i < 200; ++i) {
    PeakHeights heights = random_heights(random);
    heights.tail.scale = kLeastScale;
    const ReturnCurve curve = return_curve(heights);
    EXPECT_LT(curve.alert_scores.back(), 100);
    EXPECT_NEAR(curve.slope, 1 / kLeastScale, 1e-6 / kLeastScale);
  }
}

}  // namespace
}  // namespace rolemix
