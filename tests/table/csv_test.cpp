#include "table/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsNan;
using testing::StartsWith;

SampleTable parsed(std::string_view bytes) {
  Result<SampleTable> table = parse_csv(bytes, "hosts.csv");
  EXPECT_TRUE(table) << table.error().message;
  if (!table) return {};
  EXPECT_TRUE(validate(*table));
  return std::move(*table);
}

std::string message(std::string_view bytes) {
  const Result<SampleTable> table = parse_csv(bytes, "hosts.csv");
  EXPECT_FALSE(table);
  if (table) return "";
  EXPECT_EQ(table.error().code, ErrorCode::kBadFormat);
  return table.error().message;
}

std::vector<double> row(const SampleTable& table, Index row) {
  return {table.values.row(row).begin(), table.values.row(row).end()};
}

TEST(WideCsv, BecomesATable) {
  const SampleTable table = parsed(
      "timestamp,host,cpu.user.pct,disk.reads.iops\n"
      "1760238000,web-1,12.5,300\n"
      "1760238000,web-2,13,1e3\n"
      "1760238060,web-1,-0.5,0\n");
  EXPECT_THAT(table.metrics, ElementsAre("cpu.user.pct", "disk.reads.iops"));
  EXPECT_THAT(table.hosts, ElementsAre("web-1", "web-2"));
  EXPECT_THAT(table.host, ElementsAre(0, 1, 0));
  EXPECT_THAT(table.timestamps, ElementsAre(1760238000, 1760238000, 1760238060));
  ASSERT_EQ(table.rows(), 3);
  EXPECT_THAT(row(table, 0), ElementsAre(12.5, 300));
  EXPECT_THAT(row(table, 1), ElementsAre(13, 1000));
  EXPECT_THAT(row(table, 2), ElementsAre(-0.5, 0));
}

TEST(WideCsv, MayHaveOneRow) {
  const SampleTable table = parsed("timestamp,host,cpu\n1,a,2");
  ASSERT_EQ(table.rows(), 1);
  EXPECT_EQ(table.values(0, 0), 2);
}

TEST(WideCsv, ReadsColumnsInAnyOrder) {
  const SampleTable table = parsed("cpu,host,disk,timestamp\n1,web-1,2,100\n");
  EXPECT_THAT(table.metrics, ElementsAre("cpu", "disk"));
  EXPECT_THAT(table.hosts, ElementsAre("web-1"));
  EXPECT_THAT(table.timestamps, ElementsAre(100));
  EXPECT_THAT(row(table, 0), ElementsAre(1, 2));
}

