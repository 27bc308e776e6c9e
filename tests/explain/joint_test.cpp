#include "explain/joint.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "model/random_model.h"
#include "model/units.h"

namespace rolemix {
namespace {

/// The points of an outline in model units, and how far each lies from the conditional of metrics
/// a and b given all others, by inverting the covariance of the others.
void expect_on_ellipse(const RoleModel& model, const GaussianMixture& mixture, Index k,
                       const Vector& x, int a, int b, const Matrix& outline) {
  std::vector<Index> pair = {a, b};
  std::vector<Index> others;
  for (Index d = 0; d < x.size(); ++d) {
    if (d != a && d != b) {
      others.push_back(d);
    }
  }
  const Matrix& covariance = mixture.covariance(k);
  const Matrix gain = covariance(pair, others) * covariance(others, others).inverse();
  const Vector offset = x - mixture.means().row(k).transpose();
  const Vector mean = mixture.means().row(k).transpose()(pair) + gain * offset(others);
  const Matrix given = covariance(pair, pair) - gain * covariance(others, pair);
  for (Index i = 0; i < outline.rows(); ++i) {
    const Vector point{{to_model_units(model.metrics[a], outline(i, 0)),
                        to_model_units(model.metrics[b], outline(i, 1))}};
    const Vector from = point - mean;
    EXPECT_NEAR(from.dot(given.inverse() * from), -2 * std::log(0.05), 1e-6);
  }
}

class Joint : public testing::Test {
 protected:
  Random random_{3};
  RoleModel model_ = plain_model(random_parameters(random_, 3, 5));
  Scorer scorer_ = Scorer::create(model_).value();
  Explainer explainer_{scorer_};
  Vector values_ = typical_values();

  Vector typical_values() {
    Vector values(model_.dimensions());
    for (Index d = 0; d < values.size(); ++d) {
      values[d] = to_shown_value(model_.metrics[d], scorer_.mixture().means()(0, d));
    }
    return values;
  }
};

TEST_F(Joint, IsTheConditionalOfTwoMetricsGivenAllOthers) {
  const auto ellipses = joint_ellipses(explainer_, values_, Vector(), 2, 0);
  ASSERT_FALSE(ellipses.empty());
  const auto swapped = joint_ellipses(explainer_, values_, Vector(), 0, 2);
  ASSERT_EQ(swapped.size(), ellipses.size());
  // Far from the others' values a component has no weight; the first sample lies on one's mean.
  const Vector x = to_model_units(model_, values_);
  expect_on_ellipse(model_, scorer_.mixture(), 0, x, 2, 0, ellipses[0].outline);
  expect_on_ellipse(model_, scorer_.mixture(), 0, x, 0, 2, swapped[0].outline);
}

TEST_F(Joint, HasWeightsThatSumToOneButForTheImprobable) {
  double sum = 0;
  for (const JointEllipse& ellipse : joint_ellipses(explainer_, values_, Vector(), 0, 1)) {
    sum += ellipse.weight;
  }
  EXPECT_LE(sum, 1 + 1e-12);
  EXPECT_GE(sum, 1 - 0.01 * static_cast<double>(model_.components()));
}

TEST_F(Joint, IsEmptyForAMetricThatWasNotMeasured) {
  values_[1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(joint_ellipses(explainer_, values_, Vector(), 0, 1).empty());
  EXPECT_TRUE(joint_ellipses(explainer_, values_, Vector(), 0, 0).empty());
}

}  // namespace
}  // namespace rolemix
