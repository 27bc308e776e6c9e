#include "score/score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "explain/of_table.h"
#include "golden/golden.h"
#include "model/edit.h"
#include "model/model_file.h"
#include "model/random_model.h"
#include "model/units.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Scorer scorer_of(const RoleModel& model) {
  auto scorer = Scorer::create(model);
  EXPECT_TRUE(scorer) << scorer.error().message;
  return *std::move(scorer);
}

/// One metric with two states: 0 most of the time, 100 for the rest, both with deviation 1.
RoleModel two_states(double weight_of_100, DetectionDirection direction) {
  Parameters parameters;
  parameters.weights = Eigen::Vector2d(1 - weight_of_100, weight_of_100);
  parameters.means = Eigen::Vector2d(0, 100);
  parameters.covariances.assign(2, Matrix::Identity(1, 1));
  RoleModel model = plain_model(parameters);
  model.metrics[0].detection_direction = direction;
  return model;
}

// ---- golden

TEST(GoldenScore, of_the_mixture_cases) {
  const golden::Json file = golden::read("mixture.json");
  for (const golden::Json& entry : file.at("cases")) {
    Scorer scorer = scorer_of(
        plain_model({golden::vector_of(entry["weights"]), golden::matrix_of(entry["means"]),
                     golden::symmetrics_of(entry["covariances"])}));
    for (const golden::Json& sample : entry["samples"]) {
      const SampleScore score = scorer.score(golden::vector_of(sample["x"]));
      const double expected = -sample["log_likelihood"].get<double>();
      const double missing = sample.value("missing_surprise", 0.0);
      EXPECT_LE(golden::error(score.anomaly_score, expected, expected), entry["tolerance"])
          << entry["name"] << ", " << sample["kind"];
      EXPECT_LE(golden::error(score.completed_score, expected + missing, expected),
                entry["tolerance"])
          << entry["name"] << ", " << sample["kind"];
    }
  }
}

TEST(GoldenScore, of_the_rows_for_the_model_file) {
  const golden::Json file = golden::read("model.json");
  const std::string bytes = golden::read_bytes("model.rolemix");
  const RoleModel model = read_model(golden::as_bytes(bytes)).value();
  std::vector<Row> rows;
  for (const golden::Json& row : file.at("rows")) {
    rows.push_back({row["host"], row["timestamp"], golden::vector_of(row["values"])});
  }
  Scorer scorer = scorer_of(model);
  const TableScores scores = score(scorer, table_of(model, rows));
  for (std::size_t i = 0; i < scores.anomaly_score.size(); ++i) {
    const golden::Json& row = file["rows"][i];
    const double anomaly_score = row["anomaly_score"];
    const auto check = [&](const char* what, double actual) {
      EXPECT_LE(golden::error(actual, row[what], anomaly_score), file["tolerance"])
          << what << " of row " << i << ": " << actual << ", not " << row[what];
    };
    check("anomaly_score", scores.anomaly_score[i]);
    check("alert_score", scores.alert_score[i]);
    check("severity", scores.severity[i]);
    check("completed_score", scorer.score(rows[i].values).completed_score);
    EXPECT_EQ(scores.state[i], row["state"].get<int>());
  }
}

// ---- laws of scores

TEST(Score, is_minus_the_log_likelihood_in_model_units) {
  Random random(1);
  for (int i = 0; i < 50; ++i) {
    const RoleModel model = random_model(random);
    Scorer scorer = scorer_of(model);
    const Vector values = with_gaps(random, random_values(random, model));
    if (observed_dimensions(values).empty()) {
      continue;
    }
    const SampleScore score = scorer.score(values);
    const Vector x = to_model_units(model, values);
    EXPECT_NEAR(score.anomaly_score, -scorer.mixture().log_likelihood(x), 1e-11);
    Index state = 0;
    scorer.mixture().responsibilities(x).maxCoeff(&state);
    EXPECT_EQ(score.state, state);
  }
}

