// Headers as tools write them.
#include "table/csv_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "table/csv.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNan;

SampleTable parsed(std::string_view bytes, std::string_view source = "web-1.csv") {
  auto table = parse_csv(bytes, source);
  EXPECT_TRUE(table) << table.error().message;
  if (!table) return {};
  EXPECT_TRUE(validate(*table));
  return std::move(*table);
}

std::string fault(std::string_view bytes, const TableOptions& options = {}) {
  const auto table = read_csv(bytes, "web-1.csv", options);
  EXPECT_FALSE(table);
  return table ? "" : table.error().message;
}

std::vector<std::string> notices_of(const SampleTable& table) {
  std::vector<std::string> texts;
  for (const Notice& said : table.notices) texts.push_back(said.code + ' ' + message_of(said));
  return texts;
}

TEST(CsvColumns, OfTimesAndHostsAreKnownByManyNames) {
  for (const std::string time : {"timestamp", "Timestamp", "@timestamp", "time", "Time", "_time",
                                 "datetime", "DATE", "ts"}) {
    EXPECT_THAT(parsed("cpu," + time + ",host\n1,60,a\n").timestamps, ElementsAre(60)) << time;
  }
  for (const std::string host :
       {"host", "Host", "HOSTNAME", "host_name", "host.name", "instance", "node", "nodename"}) {
    const SampleTable table = parsed("cpu," + host + ",time\n1,a,60\n");
    EXPECT_THAT(table.hosts, ElementsAre("a")) << host;
    EXPECT_THAT(table.metrics, ElementsAre("cpu")) << host;
  }
}

TEST(CsvColumns, OfMetricsInTheLongFormAreKnownByMoreThanOneName) {
  for (const std::string metric : {"metric", "Metric", "variable", "__name__"}) {
    const SampleTable table = parsed("Time," + metric + ",Value,Host\n60,cpu,1,a\n60,disk,2,a\n");
    EXPECT_THAT(table.metrics, ElementsAre("cpu", "disk")) << metric;
    EXPECT_THAT(table.values.row(0), ElementsAre(1, 2)) << metric;
  }
}

TEST(CsvColumns, OfTimesOrHostsAreOneEach) {
  EXPECT_EQ(fault("time,host,Timestamp,cpu\n1,a,2,3\n"),
            "web-1.csv:1: expected one column of times, got column 1 \"time\" and column 3 "
            "\"Timestamp\"; rename or remove one");
  EXPECT_EQ(fault("time,node,instance,cpu\n1,a,b,3\n"),
            "web-1.csv:1: expected one column of hosts, got column 2 \"node\" and column 3 "
            "\"instance\"; rename or remove one");
  // Metrics may have such names beside the columns as this project writes them.
  const SampleTable table = parsed("time,node,timestamp,host\n5,6,60,a\n");
  EXPECT_THAT(table.metrics, ElementsAre("time", "node"));
  EXPECT_THAT(table.hosts, ElementsAre("a"));
  EXPECT_EQ(table.timestamps[0], 60);
}

TEST(CsvColumns, OfHostsAreThoseThatAreSaidToBe) {
  const TableOptions by_server{.labels = {"server", {}}};
  const auto read =
      read_csv("time,instance,server,cpu\n60,gw,a,1\n60,gw,b,2\n", "a.csv", by_server);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(read->table.hosts, ElementsAre("a", "b"));
  EXPECT_THAT(read->table.metrics, ElementsAre("cpu"));
  const auto series = read_csv(
      "time,\"cpu{instance=\"\"gw\"\",server=\"\"a\"\"}\",\"cpu{instance=\"\"gw\"\",server="
      "\"\"b\"\"}\"\n60,1,2\n",
      "a.csv", by_server);
  ASSERT_TRUE(series) << series.error().message;
  EXPECT_THAT(series->table.hosts, ElementsAre("a", "b"));
  EXPECT_THAT(series->table.metrics, ElementsAre("cpu"));
  EXPECT_EQ(fault("time,host,cpu\n60,a,1\n", by_server),
            "web-1.csv:1: expected a column \"server\", which names hosts, got \"time,host,cpu\"");
}

