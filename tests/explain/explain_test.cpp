#include "explain/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "fuzz/use_model.h"
#include "golden/golden.h"
#include "model/model_file.h"
#include "model/random_model.h"
#include "model/units.h"
#include "say/sentence.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Explanation explain(const RoleModel& model, const Vector& values) {
  auto scorer = Scorer::create(model);
  EXPECT_TRUE(scorer) << scorer.error().message;
  return Explainer(*scorer).explain(values);
}

/// Two metrics with deviation 1 and this correlation, around 10 and 20.
RoleModel correlated(double correlation) {
  Parameters parameters;
  parameters.weights = Vector::Ones(1);
  parameters.means = Eigen::RowVector2d(10, 20);
  Matrix covariance(2, 2);
  covariance << 1, correlation, correlation, 1;
  parameters.covariances = {covariance};
  return plain_model(parameters);
}

/// One metric with the states 0 and 100, deviation 1.
RoleModel two_states(double weight_of_100) {
  Parameters parameters;
  parameters.weights = Eigen::Vector2d(1 - weight_of_100, weight_of_100);
  parameters.means = Eigen::Vector2d(0, 100);
  parameters.covariances.assign(2, Matrix::Identity(1, 1));
  return plain_model(parameters);
}

/// Calls `test(model, values, explanation)` for random models and samples near and far, with and
/// without gaps.
template <typename Test>
void for_random_explanations(std::uint64_t seed, Test test) {
  Random random(seed);
  for (int i = 0; i < 200; ++i) {
    const RoleModel model = random_model(random);
    Vector values = random_values(random, model);
    if (i % 2 == 0) {
      double& value = values[random_index(random, values.size())];
      value = model.metrics[0].transform == Transform::kLogit ? 3 : value * 5 + 20;
    }
    if (i % 3 == 0) {
      values = with_gaps(random, values);
    }
    test(model, values, explain(model, values));
  }
}

std::string said(const RoleModel& model, const Explanation& explanation) {
  return sentence(model, finding_of(explanation, std::nullopt));
}

bool inside(double value, double low, double high) {
  const double margin = 1e-9 * (1 + std::abs(value));
  return value >= low - margin && value <= high + margin;
}

// ---- golden

TEST(GoldenExplanation, of_the_mixture_cases) {
  const golden::Json file = golden::read("mixture.json");
  for (const golden::Json& entry : file.at("cases")) {
    const RoleModel model =
        plain_model({golden::vector_of(entry["weights"]), golden::matrix_of(entry["means"]),
                     golden::symmetrics_of(entry["covariances"])});
    auto scorer = Scorer::create(model);
    Explainer explainer(*scorer);
    for (const golden::Json& sample : entry["samples"]) {
      const Explanation explanation = explainer.explain(golden::vector_of(sample["x"]));
      for (std::size_t d = 0; d < explanation.metrics.size(); ++d) {
        const MetricExplanation& metric = explanation.metrics[d];
        const auto check = [&](double actual, const golden::Json& expected, const char* what) {
          const double error =
              golden::error(actual, golden::number(expected), sample["log_likelihood"]);
          EXPECT_LE(error, entry["tolerance"])
              << entry["name"] << ", " << sample["kind"] << ", " << what << " of metric " << d;
        };
        check(metric.contribution, sample["contribution"][d], "contribution");
        check(metric.expected, sample["conditional_mean"][d], "expected");
        check(metric.low, sample["conditional_low"][d], "low");
        check(metric.high, sample["conditional_high"][d], "high");
        check(metric.typical_low, entry["typical_low"][d], "typical_low");
        check(metric.typical_high, entry["typical_high"][d], "typical_high");
      }
    }
  }
}

