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
#include "model/units.h"

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

HostState known_until(double time) {
  HostState state;
  state.last_at = time;
  return state;
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
      expect_same(host.values(place, 1), expected.values.transpose());
    }
  }
}

TEST(SamplesOf, have_the_levels_of_each_host_alone) {
  Random random(2);
  const RoleModel model = random_role(random);
  const Samples samples = samples_of(model, table_of(model, random_rows(random, model))).value();
  const Vector role = medians(model);
  for (const HostSamples& host : samples.hosts) {
    const Matrix expected =
        levels_of(host.times, rows_to_model_units(model, host.values())).rowwise() -
        role.transpose();
    expect_same(host.shifts(model, 0, host.size()), expected);
    expect_same(host.shifts(model, 50, 20), expected.middleRows(50, 20));
    EXPECT_TRUE(std::ranges::any_of(expected.reshaped(),
                                    [](double shift) { return std::isfinite(shift); }));
  }
}

/// The same samples, whatever the rows' numbers.
void expect_same_samples(const RoleModel& model, const HostSamples& actual,
                         const HostSamples& expected, Index first) {
  const Index count = expected.size() - first;
  ASSERT_EQ(actual.size(), count);
  EXPECT_EQ(actual.times,
            std::vector<double>(expected.times.begin() + first, expected.times.end()));
  expect_same(actual.values(), expected.values(first, count));
  expect_same(actual.shifts(model, 0, count), expected.shifts(model, first, count));
  EXPECT_EQ(actual.level.kept().times, expected.level.kept().times);
}

TEST(SamplesOf, go_on_from_what_was_known_before_as_if_all_had_come_at_once) {
  Random random(3);
  for (int round = 0; round < 20; ++round) {
    const RoleModel model = random_role(random);
    std::vector<Row> rows = random_rows(random, model);
    std::ranges::stable_sort(rows, {}, &Row::timestamp);
    const Samples whole = samples_of(model, table_of(model, rows)).value();
    const auto middle = rows.begin() + random_index(random, std::ssize(rows));
    const Samples first = samples_of(model, table_of(model, {rows.begin(), middle})).value();
    HostStates before;
    for (const HostSamples& host : first.hosts) {
      before[host.name] = known_until(host.times.back());
      before[host.name].level = host.level.kept();
    }
    const Samples rest = samples_of(model, table_of(model, {middle, rows.end()}), before).value();
    for (const HostSamples& host : rest.hosts) {
      const HostSamples* known = first.find(host.name);
      expect_same_samples(model, host, *whole.find(host.name), known ? known->size() : 0);
    }
  }
}

TEST(Append, is_as_if_all_had_come_at_once) {
  Random random(4);
  for (int round = 0; round < 20; ++round) {
    const RoleModel model = random_role(random);
    std::vector<Row> rows = random_rows(random, model);
    std::ranges::stable_sort(rows, {}, &Row::timestamp);
    const Samples whole = samples_of(model, table_of(model, rows)).value();
    Samples grown = samples_of(model, table_of(model, {})).value();
    for (auto row = rows.begin(); row != rows.end();) {
      const auto end =
          row + std::min<std::ptrdiff_t>(1 + random_index(random, 60), rows.end() - row);
      const auto added = append(model, table_of(model, {row, end}), grown).value();
      for (std::size_t i = 0; i < added.size(); ++i) {
        EXPECT_EQ(added[i], row - rows.begin() + static_cast<std::ptrdiff_t>(i));
      }
      row = end;
    }
    ASSERT_EQ(grown.rows(), whole.rows());
    for (std::int32_t row = 0; row < whole.rows(); ++row) {
      EXPECT_EQ(grown.host(row).name, whole.host(row).name);
      EXPECT_EQ(grown.time(row), whole.time(row));
    }
    for (const HostSamples& host : whole.hosts) {
      expect_same_samples(model, *grown.find(host.name), host, 0);
      EXPECT_EQ(grown.find(host.name)->rows, host.rows);
    }
    std::vector<std::string> names;
    for (const std::int32_t host : grown.by_name) {
      names.push_back(grown.hosts[host].name);
    }
    EXPECT_THAT(names, ElementsAre("a", "b", "c"));
  }
}

TEST(Append, passes_over_what_is_not_later) {
  const RoleModel model =
      plain_model({Vector::Ones(1), Matrix::Zero(1, 1), {Matrix::Identity(1, 1)}});
  const auto value = [](double x) { return Vector::Constant(1, x); };
  Samples samples =
      samples_of(model, table_of(model, {{"a", 60, value(1)}, {"b", 60, value(2)}})).value();
  const auto added = append(model,
                            table_of(model, {{"a", 0, value(9)},
                                             {"c", 0, value(3)},
                                             {"a", 60, value(9)},
                                             {"b", 120, value(4)},
                                             {"a", 120, value(5)}}),
                            samples);
  EXPECT_THAT(added.value(), ElementsAre(-1, 2, -1, 3, 4));
  EXPECT_EQ(samples.rows(), 5);
  EXPECT_THAT(samples.find("a")->times, ElementsAre(60, 120));
  EXPECT_THAT(samples.find("a")->numbers, ElementsAre(1, 5));
  EXPECT_THAT(samples.find("a")->rows, ElementsAre(0, 4));
  const Samples before = samples;
  EXPECT_FALSE(
      append(model, table_of(model, {{"a", 180, value(0)}, {"a", 180, value(1)}}), samples));
  EXPECT_EQ(samples.rows(), before.rows());
}

