#include "report/alert_explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "alert/find_alerts.h"
#include "base/random.h"
#include "explain/similar.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;

constexpr double kInterval = 300;
constexpr double kStart = 1000 * 86400;
constexpr int kSamples = 600;

/// Three hosts of a role with four independent metrics, about 10, 20, 30 and 40.
class AlertOfARole : public testing::Test {
 protected:
  AlertOfARole() {
    Parameters parameters;
    parameters.weights = Vector::Ones(1);
    parameters.means = Eigen::RowVector4d(10, 20, 30, 40);
    parameters.covariances = {Matrix::Identity(4, 4)};
    model_ = plain_model(parameters);
    for (Index d = 0; d < 4; ++d) {
      model_.metrics[d].median = parameters.means(0, d);
    }
    Calibration& calibration = model_.calibration;
    calibration.ready = true;
    calibration.typical_score = 5.7;
    calibration.interval_seconds = kInterval;
    calibration.memory_seconds = 6 * kInterval;
    calibration.curves = curves_of({0.2, 0.8, 1.2}, {0.1, 1, 5}, 4);
    Random random(3);
    table_.metrics = metric_names(model_);
    table_.hosts = {"a", "b", "c"};
    table_.values.resize(3 * kSamples, 4);
    for (std::int32_t row = 0; row < 3 * kSamples; ++row) {
      table_.host.push_back(row % 3);
      table_.timestamps.push_back(kStart + kInterval * (row / 3));
      for (Index d = 0; d < 4; ++d) {
        table_.values(row, d) = parameters.means(0, d) + random_normal(random);
      }
    }
  }

  void add(int host, int first, int count, Index metric, double step) {
    for (int i = first; i < first + count; ++i) {
      table_.values(3 * i + host, metric) += step;
    }
  }

  double time(int i) const { return kStart + kInterval * i; }

  /// The alerts, and scores and scorer kept for what follows.
  std::vector<Alert> alerts() {
    scores_ = score_table(scorer_, table_).value();
    return find_alerts(scorer_, table_, scores_, model_.alert_settings).value();
  }

  AlertExplanation why(const Alert& alert) {
    return explain_alert(explainer_, table_, rows_by_host(table_).value(), scores_,
                         alert_thresholds(model_.calibration, model_.alert_settings), alert)
        .value();
  }

  RoleModel model_;
  SampleTable table_;
  Scorer scorer_ =
      Scorer::create(plain_model({Vector::Ones(1), Matrix::Zero(1, 1), {Matrix::Identity(1, 1)}}))
          .value();
  Explainer explainer_{scorer_};
  TableScores scores_;

  void SetUp() override { scorer_ = Scorer::create(model_).value(); }
};

TEST_F(AlertOfARole, says_what_left_its_range_first_and_what_changed) {
  add(1, 400, 40, 2, 12);
  add(1, 410, 30, 0, 9);
  const std::vector<Alert> found = alerts();
  ASSERT_EQ(found.size(), 1U);
  const AlertExplanation why = this->why(found[0]);
  EXPECT_THAT(why.first_to_leave, ElementsAre(2));
  EXPECT_EQ(why.metrics[2].left_at, time(400));
  EXPECT_EQ(why.metrics[0].left_at, time(410));
  EXPECT_TRUE(std::isnan(why.metrics[1].left_at));
  EXPECT_NEAR(why.metrics[2].before, 30, 0.5);
  EXPECT_NEAR(why.metrics[2].during, 42, 1.5);
  EXPECT_EQ(why.ranking[0], 2);
  EXPECT_EQ(why.ranking[1], 0);
  EXPECT_EQ(why.metrics[2].rank, 1);
  double blame = 0;
  for (const SpanMetric& metric : why.metrics) {
    blame += metric.blame;
  }
  EXPECT_NEAR(blame, 1, 1e-12);
  EXPECT_EQ(why.unusual_hosts, 1);
  EXPECT_EQ(why.hosts, 3);
  EXPECT_EQ(table_.timestamps[why.worst_row], found[0].worst_at);
}

TEST_F(AlertOfARole, counts_the_hosts_that_are_unusual_at_that_time) {
  add(0, 400, 30, 2, 12);
  add(1, 400, 30, 2, 10);
  const std::vector<Alert> found = alerts();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(why(found[0]).unusual_hosts, 2);
}

TEST_F(AlertOfARole, a_single_odd_sample_before_is_no_beginning) {
  add(1, 395, 1, 3, 6);  // odd, and over
  add(1, 400, 30, 2, 12);
  const std::vector<Alert> found = alerts();
  ASSERT_EQ(found.size(), 1U);
  const AlertExplanation why = this->why(found[0]);
  EXPECT_EQ(why.metrics[2].left_at, time(400));
  EXPECT_EQ(why.ranking[0], 2);
}

TEST_F(AlertOfARole, of_another_table_is_an_error) {
  add(1, 400, 30, 2, 12);
  Alert alert = alerts().at(0);
  alert.worst_at += 1;
  const auto moved =
      explain_alert(explainer_, table_, rows_by_host(table_).value(), scores_, {}, alert);
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, ErrorCode::kInvalidArgument);
  alert.worst_host = "z";
  EXPECT_FALSE(explain_alert(explainer_, table_, rows_by_host(table_).value(), scores_, {}, alert));
}

TEST_F(AlertOfARole, a_moment_is_like_the_past_ones_with_its_pattern) {
  add(0, 200, 12, 2, 12);   // the same on another host
  add(1, 300, 12, 2, -12);  // the other way
  add(2, 350, 12, 0, 12);   // another metric
  add(1, 500, 12, 2, 11);
  alerts();
  const std::int32_t row = 3 * 508 + 1;
  const Explanation here = explain_table(explainer_, table_, {row}).value().front();
  const auto similar = similar_moments(explainer_, table_, scores_, row, here).value();
  ASSERT_EQ(similar.size(), 1U);
  EXPECT_EQ(table_.host[similar[0].row], 0);
  EXPECT_NEAR(table_.timestamps[similar[0].row], time(206), 7 * kInterval);
  EXPECT_GT(similar[0].similarity, 0.8);
  EXPECT_NEAR(similarity(here, here), 1, 1e-12);
}

TEST_F(AlertOfARole, the_future_and_the_last_hour_are_not_the_past) {
  add(1, 500, 12, 2, 11);
  add(0, 502, 12, 2, 11);
  add(0, 560, 12, 2, 11);
  alerts();
  const std::int32_t row = 3 * 508 + 1;
  const Explanation here = explain_table(explainer_, table_, {row}).value().front();
  EXPECT_TRUE(similar_moments(explainer_, table_, scores_, row, here).value().empty());
}

}  // namespace
}  // namespace rolemix