TEST(GoldenExplanation, of_the_rows_for_the_model_file) {
  const golden::Json file = golden::read("model.json");
  const std::string bytes = golden::read_bytes("model.rolemix");
  auto scorer = Scorer::create(read_model(golden::as_bytes(bytes)).value());
  Explainer explainer(*scorer);
  for (const golden::Json& row : file.at("rows")) {
    const Explanation explanation = explainer.explain(golden::vector_of(row["values"]));
    const double anomaly_score = row["anomaly_score"];
    for (std::size_t d = 0; d < explanation.metrics.size(); ++d) {
      const MetricExplanation& metric = explanation.metrics[d];
      const auto expected = [&](const char* what) { return row["metrics"][what][d]; };
      const auto check = [&](const char* what, double actual) {
        const double error = golden::error(actual, golden::number(expected(what)), anomaly_score);
        EXPECT_LE(error, file["tolerance"])
            << row["host"] << " " << row["timestamp"] << ", " << what << " of metric " << d << ": "
            << actual << ", not " << expected(what);
      };
      check("expected", metric.expected);
      check("low", metric.low);
      check("high", metric.high);
      check("typical_low", metric.typical_low);
      check("typical_high", metric.typical_high);
      check("surprise", metric.surprise);
      check("typical_surprise", metric.typical_surprise);
      check("contribution", metric.contribution);
      check("blame", metric.blame);
      EXPECT_EQ(metric.rank, expected("rank").get<int>());
      if (!expected("reason").is_null()) {
        EXPECT_EQ(name(metric.reason), expected("reason").get<std::string>());
        EXPECT_EQ(name(metric.direction), expected("direction").get<std::string>());
      }
    }
  }
}

// ---- contributions

TEST(Contributions, sum_to_the_anomaly_score_above_the_floor) {
  Random random(1);
  for (int i = 0; i < 100; ++i) {
    const RoleModel model = random_model(random);
    auto scorer = Scorer::create(model);
    const Vector values = with_gaps(random, random_values(random, model));
    if (observed_dimensions(values).empty()) {
      continue;
    }
    const Explanation explanation = Explainer(*scorer).explain(values);
    double sum = 0;
    for (const MetricExplanation& metric : explanation.metrics) {
      sum += std::isnan(metric.observed) ? 0 : metric.contribution;
      EXPECT_TRUE(std::isnan(metric.observed) || metric.contribution >= 0);
    }
    const Vector x = to_model_units(model, values);
    const GaussianMixture part = scorer->mixture().marginal(observed_dimensions(x)).value();
    const double floor = -part.log_peak_bound();
    const double expected = explanation.anomaly_score - floor;
    EXPECT_NEAR(sum, expected, 1e-12 * std::max(1.0, std::abs(explanation.anomaly_score)));
  }
}

TEST(Contributions, of_uncorrelated_metrics_are_half_their_squared_deviations) {
  const Explanation explanation = explain(correlated(0), Eigen::Vector2d(13, 24));
  EXPECT_NEAR(explanation.metrics[0].contribution, 4.5, 1e-12);
  EXPECT_NEAR(explanation.metrics[1].contribution, 8, 1e-12);
}

TEST(Contributions, are_zero_at_the_mean_of_the_only_component) {
  const Explanation explanation = explain(correlated(0.5), Eigen::Vector2d(10, 20));
  EXPECT_EQ(explanation.metrics[0].contribution, 0);
  EXPECT_EQ(explanation.metrics[1].contribution, 0);
}

// ---- laws of explanations

TEST(Explanation, has_the_typical_ranges_of_its_model) {
  Random random(11);
  for (int i = 0; i < 100; ++i) {
    const RoleModel model = random_model(random);
    Scorer scorer = Scorer::create(model).value();
    const Explanation explanation = Explainer(scorer).explain(random_values(random, model));
    for (Index d = 0; d < model.dimensions(); ++d) {
      const auto [low, high] = typical_range(model, scorer.mixture(), d);
      EXPECT_EQ(explanation.metrics[d].typical_low, low) << name(model.metrics[d].transform);
      EXPECT_EQ(explanation.metrics[d].typical_high, high) << name(model.metrics[d].transform);
    }
  }
}

TEST(Explanation, has_every_number_that_it_promises) {
  for_random_explanations(2, [](const RoleModel&, const Vector& values, const Explanation& e) {
    EXPECT_EQ(wrong_in(e, values), "");
  });
}