TEST(CsvColumns, ThatAreDroppedAreNotRead) {
  const TableOptions options{.labels = {"", {"pod", "job"}}};
  const auto wide = read_csv("time,host,pod,cpu\n60,a,x-1,1\n", "a.csv", options);
  ASSERT_TRUE(wide) << wide.error().message;
  EXPECT_THAT(wide->table.metrics, ElementsAre("cpu"));
  const auto narrow =
      read_csv("time,job,host,metric,pod,value\n60,j,a,cpu,x-1,1\n", "a.csv", options);
  ASSERT_TRUE(narrow) << narrow.error().message;
  EXPECT_THAT(narrow->table.metrics, ElementsAre("cpu"));
  EXPECT_EQ(narrow->table.values(0, 0), 1);
}

TEST(CsvSeparators, AreToldByTheHeaderOrStated) {
  const std::string_view files[] = {
      "time,host,cpu\n60,a,1\n",
      "time;host;cpu\n60;a;1\n",
      "time\thost\tcpu\n60\ta\t1\n",
      "sep=;\r\ntime;host;cpu\r\n60;a;1\r\n",
      "\xEF\xBB\xBFSEP=,\ntime,host,cpu\n60,a,1\n",
      "sep=|\ntime|host|cpu\n60|a|1\n",
      "\"time\";\"host\";\"cpu\"\n\"60\";\"a\";\"1\"\n",
  };
  for (const std::string_view file : files) {
    const SampleTable table = parsed(file);
    EXPECT_THAT(table.metrics, ElementsAre("cpu")) << file;
    EXPECT_THAT(table.timestamps, ElementsAre(60)) << file;
  }
  EXPECT_THAT(parsed("\"time\",host,\"a;b\"\n60,a,1\n").metrics, ElementsAre("a;b"));
  EXPECT_THAT(parsed("time;host;a,b\n60;a;1\n").metrics, ElementsAre("a,b"));
}

TEST(CsvSeparators, StatedOrNotLinesAreCountedInTheFile) {
  EXPECT_EQ(fault("sep=;\ntime;host;cpu\n60;a;x\n"),
            "web-1.csv:3: column cpu: expected a number, got \"x\"");
  EXPECT_THAT(fault("sep=;\nwhen;host;cpu\n60;a;x\n"), HasSubstr("web-1.csv:2: expected a column"));
  EXPECT_EQ(fault("time;host;cpu\n60;\"a\"x;1\n"),
            "web-1.csv:2: column host: expected \";\" after the closing quote, got \"x\"");
}

TEST(CsvIndex, IsLeftOutBesideTimes) {
  for (const std::string index : {"", "Unnamed: 0", "unnamed: 0.1"}) {
    const SampleTable table = parsed(index + ",time,host,cpu\n0,60,a,1\n1,120,a,2\n");
    EXPECT_THAT(table.metrics, ElementsAre("cpu")) << index;
    EXPECT_THAT(notices_of(table), ElementsAre("index_left_out web-1.csv:1: a column without a "
                                               "name is an index, and no metric"));
    EXPECT_FALSE(table.notices.front().left_out);
  }
  EXPECT_THAT(parsed(",time,host,metric,value\n0,60,a,cpu,1\n").metrics, ElementsAre("cpu"));
}

TEST(CsvIndex, OfTimesIsTheColumnOfTimes) {
  for (const std::string index : {"", "Unnamed: 0", "index"}) {
    const SampleTable table = parsed(index + ",host,cpu\n2026-10-12 03:00:00+00:00,a,1\n");
    EXPECT_THAT(table.timestamps, ElementsAre(1791774000)) << index;
    EXPECT_THAT(notices_of(table), ElementsAre()) << index;
  }
  EXPECT_THAT(parsed(",host,cpu\n1791774000000,a,1\n").timestamps, ElementsAre(1791774000));
  EXPECT_THAT(fault(",host,cpu\n0,a,1\n"), HasSubstr("expected a column of times"));
  EXPECT_THAT(fault("index,host,cpu\n17,a,1\n"), HasSubstr("expected a column of times"));
}

