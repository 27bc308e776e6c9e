#include "train/train.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.h"
#include "explain/explain.h"
#include "explain/host_explainer.h"
#include "explain/of_table.h"
#include "model/model_file.h"
#include "model/random_model.h"
#include "score/score.h"

namespace rolemix {
namespace {

Vector anomaly_scores(Scorer& scorer, const SampleTable& table) {
  const TableScores scores = score(scorer, table);
  return Eigen::Map<const Vector>(scores.anomaly_score.data(), table.rows());
}

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::StartsWith;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Three hosts of a role: load that swings over the day, CPU and network that follow it, flat
/// memory.
SampleTable small_role(std::uint64_t seed, double days = 4, int hosts = 3) {
  Random random(seed);
  SampleTable table;
  table.metrics = {"requests", "cpu", "network", "memory"};
  std::vector<double> values;
  for (int h = 0; h < hosts; ++h) {
    table.hosts.push_back("host-" + std::to_string(h));
    for (double time = 0; time < days * 86400; time += 600) {
      const double load = 100 + 60 * std::sin(time / 86400 * 6.283) + 5 * random_normal(random);
      table.host.push_back(h);
      table.timestamps.push_back(1.8e9 + time);
      values.insert(values.end(), {load, 0.4 * load + random_normal(random),
                                   1000 * load + 2000 * random_normal(random),
                                   4e9 + 1e5 * random_normal(random)});
    }
  }
  table.values = Eigen::Map<Matrix>(values.data(), static_cast<Index>(table.host.size()), 4);
  return table;
}

TrainOptions small_options() {
  TrainOptions options;
  options.role = "blog:db";
  options.max_components = 3;
  return options;
}

Result<TrainResult> train_quietly(const SampleTable& table, const TrainOptions& options) {
  return train(table, options, [](const std::string&, double) {});
}

SampleTable shuffled(const SampleTable& table, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::int32_t> rows(table.host.size());
  std::iota(rows.begin(), rows.end(), 0);
  for (std::size_t i = rows.size() - 1; i > 0; --i) {
    std::swap(rows[i], rows[random.next() % (i + 1)]);
  }
  return select_rows(table, rows);
}

TEST(Train, LearnsARoleThatIsReadAndScored) {
  const SampleTable table = small_role(1);
  const auto result = train_quietly(table, small_options());
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->model.role, "blog:db");
  EXPECT_EQ(result->report.rows_used, table.rows());
  EXPECT_TRUE(result->model.calibration.ready) << result->model.calibration.not_ready_reason;
  const std::string bytes = write_model(result->model);
  const auto model =
      read_model({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  ASSERT_TRUE(model.has_value()) << model.error().message;
  auto scorer = Scorer::create(*model);
  const auto scores = score(*scorer, table);
  EXPECT_LT(std::ranges::count_if(scores.severity, [](double s) { return s > 50; }),
            table.rows() / 100);
}

TEST(Train, TheSameSeedGivesTheSameBytesInAnyRowOrder) {
  const SampleTable table = small_role(2);
  const auto first = train_quietly(table, small_options());
  const auto second = train_quietly(shuffled(table, 5), small_options());
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_EQ(write_model(first->model), write_model(second->model));
}

TEST(Train, ScalingAMetricWithItsToleranceChangesNoScore) {
  const SampleTable table = small_role(3);
  SampleTable scaled = table;
  scaled.values.col(1) *= 1024;  // a power of two, so that the arithmetic is the same to the bit
  TrainOptions options = small_options();
  options.metrics["cpu"].tolerance = ToleranceRule{2, false};
  TrainOptions scaled_options = small_options();
  scaled_options.metrics["cpu"].tolerance = ToleranceRule{2048, false};
  const auto plain = train_quietly(table, options);
  const auto other = train_quietly(scaled, scaled_options);
  ASSERT_TRUE(plain.has_value() && other.has_value());
  auto plain_scorer = Scorer::create(plain->model);
  auto other_scorer = Scorer::create(other->model);
  EXPECT_EQ(score(*plain_scorer, table).anomaly_score, score(*other_scorer, scaled).anomaly_score);
}

TEST(Train, LearnsFromSamplesWithGapsWhatTheyTell) {
  // The third host never measures the network, and every tenth sample of the others lacks
  // something.
  const SampleTable whole = small_role(7);
  SampleTable gaps = whole;
  for (Index i = 0; i < gaps.rows(); ++i) {
    if (gaps.host[i] == 2) {
      gaps.values(i, 2) = kNaN;
    } else if (i % 10 == 0) {
      gaps.values(i, i / 10 % 4) = kNaN;
    }
  }
  TrainOptions options = small_options();
  options.max_components = 1;
  const auto expected = train_quietly(whole, options);
  const auto result = train_quietly(gaps, options);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_GT(result->report.rows_incomplete, gaps.rows() / 3);
  // What the gaps hide is a third of one metric; what is left tells the rest.
  const auto moments = [](const RoleModel& model, Index d) {
    const double unit = model.metrics[d].tolerance;
    return std::pair(unit * model.means(0, d), unit * std::sqrt(model.covariances[0](d, d)));
  };
  for (Index d = 0; d < 4; ++d) {
    const auto [mean, deviation] = moments(expected->model, d);
    EXPECT_NEAR(moments(result->model, d).first, mean, 0.05 * deviation);
    EXPECT_NEAR(moments(result->model, d).second, deviation, 0.05 * deviation);
  }
}

TEST(Train, TheNumberOfThreadsChangesNoByte) {
  const SampleTable table = small_role(8);
  TrainOptions options = small_options();
  const auto one = train_quietly(table, options);
  options.threads = 2;
  const auto two = train_quietly(table, options);
  ASSERT_TRUE(one.has_value() && two.has_value());
  EXPECT_EQ(write_model(one->model), write_model(two->model));
}

TEST(Train, RareIncidentsBarelyChangeScores) {
  const SampleTable clean = small_role(9, 10, 4);
  SampleTable disturbed = clean;
  for (Index i = 0; i < clean.rows(); i += 400) {
    disturbed.values(i, 1) += 400 + static_cast<double>(i % 7) * 50;
  }
  const auto expected = train_quietly(clean, small_options());
  const auto result = train_quietly(disturbed, small_options());
  ASSERT_TRUE(expected.has_value() && result.has_value());
  auto expected_scorer = Scorer::create(expected->model);
  auto scorer = Scorer::create(result->model);
  const Vector before = anomaly_scores(*expected_scorer, clean);
  const Vector after = anomaly_scores(*scorer, clean);
  EXPECT_LT((after - before).cwiseAbs().mean(), 0.05);
  EXPECT_GE(result->report.rows_trimmed, clean.rows() / 400);
}

/// A role with a backup each night, in whose network and memory nothing else is.
SampleTable role_with_backups(std::uint64_t seed) {
  SampleTable table = small_role(seed, 10, 4);
  for (Index i = 0; i < table.rows(); ++i) {
    if (std::fmod(table.timestamps[i] - 1.8e9, 86400) < 5400) {
      table.values(i, 2) += 2e5;
      table.values(i, 3) += 5e8;
    }
  }
  return table;
}

/// Half a day on each of four host-days, of CPU or of memory: 5 % of all samples.
SampleTable with_long_incidents(SampleTable table) {
  const Index per_host = table.rows() / 4;
  for (Index host = 0; host < 4; ++host) {
    for (Index i = 0; i < 72; ++i) {
      const Index row = host * per_host + 144 * (2 + 2 * host) + 20 + i;
      table.values(row, host % 2 == 0 ? 1 : 3) *= 2;
    }
  }
  return table;
}

TEST(Train, LongIncidentsInOneSampleOfTwentyBecomeNoState) {
  const SampleTable clean = role_with_backups(9);
  const SampleTable disturbed = with_long_incidents(clean);
  TrainOptions options = small_options();
  options.max_components = 8;
  const auto expected = train_quietly(clean, options);
  const auto result = train_quietly(disturbed, options);
  ASSERT_TRUE(expected.has_value() && result.has_value());
  EXPECT_EQ(expected->model.components(), 2);
  EXPECT_EQ(result->model.components(), 2);
  auto expected_scorer = Scorer::create(expected->model);
  auto scorer = Scorer::create(result->model);
  const Vector before = anomaly_scores(*expected_scorer, clean);
  const Vector after = anomaly_scores(*scorer, clean);
  EXPECT_LT((after - before).cwiseAbs().mean(), 0.3);
  // The incidents themselves are still seen for what they are.
  const auto scores = score(*scorer, disturbed);
  Index severe = 0;
  for (Index i = 0; i < clean.rows(); ++i) {
    severe += disturbed.values.row(i) != clean.values.row(i) && scores.anomaly_score[i] > 20;
  }
  EXPECT_EQ(severe, 4 * 72);
}

TEST(Train, AFewFarReadingsTakeNoComponent) {
  // A counter that began anew: differences far below 0, not far enough to be no value.
  const SampleTable clean = role_with_backups(9);
  SampleTable disturbed = clean;
  for (Index i = 50; i < clean.rows(); i += 300) {
    disturbed.values(i, (i / 300) % 4) *= -100;
  }
  TrainOptions options = small_options();
  options.min_components = options.max_components = 3;
  const auto expected = train_quietly(clean, options);
  const auto result = train_quietly(disturbed, options);
  ASSERT_TRUE(expected.has_value() && result.has_value());
  const auto spread = [](const RoleModel& model) {
    double most = 0;
    for (const Matrix& covariance : model.covariances) {
      most = std::max(most, covariance.diagonal().maxCoeff());
    }
    return std::sqrt(most);
  };
  EXPECT_LT(spread(result->model), 1.5 * spread(expected->model));
  EXPECT_GT(result->model.weights.minCoeff(), 0.01);
}

TEST(Train, WarnsWhereItsOwnHistoryAlertsMoreThanIsPromised) {
  // Two hours of a load that nothing else goes with, each day of another size, and by turns.
  SampleTable table = small_role(9, 10, 4);
  for (Index i = 0; i < table.rows(); ++i) {
    const double time = table.timestamps[i] - 1.8e9;
    const auto day = static_cast<int>(time / 86400);
    const bool turn = day % 4 == table.host[i] % 4;
    if (turn && std::fmod(time, 86400) < 7200) {
      table.values(i, 1) += 50 + 7 * day;
    }
  }
  TrainOptions options = small_options();
  options.max_components = 1;
  const auto result = train_quietly(table, options);
  const HistoryRecord* record = history_record(result->model.calibration, Sensitivity::kNormal, 3);
  ASSERT_GT(record->alerts, 5);
  EXPECT_THAT(result->report.notices,
              testing::Contains(Field(&Notice::text, HasSubstr("1.33 are promised"))));
  EXPECT_THAT(train_quietly(small_role(9, 10, 4), options)->report.notices, testing::IsEmpty());
}

TEST(Train, JudgesSamplesWithGapsByWhatWasMeasured) {
  const SampleTable clean = small_role(9, 10, 4);
  SampleTable disturbed = clean;
  for (Index i = 0; i < clean.rows(); i += 400) {
    disturbed.values(i, 1) += 400;
    disturbed.values(i, 3) = kNaN;
  }
  const auto result = train_quietly(disturbed, small_options());
  ASSERT_TRUE(result.has_value());
  EXPECT_GE(result->report.rows_trimmed, clean.rows() / 400);
}

TEST(Train, LearnsWhereEachHostLacksAnotherMetric) {
  SampleTable table = small_role(14, 6, 4);
  for (Index i = 0; i < table.rows(); ++i) {
    table.values(i, table.host[i]) = kNaN;
  }
  const auto result = train_quietly(table, small_options());
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->report.rows_incomplete, table.rows());
  EXPECT_EQ(result->report.rows_used, table.rows());
  EXPECT_EQ(result->model.dimensions(), 4);
}

/// Two hosts of a role whose memory differs in level, with a deviation of 1 about it.
SampleTable two_levels(std::uint64_t seed, double gap) {
  Random random(seed);
  SampleTable table = small_role(seed, 4, 2);
  for (Index i = 0; i < table.rows(); ++i) {
    table.values(i, 3) = 1000 + gap * table.host[i] + random_normal(random);
  }
  return table;
}

TEST(Train, LearnsTheNoiseOfACentredMetricAndNotTheGapBetweenHosts) {
  const SampleTable table = two_levels(14, 500);
  TrainOptions options = small_options();
  options.max_components = 1;
  const auto deviation = [&] {
    const RoleModel model = train_quietly(table, options)->model;
    return model.metrics[3].tolerance * std::sqrt(model.covariances[0](3, 3));
  };
  EXPECT_NEAR(deviation(), 250, 5);
  options.metrics["memory"].center_by_host = true;
  EXPECT_NEAR(deviation(), 1, 0.1);
}

TEST(Train, ShowsRangesOfACentredMetricAboutTheLevelOfEachHost) {
  const SampleTable table = two_levels(15, 500);
  TrainOptions options = small_options();
  options.metrics["memory"].center_by_host = true;
  const auto result = train_quietly(table, options);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->report.rows_incomplete, 12) << "an hour of each host";
  EXPECT_EQ(result->report.rows_used, table.rows());
  auto scorer = Scorer::create(result->model);
  const TableScores scores = score(*scorer, table);
  EXPECT_LT(std::ranges::count_if(scores.severity, [](double s) { return s > 50; }),
            table.rows() / 100);
  Explainer explainer(*scorer);
  std::vector<std::int32_t> all(table.rows());
  std::iota(all.begin(), all.end(), 0);
  const std::vector<Explanation> explanations = explain(explainer, table, all);
  for (Index row = 100; row < table.rows(); row += 57) {
    const Index since = row % (table.rows() / 2);
    if (since >= 6) {
      const MetricExplanation& why = explanations[row].metrics[3];
      const double level = 1000 + 500 * table.host[row];
      for (const double end : {why.low, why.high, why.typical_low, why.typical_high}) {
        EXPECT_NEAR(end, level, 4);
      }
      EXPECT_NEAR(why.expected, level, 2);
    }
  }
}

TEST(Train, FindsAStepOfACentredMetricAndNamesIt) {
  SampleTable table = two_levels(16, 500);
  TrainOptions options = small_options();
  options.metrics["memory"].center_by_host = true;
  const auto result = train_quietly(table, options);
  const Index from = table.rows() - 30;
  table.values.col(3).tail(30).array() += 12;  // far below the gap between the hosts
  auto scorer = Scorer::create(result->model);
  const TableScores scores = score(*scorer, table);
  EXPECT_LT(scores.severity[from - 1], 50);
  EXPECT_GT(scores.severity[from + 5], 75);
  Explainer explainer(*scorer);
  const Explanation why = explain(explainer, table, {static_cast<std::int32_t>(from + 5)}).front();
  EXPECT_EQ(why.ranking[0], 3);
  EXPECT_NEAR(why.metrics[3].expected, 1500, 2);
}

TEST(Train, ADifferenceBetweenHostsInACentredMetricChangesNoScore) {
  TrainOptions options = small_options();
  options.metrics["memory"].center_by_host = true;
  options.metrics["memory"].tolerance = ToleranceRule{0.5, false};
  const SampleTable near = two_levels(17, 0);
  const SampleTable far = two_levels(17, 500);
  RoleModel one = train_quietly(near, options)->model;
  RoleModel other = train_quietly(far, options)->model;
  auto near_scorer = Scorer::create(one);
  auto far_scorer = Scorer::create(other);
  const Vector expected = anomaly_scores(*near_scorer, near);
  const Vector scores = anomaly_scores(*far_scorer, far);
  EXPECT_LT((scores - expected).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(Train, DropsExactCopiesAndNotesConstantSums) {
  SampleTable table = small_role(6);
  table.metrics.insert(table.metrics.end(), {"cpu.again", "idle"});
  table.values.conservativeResize(Eigen::NoChange, 6);
  table.values.col(4) = table.values.col(1);
  table.values.col(5) = 200 - table.values.col(1).array();
  const auto result = train_quietly(table, small_options());
  ASSERT_TRUE(result.has_value()) << result.error().message;
  ASSERT_EQ(result->report.dropped.size(), 1);
  EXPECT_EQ(result->report.dropped[0].name, "cpu.again");
  EXPECT_EQ(result->report.dropped[0].reason, "the same as cpu in every sample");
  EXPECT_THAT(result->report.notices,
              ElementsAre(Field(&Notice::text, HasSubstr("cpu + idle is always 200"))));
}

TEST(Train, TakesUnitsFromNamesThatSayThemUnlessTold) {
  SampleTable table = small_role(4);
  table.metrics = {"cpu_pct", "requests_bytes_total", "disk.read.bytes", "node_memory_used_bytes"};
  TrainOptions options = small_options();
  const auto units_of_model = [&] {
    const auto result = train_quietly(table, options);
    std::vector<std::string> units;
    for (const MetricSpec& metric : result->model.metrics) {
      units.push_back(metric.unit);
    }
    return units;
  };
  EXPECT_THAT(units_of_model(), ElementsAre("percent", "", "", "bytes"));
  options.metrics["cpu_pct"].unit = "share";
  EXPECT_THAT(units_of_model(), ElementsAre("share", "", "", "bytes"));
}

TEST(Train, AMoveOfOneToleranceIsNoNews) {
  TrainOptions options = small_options();
  options.metrics["memory"].tolerance = ToleranceRule{2e8, false};
  const SampleTable table = small_role(4);
  const auto result = train_quietly(table, options);
  ASSERT_TRUE(result.has_value());
  SampleTable moved = table;
  const Index half = table.rows() / 2;
  moved.values.col(3).tail(half).array() += 4e7;  // 400 of its own standard deviations
  auto scorer = Scorer::create(result->model);
  const Vector before = anomaly_scores(*scorer, table);
  const Vector after = anomaly_scores(*scorer, moved);
  EXPECT_LT((after - before).cwiseAbs().maxCoeff(), 0.05);
}

TEST(Train, DropsMetricsThatTeachNothingAndSaysWhy) {
  SampleTable table = small_role(5);
  table.metrics.insert(table.metrics.end(), {"constant", "never", "seldom", "unwanted"});
  table.values.conservativeResize(Eigen::NoChange, 8);
  table.values.col(4).setConstant(7);
  table.values.col(5).setConstant(kNaN);
  table.values.col(6).setConstant(kNaN);
  table.values.col(6).head(100) = table.values.col(0).head(100);
  table.values.col(7) = table.values.col(0);
  TrainOptions options = small_options();
  options.metrics["unwanted"].drop = true;
  const auto result = train_quietly(table, options);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->model.dimensions(), 4);
  std::vector<std::string> reasons;
  for (const DroppedMetric& dropped : result->report.dropped) {
    reasons.push_back(dropped.name + ": " + dropped.reason);
  }
  EXPECT_THAT(reasons, ElementsAre("constant: never changed; state a tolerance to watch it",
                                   "never: never measured",
                                   "seldom: missing in more than half of the samples",
                                   "unwanted: dropped by the configuration"));
}

TEST(Train, SaysWhichRulesHadNoEffect) {
  SampleTable table = small_role(5);
  table.values.col(3).setZero();
  table.values.col(3).head(20).setConstant(9);
  TrainOptions options = small_options();
  options.metrics["gone"].drop = true;
  options.metrics["of.preset"].from_preset = true;
  options.metrics[table.metrics[3]].tolerance = ToleranceRule{0.1, true};
  const double first = std::ranges::min(table.timestamps);
  options.exclude = {{0, 100}, {first, first + 1}};
  const auto result = train_quietly(table, options);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  std::vector<std::string> texts;
  for (const Notice& notice : result->report.notices) {
    if (notice.code == "config_without_effect") {
      texts.push_back(notice.text);
    }
  }
  EXPECT_THAT(texts,
              ElementsAre("excluding 0 (1970-01-01T00:00:00Z) to 100 (1970-01-01T00:01:40Z) leaves "
                          "nothing out: no sample lies in that time",
                          StartsWith(table.metrics[3] + " is usually 0, of which a share"),
                          "the configuration names gone, which the data do not have"));
  options.exclude = {{100, 0}};
  EXPECT_THAT(train_quietly(table, options).error().message, HasSubstr("end after they begin"));
}

TEST(Train, SaysWhyNoMetricIsLeft) {
  SampleTable table = small_role(5);
  table.values.setConstant(7);
  EXPECT_THAT(train_quietly(table, small_options()).error().message,
              HasSubstr("no metric is left to learn from; requests: never changed"));
}

TEST(Train, DropsAMetricOfImpossibleValues) {
  SampleTable table = small_role(5);
  table.values.col(2).segment(17, table.rows() / 50).setConstant(1e300);
  const auto result = train_quietly(table, small_options());
  ASSERT_TRUE(result.has_value()) << result.error().message;
  ASSERT_EQ(result->report.dropped.size(), 1);
  EXPECT_EQ(result->report.dropped[0].name, "network");
  EXPECT_THAT(result->report.dropped[0].reason, HasSubstr("beyond 1e50"));
}

TEST(Train, CountsSamplesForTheTimeTheyStandFor) {
  SampleTable table = small_role(5);
  std::vector<std::int32_t> rows;
  for (std::int32_t row = 0; row < table.rows(); ++row) {
    const bool is_slow = table.host[row] == 2;
    table.values(row, 3) += is_slow ? 3e6 : 0;
    if (!is_slow || row % 4 == 0) {
      rows.push_back(row);
    }
  }
  TrainOptions options = small_options();
  options.max_components = 1;
  const auto all = train_quietly(table, options);
  const auto some = train_quietly(select_rows(table, rows), options);
  ASSERT_TRUE(all.has_value() && some.has_value());
  EXPECT_EQ(some->report.rows_used, std::ssize(rows));
  const auto memory = [](const RoleModel& model) {
    return model.means(0, 3) * model.metrics[3].tolerance;
  };
  EXPECT_NEAR(memory(all->model), 4.001e9, 2e4);
  EXPECT_NEAR(memory(some->model), 4.001e9, 2e4) << "unless samples count alike: 4.00033e9";
}

/// Of sizes and steps that no system has, with a few values that are far off.
SampleTable extreme_table(Random& random) {
  constexpr std::array kSteps = {1e-9, 1e-4, 1.0, 3600.0, 3600.0, 1e5, 1e9};
  constexpr std::array kSizes = {0.0, 1e-300, 1e-60, 1e-20, 1.0, 1e20, 1e45, 1e49, 1e60};
  const auto pick = [&](const auto& values) {
    return values[random_index(random, std::ssize(values))];
  };
  SampleTable table;
  table.metrics = {"a", "b", "c"};
  constexpr Index kHosts = 3;
  constexpr Index kRows = 100;
  table.values = random_normals(random, kHosts * kRows, std::ssize(table.metrics));
  for (Index d = 0; d < table.values.cols(); ++d) {
    table.values.col(d) = (pick(kSizes) + pick(kSizes) * table.values.col(d).array()).matrix();
    table.values(random_index(random, kHosts * kRows), d) += pick(kSizes);
  }
  const double step = pick(kSteps);
  const double start = step < 1 ? 0 : pick(std::array{1.8e9, -1e11, 0.0});
  for (Index h = 0; h < kHosts; ++h) {
    table.hosts.push_back("host-" + std::to_string(h));
    for (Index i = 0; i < kRows; ++i) {
      table.host.push_back(static_cast<std::int32_t>(h));
      table.timestamps.push_back(start + step * static_cast<double>(i));
    }
  }
  return table;
}

TEST(Train, WritesNoModelThatCannotBeRead) {
  Random random(31);
  int written = 0;
  int ready = 0;
  for (int i = 0; i < 80; ++i) {
    const SampleTable table = extreme_table(random);
    TrainOptions options = small_options();
    for (const std::string& name : table.metrics) {
      MetricRule& rule = options.metrics[name];
      const double kind = random.uniform();
      if (kind < 0.3) {
        rule.tolerance = ToleranceRule{kind < 0.1 ? 1e-50 : kind < 0.2 ? 1e50 : 1, kind < 0.25};
      }
      rule.transform = kind < 0.7 ? Transform::kIdentity : Transform::kLog1p;
      rule.center_by_host = random.uniform() < 0.3;
    }
    const auto result = train_quietly(table, options);
    if (!result) {
      continue;
    }
    const std::string bytes = write_model(result->model);
    const auto model =
        read_model({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    ASSERT_TRUE(model.has_value()) << i << ": " << model.error().message;
    ++written;
    ready += model->calibration.ready ? 1 : 0;
  }
  EXPECT_GT(written, 40);
  EXPECT_GT(ready, 5);
}

TEST(Train, WatchesAConstantMetricWithAStatedTolerance) {
  SampleTable table = small_role(6);
  table.values.col(3).setConstant(4e9);
  TrainOptions options = small_options();
  options.metrics["memory"].tolerance = ToleranceRule{1e8, false};
  const auto result = train_quietly(table, options);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  auto scorer = Scorer::create(result->model);
  Vector sample = table.values.row(10).transpose();
  const double usual = scorer->score(sample).anomaly_score;
  sample[3] += 1e9;
  EXPECT_NEAR(scorer->score(sample).anomaly_score - usual, 50, 1);  // ten tolerances: 10² / 2
}

TEST(Train, LeavesIncompleteRowsOutAndCountsThem) {
  SampleTable table = small_role(7);
  for (Index i = 0; i < table.rows(); i += 10) {
    table.values(i, 2) = kNaN;
  }
  const auto result = train_quietly(table, small_options());
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->report.rows_incomplete, (table.rows() + 9) / 10);
}

TEST(Train, KeepsToThePeriod) {
  TrainOptions options = small_options();
  options.from = 1.8e9 + 86400;
  options.to = 1.8e9 + 3 * 86400;
  options.exclude = {{1.8e9 + 1.5 * 86400, 1.8e9 + 1.6 * 86400}};
  const SampleTable table = small_role(8);
  const auto result = train_quietly(table, options);
  ASSERT_TRUE(result.has_value());
  EXPECT_GE(result->model.provenance.from, options.from);
  EXPECT_LT(result->model.provenance.to, options.to);
  EXPECT_NEAR(static_cast<double>(result->report.rows_used),
              0.475 * static_cast<double>(table.rows()), 10);
}

TEST(Train, SaysHowManySamplesAreMissing) {
  const auto result = train_quietly(small_role(9, 0.1), small_options());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kTooFewSamples);
  EXPECT_THAT(result.error().message, HasSubstr("at least 50 samples for 4 metrics, got 45"));
}

TEST(Train, AShortHistoryGivesAModelThatIsNotReady) {
  const auto result = train_quietly(small_role(10, 0.8), small_options());
  ASSERT_TRUE(result.has_value());
  EXPECT_FALSE(result->model.calibration.ready);
  EXPECT_THAT(result->report.notices,
              testing::Contains(Field(&Notice::text, HasSubstr("not ready"))));
}

TEST(Train, RefusesWrongOptionsAndTables) {
  TrainOptions options = small_options();
  options.role = "no-colon";
  EXPECT_EQ(train_quietly(small_role(11), options).error().code, ErrorCode::kInvalidArgument);
  options = small_options();
  options.from = 2e9;
  EXPECT_EQ(train_quietly(small_role(11), options).error().code, ErrorCode::kTooFewSamples);
  SampleTable table = small_role(11);
  table.values(3, 1) = std::numeric_limits<double>::infinity();
  EXPECT_EQ(train_quietly(table, small_options()).error().code, ErrorCode::kNotFinite);
  table = small_role(11);
  std::ranges::fill(table.timestamps, table.timestamps[0]);  // each host contradicts itself
  EXPECT_EQ(train_quietly(table, small_options()).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(train_quietly(SampleTable(), small_options()).error().code, ErrorCode::kTooFewSamples);
}

TEST(Train, RefusesTimestampsThatAreNoTimes) {
  SampleTable table = small_role(11);
  for (double& timestamp : table.timestamps) {
    timestamp *= 1e13;
  }
  const auto result = train_quietly(table, small_options());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(result.error().message, HasSubstr("timestamps in epoch seconds"));
}

TEST(Train, WarnsOfConfiguredMetricsThatDoNotExist) {
  TrainOptions options = small_options();
  options.metrics["cpu.user"].tolerance = ToleranceRule{1, false};
  const auto result = train_quietly(small_role(12), options);
  EXPECT_THAT(result->report.notices,
              testing::Contains(Field(&Notice::text, HasSubstr("cpu.user"))));
}

TEST(Train, WarnsOfCounters) {
  SampleTable table = small_role(12);
  const auto count = [&](Index metric) {
    for (Index row = 1; row < table.rows(); ++row) {
      table.values(row, metric) += table.values(row - 1, metric);
    }
    return train_quietly(table, small_options())->report.notices;
  };
  EXPECT_THAT(count(2), testing::Contains(testing::AllOf(
                            Field(&Notice::text, "network only grows: train on its rate"),
                            Field(&Notice::metric, "network"))));
  count(1);
  count(0);
  EXPECT_THAT(count(3),
              testing::Contains(Field(&Notice::text,
                                      "requests, cpu, network and 1 more only grow: train on "
                                      "their rates")));
}

TEST(Train, LearnsOneHostWithOneMetric) {
  SampleTable table = small_role(13, 4, 1);
  table.metrics = {"requests"};
  table.values = Matrix(table.values.col(0));
  const auto result = train_quietly(table, small_options());
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->model.dimensions(), 1);
}

}  // namespace
}  // namespace rolemix