TEST(Explanation, gives_the_reason_that_fits_the_ranges_shown) {
  for_random_explanations(3, [](const RoleModel&, const Vector&, const Explanation& explanation) {
    for (const MetricExplanation& metric : explanation.metrics) {
      if (std::isnan(metric.observed)) {
        EXPECT_EQ(metric.reason, Reason::kNone);
        continue;
      }
      const bool usual = inside(metric.observed, metric.typical_low, metric.typical_high);
      const bool predicted = inside(metric.observed, metric.low, metric.high);
      const bool says_usual =
          metric.reason == Reason::kNone || metric.reason == Reason::kUnusualGivenOthers;
      const bool says_predicted =
          metric.reason == Reason::kNone || metric.reason == Reason::kUnusualValue;
      EXPECT_EQ(says_usual, usual)
          << metric.observed << " in " << metric.typical_low << "-" << metric.typical_high;
      EXPECT_EQ(says_predicted, predicted)
          << metric.observed << " in " << metric.low << "-" << metric.high;
    }
  });
}

TEST(Explanation, has_a_surprise_below_5_percent_exactly_outside_the_range) {
  for_random_explanations(4, [](const RoleModel&, const Vector&, const Explanation& explanation) {
    for (const MetricExplanation& metric : explanation.metrics) {
      if (!std::isnan(metric.observed) && std::abs(metric.surprise - 0.05) > 1e-9) {
        EXPECT_EQ(metric.surprise > 0.05, inside(metric.observed, metric.low, metric.high));
      }
    }
  });
}

TEST(Explanation, says_above_for_a_value_above_its_range_and_below_for_one_below) {
  for_random_explanations(5, [](const RoleModel&, const Vector&, const Explanation& explanation) {
    for (const MetricExplanation& metric : explanation.metrics) {
      const double margin = 1e-9 * (1 + std::abs(metric.observed));
      if (metric.observed > metric.high + margin) {
        EXPECT_EQ(metric.direction, Direction::kAbove);
      }
      if (metric.observed < metric.low - margin) {
        EXPECT_EQ(metric.direction, Direction::kBelow);
      }
    }
  });
  // The mean of the two states lies above the range of the usual one.
  const Explanation rare = explain(two_states(0.02), Vector::Constant(1, 1.5));
  EXPECT_GT(rare.metrics[0].expected, 1.5);
  EXPECT_EQ(rare.metrics[0].direction, Direction::kBelow);
  const Explanation between = explain(two_states(0.001), Vector::Constant(1, 4));
  EXPECT_EQ(between.metrics[0].direction, Direction::kAbove);
}

TEST(Explanation, ranks_by_blame_with_missing_metrics_last) {
  for_random_explanations(6, [](const RoleModel&, const Vector&, const Explanation& explanation) {
    for (std::size_t i = 1; i < explanation.ranking.size(); ++i) {
      const MetricExplanation& upper = explanation.metrics[explanation.ranking[i - 1]];
      const MetricExplanation& lower = explanation.metrics[explanation.ranking[i]];
      EXPECT_EQ(upper.rank + 1, lower.rank);
      EXPECT_GE(upper.blame, lower.blame);
      EXPECT_TRUE(std::isnan(lower.observed) || !std::isnan(upper.observed));
    }
    for (const MetricExplanation& metric : explanation.metrics) {
      if (std::isnan(metric.observed)) {
        EXPECT_EQ(metric.blame, 0);
        EXPECT_FALSE(std::signbit(metric.blame));
      }
    }
  });
}

TEST(Explanation, puts_a_metric_outside_a_range_first_when_there_is_one) {
  for_random_explanations(7, [](const RoleModel& model, const Vector&, const Explanation& e) {
    int outside = 0;
    for (const MetricExplanation& metric : e.metrics) {
      outside += metric.reason == Reason::kNone ? 0 : 1;
    }
    const std::vector<std::string> top = top_metrics(model, e, e.metrics.size());
    EXPECT_EQ(static_cast<int>(top.size()), outside);
    if (outside > 0) {
      EXPECT_NE(e.metrics[e.ranking[0]].reason, Reason::kNone);
    }
  });
}

TEST(Explanation, does_not_change_when_a_metric_is_scaled_with_its_tolerance) {
  for_random_explanations(
      8, [](const RoleModel& model, const Vector& values, const Explanation& expected) {
        constexpr double kScale = 1e6;
        RoleModel scaled = model;
        for (MetricSpec& metric : scaled.metrics) {
          metric.tolerance *= kScale;
          metric.full_scale *= kScale;
        }
        const Explanation explanation = explain(scaled, kScale * values);
        for (std::size_t d = 0; d < expected.metrics.size(); ++d) {
          const MetricExplanation& a = explanation.metrics[d];
          const MetricExplanation& b = expected.metrics[d];
          EXPECT_LE(golden::error(a.blame, b.blame, 0), 1e-10);
          EXPECT_LE(golden::error(a.surprise, b.surprise, 0), 1e-10);
          EXPECT_LE(golden::error(a.contribution, b.contribution, expected.anomaly_score), 1e-11);
          EXPECT_LE(golden::error(a.expected / kScale, b.expected, 0), 1e-10);
          EXPECT_LE(golden::error(a.high / kScale, b.high, 0), 1e-10);
        }
      });
}