TEST(CsvWithoutHosts, IsOfTheHostThatTheFileIsNamedAfter) {
  const SampleTable table = parsed("time,cpu\n60,1\n120,2\n", "days/db-3.csv.gz");
  EXPECT_THAT(table.hosts, ElementsAre("db-3"));
  EXPECT_THAT(table.host, ElementsAre(0, 0));
  EXPECT_THAT(notices_of(table), ElementsAre("host_by_file days/db-3.csv.gz:1: no column names "
                                             "hosts: the file's name is the host's"));
  EXPECT_THAT(parsed("time,metric,value\n60,cpu,1\n60,disk,2\n", "db-3.csv").values.row(0),
              ElementsAre(1, 2));
}

TEST(CsvWithoutHosts, NeedsAFilesName) {
  EXPECT_EQ(fault("time,cpu\n60,1\n", {.named = false}),
            "web-1.csv:1: expected a column of hosts (host, hostname, instance or node), got "
            "\"time,cpu\"");
  EXPECT_EQ(fault("time,server,cpu\n60,a,1\n"),
            "web-1.csv:2: column server: expected a number, got \"a\"; a column of hosts is called "
            "host, hostname, instance or node");
  EXPECT_FALSE(parse_csv("time,cpu\n60,1\n", "caf\xE9.csv"));
}

TEST(CsvOfSeries, HasARowForEachHostWithAValue) {
  const auto read = read_csv(
      "\"Time\",\"up{instance=\"\"a:9100\"\", job=\"\"x\"\"}\",\"up{instance=\"\"b:9100\"\"}\","
      "\"load1{instance=\"\"a:9100\"\"}\"\n"
      "1791774000000,1,2,3\n"
      "1791774060000,,5,\n"
      "1791774120000,6,,\n",
      "a.csv");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->by_series);
  const SampleTable& table = read->table;
  ASSERT_TRUE(validate(table));
  EXPECT_THAT(table.hosts, ElementsAre("a:9100", "b:9100"));
  EXPECT_THAT(table.metrics, ElementsAre("up", "load1"));
  EXPECT_THAT(table.host, ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(table.timestamps, ElementsAre(1791774000, 1791774000, 1791774060, 1791774120));
  EXPECT_THAT(table.values.row(0), ElementsAre(1, 3));
  EXPECT_THAT(table.values.row(1), ElementsAre(2, IsNan()));
  EXPECT_THAT(table.values.row(2), ElementsAre(5, IsNan()));
  EXPECT_EQ(table.origins.place(2), "a.csv:3");
}

TEST(CsvOfSeries, WithoutANameIsOfTheMetricThatTheFileIsNamedAfter) {
  const std::string csv = "Time,\"{instance=\"\"a\"\"}\",\"{instance=\"\"b\"\"}\"\n60,1,2\n";
  EXPECT_THAT(parsed(csv, "cpu.user.pct.csv").metrics, ElementsAre("cpu.user.pct"));
  EXPECT_THAT(parsed(csv, "CPU busy-data-as-joinbyfield-2026-10-05 12_34_56.csv").metrics,
              ElementsAre("CPU busy"));
  EXPECT_THAT(fault(csv, {.named = false}), HasSubstr("expected series with names"));
}

TEST(CsvOfSeries, HasSeriesOfOneHostAndMetricEach) {
  EXPECT_EQ(fault("Time,\"up{instance=\"\"a\"\"}\",Total\n60,1,2\n"),
            "web-1.csv:1: column 3: expected a series with a label that names its host, as in "
            "cpu{instance=\"a\"}, as other columns are, got \"Total\"");
  EXPECT_EQ(fault("Time,\"up{instance=\"\"a\"\"}\",\"up {instance=\"\"a\"\"}\"\n60,1,2\n"),
            R"(web-1.csv:1: column 3: expected another host or metric than in column 2, got "up )"
            R"({instance=\"a\"}")");
  EXPECT_EQ(fault("Time,\"up{instance=\"\"a\"\"}\"\n60,\n120,\n"),
            "web-1.csv:3: expected a value in some row, got none");
}

}  // namespace
}  // namespace rolemix
