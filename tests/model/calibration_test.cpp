#include "model/calibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Curves of any shape, another for each number of attempts.
Calibration random_calibration(Random& random) {
  Calibration calibration = simple_calibration();
  for (ReturnCurve& curve : calibration.curves) {
    curve = {{random.uniform()}, {-4 + random.uniform()}, 0.5 + 10 * random.uniform()};
    for (Index knots = random_index(random, 20); knots > 0; --knots) {
      curve.alert_scores.push_back(curve.alert_scores.back() + 1e-6 + random.uniform());
      curve.log_return_times.push_back(curve.log_return_times.back() + 1e-6 + random.uniform());
    }
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

TEST(ReturnTime, is_straight_in_logs_between_the_knots_and_beyond_the_last) {
  const Calibration calibration = simple_calibration();
  EXPECT_NEAR(return_time(calibration, 1, 0.3), std::sqrt(0.01 * 0.1), 1e-15);
  EXPECT_NEAR(return_time(calibration, 1, 0.5), 0.1, 1e-15);
  EXPECT_NEAR(return_time(calibration, 1, 0.95), std::sqrt(7), 1e-12);
  EXPECT_NEAR(return_time(calibration, 1, 3), 7 * std::exp(4), 1e-9);
  EXPECT_NEAR(return_time(calibration, 1, 0), 0.01, 1e-15) << "below the first it is the first's";
}

/// Alert scores about the knots of a curve.
std::vector<double> scores_about(const ReturnCurve& curve) {
  std::vector<double> scores;
  for (const double knot : curve.alert_scores) {
    for (const double step : {-0.3, -1e-9, 0.0, 1e-9, 0.3}) {
      scores.push_back(knot + step);
    }
  }
  for (const double far : {1.0, 10.0, 50.0}) {
    scores.push_back(curve.alert_scores.back() + far);
  }
  std::ranges::sort(scores);
  return scores;
}

TEST(ReturnTime, never_falls_as_the_score_grows_and_rises_from_the_first_knot_on) {
  Random random(1);
  for (int i = 0; i < 50; ++i) {
    const Calibration calibration = random_calibration(random);
    for (const ReturnCurve& curve : calibration.curves) {
      double last = -kInfinity;
      double before = -kInfinity;
      for (const double score : scores_about(curve)) {
        const double now = log_return_time(curve, score);
        EXPECT_GE(now, last);
        if (before >= curve.alert_scores.front() && score - before > 1e-12) {
          EXPECT_GT(now, last) << score;
        }
        last = now;
        before = score;
      }
    }
  }
}

TEST(ReturnTime, and_alert_score_are_each_others_inverse) {
  Random random(2);
  for (int i = 0; i < 50; ++i) {
    const Calibration calibration = random_calibration(random);
    for (int attempts = 1; attempts <= kMaxCheckAttempts; ++attempts) {
      const ReturnCurve& curve = calibration.curves[static_cast<std::size_t>(attempts) - 1];
      for (const double score : scores_about(curve)) {
        const double back = alert_score_of(curve, log_return_time(curve, score));
        EXPECT_NEAR(back, std::max(score, curve.alert_scores.front()), 1e-9);
      }
      for (const double days : {7.0, 30.0, 365.0, 3650.0}) {
        const double threshold = alert_threshold(calibration, attempts, days);
        EXPECT_NEAR(return_time(calibration, attempts, threshold), days, 1e-9 * days);
      }
    }
  }
}

TEST(ReturnTime, says_of_a_score_what_its_threshold_says_of_severity) {
  Random random(3);
  for (int i = 0; i < 200; ++i) {
    const Calibration calibration = random_calibration(random);
    for (const Sensitivity sensitivity :
         {Sensitivity::kSensitive, Sensitivity::kNormal, Sensitivity::kInsensitive}) {
      const double least = severity_of(sensitivity);
      const double threshold =
          alert_threshold(calibration, 3, return_time_of_severity(severity_of(sensitivity)));
      for (const double step : {-0.5, -1e-6, 1e-6, 0.5}) {
        const double severity =
            severity_of_return_time(return_time(calibration, 3, threshold + step));
        EXPECT_EQ(severity >= least, step > 0) << severity << " at " << step;
      }
    }
  }
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
  }
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
  Random random(4);
  EXPECT_TRUE(validate(random_calibration(random)));
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
    Calibration calibration = simple_calibration();
    calibration.curves[4].alert_scores[1] = wrong;
    expect_invalid(calibration, ErrorCode::kNotFinite);
    calibration = simple_calibration();
    calibration.curves[4].log_return_times[1] = wrong;
    expect_invalid(calibration, ErrorCode::kNotFinite);
    calibration = simple_calibration();
    calibration.curves[4].slope = wrong;
    expect_invalid(calibration, ErrorCode::kNotFinite);
  }
}

