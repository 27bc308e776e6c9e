#include "train/training_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"
#include "samples/host_level.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Hosts and times, with two metrics.
SampleTable table_of_times(const std::vector<std::pair<std::string, double>>& samples) {
  SampleTable table;
  table.metrics = {"a", "b"};
  table.values.resize(std::ssize(samples), 2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    auto host = std::ranges::find(table.hosts, samples[i].first);
    if (host == table.hosts.end()) {
      host = table.hosts.insert(host, samples[i].first);
    }
    table.host.push_back(static_cast<std::int32_t>(host - table.hosts.begin()));
    table.timestamps.push_back(samples[i].second);
    table.values.row(static_cast<Index>(i)) << static_cast<double>(i), samples[i].second;
  }
  return table;
}

TrainingRows rows_of(const SampleTable& table, const TrainOptions& options = {}) {
  return collect_rows(table, rows_by_host(table).value(), options);
}

/// Three hosts, every five minutes for two days, in an order by time.
SampleTable random_table(Random& random) {
  std::vector<std::pair<std::string, double>> samples;
  for (int i = 0; i < 2 * 288; ++i) {
    for (const char* host : {"c", "a", "b"}) {
      if (random.uniform() < 0.9) {
        samples.emplace_back(host, 1e9 + 300.0 * i);
      }
    }
  }
  SampleTable table = table_of_times(samples);
  table.values = random_normals(random, table.rows(), 2);
  return table;
}

TrainOptions centred(const std::string& metric) {
  TrainOptions options;
  options.metrics[metric].center_by_host = true;
  return options;
}

bool same(const Matrix& a, const Matrix& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         (a.array() == b.array() || (a.array().isNaN() && b.array().isNaN())).all();
}

// ---- which rows

TEST(CollectRows, takes_each_host_by_name_in_order_of_time) {
  const SampleTable table = table_of_times({{"b", 3}, {"a", 9}, {"b", 1}, {"a", 5}, {"a", 7}});
  const TrainingRows rows = rows_of(table);
  EXPECT_THAT(rows.table_row, ElementsAre(3, 4, 1, 2, 0));
  EXPECT_THAT(rows.host, ElementsAre(0, 0, 0, 1, 1));
  EXPECT_THAT(rows.timestamps, ElementsAre(5, 7, 9, 1, 3));
  EXPECT_THAT(rows.position, ElementsAre(0, 1.0 / 3, 2.0 / 3, 0, 0.5));
  EXPECT_EQ(rows.hosts, 2);
}

TEST(CollectRows, keeps_to_the_period_with_its_first_moment_and_without_its_last) {
  const SampleTable table =
      table_of_times({{"a", 1}, {"a", 2}, {"a", 3}, {"a", 4}, {"a", 5}, {"a", 6}, {"a", 7}});
  TrainOptions options;
  options.from = 2;
  options.to = 7;
  options.exclude = {{3, 5}, {4, 5}};
  EXPECT_THAT(rows_of(table, options).timestamps, ElementsAre(2, 5, 6));
}

TEST(CollectRows, numbers_only_hosts_of_which_something_is_left) {
  const SampleTable table = table_of_times({{"a", 1}, {"b", 8}, {"c", 2}, {"d", 9}});
  TrainOptions options;
  options.from = 5;
  const TrainingRows rows = rows_of(table, options);
  EXPECT_THAT(rows.table_row, ElementsAre(1, 3));
  EXPECT_THAT(rows.host, ElementsAre(0, 1));
  EXPECT_EQ(rows.hosts, 2);
}

TEST(CollectRows, of_nothing_are_none) {
  EXPECT_EQ(rows_of(table_of_times({})).hosts, 0);
  TrainOptions options;
  options.to = 0;
  const TrainingRows rows = rows_of(table_of_times({{"a", 1}}), options);
  EXPECT_THAT(rows.table_row, IsEmpty());
  EXPECT_EQ(rows.hosts, 0);
}

TEST(CollectRows, of_one_row_is_at_the_beginning_of_its_host) {
  EXPECT_THAT(rows_of(table_of_times({{"a", 1}})).position, ElementsAre(0));
}

