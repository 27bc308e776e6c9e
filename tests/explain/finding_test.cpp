#include "explain/finding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <optional>

#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Five independent metrics about 0 with deviation 1.
class FindingOf : public testing::Test {
 protected:
  FindingOf() {
    Parameters parameters;
    parameters.weights = Vector::Ones(1);
    parameters.means = Matrix::Zero(1, 5);
    parameters.covariances = {Matrix::Identity(5, 5)};
    model_ = plain_model(parameters);
  }

  Finding of(std::initializer_list<double> values,
             const std::optional<Prediction>& prediction = std::nullopt) {
    Scorer scorer = Scorer::create(model_).value();
    explanation_ = Explainer(scorer).explain(
        Eigen::Map<const Vector>(values.begin(), static_cast<Index>(values.size())));
    return finding_of(explanation_, prediction);
  }

  RoleModel model_;
  Explanation explanation_;
};

TEST_F(FindingOf, keeps_the_three_metrics_outside_that_are_most_to_blame_with_their_numbers) {
  const Finding finding = of({4, 0, -5, 7, 3});
  EXPECT_EQ(finding.kind, FindingKind::kOutside);
  EXPECT_THAT(top_metrics(model_, finding), ElementsAre("metric3", "metric2", "metric0"));
  const FoundMetric& first = finding.metrics[0];
  const MetricExplanation& explained = explanation_.metrics[3];
  EXPECT_EQ(first.metric, 3);
  EXPECT_EQ(first.observed, 7);
  EXPECT_EQ(first.expected, explained.expected);
  EXPECT_EQ(first.low, explained.low);
  EXPECT_EQ(first.high, explained.high);
  EXPECT_EQ(first.typical_low, explained.typical_low);
  EXPECT_EQ(first.typical_high, explained.typical_high);
  EXPECT_EQ(first.blame, explained.blame);
  EXPECT_EQ(first.reason, Reason::kBoth);
  EXPECT_EQ(first.direction, Direction::kAbove);
  EXPECT_EQ(finding.metrics[1].direction, Direction::kBelow);
  EXPECT_FALSE(finding.alone);
}

TEST_F(FindingOf, keeps_the_one_that_differs_most_where_all_are_inside) {
  const Finding finding = of({0.1, -1.5, 0, 0.2, 0});
  EXPECT_EQ(finding.kind, FindingKind::kInside);
  ASSERT_EQ(finding.metrics.size(), 1U);
  EXPECT_EQ(finding.metrics[0].metric, 1);
  EXPECT_THAT(top_metrics(model_, finding), IsEmpty());
}

TEST_F(FindingOf, tells_an_ignored_side_from_the_inside) {
  model_.metrics[0].detection_direction = DetectionDirection::kAbove;
  EXPECT_EQ(of({-9, 0, 0, 0, 0}).kind, FindingKind::kIgnoredSide);
  EXPECT_EQ(of({9, 0, 0, 0, 0}).kind, FindingKind::kOutside);
}

TEST_F(FindingOf, tells_what_was_not_measured_from_what_has_no_level) {
  EXPECT_EQ(of({kNaN, kNaN, kNaN, kNaN, kNaN}).kind, FindingKind::kNotMeasured);
  for (MetricSpec& metric : model_.metrics) {
    metric.center_by_host = true;
    metric.median = 0;
  }
  Scorer scorer = Scorer::create(model_).value();
  const Vector unknown = Vector::Constant(5, kNaN);  // the host has no level
  const Explanation explanation = Explainer(scorer).explain(Vector::Zero(5), unknown);
  const Finding finding = finding_of(explanation, std::nullopt);
  EXPECT_EQ(finding.kind, FindingKind::kNoLevel);
  EXPECT_THAT(finding.metrics, IsEmpty());
}

TEST_F(FindingOf, knows_whether_others_could_predict_the_first_and_which_did) {
  EXPECT_TRUE(of({9, kNaN, kNaN, kNaN, kNaN}).alone);
  const Prediction prediction{0, {4, 2}, 0, 0, 0};
  EXPECT_THAT(of({9, 0, 0, 0, 0}, prediction).predictors, ElementsAre(4, 2));
}

}  // namespace
}  // namespace rolemix
