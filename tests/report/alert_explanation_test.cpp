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

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

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
    samples_ = samples_of(model_, table_).value();
    scores_ = score(scorer_, samples_);
    return find_alerts(explainer_, samples_, scores_, model_.alert_settings);
  }

  AlertExplanation why(const Alert& alert) {
    return explain_alert(explainer_, samples_, scores_,
                         alert_thresholds(model_.calibration, model_.alert_settings), alert)
        .value();
  }

  RoleModel model_;
  SampleTable table_;
  Samples samples_;
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
  EXPECT_EQ(why.worst.timestamp, found[0].worst_at);
  EXPECT_EQ(why.metrics[2].peers.hosts, 2);
  EXPECT_NEAR(why.metrics[2].peers.median, 30, 4);
  EXPECT_THAT(why.sentences, Contains(HasSubstr("The other 2 hosts of the role are at ")));
}

TEST_F(AlertOfARole, of_a_span_is_explained_like_that_of_an_alert) {
  add(1, 400, 40, 2, 12);
  const std::vector<Alert> found = alerts();
  ASSERT_EQ(found.size(), 1U);
  const AlertExplanation why = this->why(found[0]);
  const AlertThresholds thresholds = alert_thresholds(model_.calibration, model_.alert_settings);
  const auto of = [&](const HostSpan& span) {
    return explain_span(explainer_, samples_, scores_, thresholds, span);
  };
  const auto span = of({"b", found[0].started_at, found[0].closed_at});
  ASSERT_TRUE(span) << span.error().message;
  EXPECT_EQ(span->alert.alert_id, "");
  EXPECT_EQ(span->alert.worst_at, found[0].worst_at);
  EXPECT_EQ(span->alert.severity, found[0].severity);
  EXPECT_EQ(span->alert.level, found[0].level);
  EXPECT_EQ(span->sentences, why.sentences);
  EXPECT_EQ(span->ranking, why.ranking);
  for (std::size_t d = 0; d < why.metrics.size(); ++d) {
    EXPECT_EQ(span->metrics[d].blame, why.metrics[d].blame);
    EXPECT_EQ(span->metrics[d].during, why.metrics[d].during);
  }
  // Of all there is, and of a quiet hour, whatever it scores.
  EXPECT_EQ(of({"b"})->alert.samples, kSamples);
  EXPECT_TRUE(std::isnan(of({"b"})->alert.closed_at));
  EXPECT_EQ(of({"a", time(10), time(22)})->alert.samples, 12);
  EXPECT_EQ(of({"a", time(10) + 1, time(11)}).error().message,
            "host \"a\" has no sample with a value in that period");
  EXPECT_FALSE(of({"other"}));
}

TEST_F(AlertOfARole, counts_the_hosts_that_are_unusual_at_that_time) {
  add(0, 400, 30, 2, 12);
  add(1, 400, 30, 2, 10);
  const std::vector<Alert> found = alerts();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(why(found[0]).unusual_hosts, 2);
}

TEST_F(AlertOfARole, compares_with_the_same_hour_of_earlier_days) {
  // By day 30, from noon on 36 and more: the last metric is as at that hour, the third is not.
  for (int i = 0; i < kSamples; ++i) {
    table_.values.middleRows(3 * i, 3).col(3).array() += i % 288 >= 144 ? 6 : 0;
  }
  add(1, 440, 40, 2, 12);
  const auto of_day = [&](double from, double to) {
    samples_ = samples_of(model_, table_).value();
    scores_ = score(scorer_, samples_);
    return explain_span(explainer_, samples_, scores_,
                        alert_thresholds(model_.calibration, model_.alert_settings),
                        {"b", from, to})
        .value();
  };
  const AlertExplanation why = of_day(time(440), time(480));
  EXPECT_EQ(why.before, Before::kSameHour);
  EXPECT_NEAR(why.metrics[2].before, 30, 1);
  EXPECT_NEAR(why.metrics[2].during, 42, 1);
  EXPECT_NEAR(why.metrics[3].before, 46, 1);
  EXPECT_NEAR(why.metrics[3].during, 46, 1);
  EXPECT_THAT(why.sentences, Contains(HasSubstr("at this hour of the days before")));
  // On the first day there is only the hour before, and before the first sample nothing.
  const AlertExplanation first = of_day(time(144), time(160));
  EXPECT_EQ(first.before, Before::kHourBefore);
  EXPECT_NEAR(first.metrics[3].before, 40, 1);
  EXPECT_NEAR(first.metrics[3].during, 46, 1);
  EXPECT_THAT(first.sentences, Contains(HasSubstr("in the hour before")));
  EXPECT_TRUE(std::isnan(of_day(time(0), time(9)).metrics[3].before));
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

/// When, by its definition, a metric left its range: explanations at these times, the alert's and
/// those before it that evidence is remembered of.
double naive_left_at(const std::vector<Explanation>& explanations, const std::vector<double>& times,
                     Index d) {
  const auto clear = [&](std::size_t i) {
    return explanations[i].metrics[d].reason != Reason::kNone &&
           merged(evidence_of(explanations[i]))[d] >= 3;
  };
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    if (clear(i) && clear(i + 1)) {
      return times[i];
    }
  }
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (clear(i)) {
      return times[i];
    }
  }
  return std::nan("");
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