TEST(CalibrationCheck, names_the_number_that_is_out_of_its_bounds) {
  const auto with = [](double Calibration::* field, double value) {
    Calibration calibration = simple_calibration();
    calibration.*field = value;
    const auto checked = validate(calibration);
    return checked ? "" : checked.error().message;
  };
  EXPECT_EQ(with(&Calibration::score_scale, 1e236),
            "calibration: score_scale: expected 1e-50..1e50, got about 1e236");
  EXPECT_EQ(with(&Calibration::interval_seconds, 1e-300),
            "calibration: interval_seconds: expected 0 or 1e-3..1e15 seconds, got about 1e-300");
  EXPECT_EQ(with(&Calibration::memory_seconds, -5),
            "calibration: memory_seconds: expected 0 or 1e-3..1e15 seconds, got about -1e1");
  EXPECT_EQ(with(&Calibration::typical_score, -1e201),
            "calibration: typical_score: expected -1e200..1e200 nats, got about -1e201");
  EXPECT_EQ(with(&Calibration::span_host_days, 1e60),
            "calibration: span_host_days: expected 0 or 1e-50..1e50 host-days, got about 1e60");
  EXPECT_EQ(with(&Calibration::score_scale, 0),
            "calibration: score_scale: expected 1e-50..1e50, got 0");
  EXPECT_EQ(with(&Calibration::interval_seconds, 0), "");
  Calibration calibration = simple_calibration();
  calibration.curves[3].slope = 1e-6;
  expect_invalid(calibration, ErrorCode::kInvalidArgument);
  calibration = simple_calibration();
  calibration.curves[3].alert_scores.back() = 1e6;
  expect_invalid(calibration, ErrorCode::kInvalidArgument);
  calibration = simple_calibration();
  calibration.history.assign(30, {0, 1e11, 0});
  expect_invalid(calibration, ErrorCode::kInvalidArgument);
}

TEST(CalibrationCheck, refuses_curves_that_do_not_rise) {
  const auto with = [](const ReturnCurve& curve) {
    Calibration calibration = simple_calibration();
    calibration.curves[9] = curve;
    return calibration;
  };
  expect_invalid(with({{0.1, 0.5, 0.4}, {1, 2, 3}, 1}), ErrorCode::kInvalidArgument);
  expect_invalid(with({{0.1, 0.1}, {1, 2}, 1}), ErrorCode::kInvalidArgument);
  expect_invalid(with({{0.1, 0.2}, {1, 1}, 1}), ErrorCode::kInvalidArgument);
  expect_invalid(with({{0.1, 0.2}, {1, 2}, 0}), ErrorCode::kInvalidArgument);
  expect_invalid(with({{0.1, 1e51}, {1, 2}, 1}), ErrorCode::kInvalidArgument);
  expect_invalid(with({{0.1, 0.2}, {1}, 1}), ErrorCode::kShapeMismatch);
  expect_invalid(with({}), ErrorCode::kShapeMismatch);
}

TEST(CalibrationCheck, refuses_durations_and_counts_that_cannot_be) {
  Calibration calibration = simple_calibration();
  calibration.memory_seconds = -1;
  expect_invalid(calibration, ErrorCode::kInvalidArgument);
  calibration = simple_calibration();
  calibration.curves.pop_back();
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
