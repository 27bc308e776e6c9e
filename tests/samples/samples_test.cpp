#include "samples/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

RoleModel random_role(Random& random) {
  RoleModel model = random_model(random);
  for (MetricSpec& metric : model.metrics) {
    metric.median = from_model_units(metric, random_normal(random));
  }
  return model;
}

/// Samples of three hosts that come at random and in no order.
std::vector<Row> random_rows(Random& random, const RoleModel& model) {
  std::vector<Row> rows;
  for (const char* host : {"b", "c", "a"}) {
    for (int i = 0; i < 200; ++i) {
      if (random.uniform() < 0.8) {
        const Vector values = random_values(random, model);
        rows.push_back({host, 600.0 * i, i % 5 == 0 ? with_gaps(random, values) : values});
      }
    }
  }
  for (std::size_t last = rows.size() - 1; last > 0; --last) {
    std::swap(rows[last],
              rows[static_cast<std::size_t>(random_index(random, static_cast<Index>(last) + 1))]);
  }
  return rows;
}

/// Equal to the bit; NaN counts as equal to NaN.
void expect_same(const Matrix& a, const Matrix& b) {
  ASSERT_EQ(a.rows(), b.rows());
  EXPECT_TRUE((a.array() == b.array() || (a.array().isNaN() && b.array().isNaN())).all());
}

TEST(SamplesOf, have_each_row_once_in_order_of_hosts_and_time) {
  Random random(1);
  for (int round = 0; round < 20; ++round) {
    const RoleModel model = random_role(random);
    const std::vector<Row> rows = random_rows(random, model);
    const Samples samples = samples_of(model, table_of(model, rows)).value();
    ASSERT_EQ(samples.rows(), std::ssize(rows));
    EXPECT_TRUE(std::ranges::is_sorted(samples.hosts, {}, &HostSamples::name));
    Index count = 0;
    for (const HostSamples& host : samples.hosts) {
      EXPECT_EQ(samples.find(host.name), &host);
      EXPECT_TRUE(std::ranges::is_sorted(host.times));
      count += host.size();
    }
    EXPECT_EQ(count, samples.rows());
    for (std::int32_t row = 0; row < samples.rows(); ++row) {
      const Row& expected = rows[static_cast<std::size_t>(row)];
      const HostSamples& host = samples.host(row);
      const Index place = samples.places[static_cast<std::size_t>(row)].sample;
      EXPECT_EQ(host.name, expected.host);
      EXPECT_EQ(samples.time(row), expected.timestamp);
      EXPECT_EQ(host.rows[static_cast<std::size_t>(place)], row);
      EXPECT_EQ(host.first_from(expected.timestamp), place);
      expect_same(host.values.row(place), expected.values.transpose());
    }
  }
}

TEST(SamplesOf, have_the_levels_of_each_host_alone) {
  Random random(2);
  const RoleModel model = random_role(random);
  const Samples samples = samples_of(model, table_of(model, random_rows(random, model))).value();
  for (const HostSamples& host : samples.hosts) {
    KeptRows level;
    expect_same(host.shifts, level_shifts(level, host.times, host.values, medians(model), &model));
    EXPECT_EQ(host.level.times, level.times);
    EXPECT_TRUE(std::ranges::any_of(host.shifts.reshaped(),
                                    [](double shift) { return std::isfinite(shift); }));
  }
}

TEST(SamplesOf, go_on_from_the_levels_before_as_if_all_had_come_at_once) {
  Random random(3);
  for (int round = 0; round < 20; ++round) {
    const RoleModel model = random_role(random);
    std::vector<Row> rows = random_rows(random, model);
    std::ranges::stable_sort(rows, {}, &Row::timestamp);
    const Samples whole = samples_of(model, table_of(model, rows)).value();
    const auto middle = rows.begin() + random_index(random, std::ssize(rows));
    const Samples first = samples_of(model, table_of(model, {rows.begin(), middle})).value();
    Levels levels;
    for (const HostSamples& host : first.hosts) {
      levels[host.name] = host.level;
    }
    const Samples rest = samples_of(model, table_of(model, {middle, rows.end()}), levels).value();
    for (const HostSamples& host : rest.hosts) {
      const HostSamples& expected = *whole.find(host.name);
      expect_same(host.shifts, expected.shifts.bottomRows(host.size()));
      EXPECT_EQ(host.level.times, expected.level.times);
    }
  }
}

TEST(SamplesOf, say_what_is_missing) {
  const RoleModel model =
      plain_model({Vector::Ones(1), Matrix::Zero(1, 2), {Matrix::Identity(2, 2)}});
  SampleTable table = table_of(model, {{"a", 0, Eigen::Vector2d(1, 2)}});
  table.metrics[0] = "other";
  const Samples samples = samples_of(model, table).value();
  EXPECT_THAT(samples.missing_metrics, ElementsAre("metric0"));
  EXPECT_TRUE(std::isnan(samples.hosts[0].values(0, 0)));
  EXPECT_EQ(samples.hosts[0].values(0, 1), 2);
  EXPECT_EQ(samples.find("b"), nullptr);
  EXPECT_EQ(samples.hosts[0].first_from(1), samples.hosts[0].size());
  table.metrics[1] = "another";
  const auto none = samples_of(model, table);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message,
            "the table has none of the model's 2 metrics (the first is metric0)");
}

TEST(SamplesOf, of_a_table_without_rows_or_with_a_host_without_any_have_no_such_host) {
  const RoleModel model =
      plain_model({Vector::Ones(1), Matrix::Zero(1, 1), {Matrix::Identity(1, 1)}});
  SampleTable table = table_of(model, {});
  EXPECT_THAT(samples_of(model, table)->hosts, IsEmpty());
  table.hosts = {"a"};
  EXPECT_THAT(samples_of(model, table)->hosts, IsEmpty());
}

TEST(SamplesOf, a_host_has_one_sample_at_a_time) {
  const RoleModel model =
      plain_model({Vector::Ones(1), Matrix::Zero(1, 1), {Matrix::Identity(1, 1)}});
  const Vector value = Vector::Zero(1);
  EXPECT_TRUE(samples_of(model, table_of(model, {{"a", 0, value}, {"b", 0, value}})));
  EXPECT_FALSE(samples_of(model, table_of(model, {{"a", 0, value}, {"a", 0, value}})));
}

}  // namespace
}  // namespace rolemix
