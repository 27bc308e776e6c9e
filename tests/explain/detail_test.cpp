#include "explain/detail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "explain/finding.h"
#include "model/random_model.h"
#include "say/sentence.h"
#include "score/score_memory.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Requests, which cpu and network follow; network and its copy; and disk by itself.
class DetailOf : public testing::Test {
 protected:
  DetailOf() {
    Parameters parameters;
    parameters.weights = Eigen::Vector2d(0.9, 0.1);
    parameters.means.resize(2, 5);
    parameters.means << 100, 50, 80, 80, 20,  //
        100, 50, 80, 80, 60;
    Matrix covariance = Matrix::Zero(5, 5);
    covariance << 900, 440, 700, 700, 0,  //
        440, 225, 345, 345, 0,            //
        700, 345, 560, 556, 0,            //
        700, 345, 556, 560, 0,            //
        0, 0, 0, 0, 4;
    parameters.covariances = {covariance, covariance};
    model_ = plain_model(parameters);
    const char* names[] = {"requests", "cpu", "net", "net.copy", "disk"};
    for (std::size_t d = 0; d < 5; ++d) {
      model_.metrics[d].name = names[d];
      model_.metrics[d].median = parameters.means(0, static_cast<Index>(d));
    }
    Calibration& calibration = model_.calibration;
    calibration.ready = true;
    calibration.typical_score = 15;
    calibration.curves = curves_of({0.1, 0.5, 1}, {0.1, 0.5, 1}, 1 / 0.3);
    calibration.history.assign(std::size_t{kSensitivities} * kMaxCheckAttempts, {1.8, 2.2, 0});
  }

  Detail of(const Vector& values, const Vector& shift = Vector::Zero(5)) {
    Scorer scorer = Scorer::create(model_).value();
    Explainer explainer(scorer);
    explanation_ = explainer.explain(values, shift);
    return detail_of(explainer, values, shift, explanation_);
  }

  /// Whether no alert_score reaches the warning threshold when the sample lasts for hours.
  bool stays_normal(const Vector& values) const {
    const double score = Scorer::create(model_)->score(values).completed_score;
    const Calibration& calibration = model_.calibration;
    const double threshold = alert_threshold(calibration, model_.alert_settings.max_check_attempts,
                                             30);  // days, of the normal sensitivity
    ScoreMemory memory;
    for (double time = 0; time < 100 * calibration.memory_seconds;
         time += calibration.interval_seconds) {
      if (update(memory, calibration, time, score) >= threshold) {
        return false;
      }
    }
    return true;
  }

  static Vector vector(std::initializer_list<double> values) {
    return Eigen::Map<const Vector>(values.begin(), static_cast<Index>(values.size()));
  }

  RoleModel model_;
  Explanation explanation_;
};

TEST_F(DetailOf, a_normal_sample_has_nothing_to_mend) {
  const Detail detail = of(vector({110, 55, 88, 88, 20}));
  EXPECT_TRUE(detail.remedy.found);
  EXPECT_TRUE(detail.remedy.exact);
  EXPECT_THAT(detail.remedy.metrics, IsEmpty());
  EXPECT_EQ(remedy_of(model_, detail), "");
  EXPECT_EQ(detail.runner_up, 1);
}

TEST_F(DetailOf, a_broken_relation_is_what_the_others_predict_and_is_mended_by_that) {
  const Detail detail = of(vector({60, 78, 49, 49, 20}));  // cpu as with twice the requests
  EXPECT_EQ(explanation_.ranking.front(), 1);
  ASSERT_TRUE(detail.prediction);
  EXPECT_EQ(detail.prediction->metric, 1);
  EXPECT_THAT(detail.prediction->predictors, ElementsAre(0));
  EXPECT_NEAR(detail.prediction->expected, 50 - 40 * 440.0 / 900, 1e-9);
  EXPECT_LT(detail.prediction->high, 40);
  EXPECT_THAT(detail.remedy.metrics, ElementsAre(1));
  EXPECT_NEAR(detail.remedy.values[0], 30.4, 1);
  EXPECT_TRUE(detail.remedy.exact);
  EXPECT_THAT(sentence(model_, finding_of(explanation_, detail.prediction)),
              HasSubstr("but the other metrics, above all requests, predict"));
  EXPECT_THAT(remedy_of(model_, detail), HasSubstr("It would be normal if cpu were 30"));
}

TEST_F(DetailOf, metrics_that_move_as_one_are_shown_together) {
  const Detail detail = of(vector({100, 50, 80, 100, 20}));
  ASSERT_EQ(detail.groups.size(), 1U);
  EXPECT_THAT(detail.groups[0].metrics, testing::IsSupersetOf({2, 3}));
  double blame = 0;
  for (const int d : detail.groups[0].metrics) {
    blame += explanation_.metrics[d].blame;
  }
  EXPECT_EQ(detail.groups[0].blame, blame);
}

