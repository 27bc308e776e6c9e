// Models whose numbers lie at the ends of their bounds: all that is computed with them is finite.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alert/alert_state_file.h"
#include "alert/find_alerts.h"
#include "fuzz/use_model.h"
#include "model/model_file.h"
#include "model/random_model.h"
#include "score/score.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A number of a model with the ends of its bounds.
struct Bound {
  std::string_view name;
  std::vector<double> ends;
  std::function<void(RoleModel&, double)> set;
};

/// Knots far apart at the ends, and a slope.
void set_curves(RoleModel& model, double end, double slope) {
  for (ReturnCurve& curve : model.calibration.curves) {
    curve = {{-end, 0.5, end}, {-end, 0.75, end}, slope};
  }
}

void set_constant(RoleModel& model, double value, double tolerance) {
  model.constants.resize(1);
  model.constants[0].name = "constant";
  model.constants[0].value = value;
  model.constants[0].tolerance = tolerance;
}

const std::vector<Bound>& bounds() {
  static const std::vector<double> scale = {1 / kLargestValue, kLargestValue};
  static const std::vector<double> size = {-kLargestValue, kLargestValue};
  static const std::vector<double> duration = {0, kShortestDuration, kLongestDuration};
  static const std::vector<Bound> all = {
      {"typical_score",
       {-kLargestScore, 0, kLargestScore},
       [](RoleModel& m, double x) { m.calibration.typical_score = x; }},
      {"score_scale", scale, [](RoleModel& m, double x) { m.calibration.score_scale = x; }},
      {"memory_seconds", duration,
       [](RoleModel& m, double x) { m.calibration.memory_seconds = x; }},
      {"interval_seconds", duration,
       [](RoleModel& m, double x) { m.calibration.interval_seconds = x; }},
      {"span_host_days",
       {0, 1 / kLargestValue, kLargestValue},
       [](RoleModel& m, double x) { m.calibration.span_host_days = x; }},
      {"curve",
       {1, kLargestOfCurve},
       [](RoleModel& m, double x) { set_curves(m, x, m.calibration.curves[0].slope); }},
      {"slope",
       {1 / kLargestOfCurve, kLargestOfCurve},
       [](RoleModel& m, double x) {
         set_curves(m, m.calibration.curves[0].alert_scores.back(), x);
       }},
      {"tolerance", scale, [](RoleModel& m, double x) { m.metrics[0].tolerance = x; }},
      {"transform_tolerance", scale,
       [](RoleModel& m, double x) { m.metrics[0].transform_tolerance = x; }},
      {"full_scale", scale, [](RoleModel& m, double x) { m.metrics[0].full_scale = x; }},
      {"median", size,
       [](RoleModel& m, double x) {
         m.metrics[0].median = x;
         m.metrics[0].center_by_host = true;
       }},
      {"usual range", size,
       [](RoleModel& m, double x) { m.metrics[0].usual_low = m.metrics[0].usual_high = x; }},
      {"blame_scale", scale, [](RoleModel& m, double x) { m.metrics[0].blame_scale = x; }},
      {"tail", scale,
       [](RoleModel& m, double x) { m.metrics[0].tail_above = HeavyTail{x, x, 1, x}; }},
      {"constant", size, [](RoleModel& m, double x) { set_constant(m, x, 1); }},
      {"constant's tolerance", scale, [](RoleModel& m, double x) { set_constant(m, 0, x); }},
      {"mean", size, [](RoleModel& m, double x) { m.means(0, 0) = x; }},
      {"variance", scale,
       [](RoleModel& m, double x) {
         for (std::vector<Matrix>* matrices : {&m.covariances, &m.unclipped_covariances}) {
           matrices->at(0).row(0).setZero();
           matrices->at(0).col(0).setZero();
           matrices->at(0)(0, 0) = x;
         }
       }},
      {"unclipped covariance", size,
       [](RoleModel& m, double x) { m.unclipped_covariances[0](0, 0) = x; }},
      {"weight",
       {DBL_MIN, 5e-324},
       [](RoleModel& m, double x) {
         m.weights.tail(1)[0] += m.weights[0];
         m.weights[0] = x;
       }},
  };
  return all;
}

RoleModel some_model(Random& random) {
  RoleModel model = random_model(random);
  while (model.components() < 2) {
    model = random_model(random);
  }
  model.unclipped_covariances = model.covariances;
  model.model_id = "0123456789abcdef";
  return model;
}

