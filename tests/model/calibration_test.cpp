#include "model/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "model/random_model.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Calibration heavy_tailed() {
  Calibration calibration = simple_calibration();
  for (std::size_t n = 0; n < calibration.tails.size(); ++n) {
    calibration.tails[n] = {1 - 0.05 * static_cast<double>(n), 1.0 / 7, 0.5, 0.2};
  }
  return calibration;
}

// ---- severity

TEST(Severity, passes_through_its_anchors) {
  EXPECT_DOUBLE_EQ(severity_of_return_time(1.0 / 24), 0);
  EXPECT_DOUBLE_EQ(severity_of_return_time(7), 25);
  EXPECT_DOUBLE_EQ(severity_of_return_time(30), 50);
  EXPECT_DOUBLE_EQ(severity_of_return_time(365), 75);
  EXPECT_DOUBLE_EQ(severity_of_return_time(3650), 100);
}

TEST(Severity, is_linear_in_the_logarithm_between_the_anchors) {
  EXPECT_NEAR(severity_of_return_time(std::sqrt(7.0 * 30)), 37.5, 1e-12);
  EXPECT_NEAR(severity_of_return_time(std::sqrt(365.0 * 3650)), 87.5, 1e-12);
}

TEST(Severity, is_clamped_to_0_and_100) {
  for (const double low : {0.0, -1.0, 1e-300, kNaN}) {
    EXPECT_EQ(severity_of_return_time(low), 0);
  }
  for (const double high : {3651.0, 1e300, kInfinity}) {
    EXPECT_EQ(severity_of_return_time(high), 100);
  }
}

TEST(Severity, comes_back) {
  for (double severity = 0; severity <= 100; severity += 0.5) {
    EXPECT_NEAR(severity_of_return_time(return_time_of_severity(severity)), severity, 1e-11);
  }
  EXPECT_EQ(return_time_of_severity(-5), return_time_of_severity(0));
  EXPECT_EQ(return_time_of_severity(105), 3650);
}

TEST(Severity, of_the_sensitivities_is_on_the_same_scale) {
  EXPECT_EQ(severity_of(Sensitivity::kSensitive), 25);
  EXPECT_EQ(severity_of(Sensitivity::kNormal), 50);
  EXPECT_EQ(severity_of(Sensitivity::kInsensitive), 75);
  for (const Sensitivity sensitivity :
       {Sensitivity::kSensitive, Sensitivity::kNormal, Sensitivity::kInsensitive}) {
    EXPECT_EQ(parse_sensitivity(name(sensitivity)).value(), sensitivity);
  }
  EXPECT_FALSE(parse_sensitivity("Normal"));
}

// ---- return times

TEST(ReturnTime, follows_the_generalised_pareto_tail) {
  // Coles 2001, eq. 4.2: P(excess > y) = (1 + shape y / scale)^(-1 / shape)
  const double expected = 7 * std::pow(1 + 0.2 * (3 - 1) / 0.5, 1 / 0.2);
  EXPECT_NEAR(return_time(heavy_tailed(), 1, 3), expected, 1e-10 * expected);
  // ... and its limit for shape 0
  EXPECT_NEAR(return_time(simple_calibration(), 1, 3), 7 * std::exp(4), 1e-9);
}

TEST(ReturnTime, never_falls_as_the_score_grows) {
  for (const Calibration& calibration : {simple_calibration(), heavy_tailed()}) {
    for (int attempts = 1; attempts <= kMaxCheckAttempts; ++attempts) {
      double last = 0;
      for (double score = -1; score < 20; score += 0.01) {
        const double now = return_time(calibration, attempts, score);
        EXPECT_GE(now, last * (1 - 1e-15)) << attempts << " attempts, score " << score;
        last = now;
      }
    }
  }
}

TEST(ReturnTime, is_interpolated_in_logs_below_the_tail) {
  const Calibration calibration = simple_calibration();
  EXPECT_NEAR(return_time(calibration, 1, 0.3), std::sqrt(0.01 * 0.1), 1e-15);
  EXPECT_NEAR(return_time(calibration, 1, 0.5), 0.1, 1e-15);
  EXPECT_DOUBLE_EQ(return_time(calibration, 1, 0), 0.01);
  EXPECT_EQ(return_time(calibration, 1, 0.95), 1);
}

TEST(ReturnTime, is_0_when_nothing_was_calibrated) {
  EXPECT_EQ(return_time(Calibration{}, 1, 5), 0);
  EXPECT_EQ(return_time(simple_calibration(), 0, 5), 0);
  EXPECT_EQ(return_time(simple_calibration(), 11, 5), 0);
  EXPECT_EQ(alert_threshold(Calibration{}, 3, 30), kInfinity);
}

