// What the readers of tables leave out, and what they say of it.
#include "table/left_out.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "table/csv.h"
#include "table/prometheus.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

const std::string kLongName(kLongestName + 1, 'x');
const std::string kShown = '"' + std::string(40, 'x') + "...\"";

std::vector<std::string> notices_of(const SampleTable& table) {
  std::vector<std::string> texts;
  for (const Notice& notice : table.notices) {
    EXPECT_TRUE(notice.left_out);
    texts.push_back(notice.code + " " + message_of(notice));
  }
  return texts;
}

SampleTable csv(const std::string& bytes) { return parse_csv(bytes, "a.csv").value(); }

SampleTable answer(const std::string& series) {
  return parse_prometheus(
             R"({"status":"success","data":{"resultType":"vector","result":[)" + series + "]}}",
             "a.json")
      .value();
}

std::string series(const std::string& labels) {
  return R"({"metric":{)" + labels + R"(},"value":[60,"1"]})";
}

TEST(LeftOutOfCsv, RowsWhoseNamesAreNotUtf8) {
  const SampleTable table =
      csv("timestamp,host,cpu\n60,caf\xE9,1\n60,b,2\n120,caf\xE9,3\n120,\xFF,4\n120,b,5\n");
  EXPECT_TRUE(validate(table));
  EXPECT_THAT(table.hosts, ElementsAre("b"));
  EXPECT_THAT(table.timestamps, ElementsAre(60, 120));
  EXPECT_THAT(std::vector<double>({table.values(0, 0), table.values(1, 0)}), ElementsAre(2, 5));
  EXPECT_THAT(notices_of(table),
              ElementsAre("name_not_utf8 a.csv:2: column host: expected a name in UTF-8, got "
                          R"("caf\xe9": 2 rows are left out)",
                          "name_not_utf8 a.csv:5: column host: expected a name in UTF-8, got "
                          R"("\xff": the row is left out)"));
}

TEST(LeftOutOfCsv, RowsOfTheLongFormAndColumns) {
  const SampleTable table =
      csv("timestamp,host,metric,value\n60,a,cpu,1\n60,a,l\xE9,2\n60,\xE9,l\xE9,3\n60,a,disk,4\n");
  EXPECT_THAT(table.metrics, ElementsAre("cpu", "disk"));
  EXPECT_THAT(table.hosts, ElementsAre("a"));
  EXPECT_THAT(notices_of(table), SizeIs(2));

  const SampleTable wide = csv("timestamp,\xE9,host,cpu,\xE9\n60,x,a,1,y\n");
  EXPECT_THAT(wide.metrics, ElementsAre("cpu"));
  EXPECT_EQ(wide.values(0, 0), 1);
  EXPECT_THAT(notices_of(wide),
              ElementsAre("name_not_utf8 a.csv:1: column 2: expected a name in UTF-8, got "
                          R"("\xe9": the column is left out)",
                          "name_not_utf8 a.csv:1: column 5: expected a name in UTF-8, got "
                          R"("\xe9": the column is left out)"));
}