TEST(Score, does_not_change_when_a_metric_is_scaled_with_its_tolerance) {
  Random random(2);
  for (int i = 0; i < 50; ++i) {
    const RoleModel model = random_model(random);
    const Vector values = with_gaps(random, random_values(random, model));
    const SampleScore expected = scorer_of(model).score(values);
    for (const double scale : {1e-12, 0.001, 1024.0, 1e15}) {
      RoleModel scaled = model;
      Vector scaled_values = values;
      for (std::size_t d = 0; d < scaled.metrics.size(); ++d) {
        scaled.metrics[d].tolerance *= scale;
        scaled.metrics[d].full_scale *= scale;
        scaled_values[static_cast<Index>(d)] *= scale;
      }
      const SampleScore score = scorer_of(scaled).score(scaled_values);
      EXPECT_LE(golden::error(score.anomaly_score, expected.anomaly_score, 0), 1e-11);
      EXPECT_LE(golden::error(score.completed_score, expected.completed_score, 0), 1e-11);
      EXPECT_EQ(score.state, expected.state);
    }
  }
}

TEST(Score, is_nan_without_a_state_when_every_metric_is_missing) {
  Scorer scorer = scorer_of(two_states(0.5, DetectionDirection::kAbove));
  const SampleScore score = scorer.score(Vector::Constant(1, kNaN));
  EXPECT_TRUE(std::isnan(score.anomaly_score));
  EXPECT_TRUE(std::isnan(score.completed_score));
  EXPECT_EQ(score.state, -1);
}

TEST(Score, is_finite_for_infinite_values) {
  Random random(3);
  for (int i = 0; i < 30; ++i) {
    const RoleModel model = random_model(random);
    Vector values = random_values(random, model);
    values[0] = i % 2 == 0 ? kInfinity : -kInfinity;
    EXPECT_TRUE(std::isfinite(scorer_of(model).score(values).anomaly_score));
  }
}

TEST(Score, completed_for_what_is_missing_is_the_complete_one_on_average) {
  // One component: the expected surprise of what is missing is its entropy, whatever is observed.
  Random random(4);
  const Parameters parameters = random_parameters(random, 1, 4);
  Scorer scorer = scorer_of(plain_model(parameters));
  constexpr int kSamples = 20000;
  double difference = 0;
  for (int i = 0; i < kSamples; ++i) {
    const Vector values = random_sample(random, parameters);
    Vector gaps = values;
    gaps[1] = gaps[2] = kNaN;
    difference += scorer.score(values).completed_score - scorer.score(gaps).completed_score;
  }
  // The surprise of two metrics has variance 1.
  EXPECT_NEAR(difference / kSamples, 0, 4 / std::sqrt(kSamples));
}

TEST(Score, does_not_depend_on_the_patterns_of_gaps_seen_before) {
  Random random(5);
  const Parameters parameters = random_parameters(random, 2, 10);
  const RoleModel model = plain_model(parameters);
  Scorer scorer = scorer_of(model);
  const Vector values = random_sample(random, parameters);
  for (int round = 0; round < 2; ++round) {
    for (int pattern = 0; pattern < 1023; pattern += 3) {  // more patterns than are kept
      Vector gaps = values;
      for (Index d = 0; d < 10; ++d) {
        gaps[d] = (pattern >> d & 1) != 0 ? kNaN : values[d];
      }
      EXPECT_EQ(scorer.score(gaps).anomaly_score, scorer_of(model).score(gaps).anomaly_score);
    }
  }
}

// ---- detection direction

TEST(DetectionDirection, takes_no_notice_of_the_ignored_side) {
  Random random(6);
  Parameters parameters = random_parameters(random, 1, 3);
  RoleModel model = plain_model(parameters);
  Scorer both = scorer_of(model);
  model.metrics[1].detection_direction = DetectionDirection::kAbove;
  Scorer above = scorer_of(model);
  Vector values = parameters.means.row(0).transpose();
  values[1] += 20;
  EXPECT_EQ(above.score(values).anomaly_score, both.score(values).anomaly_score);
  values[1] -= 40;
  EXPECT_GT(both.score(values).anomaly_score, above.score(values).anomaly_score + 10);
  // The others are at their means, so the metric is moved to its own.
  values[1] = parameters.means(0, 1);
  EXPECT_NEAR(above.groups(values.transpose()).front().scored(0, 1), values[1], 1e-12);
}