TEST(Explanation, does_not_depend_on_the_order_of_the_metrics) {
  for_random_explanations(
      9, [](const RoleModel& model, const Vector& values, const Explanation& expected) {
        RoleModel reversed = model;
        std::ranges::reverse(reversed.metrics);
        reversed.means.rowwise().reverseInPlace();
        for (Matrix& covariance : reversed.covariances) {
          covariance.reverseInPlace();
        }
        const Explanation explanation = explain(reversed, values.reverse());
        for (std::size_t d = 0; d < expected.metrics.size(); ++d) {
          const MetricExplanation& a = explanation.metrics[expected.metrics.size() - 1 - d];
          const MetricExplanation& b = expected.metrics[d];
          EXPECT_LE(golden::error(a.blame, b.blame, 0), 1e-9);
          EXPECT_LE(golden::error(a.contribution, b.contribution, expected.anomaly_score), 1e-9);
          EXPECT_EQ(a.reason, b.reason);
        }
      });
}

TEST(Explanation, of_nothing_shows_the_typical_ranges_and_blames_nobody) {
  Random random(10);
  const RoleModel model = random_model(random);
  const Explanation explanation = explain(model, Vector::Constant(model.dimensions(), kNaN));
  EXPECT_TRUE(std::isnan(explanation.anomaly_score));
  EXPECT_EQ(explanation.state, -1);
  EXPECT_TRUE(explanation.responsibilities.isApprox(model.weights));
  for (std::size_t d = 0; d < explanation.metrics.size(); ++d) {
    const MetricExplanation& metric = explanation.metrics[d];
    EXPECT_NEAR(metric.low, metric.typical_low, 1e-9 * (1 + std::abs(metric.low)));
    EXPECT_NEAR(metric.high, metric.typical_high, 1e-9 * (1 + std::abs(metric.high)));
    EXPECT_TRUE(std::isnan(metric.contribution));
    EXPECT_EQ(metric.blame, 0);
    EXPECT_EQ(explanation.ranking[d], static_cast<int>(d));
  }
  EXPECT_EQ(said(model, explanation), "No metric was measured.");
  EXPECT_THAT(top_metrics(model, explanation, 3), IsEmpty());
}

TEST(Explanation, of_a_metric_that_is_absurdly_far_off_still_says_what_it_should_have_been) {
  Random random(11);
  for (int i = 0; i < 50; ++i) {
    const Parameters parameters = random_parameters(random, 3, 5);
    const RoleModel model = plain_model(parameters);
    const Vector values = random_sample(random, parameters);
    const Explanation expected = explain(model, values);
    const Index d = random_index(random, 5);
    for (const double absurd : {1e6, -1e12, 1e18, 1e300}) {
      Vector broken = values;
      broken[d] = absurd;
      const Explanation explanation = explain(model, broken);
      EXPECT_EQ(wrong_in(explanation, broken), "");
      const MetricExplanation& metric = explanation.metrics[d];
      EXPECT_NEAR(metric.expected, expected.metrics[d].expected, 1e-9);
      EXPECT_NEAR(metric.low, expected.metrics[d].low, 1e-9);
      EXPECT_NEAR(metric.high, expected.metrics[d].high, 1e-9);
      EXPECT_NE(metric.reason, Reason::kNone);
    }
  }
}

TEST(Explanation, shows_a_logit_range_to_the_end_of_the_scale_where_values_are_clamped) {
  Parameters parameters;
  parameters.weights = Vector::Ones(1);
  RoleModel model = correlated(0);
  model.metrics[0].transform = Transform::kLogit;
  model.metrics[0].full_scale = 100;
  model.metrics[0].tolerance = 5;
  // The mean is where values are clamped: half of the distribution lies beyond.
  model.means(0, 0) = to_model_units(model.metrics[0], 0);
  const Explanation idle = explain(model, Eigen::Vector2d(0, 20));
  EXPECT_EQ(idle.metrics[0].reason, Reason::kNone);
  EXPECT_EQ(idle.metrics[0].low, 0);
  EXPECT_EQ(idle.metrics[0].typical_low, 0);
  EXPECT_LT(idle.metrics[0].high, 10);
}

