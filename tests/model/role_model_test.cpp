#include "model/role_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "model/random_model.h"
#include "model/units.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

MetricSpec metric(Transform transform, double tolerance = 2, double full_scale = 100) {
  MetricSpec spec;
  spec.name = "metric";
  spec.tolerance = tolerance;
  spec.full_scale = full_scale;
  spec.transform = transform;
  return spec;
}

// ---- units

TEST(ModelUnits, follow_the_formulas_of_the_transforms) {
  EXPECT_DOUBLE_EQ(to_model_units(metric(Transform::kIdentity), 7), 3.5);
  EXPECT_DOUBLE_EQ(to_model_units(metric(Transform::kLog1p), 7), std::log(1 + 3.5));
  EXPECT_DOUBLE_EQ(to_model_units(metric(Transform::kLog1p), -7), -std::log(1 + 3.5));
  // log(x / (full_scale - x)) in units of 4 tolerance / full_scale
  EXPECT_DOUBLE_EQ(to_model_units(metric(Transform::kLogit), 75), std::log(3) / 0.08);
}

TEST(ModelUnits, move_by_one_for_a_tolerance_where_the_transform_is_steepest) {
  constexpr double kSmall = 1e-6;
  const auto slope = [](const MetricSpec& spec, double at) {
    const double rise = to_model_units(spec, at + kSmall) - to_model_units(spec, at - kSmall);
    return rise / (2 * kSmall) * spec.tolerance;
  };
  EXPECT_NEAR(slope(metric(Transform::kIdentity), 40), 1, 1e-8);
  EXPECT_NEAR(slope(metric(Transform::kLog1p), 1e-5), 1, 1e-5);
  EXPECT_NEAR(slope(metric(Transform::kLogit), 50), 1, 1e-8);
}

TEST(ModelUnits, come_back) {
  for (const Transform transform : {Transform::kIdentity, Transform::kLog1p, Transform::kLogit}) {
    const MetricSpec spec = metric(transform);
    for (const double value : {2.0, 3.7, 50.0, 97.9}) {
      EXPECT_NEAR(from_model_units(spec, to_model_units(spec, value)), value, 1e-12);
    }
  }
  EXPECT_NEAR(
      from_model_units(metric(Transform::kLog1p), to_model_units(metric(Transform::kLog1p), -9)),
      -9, 1e-14);
}

TEST(ModelUnits, of_logit_are_clamped_one_tolerance_from_the_ends) {
  const MetricSpec spec = metric(Transform::kLogit);
  for (const double value : {-kInfinity, -5.0, 0.0, 1.9}) {
    EXPECT_EQ(to_model_units(spec, value), to_model_units(spec, 2)) << value;
  }
  for (const double value : {98.1, 100.0, 130.0, kInfinity}) {
    EXPECT_EQ(to_model_units(spec, value), to_model_units(spec, 98)) << value;
  }
}

TEST(ModelUnits, leave_missing_values_missing) {
  for (const Transform transform : {Transform::kIdentity, Transform::kLog1p, Transform::kLogit}) {
    EXPECT_TRUE(std::isnan(to_model_units(metric(transform), kNaN)));
  }
}

TEST(ModelUnits, are_finite_for_every_number_in_both_directions) {
  for (const Transform transform : {Transform::kIdentity, Transform::kLog1p, Transform::kLogit}) {
    for (const double tolerance : {1e-50, 1.0, 1e40}) {
      const MetricSpec spec = metric(transform, tolerance, 1e50);
      for (const double value : {-kInfinity, -1e308, 1e-320, 1e308, kInfinity}) {
        EXPECT_LE(std::abs(to_model_units(spec, value)), kLargestValue);
        EXPECT_TRUE(std::isfinite(from_model_units(spec, value)));
      }
    }
  }
}

