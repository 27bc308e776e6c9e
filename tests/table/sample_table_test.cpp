#include "table/sample_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsNan;
using testing::StartsWith;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Two hosts at three times, two metrics.
SampleTable example() {
  SampleTable table;
  table.metrics = {"cpu", "disk"};
  table.hosts = {"web-2", "web-1"};
  table.host = {0, 1, 0, 1, 0};
  table.timestamps = {100, 100, 160, 160, 220};
  table.values.resize(5, 2);
  table.values << 1, 10, 2, 20, 3, kNan, 4, 40, 5, 50;
  return table;
}

SampleTable table_with_timestamps(std::vector<double> timestamps) {
  SampleTable table;
  table.metrics = {"cpu"};
  table.hosts = {"web-1"};
  table.host.assign(timestamps.size(), 0);
  table.values.setZero(std::ssize(timestamps), 1);
  table.timestamps = std::move(timestamps);
  return table;
}

void expect_invalid(const SampleTable& table, ErrorCode code, const std::string& message) {
  const Result<void> result = validate(table);
  ASSERT_FALSE(result);
  EXPECT_EQ(name(result.error().code), name(code));
  EXPECT_EQ(result.error().message, message);
}

std::vector<double> row(const SampleTable& table, Index row) {
  return {table.values.row(row).begin(), table.values.row(row).end()};
}

double median_interval(const SampleTable& table) {
  return rolemix::median_interval(times_of(table, rows_by_host(table).value()));
}

TEST(Validate, AcceptsMissingValuesAndAnEmptyTable) {
  EXPECT_TRUE(validate(example()));
  EXPECT_TRUE(validate(SampleTable{}));
}

TEST(Validate, ComparesTheSizes) {
  SampleTable table = example();
  table.metrics.pop_back();
  expect_invalid(table, ErrorCode::kShapeMismatch,
                 "values: expected 1 columns, one per metric, got 2");
  table = example();
  table.host.pop_back();
  expect_invalid(table, ErrorCode::kShapeMismatch, "host: expected 5 entries, one per row, got 4");
  table = example();
  table.timestamps.push_back(1);
  expect_invalid(table, ErrorCode::kShapeMismatch,
                 "timestamps: expected 5 entries, one per row, got 6");
}

TEST(Validate, WantsDistinctNames) {
  SampleTable table = example();
  table.metrics = {"cpu", "cpu"};
  expect_invalid(table, ErrorCode::kInvalidArgument,
                 R"(metrics[1]: expected a name other than that of metrics[0], got "cpu")");
  table = example();
  table.hosts = {"web-2", "web-1", "web-2"};
  expect_invalid(table, ErrorCode::kInvalidArgument,
                 R"(hosts[2]: expected a name other than that of hosts[0], got "web-2")");
}

TEST(Validate, WantsNamesThatAreNotEmpty) {
  SampleTable table = example();
  table.metrics[1] = "";
  expect_invalid(table, ErrorCode::kInvalidArgument, R"(metrics[1]: expected a name, got "")");
  table = example();
  table.hosts[0] = "";
  expect_invalid(table, ErrorCode::kInvalidArgument, R"(hosts[0]: expected a name, got "")");
}

TEST(Validate, WantsHostsInRange) {
  for (const std::int32_t host : {-1, 2}) {
    SampleTable table = example();
    table.host[3] = host;
    expect_invalid(table, ErrorCode::kInvalidArgument,
                   "host[3]: expected an index into 2 hosts, got " + std::to_string(host));
  }
}

TEST(Validate, WantsFiniteTimestamps) {
  SampleTable table = example();
  table.timestamps[1] = kNan;
  expect_invalid(table, ErrorCode::kNotFinite,
                 "timestamps[1]: expected a finite number of seconds, got NaN");
  table.timestamps[1] = -kInfinity;
  expect_invalid(table, ErrorCode::kNotFinite,
                 "timestamps[1]: expected a finite number of seconds, got an infinity");
}

TEST(Validate, WantsNoInfiniteValue) {
  SampleTable table = example();
  table.values(4, 1) = -kInfinity;
  expect_invalid(table, ErrorCode::kNotFinite,
                 R"(row 4, metric "disk": expected a finite number or NaN, got an infinity)");
}

TEST(RowsByHost, SortsHostsByNameAndRowsByTime) {
  SampleTable table = example();
  std::swap(table.timestamps[0], table.timestamps[4]);
  const auto hosts = rows_by_host(table);
  ASSERT_TRUE(hosts);
  ASSERT_EQ(hosts->size(), 2U);
  EXPECT_EQ((*hosts)[0].host, 1);
  EXPECT_THAT((*hosts)[0].rows, ElementsAre(1, 3));
  EXPECT_EQ((*hosts)[1].host, 0);
  EXPECT_THAT((*hosts)[1].rows, ElementsAre(4, 2, 0));
}

TEST(RowsByHost, LeavesOutHostsWithoutRows) {
  SampleTable table = example();
  table.hosts.emplace_back("web-0");
  EXPECT_EQ(rows_by_host(table)->size(), 2U);
  EXPECT_THAT(rows_by_host(SampleTable{}).value(), IsEmpty());
}