// ---- detection direction

TEST(ExplainedDirection, does_not_blame_a_metric_on_its_ignored_side_but_shows_it) {
  RoleModel model = correlated(0.5);
  model.metrics[0].detection_direction = DetectionDirection::kAbove;
  const Explanation explanation = explain(model, Eigen::Vector2d(2, 20));
  const MetricExplanation& metric = explanation.metrics[0];
  EXPECT_EQ(metric.blame, 0);
  EXPECT_EQ(metric.observed, 2);
  EXPECT_EQ(metric.expected, 10);
  EXPECT_EQ(metric.direction, Direction::kBelow);
  EXPECT_LT(metric.surprise, 1e-10);
  EXPECT_NEAR(explanation.metrics[1].expected, 20, 1e-9) << "the metric as it was scored";
}

TEST(ExplainedDirection, never_blames_a_metric_for_both_views_of_its_ignored_side) {
  Random random(12);
  for (int i = 0; i < 300; ++i) {
    const Parameters parameters = random_parameters(random, 2, 3);
    RoleModel model = plain_model(parameters);
    for (MetricSpec& metric : model.metrics) {
      metric.detection_direction = static_cast<DetectionDirection>(random_index(random, 3));
    }
    const Vector values = 3 * random_sample(random, parameters);
    auto scorer = Scorer::create(model);
    const Explanation explanation = Explainer(*scorer).explain(values);
    for (Index d = 0; d < 3; ++d) {
      const DetectionDirection direction = model.metrics[d].detection_direction;
      const Vector scored = scorer->groups(values.transpose()).front().scored.row(0).transpose();
      const UnivariateMixture others = scorer->mixture().conditionals(scored)[d];
      const UnivariateMixture typical = scorer->mixture().marginal_of(d);
      if (on_ignored_side(direction, cdf(others, values[d]), 0.5) &&
          on_ignored_side(direction, cdf(typical, values[d]), 0.5)) {
        EXPECT_EQ(explanation.metrics[d].blame, 0);
      }
    }
  }
}

TEST(ExplainedDirection, blames_nobody_when_metrics_watched_above_are_low_together) {
  RoleModel model = correlated(0.95);
  model.metrics[0].detection_direction = DetectionDirection::kAbove;
  model.metrics[1].detection_direction = DetectionDirection::kAbove;
  const Explanation explanation = explain(model, Eigen::Vector2d(5, 15));
  for (const MetricExplanation& metric : explanation.metrics) {
    EXPECT_LT(metric.typical_surprise, 0.05);
    EXPECT_EQ(metric.blame, 0);
  }
  EXPECT_THAT(top_metrics(model, explanation, 3), IsEmpty());
}

// ---- words

TEST(Sentence, says_why_the_top_metric_is_unusual) {
  const RoleModel model = correlated(0.9);
  // Beyond 20 +- 2 and not explained by the other.
  Explanation explanation = explain(model, Eigen::Vector2d(10, 26));
  EXPECT_EQ(explanation.metrics[1].reason, Reason::kBoth);
  EXPECT_EQ(said(model, explanation),
            "metric1 is 26: outside its usual 18-22, and the other metrics predict 19.1-20.9.");
  // Inside 20 +- 2, but the other one is low.
  explanation = explain(model, Eigen::Vector2d(8.5, 21.5));
  EXPECT_EQ(explanation.metrics[1].reason, Reason::kUnusualGivenOthers);
  EXPECT_THAT(said(model, explanation), HasSubstr("within its usual"));
  // Beyond, but together.
  explanation = explain(model, Eigen::Vector2d(13, 23));
  EXPECT_EQ(explanation.metrics[1].reason, Reason::kUnusualValue);
  EXPECT_THAT(said(model, explanation), HasSubstr("though it goes with the other metrics"));
  // Nothing.
  explanation = explain(model, Eigen::Vector2d(10.1, 20));
  EXPECT_THAT(said(model, explanation), HasSubstr("No single metric is outside its range"));
}