Vector extreme_values(Random& random, const RoleModel& model) {
  constexpr std::array kExtreme = {0.0,   -0.0, 5e-324, DBL_MIN, DBL_MAX, -DBL_MAX, 1e50,
                                   -1e50, 1e49, 1e-50,  1.0,     100.0,   kNaN};
  Vector values = random_values(random, model);
  for (double& value : values) {
    if (random.uniform() < 0.5) {
      value = kExtreme[random_index(random, std::ssize(kExtreme))];
    }
  }
  return values;
}

/// Times of all sizes, from any to any distance.
std::vector<Row> extreme_rows(Random& random, const RoleModel& model, double& now) {
  constexpr std::array kSteps = {1e-7, 1e-3, 60.0, 60.0, 60.0, 1e4, 1e9};
  std::vector<Row> rows;
  for (int i = 0; i < 12; ++i) {
    now = std::max(std::nextafter(now, DBL_MAX),
                   now + kSteps[random_index(random, std::ssize(kSteps))]);
    for (const char* host : {"a", "b", "c"}) {
      rows.push_back({host, now, extreme_values(random, model)});
    }
  }
  return rows;
}

void expect_finite(const TableScores& scores, std::string_view what) {
  for (std::size_t i = 0; i < scores.alert_score.size(); ++i) {
    if (scores.state[i] >= 0) {
      EXPECT_TRUE(std::isfinite(scores.anomaly_score[i])) << what;
      EXPECT_TRUE(std::isfinite(scores.alert_score[i])) << what;
      EXPECT_TRUE(scores.severity[i] >= 0 && scores.severity[i] <= 100) << what;
    }
  }
}

/// Alerts go on from states that were written and read.
void follow(Random& random, const RoleModel& model, double now, std::string_view what) {
  auto scorer = Scorer::create(model);
  ASSERT_TRUE(scorer) << what << ": " << scorer.error().message;
  Explainer explainer(*scorer);
  AlertState state;
  for (int run = 0; run < 3; ++run) {
    const SampleTable table = table_of(model, extreme_rows(random, model, now));
    HostStates before;
    for (const HostAlertState& host : state.hosts) {
      before[host.host] = host.carried;
    }
    const auto samples = samples_of(model, table, before);
    ASSERT_TRUE(samples) << what << ": " << samples.error().message;
    const TableScores scores = score(*scorer, *samples);
    expect_finite(scores, what);
    for (Index row = 0; row < 5; ++row) {
      EXPECT_EQ(wrong_with(*scorer, explainer, table.values.row(row).transpose()), "") << what;
    }
    for (const auto& [change, alert] :
         follow_alerts(explainer, *samples, scores, model.alert_settings, state)) {
      EXPECT_TRUE(alert.severity >= 0 && alert.severity <= 100) << what;
    }
    const auto written = write_alert_state(state, model);
    ASSERT_TRUE(written) << what << ": " << written.error().message;
    const auto read = read_alert_state(bytes_of(written->bytes), model);
    ASSERT_TRUE(read) << what << ": " << read.error().message;
    state = *read;
  }
}

void expect_good(Random& random, const RoleModel& model, const std::string& what) {
  const std::string bytes = write_model(model);
  const auto read = read_model(bytes_of(bytes));
  ASSERT_TRUE(read) << what << ": " << read.error().message;
  EXPECT_EQ(wrong_with(*read), "") << what;
  for (const double start : {0.0, 1.8e9, -DBL_MAX, 253402300799.0}) {
    follow(random, *read, start, what);
  }
}

TEST(Bounds, every_number_at_either_end_gives_finite_ones) {
  Random random(11);
  for (const Bound& bound : bounds()) {
    for (const double end : bound.ends) {
      for (int i = 0; i < 4; ++i) {
        RoleModel model = some_model(random);
        bound.set(model, end);
        const bool is_possible = validated_mixture(model).has_value();
        EXPECT_TRUE(is_possible || model.metrics[0].transform == Transform::kLogit) << bound.name;
        if (is_possible) {
          expect_good(random, model, std::string(bound.name) + " " + testing::PrintToString(end));
        }
      }
    }
  }
}

TEST(Bounds, any_numbers_at_their_ends_together_give_finite_ones) {
  Random random(12);
  int possible = 0;
  for (int i = 0; i < 150; ++i) {
    RoleModel model = some_model(random);
    std::string what;
    for (const Bound& bound : bounds()) {
      if (random.uniform() < 0.3) {
        const double end = bound.ends[random_index(random, std::ssize(bound.ends))];
        bound.set(model, end);
        what += std::string(bound.name) + " " + testing::PrintToString(end) + ", ";
      }
    }
    if (validated_mixture(model)) {
      ++possible;
      expect_good(random, model, what);
    }
  }
  EXPECT_GT(possible, 40);
}

}  // namespace
}  // namespace rolemix
