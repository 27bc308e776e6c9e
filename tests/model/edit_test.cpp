#include "model/edit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mixture/linear_algebra.h"
#include "model/random_model.h"
#include "model/units.h"
#include "score/score.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// A model as training leaves it: some unclipped eigenvalues are below 1.
RoleModel trained_model(Random& random, Index components, Index dimensions) {
  RoleModel model = plain_model(random_parameters(random, components, dimensions));
  for (Index k = 0; k < components; ++k) {
    const Matrix factor = random_normals(random, dimensions, dimensions);
    model.unclipped_covariances.emplace_back(factor * factor.transpose());
    model.covariances[k] = raised_to_identity(model.unclipped_covariances[k]).value();
  }
  return model;
}

std::vector<MetricEdit> no_edits(const RoleModel& model) {
  return std::vector<MetricEdit>(model.metrics.size());
}

Vector scores_of(const RoleModel& model, const Matrix& values) {
  return Scorer::create(model).value().score_rows(values).completed_score;
}

TEST(Edited, without_edits_is_the_model) {
  Random random(1);
  const RoleModel model = trained_model(random, 3, 5);
  const RoleModel same = edited(model, no_edits(model)).value();
  const Matrix values = 2 * random_normals(random, 20, 5);
  EXPECT_EQ(scores_of(same, values), scores_of(model, values));
  EXPECT_DOUBLE_EQ(same.calibration.typical_score, model.calibration.typical_score);
  EXPECT_EQ(same.calibration.score_scale, 1);
}

TEST(EditedTolerance, is_what_training_makes_of_the_same_components) {
  Random random(2);
  const RoleModel model = trained_model(random, 2, 4);
  std::vector<MetricEdit> edits = no_edits(model);
  edits[1].tolerance = 3;
  const RoleModel wider = edited(model, edits).value();
  EXPECT_EQ(wider.metrics[1].tolerance, 3);
  EXPECT_NEAR(wider.means(0, 1), model.means(0, 1) / 3, 1e-15);
  for (Index k = 0; k < 2; ++k) {
    const Vector units = Eigen::Vector4d(1, 1.0 / 3, 1, 1);
    const Matrix expected =
        raised_to_identity(units.asDiagonal() * model.unclipped_covariances[k] * units.asDiagonal())
            .value();
    EXPECT_TRUE(wider.covariances[k].isApprox(expected, 1e-12));
    EXPECT_GE(Eigen::SelfAdjointEigenSolver<Matrix>(wider.covariances[k]).eigenvalues()[0],
              1 - 1e-12);
  }
}

TEST(EditedTolerance, makes_a_move_within_it_no_news) {
  RoleModel model = plain_model({Vector::Ones(1), Matrix::Zero(1, 1), {Matrix::Identity(1, 1)}});
  model.unclipped_covariances = {Matrix::Constant(1, 1, 0.01)};
  const Vector moved = Vector::Constant(1, 10);
  const RoleModel wider = edited(model, {{.tolerance = 10}}).value();
  Scorer scorer = Scorer::create(wider).value();
  const double floor = -scorer.mixture().log_peak_bound();
  EXPECT_NEAR(scorer.score(moved).anomaly_score, floor + 0.5, 1e-12);
  EXPECT_NEAR(Scorer::create(model)->score(moved).anomaly_score, floor + 50, 1e-12);
}

TEST(EditedTolerance, keeps_the_transform_as_trained) {
  for (const Transform transform : {Transform::kIdentity, Transform::kLog1p, Transform::kLogit}) {
    MetricSpec metric;
    metric.name = "metric";
    metric.tolerance = 2;
    metric.full_scale = 100;
    metric.transform = transform;
    MetricSpec wider = metric;
    wider.tolerance = 6;
    wider.transform_tolerance = 2;
    for (const double value : {0.0, 1.0, 40.0, 99.0}) {
      const double units = to_model_units(metric, value);
      EXPECT_NEAR(to_model_units(wider, value), units / 3, 1e-12);
      EXPECT_NEAR(from_model_units(wider, units / 3), from_model_units(metric, units), 1e-9);
    }
  }
}

TEST(EditedTolerance, of_several_metrics_does_not_depend_on_their_order) {
  Random random(3);
  const RoleModel model = trained_model(random, 3, 4);
  std::vector<MetricEdit> both = no_edits(model);
  both[0].tolerance = 0.5;
  both[2].tolerance = 4;
  std::vector<MetricEdit> first = no_edits(model);
  first[2].tolerance = 4;
  std::vector<MetricEdit> second = no_edits(model);
  second[0].tolerance = 0.5;
  const RoleModel at_once = edited(model, both).value();
  const RoleModel in_turn = edited(edited(model, first).value(), second).value();
  const Matrix values = 2 * random_normals(random, 20, 4);
  EXPECT_TRUE(scores_of(in_turn, values).isApprox(scores_of(at_once, values), 1e-12));
  EXPECT_NEAR(in_turn.calibration.typical_score, at_once.calibration.typical_score, 1e-9);
  EXPECT_NEAR(in_turn.calibration.score_scale, at_once.calibration.score_scale, 1e-12);
}