TEST(ModelUnits, of_a_row_are_those_of_its_metrics) {
  RoleModel model;
  model.metrics = {metric(Transform::kIdentity), metric(Transform::kLog1p)};
  const Vector row = to_model_units(model, Eigen::Vector2d(7, kNaN));
  EXPECT_EQ(row[0], 3.5);
  EXPECT_TRUE(std::isnan(row[1]));
}

TEST(PossibleValue, is_neither_negative_for_what_is_counted_nor_above_full_scale) {
  MetricSpec spec = metric(Transform::kIdentity);
  spec.unit = "percent";
  EXPECT_EQ(to_possible_value(spec, -3), 0);
  EXPECT_EQ(to_possible_value(spec, 103), 100);
  EXPECT_EQ(to_possible_value(spec, 60), 60);
  spec.unit = "celsius";
  spec.full_scale = kNaN;
  EXPECT_EQ(to_possible_value(spec, -3), -3);
  EXPECT_EQ(to_possible_value(spec, 103), 103);
}

// ---- what a model may hold

class ModelCheck : public testing::Test {
 protected:
  void expect_error(const RoleModel& model, ErrorCode code, const std::string& text) {
    const auto mixture = validated_mixture(model);
    ASSERT_FALSE(mixture) << text;
    EXPECT_EQ(mixture.error().code, code) << mixture.error().message;
    EXPECT_NE(mixture.error().message.find(text), std::string::npos) << mixture.error().message;
  }

  Random random_{1};
  RoleModel model_ = plain_model(random_parameters(random_, 2, 3));
};

TEST_F(ModelCheck, takes_a_good_model) {
  const auto mixture = validated_mixture(model_);
  ASSERT_TRUE(mixture) << mixture.error().message;
  EXPECT_EQ(mixture->components(), 2);
  EXPECT_EQ(mixture->dimensions(), 3);
}

TEST_F(ModelCheck, refuses_names_that_are_missing_or_repeated) {
  RoleModel model = model_;
  model.metrics[1].name.clear();
  expect_error(model, ErrorCode::kInvalidArgument, "without a name");
  model.metrics[1].name = model.metrics[2].name;
  expect_error(model, ErrorCode::kInvalidArgument, "metric2 appears twice");
  model.metrics[1].name.assign(kLongestText + 1, 'x');
  expect_error(model, ErrorCode::kInvalidArgument, "metric xxx");
  expect_error(model, ErrorCode::kInvalidArgument, "4096 bytes");
  model = model_;
  model.role = "no colon";
  expect_error(model, ErrorCode::kInvalidArgument, "service:role");
}

TEST_F(ModelCheck, refuses_scales_that_cannot_be) {
  for (const double wrong : {0.0, -1.0, kNaN, kInfinity, 1e-60, 1e60}) {
    RoleModel model = model_;
    model.metrics[0].tolerance = wrong;
    expect_error(model, ErrorCode::kInvalidArgument, "tolerance");
    model = model_;
    model.metrics[0].full_scale = wrong;
    if (std::isnan(wrong)) {
      EXPECT_TRUE(validated_mixture(model)) << "a full_scale that is not known";
    } else {
      expect_error(model, ErrorCode::kInvalidArgument, "full_scale");
    }
  }
}

TEST_F(ModelCheck, refuses_logit_without_room_between_the_clamps) {
  for (const double full_scale : {kNaN, 1.0, 2.0}) {
    RoleModel model = model_;
    model.metrics[0].transform = Transform::kLogit;
    model.metrics[0].full_scale = full_scale;
    expect_error(model, ErrorCode::kInvalidArgument, "logit");
  }
}