TEST(DetectionDirection, leaves_a_missing_metric_missing) {
  RoleModel model = two_states(0.5, DetectionDirection::kBelow);
  Scorer scorer = scorer_of(model);
  EXPECT_TRUE(std::isnan(scorer.score(Vector::Constant(1, kNaN)).anomaly_score));
}

TEST(DetectionDirection, of_one_metric_never_raises_the_score) {
  Random random(7);
  for (int i = 0; i < 300; ++i) {
    const RoleModel model = random_model(random);
    RoleModel directed = model;
    const Index d = random_index(random, model.dimensions());
    directed.metrics[d].detection_direction =
        i % 2 == 0 ? DetectionDirection::kAbove : DetectionDirection::kBelow;
    Vector values = with_gaps(random, random_values(random, model));
    if (i % 3 == 0) {
      values[d] *= 10;
    }
    const double without = scorer_of(model).score(values).anomaly_score;
    const double with = scorer_of(directed).score(values).anomaly_score;
    EXPECT_TRUE(with <= without + 1e-11 * std::max(1.0, std::abs(without)) || std::isnan(without));
  }
}

TEST(DetectionDirection, keeps_a_normal_sample_of_either_state_normal) {
  // The mean of the two states is where no host ever is.
  for (const double weight : {0.02, 0.5, 0.98}) {
    for (const auto direction : {DetectionDirection::kAbove, DetectionDirection::kBelow}) {
      Scorer scorer = scorer_of(two_states(weight, direction));
      for (const double normal : {-0.5, 0.5, 99.5, 100.5}) {
        EXPECT_LT(scorer.score(Vector::Constant(1, normal)).anomaly_score, 6)
            << normal << " with the state 100 at " << weight;
      }
    }
  }
}

TEST(DetectionDirection, still_sees_the_side_that_it_watches) {
  Scorer above = scorer_of(two_states(0.5, DetectionDirection::kAbove));
  EXPECT_GT(above.score(Vector::Constant(1, 120)).anomaly_score, 100);
  EXPECT_LT(above.score(Vector::Constant(1, -1000)).anomaly_score, 6);
  Scorer below = scorer_of(two_states(0.5, DetectionDirection::kBelow));
  EXPECT_GT(below.score(Vector::Constant(1, -20)).anomaly_score, 100);
  EXPECT_LT(below.score(Vector::Constant(1, 1000)).anomaly_score, 6);
}

// ---- tables

class TableScore : public testing::Test {
 protected:
  /// Two hosts, with gaps in values and time.
  std::vector<Row> rows() {
    std::vector<Row> rows;
    for (int i = 0; i < 40; ++i) {
      const Vector values = 3 * random_sample(random_, parameters_);
      rows.push_back({i % 3 == 0 ? "b" : "a", 60.0 * (i + (i > 20 ? 30 : 0)),
                      i % 5 == 0 ? with_gaps(random_, values) : values});
    }
    rows[7].values.setConstant(kNaN);
    return rows;
  }

  Random random_{8};
  Parameters parameters_ = random_parameters(random_, 2, 3);
  RoleModel model_ = plain_model(parameters_);
  Scorer scorer_ = scorer_of(model_);
};

void expect_same_row(const TableScores& a, Index i, const TableScores& b, Index j) {
  const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  EXPECT_TRUE(same(a.anomaly_score[i], b.anomaly_score[j])) << i << ", " << j;
  EXPECT_TRUE(same(a.alert_score[i], b.alert_score[j])) << i << ", " << j;
  EXPECT_TRUE(same(a.severity[i], b.severity[j])) << i << ", " << j;
  EXPECT_EQ(a.state[i], b.state[j]);
}