TEST(Muted, is_as_if_the_metric_had_never_been_measured) {
  Random random(4);
  const RoleModel model = trained_model(random, 3, 5);
  std::vector<MetricEdit> edits = no_edits(model);
  edits[1].muted = edits[4].muted = true;
  const RoleModel muted = edited(model, edits).value();
  ASSERT_EQ(muted.dimensions(), 3);
  EXPECT_EQ(muted.metrics[1].name, model.metrics[2].name);
  Scorer full = Scorer::create(model).value();
  Scorer rest = Scorer::create(muted).value();
  for (int i = 0; i < 20; ++i) {
    Vector values = 3 * random_normals(random, 5, 1).col(0);
    const Vector left = values(std::vector<Index>{0, 2, 3});
    values[1] = values[4] = kNaN;
    EXPECT_NEAR(rest.score(left).anomaly_score, full.score(values).anomaly_score, 1e-11);
  }
}

TEST(ExpectedScore, is_the_mean_and_spread_over_samples_of_the_unclipped_component) {
  Random random(5);
  const RoleModel model = trained_model(random, 1, 6);
  const ExpectedScore expected = expected_score(model).value();
  const Matrix lower = Eigen::LLT<Matrix>(model.unclipped_covariances[0]).matrixL();
  Matrix samples = random_normals(random, 40000, 6) * lower.transpose();
  samples.rowwise() += model.means.row(0);
  const Vector scores = scores_of(model, samples);
  const double deviation = std::sqrt((scores.array() - scores.mean()).square().mean());
  EXPECT_NEAR(scores.mean(), expected.mean, 0.05);
  EXPECT_NEAR(deviation, expected.standard_deviation, 0.05);
}

/// The largest alert score but one in a hundred, over samples of the unclipped components.
double high_alert_score(const RoleModel& model, const Matrix& values) {
  std::vector<double> scores;
  for (const double score : scores_of(model, values)) {
    ScoreMemory memory;
    Calibration calibration = model.calibration;
    calibration.memory_seconds = 0;
    scores.push_back(update(memory, calibration, 0, score));
  }
  std::ranges::sort(scores);
  return scores[scores.size() * 99 / 100];
}

TEST(Edited, keeps_alert_scores_of_normal_samples_as_high_as_they_were) {
  Random random(6);
  for (int trial = 0; trial < 10; ++trial) {
    RoleModel model = trained_model(random, 1, 12);
    model.calibration.typical_score = expected_score(model).value().mean;
    const Matrix lower = Eigen::LLT<Matrix>(model.unclipped_covariances[0]).matrixL();
    Matrix samples = random_normals(random, 20000, 12) * lower.transpose();
    samples.rowwise() += model.means.row(0);
    std::vector<MetricEdit> wider = no_edits(model);
    std::vector<MetricEdit> narrower = no_edits(model);
    std::vector<MetricEdit> muted = no_edits(model);
    for (Index d = 0; d < 4; ++d) {
      wider[d].tolerance = 3;
      narrower[d].tolerance = 1.0 / 3;
      muted[d].muted = true;
    }
    const double before = high_alert_score(model, samples);
    EXPECT_NEAR(high_alert_score(edited(model, wider).value(), samples), before, 0.15);
    EXPECT_NEAR(high_alert_score(edited(model, narrower).value(), samples), before, 0.15);
    EXPECT_NEAR(high_alert_score(edited(model, muted).value(), samples.rightCols(8)), before, 0.15);
  }
}

TEST(Edited, refuses_what_makes_no_sense) {
  Random random(7);
  const RoleModel model = trained_model(random, 2, 2);
  const auto error_of = [&](const RoleModel& from, const std::vector<MetricEdit>& edits) {
    const auto result = edited(from, edits);
    return result ? "" : result.error().message;
  };
  EXPECT_NE(error_of(model, {{}}), "");
  EXPECT_NE(error_of(model, {{.muted = true}, {.muted = true}}), "");
  for (const double tolerance : {0.0, -1.0, HUGE_VAL, 1e60}) {
    EXPECT_EQ(error_of(model, {{.tolerance = tolerance}, {}}),
              "metric metric0: expected a tolerance in 1e-50..1e50");
  }
  RoleModel without = model;
  without.unclipped_covariances.clear();
  EXPECT_EQ(
      error_of(without, {{.tolerance = 2}, {}}),
      "metric metric0: its tolerance cannot change, the model keeps no unclipped covariances");
  EXPECT_EQ(error_of(without, {{.muted = true}, {}}), "");
  const RoleModel narrow = trained_model(random, 1, 1);
  EXPECT_EQ(error_of(narrow, {{.tolerance = 1e12}}), "");
  EXPECT_NE(error_of(narrow, {{.tolerance = 1e45}}).find("score_scale"), std::string::npos);
}

}  // namespace
}  // namespace rolemix