TEST(RowsByHost, LeavesAHostOutThatHasTwoSamplesAtOneTimestamp) {
  SampleTable table = example();
  table.timestamps = {100, 100, 160.5, 160, 160.5};
  std::vector<Notice> notices;
  auto hosts = rows_by_host(table, &notices);
  ASSERT_TRUE(hosts);
  ASSERT_EQ(hosts->size(), 1U);
  EXPECT_EQ((*hosts)[0].host, 1);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].host, "web-2");
  table.timestamps = {100, 100, 160.5, 100, 160.5};
  hosts = rows_by_host(table);
  ASSERT_FALSE(hosts) << "none is left";
  EXPECT_EQ(hosts.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(
      notices[0].text,
      R"(row 4, counted from 0: host "web-2": expected one sample per timestamp, got another )"
      "at 160 (1970-01-01T00:02:40Z) than row 2, counted from 0; where clocks went back to "
      "winter time, give timestamps in UTC; where two hosts have one name, tell them apart: the "
      "host is left out");
}

TEST(RowsByHost, LeavesOutATimestampBeyondWholeNumbersFromItsMessage) {
  SampleTable table = table_with_timestamps({1e300, 1e300});
  table.values = Matrix::Zero(2, 1);
  table.values(1, 0) = 1;
  table.metrics = {"cpu"};
  EXPECT_THAT(
      rows_by_host(table).error().message,
      StartsWith(R"(row 1, counted from 0: host "web-1": expected one sample per timestamp, )"
                 "got another than row 0"));
}

TEST(RowsByHost, CountsRowsThatAreTheSameOnce) {
  SampleTable table = example();
  table.timestamps = {100, 100, 160.5, 160, 160.5};
  table.values.row(4) = table.values.row(2);
  table.values(4, 0) = table.values(2, 0) = std::nan("");
  const auto hosts = rows_by_host(table);
  ASSERT_TRUE(hosts) << hosts.error().message;
  ASSERT_EQ((*hosts)[0].repeated.size() + (*hosts)[1].repeated.size(), 1U);
  const HostRows& host = (*hosts)[0].repeated.empty() ? (*hosts)[1] : (*hosts)[0];
  EXPECT_EQ(host.repeated[0].row, 4);
  EXPECT_EQ(host.repeated[0].first, 2);
  EXPECT_THAT(host.rows, testing::Not(testing::Contains(4)));
}

TEST(Concatenate, KeepsTheOrderOfTablesAndRows) {
  const SampleTable all = concatenate({example(), example()});
  EXPECT_TRUE(validate(all));
  EXPECT_EQ(all.rows(), 10);
  EXPECT_THAT(all.hosts, ElementsAre("web-2", "web-1"));
  EXPECT_THAT(all.host, ElementsAre(0, 1, 0, 1, 0, 0, 1, 0, 1, 0));
  EXPECT_THAT(all.timestamps, ElementsAre(100, 100, 160, 160, 220, 100, 100, 160, 160, 220));
  EXPECT_THAT(row(all, 6), ElementsAre(2, 20));
}

TEST(Concatenate, MatchesMetricsAndHostsByName) {
  SampleTable other;
  other.metrics = {"net", "cpu"};
  other.hosts = {"web-3", "web-1"};
  other.host = {1, 0};
  other.timestamps = {1, 2};
  other.values.resize(2, 2);
  other.values << 7, 8, 9, 10;
  const SampleTable all = concatenate({example(), other});
  EXPECT_TRUE(validate(all));
  EXPECT_THAT(all.metrics, ElementsAre("cpu", "disk", "net"));
  EXPECT_THAT(all.hosts, ElementsAre("web-2", "web-1", "web-3"));
  EXPECT_THAT(all.host, ElementsAre(0, 1, 0, 1, 0, 1, 2));
  EXPECT_THAT(row(all, 0), ElementsAre(1, 10, IsNan()));
  EXPECT_THAT(row(all, 5), ElementsAre(8, IsNan(), 7));
  EXPECT_THAT(row(all, 6), ElementsAre(10, IsNan(), 9));
}

TEST(Concatenate, OfOneTableIsThatTableAndOfNoneAnEmptyOne) {
  const SampleTable one = concatenate({example()});
  EXPECT_EQ(one.rows(), 5);
  EXPECT_THAT(one.metrics, ElementsAre("cpu", "disk"));
  const SampleTable none = concatenate({});
  EXPECT_TRUE(validate(none));
  EXPECT_EQ(none.rows(), 0);
}

TEST(SelectMetrics, FollowsTheOrderOfTheNames) {
  std::vector<std::string> missing;
  const Matrix values = select_metrics(example(), {"disk", "cpu"}, missing);
  EXPECT_THAT(missing, IsEmpty());
  ASSERT_EQ(values.rows(), 5);
  ASSERT_EQ(values.cols(), 2);
  EXPECT_EQ(values(1, 0), 20);
  EXPECT_EQ(values(1, 1), 2);
  EXPECT_THAT(values(2, 0), IsNan());
}