TEST(TopMetrics, are_those_outside_a_range_most_to_blame_first) {
  const RoleModel model = correlated(0);
  EXPECT_THAT(top_metrics(model, explain(model, Eigen::Vector2d(14, 26)), 3),
              ElementsAre("metric1", "metric0"));
  EXPECT_THAT(top_metrics(model, explain(model, Eigen::Vector2d(14, 26)), 1),
              ElementsAre("metric1"));
  EXPECT_THAT(top_metrics(model, explain(model, Eigen::Vector2d(14, 20)), 3),
              ElementsAre("metric0"));
  EXPECT_THAT(top_metrics(model, explain(model, Eigen::Vector2d(10, 20)), 3), IsEmpty());
}

TEST(Words, of_reasons_and_directions) {
  EXPECT_EQ(name(Reason::kNone), "none");
  EXPECT_EQ(name(Reason::kUnusualValue), "unusual_value");
  EXPECT_EQ(name(Reason::kUnusualGivenOthers), "unusual_given_others");
  EXPECT_EQ(name(Reason::kBoth), "both");
  EXPECT_EQ(name(Direction::kAbove), "above");
  EXPECT_EQ(name(Direction::kBelow), "below");
}

// ---- metrics centred by host

TEST(CenteredExplanation, is_about_the_level_of_the_host) {
  for (const Transform transform : {Transform::kIdentity, Transform::kLog1p}) {
    RoleModel model = correlated(0.5);
    model.metrics[1].center_by_host = true;
    model.metrics[1].transform = transform;
    model.metrics[1].median = from_model_units(model.metrics[1], 20);
    Scorer scorer = Scorer::create(model).value();
    Explainer explainer(scorer);
    const Vector shift = Eigen::Vector2d(3, 2);  // that of the first changes no range
    const auto value = [&](double units) { return from_model_units(model.metrics[1], units); };
    const Explanation usual = explainer.explain(Eigen::Vector2d(10, value(24)));
    const Explanation here = explainer.explain(Eigen::Vector2d(10, value(26)), shift);
    EXPECT_NEAR(here.anomaly_score, usual.anomaly_score, 1e-12);
    const MetricExplanation& at_home = usual.metrics[1];
    const MetricExplanation& metric = here.metrics[1];
    EXPECT_EQ(metric.observed, value(26));
    EXPECT_NEAR(metric.expected / value(22), 1, 1e-12);
    for (const auto end : {&MetricExplanation::low, &MetricExplanation::high,
                           &MetricExplanation::typical_low, &MetricExplanation::typical_high}) {
      const double units = to_model_units(model.metrics[1], at_home.*end);
      EXPECT_NEAR(metric.*end / value(units + 2), 1, 1e-12);
    }
    EXPECT_NEAR(metric.surprise, at_home.surprise, 1e-12);
    EXPECT_EQ(here.metrics[0].typical_low, usual.metrics[0].typical_low);
  }
}

TEST(CenteredExplanation, without_a_level_tells_what_was_observed_and_blames_the_others) {
  RoleModel model = correlated(0.5);
  model.metrics[1].center_by_host = true;
  model.metrics[1].median = 20;
  Scorer scorer = Scorer::create(model).value();
  const Explanation explanation =
      Explainer(scorer).explain(Eigen::Vector2d(14, 5000), Eigen::Vector2d(kNaN, kNaN));
  const MetricExplanation& metric = explanation.metrics[1];
  EXPECT_EQ(metric.observed, 5000);
  EXPECT_NEAR(metric.expected, 22, 1e-9) << "on a host at the role's level";
  EXPECT_TRUE(std::isnan(metric.surprise));
  EXPECT_EQ(metric.blame, 0);
  EXPECT_EQ(metric.rank, 2);
  EXPECT_EQ(explanation.metrics[0].blame, 1);
  EXPECT_THAT(top_metrics(model, explanation, 3), ElementsAre("metric0"));
  model.metrics[0].center_by_host = true;
  model.metrics[0].median = 10;
  Scorer both = Scorer::create(model).value();
  const Explanation nothing =
      Explainer(both).explain(Eigen::Vector2d(14, 5000), Eigen::Vector2d(kNaN, kNaN));
  EXPECT_EQ(said(model, nothing), "No metric has a level yet.");
}

}  // namespace
}  // namespace rolemix