TEST(WideCsv, KeepsTheOrderOfItsRowsAndRepeatedOnes) {
  const SampleTable table = parsed("timestamp,host,cpu\n300,b,1\n100,a,2\n300,b,3\n200,b,4\n");
  EXPECT_THAT(table.hosts, ElementsAre("b", "a"));
  EXPECT_THAT(table.host, ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(table.timestamps, ElementsAre(300, 100, 300, 200));
}

TEST(WideCsv, ReadsRfc3339Timestamps) {
  const SampleTable table =
      parsed("timestamp,host,cpu\n2026-10-12T03:00Z,a,1\n\"2026-10-12 03:00:00.5+09:00\",a,1\n");
  EXPECT_THAT(table.timestamps, ElementsAre(1791774000, 1791741600.5));
}

TEST(WideCsv, TakesTheWordsForAMissingValueInAnyCase) {
  for (const std::string word : {"NULL", "None", "n/a", "NA", "-", "undefined", "#N/A", "NAN"}) {
    EXPECT_THAT(row(parsed("timestamp,host,a,b\n1,x,1," + word + "\n"), 0),
                ElementsAre(1, IsNan()));
  }
}

TEST(WideCsv, TakesEmptyFieldsAndNanAsMissing) {
  const SampleTable table = parsed("timestamp,host,a,b,c,d\n1,x,,nan,NaN,\"\"\n");
  EXPECT_THAT(row(table, 0), ElementsAre(IsNan(), IsNan(), IsNan(), IsNan()));
}

TEST(WideCsv, MayLackAMetricInAllRows) {
  const SampleTable table = parsed("timestamp,host,a,b\n1,x,,1\n2,x,,2\n");
  EXPECT_THAT(table.metrics, ElementsAre("a", "b"));
  EXPECT_THAT(row(table, 1), ElementsAre(IsNan(), 2));
}

TEST(WideCsv, ReadsHugeAndTinyNumbers) {
  const SampleTable table =
      parsed("timestamp,host,a,b,c\n1,x,1.7976931348623157e308,5e-324,1e-999\n");
  EXPECT_THAT(row(table, 0), ElementsAre(std::numeric_limits<double>::max(),
                                         std::numeric_limits<double>::denorm_min(), 0));
}

TEST(WideCsv, ReadsAMillionDigits) {
  const SampleTable table =
      parsed("timestamp,host,cpu\n1,x,0." + std::string(1'000'000, '3') + "\n2,x,1\n");
  EXPECT_EQ(table.values(0, 0), 1.0 / 3.0);
  EXPECT_EQ(table.values(1, 0), 1);
}

TEST(WideCsv, ReadsQuotedNames) {
  const SampleTable table = parsed(
      "timestamp,\"host\",\"disk \"\"sda\"\", reads\"\n"
      "1,\"rack 4, host 17\",1\n"
      "2,\"rack 4,\nhost \"\"18\"\"\",\"2\"\n");
  EXPECT_THAT(table.metrics, ElementsAre("disk \"sda\", reads"));
  EXPECT_THAT(table.hosts, ElementsAre("rack 4, host 17", "rack 4,\\nhost \"18\""))
      << "what a terminal would obey is shown";
  EXPECT_EQ(table.values(1, 0), 2);
}

TEST(WideCsv, TakesAQuotedNameAndAPlainOneAsTheSame) {
  EXPECT_THAT(parsed("timestamp,host,cpu\n1,web-1,1\n2,\"web-1\",1\n").host, ElementsAre(0, 0));
}

TEST(WideCsv, ReadsTheSameFromCrlfByteOrderMarkAndMissingLastLineEnd) {
  const std::string_view variants[] = {
      "timestamp,host,cpu\n1,a,2\n3,b,\n",
      "timestamp,host,cpu\r\n1,a,2\r\n3,b,\r\n",
      "\xEF\xBB\xBFtimestamp,host,cpu\n1,a,2\n3,b,\n",
      "timestamp,host,cpu\n1,a,2\n3,b,",
      "timestamp,host,cpu\r\n1,a,2\r\n3,b,\r",
      "timestamp,host,cpu\n1,a,2\n3,b,\n\n\r\n\n",
  };
  for (const std::string_view variant : variants) {
    const SampleTable table = parsed(variant);
    ASSERT_EQ(table.rows(), 2) << variant;
    EXPECT_THAT(table.metrics, ElementsAre("cpu"));
    EXPECT_THAT(table.hosts, ElementsAre("a", "b"));
    EXPECT_THAT(table.timestamps, ElementsAre(1, 3));
    EXPECT_THAT(row(table, 0), ElementsAre(2));
    EXPECT_THAT(row(table, 1), ElementsAre(IsNan()));
  }
}

TEST(WideCsv, SetsNoMemoryAsideForManyBlankLinesUnderManyColumns) {
  std::string bytes = "timestamp,host";
  for (int metric = 0; metric < 10'000; ++metric) bytes += ",m" + std::to_string(metric);
  bytes += "\n1,a" + std::string(10'000, ',');
  bytes.resize(10'000'000, '\n');
  EXPECT_EQ(parsed(bytes).rows(), 1);
}

TEST(LongCsv, BecomesATable) {
  const SampleTable table = parsed(
      "timestamp,host,metric,value\n"
      "100,web-1,cpu,1\n"
      "100,web-1,disk,2\n"
      "100,web-2,disk,3\n"
      "160,web-1,cpu,4\n"
      "100,web-2,cpu,5\n"
      "160,web-1,net,\n");
  EXPECT_THAT(table.metrics, ElementsAre("cpu", "disk", "net"));
  EXPECT_THAT(table.hosts, ElementsAre("web-1", "web-2"));
  EXPECT_THAT(table.host, ElementsAre(0, 1, 0));
  EXPECT_THAT(table.timestamps, ElementsAre(100, 100, 160));
  EXPECT_THAT(row(table, 0), ElementsAre(1, 2, IsNan()));
  EXPECT_THAT(row(table, 1), ElementsAre(5, 3, IsNan()));
  EXPECT_THAT(row(table, 2), ElementsAre(4, IsNan(), IsNan()));
}

TEST(LongCsv, ReadsColumnsInAnyOrder) {
  const SampleTable table = parsed("metric,value,host,timestamp\ncpu,1,a,100\n");
  EXPECT_THAT(table.metrics, ElementsAre("cpu"));
  EXPECT_EQ(table.values(0, 0), 1);
}

TEST(LongCsv, MatchesTimestampsByTheirValue) {
  const SampleTable table = parsed(
      "timestamp,host,metric,value\n1791774000,a,cpu,1\n2026-10-12T03:00Z,a,disk,2\n"
      "0,a,cpu,3\n-0,a,disk,4\n");
  ASSERT_EQ(table.rows(), 2);
  EXPECT_THAT(row(table, 0), ElementsAre(1, 2));
  EXPECT_THAT(row(table, 1), ElementsAre(3, 4));
}

TEST(LongCsv, TakesEqualValuesAndMissingOnesAsOne) {
  const SampleTable table =
      parsed("timestamp,host,metric,value\n1,a,cpu,\n1,b,cpu,1\n1,a,cpu,2\n1,b,cpu,1\n1,a,cpu,\n");
  ASSERT_EQ(table.rows(), 2);
  EXPECT_EQ(table.values(0, 0), 2);
  EXPECT_EQ(table.values(1, 0), 1);
}

TEST(LongCsv, KeepsTheFirstContradictionOfAHostForThoseWhoGroupByHost) {
  std::string bytes = "timestamp,host,metric,value\n1,a,cpu,1\n1,b,cpu,1\n1,a,disk,3\n2,c,cpu,1\n";
  bytes += "1,a,cpu,2\n1,a,disk,4\n2,c,cpu,5\n";
  const SampleTable table = parsed(bytes);
  EXPECT_THAT(table.host, ElementsAre(0, 1, 2, 0, 2));
  EXPECT_THAT(row(table, 3), ElementsAre(2, IsNan()));
  std::vector<Notice> notices;
  const auto hosts = rows_by_host(table, &notices);
  ASSERT_TRUE(hosts);
  ASSERT_EQ(hosts->size(), 1U);
  EXPECT_EQ((*hosts)[0].host, 1);
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices[0].code, "host_left_out");
  EXPECT_EQ(notices[0].host, "a");
  EXPECT_TRUE(notices[0].left_out);
  EXPECT_THAT(notices[0].text, StartsWith(R"(hosts.csv:6: host "a": expected one sample per )"));
  EXPECT_THAT(notices[0].text, EndsWith("tell them apart: the host is left out"));
  EXPECT_THAT(notices[1].text, StartsWith(R"(hosts.csv:8: host "c": )"));
}

TEST(LongCsv, RejectsALargeTableThatWouldBeNearlyEmpty) {
  std::string bytes = "timestamp,host,metric,value\n";
  for (int i = 0; i < 5000; ++i) {
    const std::string number = std::to_string(i);
    bytes.append(number).append(",a,m").append(number).append(",1\n");
  }
  EXPECT_EQ(message(bytes),
            "hosts.csv:5001: expected a value in at least one of 100 cells, got 5000 values for "
            "5000 rows of 5000 metrics");
}

TEST(CsvHeader, IsRequired) {
  const std::string expected = "hosts.csv:1: expected a header and rows of data, got nothing";
  EXPECT_EQ(message(""), expected);
  EXPECT_EQ(message("\n\r\n"), expected);
  EXPECT_EQ(message("\xEF\xBB\xBF"), expected);
}

TEST(CsvHeader, NeedsAColumnOfTimes) {
  const std::string expected =
      "hosts.csv:1: expected a column of times (timestamp, time, datetime, date or ts), got ";
  EXPECT_EQ(message("when,host,cpu\n1,a,2\n"), expected + "\"when,host,cpu\"");
  EXPECT_EQ(message("when;host;cpu\n1;a;2\n"), expected + "\"when;host;cpu\"");
  EXPECT_EQ(message("1,a,2\n"), expected + "\"1,a,2\"");
}

TEST(CsvHeader, NeedsAMetric) {
  EXPECT_EQ(message("timestamp,host\n1,a\n"),
            R"(hosts.csv:1: expected a metric beside times and hosts, got "timestamp,host")");
}

TEST(CsvHeader, RejectsDuplicateColumns) {
  EXPECT_EQ(message("timestamp,host,cpu,disk,cpu\n1,a,1,2,3\n"),
            R"(hosts.csv:1: column 5: expected a name other than that of column 3, got "cpu")");
  EXPECT_EQ(message("timestamp,host,cpu,host\n1,a,1,2\n"),
            R"(hosts.csv:1: column 4: expected a name other than that of column 2, got "host")");
}

TEST(CsvHeader, RejectsColumnsWithoutAName) {
  EXPECT_EQ(message("timestamp,host,cpu,\n1,a,1,\n"),
            R"(hosts.csv:1: column 4: expected a name, got "")");
}

TEST(CsvHeader, RejectsBadQuotes) {
  EXPECT_EQ(message("timestamp,\"host\n1,a\n"),
            "hosts.csv:1: column 2: expected a closing quote, got the end");
  EXPECT_EQ(message("timestamp,\"ho\"st,cpu\n1,a,1\n"),
            R"(hosts.csv:1: column 2: expected a comma after the closing quote, got "st")");
}

TEST(CsvRows, AreRequired) {
  const std::string expected = "hosts.csv:1: expected rows of data after the header, got none";
  EXPECT_EQ(message("timestamp,host,cpu"), expected);
  EXPECT_EQ(message("timestamp,host,cpu\r\n\r\n"), expected);
  EXPECT_EQ(message("timestamp,host,metric,value\n"), expected);
}

TEST(CsvRows, HaveAsManyFieldsAsTheHeader) {
  EXPECT_EQ(message("timestamp,host,cpu\n1,a,1\n2,a\n"), "hosts.csv:3: expected 3 fields, got 2");
  EXPECT_EQ(message("timestamp,host,cpu\n1,a,12,5\n"), "hosts.csv:2: expected 3 fields, got 4");
  EXPECT_EQ(message("timestamp,host,cpu\n1,a,1,2,\"3\n,\",4"),
            "hosts.csv:2: expected 3 fields, got 6");
}

TEST(CsvRows, AreNotBlankBeforeTheEnd) {
  EXPECT_EQ(message("timestamp,host,cpu\n1,a,1\n\n2,a,1\n"),
            "hosts.csv:3: expected 3 fields, got a blank line");
  EXPECT_EQ(message("timestamp,host,cpu\n1,a,1\n \n"), "hosts.csv:3: expected 3 fields, got 1");
}

TEST(CsvValues, AreNumbers) {
  EXPECT_EQ(message("timestamp,host,cpu.user.pct\n1,a,1\n2,a,\"12;5x\"\n"),
            R"(hosts.csv:3: column cpu.user.pct: expected a number, got "12;5x")");
  EXPECT_EQ(message("timestamp,host,cpu\n1,a, 1\n"),
            R"(hosts.csv:2: column cpu: expected a number, got " 1")");
  EXPECT_EQ(message("timestamp,host,cpu\n1,a,0x10\n"),
            R"(hosts.csv:2: column cpu: expected a number, got "0x10")");
  EXPECT_EQ(message("timestamp,host,metric,value\n1,a,cpu,nulls\n"),
            R"(hosts.csv:2: column value: expected a number, got "nulls")");
}

TEST(CsvValues, AreFinite) {
  for (const std::string text : {"inf", "-inf", "Infinity", "1e999"}) {
    EXPECT_EQ(message("timestamp,host,cpu\n1,a," + text + "\n"),
              "hosts.csv:2: column cpu: expected a finite number, got \"" + text + "\"");
  }
}

TEST(CsvValues, AreShownCutAndEscapedInMessages) {
  EXPECT_EQ(message("timestamp,host,cpu\n1,a,\"\x1b[2J\r\n\"\n"),
            R"(hosts.csv:2: column cpu: expected a number, got "\x1b[2J\r\n")");
  EXPECT_EQ(message("timestamp,host,cpu\n1,a," + std::string(1'000'000, '9') + "x\n"),
            "hosts.csv:2: column cpu: expected a number, got \"" + std::string(40, '9') + "...\"");
}

TEST(CsvTimestamps, AreEpochSecondsOrRfc3339) {
  const std::string expected =
      "hosts.csv:2: column timestamp: expected epoch seconds or RFC 3339 (2026-10-12T03:00:00Z), "
      "got ";
  EXPECT_EQ(message("timestamp,host,cpu\nnoon,a,1\n"), expected + "\"noon\"");
  EXPECT_EQ(message("timestamp,host,cpu\n,a,1\n"), expected + "\"\"");
  EXPECT_EQ(message("timestamp,host,cpu\nnan,a,1\n"), expected + "\"nan\"");
}

TEST(CsvHosts, HaveAName) {
  EXPECT_EQ(message("timestamp,host,cpu\n1,,1\n"),
            R"(hosts.csv:2: column host: expected a name, got "")");
  EXPECT_EQ(message("timestamp,host,metric,value\n1,a,,1\n"),
            R"(hosts.csv:2: column metric: expected a name, got "")");
}

TEST(CsvQuotes, AreClosedAndAroundTheWholeField) {
  EXPECT_EQ(message("timestamp,host,cpu\n1,\"a,1\n2,b,1\n"),
            "hosts.csv:2: column host: expected a closing quote, got the end");
  EXPECT_EQ(message("timestamp,host,cpu\n1,\"a\"b,1\n"),
            R"(hosts.csv:2: column host: expected a comma after the closing quote, got "b")");
  EXPECT_EQ(message("timestamp,host,cpu\n1,a\"b\",1\n"),
            R"(hosts.csv:2: column host: expected quotes around the whole field, got "a\"b\"")");
}

TEST(CsvErrors, CountLinesInsideQuotedFields) {
  EXPECT_EQ(message("timestamp,host,\"c\npu\"\r\n1,\"a\r\nb\",1\r\n2,c,x\r\n"),
            R"(hosts.csv:5: column c\\npu: expected a number, got "x")");
}

}  // namespace
}  // namespace rolemix