TEST_F(TableScore, comes_in_the_order_of_the_rows_whatever_that_is) {
  const std::vector<Row> sorted = rows();
  const TableScores expected = score(scorer_, table_of(model_, sorted));
  std::vector<Row> mixed;
  std::vector<Index> places;
  for (Index i = 0; i < 40; ++i) {
    places.push_back((i * 17) % 40);
    mixed.push_back(sorted[places.back()]);
  }
  const TableScores scores = score(scorer_, table_of(model_, mixed));
  for (Index i = 0; i < 40; ++i) {
    expect_same_row(scores, i, expected, places[i]);
  }
}

TEST_F(TableScore, of_a_host_does_not_depend_on_the_others) {
  const std::vector<Row> all = rows();
  const TableScores expected = score(scorer_, table_of(model_, all));
  std::vector<Row> one;
  std::vector<Index> places;
  for (Index i = 0; i < 40; ++i) {
    if (all[i].host == "b") {
      one.push_back(all[i]);
      places.push_back(i);
    }
  }
  const TableScores scores = score(scorer_, table_of(model_, one));
  for (std::size_t i = 0; i < one.size(); ++i) {
    expect_same_row(scores, static_cast<Index>(i), expected, places[i]);
  }
}

TEST_F(TableScore, of_the_past_does_not_depend_on_the_future) {
  const std::vector<Row> all = rows();
  const TableScores expected = score(scorer_, table_of(model_, all));
  const std::vector<Row> past(all.begin(), all.begin() + 25);
  const TableScores scores = score(scorer_, table_of(model_, past));
  for (Index i = 0; i < 25; ++i) {
    expect_same_row(scores, i, expected, i);
  }
}

TEST_F(TableScore, of_a_row_without_values_is_nan_and_leaves_no_trace) {
  std::vector<Row> with = rows();
  const TableScores scores = score(scorer_, table_of(model_, with));
  EXPECT_TRUE(std::isnan(scores.anomaly_score[7]));
  EXPECT_TRUE(std::isnan(scores.alert_score[7]));
  EXPECT_TRUE(std::isnan(scores.severity[7]));
  EXPECT_EQ(scores.state[7], -1);
  with.erase(with.begin() + 7);
  const TableScores without = score(scorer_, table_of(model_, with));
  expect_same_row(scores, 8, without, 7);
  expect_same_row(scores, 39, without, 38);
}

TEST_F(TableScore, finds_metrics_by_name) {
  const SampleTable table = table_of(model_, rows());
  const TableScores expected = score(scorer_, table);
  SampleTable other = table;
  other.metrics = {"metric2", "unknown", "metric0", "metric1"};
  other.values.resize(table.rows(), 4);
  other.values << table.values.col(2), Vector::Zero(table.rows()), table.values.leftCols(2);
  EXPECT_TRUE(samples_of(model_, other)->missing_metrics.empty());
  const TableScores scores = score(scorer_, other);
  for (Index i = 0; i < table.rows(); ++i) {
    expect_same_row(scores, i, expected, i);
  }
}

TEST_F(TableScore, names_the_metrics_that_the_table_lacks) {
  SampleTable table = table_of(model_, rows());
  table.metrics[1] = "unknown";
  EXPECT_THAT(samples_of(model_, table)->missing_metrics, testing::ElementsAre("metric1"));
  const TableScores scores = score(scorer_, table);
  EXPECT_TRUE(std::isfinite(scores.anomaly_score[1]));
  table.metrics = {"x", "y", "z"};
  const auto none = samples_of(model_, table);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kInvalidArgument);
}

// ---- metrics centred by host

/// Of three metrics the second is centred.
class CenteredScore : public testing::Test {
 protected:
  CenteredScore() {
    model_.metrics[1].center_by_host = true;
    for (std::size_t d = 0; d < 3; ++d) {
      model_.metrics[d].median = parameters_.means(0, static_cast<Index>(d));
    }
  }