TEST_F(DetailOf, rank_one_is_firm_when_far_ahead_and_not_when_two_are_alike) {
  EXPECT_EQ(of(vector({100, 50, 80, 80, 90})).firm, true);
  model_.covariances[0](3, 3) = model_.covariances[1](3, 3) = 2000;  // no copy any more
  EXPECT_EQ(of(vector({100, 160, 80, 80, 78})).firm, false)
      << explanation_.metrics[1].blame << " " << explanation_.metrics[4].blame;
  model_.calibration.history.clear();
  EXPECT_FALSE(of(vector({100, 50, 80, 80, 90})).firm) << "of a model without intervals";
}

TEST_F(DetailOf, rank_one_is_firm_when_its_evidence_is_ahead_by_the_factor_of_the_interval) {
  for (Matrix& covariance : model_.covariances) {
    covariance = Matrix(covariance.diagonal().asDiagonal());
  }
  const double factor = (std::exp(2.2) - 1) / (std::exp(1.8) - 1);
  int firm = 0;
  int count = 0;
  for (double deviations = 3; deviations < 6; deviations += 0.02, ++count) {
    const Detail detail = of(vector({100 + 30 * deviations, 50 + 15 * 4, 80, 80, 20}));
    const Vector evidence = merged(evidence_of(explanation_));
    const double ahead = evidence[explanation_.ranking[0]] / evidence[explanation_.ranking[1]];
    EXPECT_EQ(detail.firm, ahead >= factor) << ahead;
    firm += ahead >= factor;
  }
  EXPECT_GT(firm, count / 10);
  EXPECT_LT(firm, count * 9 / 10);
}

TEST_F(DetailOf, a_sample_is_mended_once_it_could_not_last_and_what_mends_it_can) {
  const auto sample = [](double disk) { return vector({100, 50, 80, 80, disk}); };
  for (const double scale : {0.5, 1.0, 2.0}) {
    model_.calibration.score_scale = scale;
    double normal = 20;
    double too_much = 40;
    ASSERT_TRUE(stays_normal(sample(normal)));
    ASSERT_FALSE(stays_normal(sample(too_much)));
    while (too_much - normal > 1e-5) {
      const double middle = 0.5 * (normal + too_much);
      (stays_normal(sample(middle)) ? normal : too_much) = middle;
    }
    EXPECT_THAT(of(sample(normal)).remedy.metrics, IsEmpty()) << scale;
    for (const double disk : {too_much, 40.0}) {
      const Remedy remedy = of(sample(disk)).remedy;
      ASSERT_THAT(remedy.metrics, ElementsAre(4)) << scale;
      EXPECT_TRUE(remedy.found);
      EXPECT_TRUE(stays_normal(sample(remedy.values[0])));
    }
  }
}

TEST_F(DetailOf, the_runner_up_is_the_most_probable_of_the_other_states) {
  Random random(1);
  for (int i = 0; i < 50; ++i) {
    const Parameters parameters = random_parameters(random, 5, 5);
    model_ = plain_model(parameters);
    const int runner_up = of(random_sample(random, parameters)).runner_up;
    Vector others = explanation_.responsibilities;
    others[explanation_.state] = -1;
    ASSERT_NE(runner_up, explanation_.state);
    EXPECT_EQ(others[runner_up], others.maxCoeff());
  }
}

TEST_F(DetailOf, a_sample_with_gaps_speaks_of_what_was_measured) {
  const Detail detail = of(vector({60, 80, kNaN, 49, kNaN}));
  ASSERT_TRUE(detail.prediction);
  EXPECT_THAT(detail.prediction->predictors, ElementsAre(0));
  EXPECT_THAT(detail.remedy.metrics, ElementsAre(1));
}

TEST_F(DetailOf, nothing_measured_has_no_detail) {
  const Detail detail = of(Vector::Constant(5, kNaN));
  EXPECT_FALSE(detail.prediction);
  EXPECT_FALSE(detail.remedy.found);
  EXPECT_EQ(detail.runner_up, -1);
}

TEST_F(DetailOf, a_host_at_another_level_is_mended_at_its_level) {
  const Vector shift = vector({0, 0, 0, 0, 10});
  const Detail usual = of(vector({100, 50, 80, 80, 30}), shift);
  EXPECT_THAT(usual.remedy.metrics, IsEmpty()) << "it always is like that";
  const Detail detail = of(vector({100, 50, 80, 80, 45}), shift);
  EXPECT_THAT(detail.remedy.metrics, ElementsAre(4));
  EXPECT_NEAR(detail.remedy.values[0], 34, 1e-9) << "the role's mean, 24, and the level";
}

TEST_F(DetailOf, a_model_that_is_not_ready_knows_no_threshold) {
  model_.calibration.ready = false;
  const Detail detail = of(vector({100, 50, 80, 80, 90}));
  EXPECT_FALSE(detail.remedy.found);
  EXPECT_THAT(detail.remedy.metrics, IsEmpty());
}

}  // namespace
}  // namespace rolemix