TEST(Append, of_a_host_that_was_known_begins_after_its_last_sample) {
  const RoleModel model =
      plain_model({Vector::Ones(1), Matrix::Zero(1, 1), {Matrix::Identity(1, 1)}});
  const Vector value = Vector::Zero(1);
  const Samples samples = samples_of(model, table_of(model, {{"a", 60, value}, {"a", 120, value}}),
                                     {{"a", known_until(60)}, {"b", known_until(60)}})
                              .value();
  EXPECT_EQ(samples.rows(), 1);
  EXPECT_THAT(samples.find("a")->times, ElementsAre(120));
  EXPECT_EQ(samples.find("b"), nullptr) << "no sample yet";
}

TEST(WithMetricsOf, are_the_samples_of_the_metrics_that_are_left) {
  Random random(6);
  for (int round = 0; round < 10; ++round) {
    const RoleModel model = random_role(random);
    if (model.dimensions() < 2) {
      continue;
    }
    const SampleTable table = table_of(model, random_rows(random, model));
    RoleModel edited = model;
    edited.metrics.erase(edited.metrics.begin() + random_index(random, model.dimensions()));
    edited.metrics[0].tolerance *= 2;
    const Samples expected = samples_of(edited, table).value();
    const Samples actual = with_metrics_of(edited, model, samples_of(model, table).value());
    ASSERT_EQ(actual.rows(), expected.rows());
    EXPECT_EQ(actual.missing_metrics, expected.missing_metrics);
    for (const HostSamples& host : expected.hosts) {
      const HostSamples& other = *actual.find(host.name);
      EXPECT_EQ(other.times, host.times);
      EXPECT_EQ(other.rows, host.rows);
      expect_same(other.values(), host.values());
      EXPECT_EQ(other.level_of, host.level_of);
      EXPECT_EQ(other.level.kept().times, host.level.kept().times);
    }
  }
}

TEST(RemoveFirst, leaves_what_comes_later_as_it_was) {
  Random random(7);
  const RoleModel model = random_role(random);
  const Samples all = samples_of(model, table_of(model, random_rows(random, model))).value();
  Samples left = all;
  const std::vector<Index> counts = {30, 0, all.hosts[2].size()};
  remove_first(counts, left);
  EXPECT_EQ(left.rows(), all.rows() - 30 - counts[2]);
  for (const std::size_t h : {0UL, 1UL}) {
    expect_same_samples(model, left.hosts[h], all.hosts[h], counts[h]);
  }
  EXPECT_EQ(left.find("c"), nullptr);
  double last = -1;
  for (std::int32_t row = 0; row < left.rows(); ++row) {
    const HostSamples& host = left.host(row);
    EXPECT_EQ(host.rows[left.places[row].sample], row);
    last = std::max(last, host.times[left.places[row].sample]);
  }
  EXPECT_GT(last, 0);
}

TEST(SamplesOf, say_what_is_missing) {
  const RoleModel model =
      plain_model({Vector::Ones(1), Matrix::Zero(1, 2), {Matrix::Identity(2, 2)}});
  SampleTable table = table_of(model, {{"a", 0, Eigen::Vector2d(1, 2)}});
  table.metrics[0] = "other";
  const Samples samples = samples_of(model, table).value();
  EXPECT_THAT(samples.missing_metrics, ElementsAre("metric0"));
  EXPECT_TRUE(std::isnan(samples.hosts[0].numbers[0]));
  EXPECT_EQ(samples.hosts[0].numbers[1], 2);
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
  EXPECT_FALSE(
      samples_of(model, table_of(model, {{"a", 0, value}, {"a", 0, value + Vector::Ones(1)}})));
}

TEST(SamplesOf, rows_that_repeat_others_are_their_samples) {
  const RoleModel model =
      plain_model({Vector::Ones(1), Matrix::Zero(1, 1), {Matrix::Identity(1, 1)}});
  const Vector value = Vector::Zero(1);
  const auto samples = samples_of(
      model,
      table_of(model, {{"a", 0, value}, {"a", 60, value}, {"a", 0, value}, {"b", 0, value}}));
  ASSERT_TRUE(samples);
  EXPECT_EQ(samples->rows(), 4);
  EXPECT_THAT(samples->find("a")->times, ElementsAre(0, 60));
  EXPECT_THAT(samples->find("a")->rows, ElementsAre(0, 1));
  ASSERT_EQ(samples->repeated.size(), 1);
  EXPECT_EQ(samples->repeated[0].row, 2);
  EXPECT_EQ(samples->repeated[0].first, 0);
  EXPECT_EQ(samples->time(2), 0);
}

TEST(FarSamples, are_told_of_by_host_but_not_by_hundreds) {
  std::vector<FarSamples> far(13, {"web", 2, 4070908800, FarTime::kLeftOut});
  far[1].done = FarTime::kKept;
  far[2].done = FarTime::kForgotten;
  const std::vector<Notice> notices = notices_of(far);
  ASSERT_EQ(notices.size(), 11U);
  EXPECT_EQ(notices[0].code, "time_not_believed");
  EXPECT_EQ(notices[0].host, "web");
  EXPECT_EQ(notices[0].text,
            "2 samples of \"web\" at 2099-01-01 00:00 UTC, more than a day from all others: left "
            "out");
  EXPECT_EQ(notices[1].text,
            "2 samples of \"web\" at 2099-01-01 00:00 UTC, more than a day from all others");
  EXPECT_EQ(
      notices[2].text,
      "2 samples of \"web\" at 2099-01-01 00:00 UTC, more than a day after all that came now: "
      "the state of the host is forgotten");
  EXPECT_EQ(notices[10].text, "and so of 3 more hosts");
}

}  // namespace
}  // namespace rolemix