TEST(LeftOutOfCsv, NamesThatAreTooLong) {
  const SampleTable table =
      csv("timestamp,host,cpu," + kLongName + "\n60," + kLongName + ",1,2\n60,b,3,4\n");
  EXPECT_THAT(table.metrics, ElementsAre("cpu"));
  EXPECT_THAT(table.hosts, ElementsAre("b"));
  EXPECT_THAT(notices_of(table),
              ElementsAre("name_too_long a.csv:1: column 4: expected a name of at most 65536 "
                          "bytes, got " +
                              kShown + ": the column is left out",
                          "name_too_long a.csv:2: column host: expected a name of at most 65536 "
                          "bytes, got " +
                              kShown + ": the row is left out"));
  // The longest, and one that is longer once it is shown.
  EXPECT_THAT(csv("timestamp,host,cpu\n60," + kLongName.substr(1) + ",1\n").notices, SizeIs(0));
  EXPECT_THAT(csv("timestamp,host,cpu\n1,a,1\n60," + std::string(20'000, '\x01') + ",1\n").notices,
              SizeIs(1));
}

TEST(LeftOutOfCsv, OfManyReasonsTheFirstTen) {
  std::string bytes = "timestamp,host,cpu\n60,a,1\n";
  for (char c = 'a'; c < 'a' + 13; ++c) bytes += std::string("60,\xE9") + c + ",1\n";
  const std::vector<std::string> notices = notices_of(csv(bytes));
  ASSERT_THAT(notices, SizeIs(11));
  EXPECT_EQ(notices[10], "name_not_utf8 a.csv: and 3 more for reasons like these");
}

TEST(LeftOutOfCsv, NothingIsLeft) {
  EXPECT_EQ(parse_csv("timestamp,host,cpu\n1,\xE9,1\n", "a.csv").error().message,
            R"(a.csv:2: column host: expected a name in UTF-8, got "\xe9")");
  EXPECT_EQ(parse_csv("timestamp,host,metric,value\n1,a,\xE9,1\n", "a.csv").error().message,
            R"(a.csv:2: column metric: expected a name in UTF-8, got "\xe9")");
  EXPECT_EQ(parse_csv("timestamp,host,\xE9\n1,a,1\n", "a.csv").error().message,
            R"(a.csv:1: column 3: expected a name in UTF-8, got "\xe9")");
}

TEST(LeftOutOfAnswers, SeriesWhoseLabelsAreNotUtf8) {
  const std::string first = series(R"("instance":"a","metric":"cpu")");
  const SampleTable table =
      answer(first + ",\n" + series("\"instance\":\"caf\xE9\",\"metric\":\"cpu\"") + "," +
             series("\"instance\":\"b\",\"metric\":\"cpu\",\"x\xFFy\":\"1\"") + "," +
             series(R"("instance":"c","metric":"cpu")"));
  EXPECT_THAT(table.hosts, ElementsAre("a", "c"));
  EXPECT_THAT(notices_of(table),
              ElementsAre("name_not_utf8 a.json:2: byte 148: expected UTF-8, got "
                          "\"ic\\\":{\\\"instance\\\":\\\"caf\\xe9\": 2 series are left out"));
}

TEST(LeftOutOfAnswers, OtherTextMayBeAnything) {
  EXPECT_EQ(parse_prometheus("{\"status\":\"error\",\"error\":\"d\xE9j\xE0 vu\"}", "a.json")
                .error()
                .message,
            "a.json: the server answered with an error: d j  vu");
  const SampleTable table =
      parse_prometheus(
          "{\"status\":\"success\",\"infos\":[\"\xE9\"],\"data\":{\"resultType\":"
          "\"vector\",\"result\":[" +
              series(R"("instance":"a","metric":"cpu")") + "]}}",
          "a.json")
          .value();
  EXPECT_THAT(table.hosts, ElementsAre("a"));
  EXPECT_THAT(table.notices, SizeIs(0));
}

TEST(LeftOutOfAnswers, NamesThatAreTooLong) {
  const SampleTable table =
      answer(series(R"("instance":"a","metric":"cpu")") + "," +
             series("\"instance\":\"" + kLongName + R"(","metric":"cpu")") + "," +
             series(R"("instance":"b","__name__":"cpu","path":")" + kLongName + "\""));
  EXPECT_THAT(table.hosts, ElementsAre("a"));
  EXPECT_THAT(notices_of(table),
              ElementsAre("name_too_long a.json: data.result[1].metric.instance: expected a name "
                          "of at most 65536 bytes, got " +
                              kShown + ": the series is left out",
                          testing::StartsWith("name_too_long a.json: data.result[2].metric: ")));
}

TEST(LeftOutOfAnswers, NothingIsLeft) {
  const auto table =
      parse_prometheus("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" +
                           series("\"instance\":\"\xE9\",\"metric\":\"cpu\"") + "]}}",
                       "a.json");
  EXPECT_EQ(table.error().code, ErrorCode::kBadFormat);
  EXPECT_THAT(table.error().message, testing::StartsWith("a.json:1: byte 84: expected UTF-8"));
}

TEST(TablesTogether, HaveTheNoticesOfAll) {
  const std::string bytes = "timestamp,host,cpu\n60,a,1\n60,\xE9,1\n";
  EXPECT_THAT(concatenate({csv(bytes), csv(bytes)}).notices, SizeIs(2));
  EXPECT_THAT(merge({csv(bytes), csv(bytes)}).value().notices, SizeIs(2));
}

TEST(TableSize, IsLimited) {
  const std::string bytes = "timestamp,host,cpu,disk\n1,a,1,2\n2,a,1,2";
  EXPECT_TRUE(parse_csv(bytes, "a.csv", table_bytes(2, 2)));
  const auto table = parse_csv(bytes, "a.csv", table_bytes(2, 2) - 1);
  EXPECT_EQ(table.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(table.error().message,
            "a.csv:1: expected a table of at most 63 bytes (8 bytes x rows x (metrics + 2)), got "
            "8 x 2 x (2 + 2)");
  const std::string lines = "timestamp,host,metric,value\n1,a,cpu,1\n1,a,disk,2\n2,a,cpu,3\n";
  EXPECT_TRUE(parse_csv(lines, "a.csv", 64));
  EXPECT_EQ(parse_csv(lines, "a.csv", 63).error().code, ErrorCode::kTooLarge);
  const std::string json = R"({"status":"success","data":{"resultType":"vector","result":[)" +
                           series(R"("instance":"a","metric":"cpu")") + "]}}";
  EXPECT_TRUE(parse_prometheus(json, "a.json", {.most_bytes = 24}));
  EXPECT_EQ(parse_prometheus(json, "a.json", {.most_bytes = 23}).error().message,
            "a.json: expected a table of at most 23 bytes (8 bytes x rows x (metrics + 2)), got "
            "8 x 1 x (1 + 2)");
}

}  // namespace
}  // namespace rolemix