TEST(SelectMetrics, ListsWhatIsMissingAndFillsItWithNan) {
  std::vector<std::string> missing = {"from before"};
  const Matrix values = select_metrics(example(), {"net", "cpu", "swap"}, missing);
  EXPECT_THAT(missing, ElementsAre("from before", "net", "swap"));
  EXPECT_THAT(values(0, 0), IsNan());
  EXPECT_EQ(values(0, 1), 1);
  EXPECT_THAT(values(4, 2), IsNan());
}

TEST(SelectMetrics, OfTheTablesOwnMetricsIsItsValues) {
  const SampleTable table = example();
  std::vector<std::string> missing;
  const Matrix values = select_metrics(table, table.metrics, missing);
  EXPECT_THAT(missing, IsEmpty());
  EXPECT_EQ(values.rows(), 5);
  EXPECT_EQ(values(4, 1), 50);
  EXPECT_EQ(select_metrics(table, {}, missing).cols(), 0);
}

TEST(MedianInterval, IsTheMiddleOfTheGapsOfAllHosts) {
  EXPECT_EQ(median_interval(example()), 60);
  EXPECT_EQ(median_interval(table_with_timestamps({0, 60, 120, 420})), 60);
  EXPECT_EQ(median_interval(table_with_timestamps({420, 0, 60, 120})), 60);
}

TEST(MedianInterval, IsTheSmallerOneOfTwoInTheMiddle) {
  EXPECT_EQ(median_interval(table_with_timestamps({0, 60, 360})), 60);
  EXPECT_EQ(median_interval(table_with_timestamps({0, 300, 360, 420, 720})), 60);
}

TEST(MedianInterval, IsZeroWhenNoHostHasTwoSamples) {
  EXPECT_EQ(median_interval(table_with_timestamps({100})), 0);
  EXPECT_EQ(median_interval(SampleTable{}), 0);
}

TEST(SelectRows, KeepsTheGivenOrderAndAllHosts) {
  const SampleTable rows = select_rows(example(), {4, 0, 4});
  EXPECT_TRUE(validate(rows));
  EXPECT_THAT(rows.metrics, ElementsAre("cpu", "disk"));
  EXPECT_THAT(rows.hosts, ElementsAre("web-2", "web-1"));
  EXPECT_THAT(rows.host, ElementsAre(0, 0, 0));
  EXPECT_THAT(rows.timestamps, ElementsAre(220, 100, 220));
  EXPECT_THAT(row(rows, 0), ElementsAre(5, 50));
  EXPECT_THAT(row(rows, 1), ElementsAre(1, 10));
}

TEST(SelectRows, OfNoneIsATableWithoutRows) {
  const SampleTable rows = select_rows(example(), {});
  EXPECT_TRUE(validate(rows));
  EXPECT_EQ(rows.rows(), 0);
  EXPECT_EQ(rows.values.cols(), 2);
}

/// Rows of hosts at these times.
SampleTable at_times(const std::vector<std::vector<double>>& times) {
  SampleTable table;
  for (std::size_t h = 0; h < times.size(); ++h) {
    table.hosts.push_back(std::string(1, static_cast<char>('a' + h)));
    for (const double time : times[h]) {
      table.host.push_back(static_cast<std::int32_t>(h));
      table.timestamps.push_back(time);
    }
  }
  table.values.resize(std::ssize(table.timestamps), 0);
  return table;
}

std::vector<double> every(double interval, double days) {
  std::vector<double> times;
  for (double time = 0; time < days * 86400; time += interval) {
    times.push_back(time);
  }
  return times;
}

double host_days_of(const std::vector<std::vector<double>>& times) {
  const SampleTable table = at_times(times);
  return host_days(times_of(table, rows_by_host(table).value()));
}

TEST(HostDays, AreTheSameHoweverOftenTheHostsAreSampled) {
  EXPECT_DOUBLE_EQ(host_days_of({every(60, 2), every(60, 2)}), 4);
  EXPECT_DOUBLE_EQ(host_days_of({every(300, 2), every(300, 2)}), 4);
  EXPECT_DOUBLE_EQ(host_days_of({every(60, 2), every(300, 1)}), 3) << "each host has its own clock";
}

TEST(HostDays, DoNotCountTheTimeOfAGap) {
  std::vector<double> times = every(60, 1);
  for (const double time : every(60, 1)) {
    times.push_back(time + 5 * 86400);
  }
  EXPECT_DOUBLE_EQ(host_days_of({times}), 2);
}

TEST(HostDays, CountALateSampleForTheTimeItStandsFor) {
  EXPECT_DOUBLE_EQ(host_days_of({{0, 60, 120, 240, 300}}) * 86400, 360);
}

TEST(HostDays, OfNothingOrOneSampleAreNone) {
  EXPECT_EQ(host_days_of({}), 0);
  EXPECT_EQ(host_days_of({{5}}), 0);
}

}  // namespace
}  // namespace rolemix