TEST_F(ModelCheck, refuses_sizes_that_do_not_belong_together) {
  RoleModel model = model_;
  model.metrics.pop_back();
  expect_error(model, ErrorCode::kShapeMismatch, "2 metrics");
  model = model_;
  model.unclipped_covariances = {model.covariances[0]};
  expect_error(model, ErrorCode::kShapeMismatch, "unclipped");
  model.unclipped_covariances = {Matrix::Zero(2, 2), Matrix::Zero(2, 2)};
  expect_error(model, ErrorCode::kShapeMismatch, "unclipped");
  model = model_;
  model.metrics.resize(kMaxMetrics + 1);
  expect_error(model, ErrorCode::kShapeMismatch, "256");
  model = model_;
  model.weights = Vector::Constant(kMaxComponents + 1, 1.0 / (kMaxComponents + 1));
  expect_error(model, ErrorCode::kShapeMismatch, "64");
  RoleModel nothing;
  nothing.role = "a:b";
  expect_error(nothing, ErrorCode::kShapeMismatch, "K >= 1");
}

TEST_F(ModelCheck, refuses_times_of_states_that_are_no_shares) {
  RoleModel model = model_;
  model.state_times.resize(1);
  expect_error(model, ErrorCode::kShapeMismatch, "none or K states");
  model.state_times.resize(2);
  EXPECT_TRUE(validated_mixture(model));
  for (const double wrong : {kNaN, -0.1, 1.5}) {
    model.state_times[1].by_weekday[3] = wrong;
    expect_error(model, ErrorCode::kInvalidArgument, "share of time");
  }
  model.state_times[1].by_weekday.resize(6);
  expect_error(model, ErrorCode::kShapeMismatch, "7 days");
}

TEST_F(ModelCheck, refuses_a_centred_metric_without_a_median) {
  RoleModel model = model_;
  model.metrics[0].center_by_host = true;
  model.metrics[0].median = kNaN;
  EXPECT_FALSE(validated_mixture(model));
}

TEST_F(ModelCheck, refuses_numbers_that_are_not_finite) {
  RoleModel model = model_;
  model.unclipped_covariances = model.covariances;
  model.unclipped_covariances[1](0, 0) = kNaN;
  expect_error(model, ErrorCode::kNotFinite, "unclipped");
  model = model_;
  model.provenance.to = kInfinity;
  expect_error(model, ErrorCode::kNotFinite, "times");
  model = model_;
  model.calibration.typical_score = kNaN;
  expect_error(model, ErrorCode::kNotFinite, "calibration");
}

TEST_F(ModelCheck, refuses_settings_out_of_range) {
  for (const int attempts : {0, 11}) {
    RoleModel model = model_;
    model.alert_settings.max_check_attempts = attempts;
    expect_error(model, ErrorCode::kInvalidArgument, "1-10");
  }
}

// ---- names

TEST(Role, has_a_service_and_a_role) {
  EXPECT_EQ(parse_role("blog:db").value(), "blog:db");
  EXPECT_EQ(parse_role("blog: db").value(), "blog:db");
  EXPECT_EQ(parse_role("b-1.x_:0").value(), "b-1.x_:0");
  for (const std::string wrong : {"", "blog", ":", "blog:", ":db", "blog:  db", "a:b:c", "-a:b",
                                  "a:.b", "a b:c", "a:b\n", "a/..:b"}) {
    const auto role = parse_role(wrong);
    ASSERT_FALSE(role) << wrong;
    EXPECT_EQ(role.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_TRUE(parse_role(std::string(63, 'a') + ":b"));
  EXPECT_FALSE(parse_role(std::string(64, 'a') + ":b"));
  EXPECT_EQ(parse_role("\"\xff").error().message,
            "role: expected service:role (letters, digits, _ - .), got \"\\\"\\xff\"");
}

TEST(Names, are_read_back) {
  for (const Transform transform : {Transform::kIdentity, Transform::kLog1p, Transform::kLogit}) {
    EXPECT_EQ(parse_transform(name(transform)).value(), transform);
  }
  for (const DetectionDirection direction :
       {DetectionDirection::kBoth, DetectionDirection::kAbove, DetectionDirection::kBelow}) {
    EXPECT_EQ(parse_detection_direction(name(direction)).value(), direction);
  }
  EXPECT_FALSE(parse_transform("sqrt"));
  EXPECT_FALSE(parse_detection_direction("up"));
}

}  // namespace
}  // namespace rolemix