  /// Two hosts for two days, a sample in ten minutes, a tenth of the values missing.
  std::vector<Row> rows() {
    std::vector<Row> rows;
    for (int i = 0; i < 288; ++i) {
      for (const char* host : {"a", "b"}) {
        Vector values = random_sample(random_, parameters_);
        values[random_index(random_, 3)] += i % 50 == 49 ? 20 : 0;
        if (i % 10 == 9) {
          values[random_index(random_, 3)] = kNaN;
        }
        rows.push_back({host, 600.0 * i, values});
      }
    }
    return rows;
  }

  TableScores score(const RoleModel& model, const std::vector<Row>& rows) {
    Scorer scorer = scorer_of(model);
    return rolemix::score(scorer, table_of(model, rows));
  }

  /// (N, D) of each row's host at the row.
  Matrix shifts_of(const RoleModel& model, const std::vector<Row>& rows) {
    const Samples samples = samples_of(model, table_of(model, rows)).value();
    Matrix shifts(samples.rows(), model.dimensions());
    for (const HostSamples& host : samples.hosts) {
      for (Index i = 0; i < host.size(); ++i) {
        shifts.row(host.rows[i]) = host.shifts(model, i, 1);
      }
    }
    return shifts;
  }

  Random random_{12};
  Parameters parameters_ = random_parameters(random_, 2, 3);
  RoleModel model_ = plain_model(parameters_);
};

/// With a constant for each host added to the metric.
std::vector<Row> at_other_levels(std::vector<Row> rows, Index metric, double a, double b) {
  for (Row& row : rows) {
    row.values[metric] += row.host == "a" ? a : b;
  }
  return rows;
}

void expect_close(const std::vector<double>& a, const std::vector<double>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(std::isnan(a[i]) ? std::isnan(b[i])
                                 : std::abs(a[i] - b[i]) <= 1e-9 * (1 + std::abs(a[i])))
        << i << ": " << a[i] << ", " << b[i];
  }
}

TEST_F(CenteredScore, does_not_change_when_a_host_has_another_level) {
  const std::vector<Row> rows = this->rows();
  const std::vector<Row> moved = at_other_levels(rows, 1, -300, 7000);
  const TableScores expected = score(model_, rows);
  const TableScores scores = score(model_, moved);
  expect_close(scores.anomaly_score, expected.anomaly_score);
  expect_close(scores.alert_score, expected.alert_score);
  expect_close(scores.severity, expected.severity);
  EXPECT_EQ(scores.state, expected.state);
  model_.metrics[1].center_by_host = false;
  EXPECT_GT(score(model_, moved).anomaly_score[500], expected.anomaly_score[500] + 1000);
}

TEST_F(CenteredScore, is_that_of_the_sample_less_the_shift) {
  const std::vector<Row> rows = at_other_levels(this->rows(), 1, 40, -50);
  const TableScores scores = score(model_, rows);
  Scorer scorer = scorer_of(model_);
  const Matrix shifts = shifts_of(model_, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = static_cast<Index>(i);
    Vector values = rows[i].values;
    values[1] -= shifts(row, 1);
    const SampleScore score = scorer.score(values);
    EXPECT_EQ(scores.state[i], score.state);
    EXPECT_NEAR(scores.anomaly_score[row], score.anomaly_score, 1e-12);
  }
}

TEST_F(CenteredScore, is_without_the_metric_until_its_host_has_a_level) {
  std::vector<Row> rows = at_other_levels(this->rows(), 1, 40, -50);
  const TableScores scores = score(model_, rows);
  const Matrix shifts = shifts_of(model_, rows);
  Scorer scorer = scorer_of(model_);
  for (std::size_t i = 0; i < 12; ++i) {  // an hour of both
    rows[i].values[1] = kNaN;
    EXPECT_EQ(scores.anomaly_score[static_cast<Index>(i)],
              scorer.score(rows[i].values).anomaly_score);
  }
  EXPECT_TRUE(std::isnan(shifts(11, 1)));
  EXPECT_FALSE(std::isnan(shifts(12, 1)));
}