TEST(MeasuredRows, are_those_of_which_anything_is_known) {
  const Matrix samples{{kNaN, kNaN}, {1, kNaN}, {kNaN, 2}, {3, 4}};
  EXPECT_THAT(measured_rows(samples), ElementsAre(1, 2, 3));
  EXPECT_THAT(measured_rows(Matrix::Constant(3, 1, kNaN)), IsEmpty());
  EXPECT_THAT(measured_rows(Matrix(0, 2)), IsEmpty());
}

TEST(Thin, keeps_so_many_evenly_spread) {
  for (const Index count : {1, 7, 100, 101}) {
    std::vector<Index> rows;
    for (Index i = 0; i < count; ++i) {
      rows.push_back(3 * i);
    }
    EXPECT_THAT(thin({}, count), IsEmpty());
    for (const Index most : {1, 2, 7, 33, 100, 101}) {
      const std::vector<Index> some = thin(rows, most);
      ASSERT_EQ(std::ssize(some), std::min(count, most));
      EXPECT_EQ(some.front(), 0);
      const Index step = 3 * (count / std::min(count, most));
      for (std::size_t i = 0; i < some.size(); ++i) {
        const Index next = i + 1 < some.size() ? some[i + 1] : 3 * count;
        EXPECT_TRUE(next - some[i] == step || next - some[i] == step + 3) << count << " " << most;
      }
    }
  }
}

// ---- levels

TEST(ShiftsOf, are_those_of_each_host_by_itself) {
  Random random(1);
  const SampleTable table = random_table(random);
  const TrainingRows rows = rows_of(table);
  const Matrix samples = table.values(rows.table_row, Eigen::all);
  const Vector medians = Eigen::Vector2d(0.5, -2);
  const Matrix shifts = shifts_of(samples, rows, medians);
  ASSERT_EQ(shifts.rows(), table.rows());
  for (std::int32_t host = 0; host < 3; ++host) {
    std::vector<Index> own;
    std::vector<double> times;
    for (Index i = 0; i < table.rows(); ++i) {
      if (rows.host[i] == host) {
        own.push_back(i);
        times.push_back(rows.timestamps[i]);
      }
    }
    const Matrix expected =
        levels_of(times, samples(own, Eigen::all)).rowwise() - medians.transpose();
    EXPECT_TRUE(same(shifts(own, Eigen::all), expected));
  }
  EXPECT_EQ(shifts_of(Matrix(0, 2), TrainingRows(), medians).rows(), 0);
}

TEST(LessLevels, is_nothing_where_no_metric_is_centred) {
  const SampleTable table = table_of_times({{"a", 1}, {"a", 2}});
  EXPECT_EQ(less_levels(table, table.values, rows_of(table), {}).size(), 0);
  EXPECT_EQ(less_levels(table, table.values, rows_of(table), centred("c")).size(), 0);
}

TEST(LessLevels, takes_the_level_of_a_host_from_its_centred_metrics_alone) {
  Random random(2);
  const SampleTable table = random_table(random);
  const TrainingRows rows = rows_of(table);
  const Matrix values = table.values(rows.table_row, Eigen::all);
  const Matrix before = less_levels(table, values, rows, centred("b"));
  EXPECT_EQ(before.col(0), values.col(0));
  const auto known = (!before.col(1).array().isNaN()).count();
  EXPECT_GT(known, table.rows() * 9 / 10) << "but for the first hour of each host";
  EXPECT_LT(known, table.rows());
  Matrix raised = values;
  for (Index i = 0; i < values.rows(); ++i) {
    raised(i, 1) += 1024.0 * rows.host[i];
  }
  const Matrix after = less_levels(table, raised, rows, centred("b"));
  for (Index i = 0; i < values.rows(); ++i) {
    ASSERT_EQ(std::isnan(after(i, 1)), std::isnan(before(i, 1)));
    if (!std::isnan(after(i, 1))) {
      EXPECT_NEAR(after(i, 1), before(i, 1), 1e-9);
    }
  }
}

TEST(LessLevels, of_one_row_or_without_values_is_not_known) {
  SampleTable table = table_of_times({{"a", 1}});
  EXPECT_TRUE(std::isnan(less_levels(table, table.values, rows_of(table), centred("a"))(0, 0)));
  table = table_of_times({{"a", 1}, {"a", 9000}, {"a", 18000}});
  table.values.setConstant(kNaN);
  EXPECT_TRUE(less_levels(table, table.values, rows_of(table), centred("a")).array().isNaN().all());
}

}  // namespace
}  // namespace rolemix