TEST_F(AlertOfARole, is_explained_as_its_definitions_say) {
  // The first two metrics move together, and come apart little by little.
  model_.covariances[0](0, 1) = model_.covariances[0](1, 0) = 0.98;
  scorer_ = Scorer::create(model_).value();
  table_.values.col(1) = 20 + 0.98 * (table_.values.col(0).array() - 10) +
                         std::sqrt(1 - 0.98 * 0.98) * (table_.values.col(1).array() - 20);
  for (int i = 0; i < 30; ++i) {
    add(1, 390 + i, 1, 2, 0.25 * i);
    add(1, 390 + i, 1, 1, 0.06 * i);
    add(1, 400 + i, 1, 3, 2 + 0.1 * i);
  }
  const std::vector<Alert> found = alerts();
  ASSERT_FALSE(found.empty());
  const Alert& alert = found.back();
  ASSERT_FALSE(std::isnan(alert.closed_at));
  const AlertExplanation why = this->why(alert);
  const double remembered = 5 * model_.calibration.memory_seconds;
  std::vector<std::int32_t> rows;
  std::vector<double> times;
  for (std::int32_t row = 1; row < table_.rows(); row += 3) {
    if (table_.timestamps[row] >= alert.started_at - remembered &&
        table_.timestamps[row] < alert.closed_at) {
      rows.push_back(row);
      times.push_back(table_.timestamps[row]);
    }
  }
  const std::vector<Explanation> explanations = explain(explainer_, samples_, rows);
  std::size_t last = times.size();  // in which a metric is clearly outside
  const auto is_clear = [&](std::size_t i) {
    const Vector evidence = merged(evidence_of(explanations[i]));
    for (Index d = 0; d < 4; ++d) {
      if (explanations[i].metrics[d].reason != Reason::kNone && evidence[d] >= 3) {
        return true;
      }
    }
    return false;
  };
  while (!is_clear(last - 1)) {
    --last;
  }
  ASSERT_LT(last, times.size()) << "the alert outlasts its cause";
  for (Index d = 0; d < 4; ++d) {
    const double left_at = naive_left_at(explanations, times, d);
    EXPECT_TRUE(why.metrics[d].left_at == left_at ||
                (std::isnan(why.metrics[d].left_at) && std::isnan(left_at)))
        << why.metrics[d].left_at << " " << left_at;
    std::vector<double> before;
    std::vector<double> during;
    for (std::int32_t row = 1; row < table_.rows(); row += 3) {
      const double time = table_.timestamps[row];
      const double ago = alert.started_at - time - 86400;  // half an hour about then
      if (ago > -1800 && ago <= 1800) {
        before.push_back(table_.values(row, d));
      } else if (time >= alert.started_at && time <= times[last - 1]) {
        during.push_back(table_.values(row, d));
      }
    }
    EXPECT_EQ(why.metrics[d].before, median(before));
    EXPECT_EQ(why.metrics[d].during, median(during));
  }
}

TEST_F(AlertOfARole, of_another_table_is_an_error) {
  add(1, 400, 30, 2, 12);
  Alert alert = alerts().at(0);
  alert.worst_at += 1;
  const auto moved = explain_alert(explainer_, samples_, scores_, {}, alert);
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, ErrorCode::kInvalidArgument);
  alert.worst_host = "z";
  EXPECT_FALSE(explain_alert(explainer_, samples_, scores_, {}, alert));
}

TEST_F(AlertOfARole, a_moment_is_like_the_past_ones_with_its_pattern) {
  add(0, 200, 12, 2, 12);   // the same on another host
  add(1, 300, 12, 2, -12);  // the other way
  add(2, 350, 12, 0, 12);   // another metric
  add(1, 500, 12, 2, 11);
  alerts();
  const std::int32_t row = 3 * 508 + 1;
  const Explanation here = explain(explainer_, samples_, {row}).front();
  const auto similar = similar_moments(explainer_, samples_, scores_, row, here);
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
  const Explanation here = explain(explainer_, samples_, {row}).front();
  EXPECT_TRUE(similar_moments(explainer_, samples_, scores_, row, here).empty());
}

}  // namespace
}  // namespace rolemix