TEST_F(CenteredScore, goes_on_from_what_is_remembered_of_a_host) {
  const std::vector<Row> rows = at_other_levels(this->rows(), 1, 40, -50);
  const TableScores whole = score(model_, rows);
  Scorer scorer = scorer_of(model_);
  for (const std::ptrdiff_t cut : {2, 10, 14, 300}) {
    const auto middle = rows.begin() + cut;
    const Samples first = samples_of(model_, table_of(model_, {rows.begin(), middle})).value();
    const TableScores scores = rolemix::score(scorer, first);
    Explainer explainer(scorer);
    HostStates before;
    for (std::size_t h = 0; h < first.hosts.size(); ++h) {
      const HostSamples& host = first.hosts[h];
      before[host.name] = state_before(explainer, host, host.size(), scores.memories[h]);
    }
    const Samples second =
        samples_of(model_, table_of(model_, {middle, rows.end()}), before).value();
    const TableScores rest = rolemix::score(scorer, second);
    for (Index i = 0; i < second.rows(); ++i) {
      expect_same_row(rest, i, whole, i + cut);
    }
  }
}

TEST_F(CenteredScore, at_a_moment_is_that_of_the_table) {
  const std::vector<Row> rows = at_other_levels(this->rows(), 1, 40, -50);
  std::vector<Row> of_a;
  std::ranges::copy_if(rows, std::back_inserter(of_a), [](const Row& r) { return r.host == "a"; });
  const TableScores scores = score(model_, of_a);
  const HostSamples host = host_of(model_, table_of(model_, of_a));
  Scorer scorer = scorer_of(model_);
  for (const std::size_t i : {0UL, 5UL, 6UL, 100UL, 249UL}) {
    Explainer explainer(scorer);
    const HostMoment moment = moment_of(explainer, host, static_cast<Index>(i));
    EXPECT_EQ(alert_score_at(scorer, moment, of_a[i].timestamp, of_a[i].values),
              scores.alert_score[static_cast<Index>(i)]);
  }
}

TEST_F(CenteredScore, of_a_model_with_another_tolerance_does_not_change_with_the_level_either) {
  for (const Transform transform : {Transform::kIdentity, Transform::kLog1p}) {
    model_.metrics[1].transform = transform;
    model_.unclipped_covariances = model_.covariances;
    std::vector<MetricEdit> edits(3);
    edits[1].tolerance = 4;
    const RoleModel wider = edited(model_, edits).value();
    const std::vector<Row> rows = this->rows();
    const std::vector<Row> moved = at_other_levels(rows, 1, 30, 70);
    const TableScores before = score(model_, moved);
    const TableScores after = score(wider, moved);
    EXPECT_NEAR(shifts_of(wider, moved)(575, 1), shifts_of(model_, moved)(575, 1) / 4, 1e-12);
    if (transform == Transform::kIdentity) {
      expect_close(after.anomaly_score, score(wider, rows).anomaly_score);
    }
  }
}

TEST_F(TableScore, of_an_empty_table_is_empty) {
  EXPECT_EQ(score(scorer_, table_of(model_, {})).anomaly_score.size(), 0);
}

TEST_F(TableScore, needs_one_row_for_each_time_of_a_host) {
  std::vector<Row> twice = rows();
  twice[1].timestamp = twice[2].timestamp;
  EXPECT_FALSE(samples_of(model_, table_of(model_, twice)));
  std::set<std::string> hosts;
  for (const Row& row : twice) {
    hosts.insert(row.host);
  }
  const auto samples = samples_of(model_, table_of(model_, twice), HostStates());
  ASSERT_TRUE(samples);
  EXPECT_EQ(samples->hosts.size(), hosts.size() - 1);
  EXPECT_EQ(samples->left_out_hosts.size(), 1U);
  const std::string host = twice[1].host;
  std::erase_if(twice, [&](const Row& row) { return row.host != host; });
  EXPECT_FALSE(samples_of(model_, table_of(model_, twice), HostStates())) << "none is left";
}

}  // namespace
}  // namespace rolemix