TEST(ReturnTime, grows_without_bound_but_stays_a_number) {
  for (const double score : {1e3, 1e10, 1e308}) {
    EXPECT_EQ(severity_of_return_time(return_time(simple_calibration(), 1, score)), 100);
    EXPECT_EQ(severity_of_return_time(return_time(heavy_tailed(), 1, score)), 100);
  }
}

TEST(AlertThreshold, is_the_inverse_of_the_return_time) {
  for (const Calibration& calibration : {simple_calibration(), heavy_tailed()}) {
    for (int attempts = 1; attempts <= kMaxCheckAttempts; ++attempts) {
      for (const double days : {7.0, 30.0, 365.0, 3650.0}) {
        const double threshold = alert_threshold(calibration, attempts, days);
        EXPECT_NEAR(return_time(calibration, attempts, threshold), days, 1e-10 * days);
      }
    }
  }
}

TEST(AlertThreshold, does_not_reach_below_the_tail) {
  EXPECT_EQ(alert_threshold(simple_calibration(), 1, 0.5), 1);
}

TEST(AlertThreshold, is_out_of_reach_while_not_ready) {
  Calibration calibration = simple_calibration();
  calibration.ready = false;
  EXPECT_EQ(alert_threshold(calibration, 3, 30), kInfinity);
}

// ---- checks

void expect_invalid(const Calibration& calibration, ErrorCode code) {
  const auto checked = validate(calibration);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, code) << checked.error().message;
}

TEST(CalibrationCheck, takes_good_ones) {
  EXPECT_TRUE(validate(simple_calibration()));
  EXPECT_TRUE(validate(heavy_tailed()));
  EXPECT_TRUE(validate(Calibration{}));
}

TEST(CalibrationCheck, refuses_numbers_that_are_not_finite) {
  for (const double wrong : {kNaN, kInfinity, -kInfinity}) {
    for (double Calibration::* field :
         {&Calibration::typical_score, &Calibration::memory_seconds, &Calibration::interval_seconds,
          &Calibration::span_host_days}) {
      Calibration calibration = simple_calibration();
      calibration.*field = wrong;
      expect_invalid(calibration, ErrorCode::kNotFinite);
    }
    for (double Tail::* field : {&Tail::threshold, &Tail::rate, &Tail::scale, &Tail::shape}) {
      Calibration calibration = simple_calibration();
      calibration.tails[4].*field = wrong;
      expect_invalid(calibration, ErrorCode::kNotFinite);
    }
    Calibration calibration = simple_calibration();
    calibration.bulk_alert_scores[1] = wrong;
    expect_invalid(calibration, ErrorCode::kInvalidArgument);
    calibration = simple_calibration();
    calibration.bulk_return_times[1] = wrong;
    expect_invalid(calibration, ErrorCode::kInvalidArgument);
  }
}

TEST(CalibrationCheck, refuses_what_does_not_ascend) {
  Calibration calibration = simple_calibration();
  calibration.bulk_alert_scores = {0.1, 0.5, 0.4};
  expect_invalid(calibration, ErrorCode::kInvalidArgument);
  calibration = simple_calibration();
  calibration.bulk_return_times = {0.1, 1, 0.5};
  expect_invalid(calibration, ErrorCode::kInvalidArgument);
  calibration.bulk_return_times = {0, 1, 2};
  expect_invalid(calibration, ErrorCode::kInvalidArgument);
  calibration.bulk_return_times = {1, 2};
  expect_invalid(calibration, ErrorCode::kInvalidArgument);
}

TEST(CalibrationCheck, refuses_tails_and_durations_that_cannot_be) {
  for (const Tail& tail : {Tail{1, 0, 1, 0}, Tail{1, 1, 0, 0}, Tail{1, 1, 1, -0.1}}) {
    Calibration calibration = simple_calibration();
    calibration.tails[9] = tail;
    expect_invalid(calibration, ErrorCode::kInvalidArgument);
  }
  Calibration calibration = simple_calibration();
  calibration.memory_seconds = -1;
  expect_invalid(calibration, ErrorCode::kInvalidArgument);
  calibration = simple_calibration();
  calibration.tails.pop_back();
  expect_invalid(calibration, ErrorCode::kShapeMismatch);
}

TEST(AlertSettingsCheck, keeps_attempts_and_levels_in_order) {
  EXPECT_TRUE(validate(AlertSettings{}));
  EXPECT_TRUE(validate(AlertSettings{Sensitivity::kNormal, Sensitivity::kNormal, 1}));
  EXPECT_TRUE(validate(AlertSettings{Sensitivity::kSensitive, Sensitivity::kInsensitive, 10}));
  EXPECT_FALSE(validate(AlertSettings{Sensitivity::kInsensitive, Sensitivity::kNormal, 3}));
  EXPECT_FALSE(validate(AlertSettings{Sensitivity::kNormal, Sensitivity::kNormal, 0}));
  EXPECT_FALSE(validate(AlertSettings{Sensitivity::kNormal, Sensitivity::kNormal, 11}));
}

}  // namespace
}  // namespace rolemix
