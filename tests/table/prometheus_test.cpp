#include "table/prometheus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "places.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNan;

SampleTable parsed(std::string_view json, std::string_view source = "days/cpu.json") {
  Result<SampleTable> table = parse_prometheus(json, source);
  EXPECT_TRUE(table) << table.error().message;
  if (!table) return {};
  EXPECT_TRUE(validate(*table));
  return std::move(*table);
}

std::string message(std::string_view json) {
  const Result<SampleTable> table = parse_prometheus(json, "cpu.json");
  EXPECT_FALSE(table);
  if (table) return "";
  EXPECT_EQ(table.error().code, ErrorCode::kBadFormat);
  return table.error().message;
}

std::string matrix(const std::string& series) {
  return R"({"status":"success","data":{"resultType":"matrix","result":[)" + series + "]}}";
}

// A series of host a with the given further labels and one value.
std::string one(const std::string& labels, const std::string& value = "1") {
  return R"({"metric":{"instance":"a",)" + labels + R"(},"values":[[60,")" + value + R"("]]})";
}

std::string metric_of(const std::string& labels) {
  const SampleTable table = parsed(matrix(R"({"metric":{)" + labels + R"(},"values":[[60,"1"]]})"));
  return table.metrics.size() == 1 ? table.metrics[0] : "";
}

TEST(Prometheus, JoinsTheSeriesOfAMatrixByHostAndTime) {
  const SampleTable table = parsed(matrix(
      R"({"metric":{"__name__":"load","instance":"a"},"values":[[60,"0.5"],[75.25,"1e+21"]]},)"
      R"({"metric":{"__name__":"load","instance":"b"},"values":[[60,"-2"]]},)"
      R"({"metric":{"__name__":"free","instance":"a"},"values":[[75.25,"7"],[90,"8"]]})"));
  EXPECT_THAT(table.metrics, ElementsAre("load", "free"));
  EXPECT_THAT(table.hosts, ElementsAre("a", "b"));
  EXPECT_THAT(table.host, ElementsAre(0, 0, 1, 0));
  EXPECT_THAT(table.timestamps, ElementsAre(60, 75.25, 60, 90));
  EXPECT_EQ(table.values(0, 0), 0.5);
  EXPECT_THAT(table.values(0, 1), IsNan());
  EXPECT_EQ(table.values(1, 0), 1e21);
  EXPECT_EQ(table.values(1, 1), 7);
  EXPECT_EQ(table.values(2, 0), -2);
  EXPECT_THAT(table.values(3, 0), IsNan());
}

TEST(Prometheus, ReadsWhatARealServerAnswered) {
  std::ifstream file(source_folder() + "/tests/table/query_range.json", std::ios::binary);
  const std::string json{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const SampleTable table = parsed(json);
  EXPECT_THAT(table.hosts, ElementsAre("127.0.0.1:29100", "localhost:29100"));
  ASSERT_EQ(table.rows(), 14);
  EXPECT_EQ(table.timestamps[13], 1795638741);
  EXPECT_EQ(table.metrics[1], R"(node_cpu_seconds_total{cpu="0",mode="user"})");
  EXPECT_EQ(table.values(13, 1), 17819.84);
  EXPECT_TRUE((table.values.array() == table.values.array()).all());
}

TEST(Prometheus, ReadsTheVectorOfAnInstantQuery) {
  const SampleTable table =
      parsed(R"({"status":"success","data":{"resultType":"vector","result":[)"
             R"({"metric":{"__name__":"up","instance":"a"},"value":[1435781451.781,"1"]}]}})");
  EXPECT_THAT(table.timestamps, ElementsAre(1435781451.781));
  EXPECT_EQ(table.values(0, 0), 1);
}

TEST(Prometheus, TakesMembersInAnyOrderAndIgnoresOthers) {
  const SampleTable table = parsed(
      "\xEF\xBB\xBF\n "
      "{\"data\":{\"result\":[{\"values\":[[60,\"1\"]],\"extra\":{\"values\":[null,1.5,-1]},"
      R"("metric":{"__name__":"x","host":"a"}}],"resultType":"matrix","stats":[[{}]]},)"
      R"("infos":["values"],"warnings":[],"isPartial":false,"status":"success"} )");
  EXPECT_THAT(table.metrics, ElementsAre("x"));
  EXPECT_EQ(table.values(0, 0), 1);
}

TEST(Prometheus, TakesNaNAndInfinitiesForMissing) {
  for (const std::string value : {"NaN", "+Inf", "-Inf", "Inf"}) {
    const SampleTable table = parsed(matrix(one(R"("__name__":"x")", value)));
    ASSERT_EQ(table.rows(), 1) << value;
    EXPECT_THAT(table.values(0, 0), IsNan()) << value;
  }
}

TEST(Prometheus, NamesMetricsByTheLabelMetricElseByTheSeriesElseByTheFile) {
  EXPECT_EQ(metric_of(R"("__name__":"x","metric":"cpu.user","cpu":"0","instance":"a")"),
            "cpu.user");
  EXPECT_EQ(metric_of(R"("__name__":"x","job":"node","instance":"a")"), "x");
  EXPECT_EQ(metric_of(R"("mode":"user","__name__":"x","cpu":"0","job":"j","instance":"a")"),
            R"(x{cpu="0",mode="user"})");
  EXPECT_EQ(metric_of(R"("mode":"a\"b\\c\nd","empty":"","instance":"a")"),
            R"({mode="a\"b\\c\nd"})");
  EXPECT_EQ(metric_of(R"("instance":"a","job":"node")"), "cpu");
  const std::string json = matrix(R"({"metric":{"instance":"a"},"values":[[60,"1"]]})");
  EXPECT_THAT(parsed(json, "cpu.user.json.gz").metrics, ElementsAre("cpu.user"));
  EXPECT_THAT(parsed(json, ".json").metrics, ElementsAre(".json"));
}

TEST(Prometheus, NamesHostsByTheFirstLabelThatDoesSo) {
  const auto host = [](const std::string& labels) {
    return parsed(matrix(R"({"metric":{)" + labels + R"(},"values":[[60,"1"]]})")).hosts[0];
  };
  EXPECT_EQ(host(R"("nodename":"e","node":"d","hostname":"c","host":"b","instance":"a")"), "a");
  EXPECT_EQ(host(R"("nodename":"e","node":"d","hostname":"c","host":"b","instance":"")"), "b");
  EXPECT_EQ(host(R"("nodename":"e","node":"d","hostname":"c")"), "c");
  EXPECT_EQ(host(R"("nodename":"e","node":"d")"), "d");
  EXPECT_EQ(host(R"("nodename":"e")"), "e");
  EXPECT_EQ(metric_of(R"("__name__":"x","instance":"a","host":"b")"), R"(x{host="b"})");
}

TEST(Prometheus, RefusesSeriesThatItCannotTellApart) {
  EXPECT_EQ(
      message(matrix(one(R"("__name__":"up","job":"a")") + "," + one(R"("__name__":"x")") + "," +
                     one(R"("__name__":"up","job":"b")"))),
      "cpu.json: data.result[2]: expected one value per host, metric and timestamp, got another "
      "than in data.result[0] of host \"a\", metric \"up\" at 60 (1970-01-01T00:01:00Z); select "
      "one of the series in "
      "the query");
}

TEST(Prometheus, PassesOnTheMessageOfTheServer) {
  const auto table = parse_prometheus(
      R"({"status":"error","errorType":"bad_data","error":"1:5: parse error: \"x\""})", "cpu.json");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, ErrorCode::kSourceFailed);
  EXPECT_EQ(table.error().message,
            R"(cpu.json: the server answered with an error: bad_data: 1:5: parse error: "x")");
}

TEST(Prometheus, SaysWhatOtherJsonIs) {
  const std::string expected =
      R"(cpu.json: expected the answer of a Prometheus query, {"status": ..., "data": ...}, got )";
  EXPECT_EQ(message("[]"), expected + "an array");
  EXPECT_EQ(message("5"), expected + "5");
  EXPECT_EQ(message("null"), expected + "null");
  EXPECT_EQ(message("{}"), expected + "an empty object");
  EXPECT_EQ(message(R"({"panels":[],"title":"x"})"),
            expected + R"(an object with the keys "panels", "title")");
  // Lines of JSON.
  EXPECT_EQ(message("{\"metric\":{},\"values\":[1]}\n{\"metric\":{}}"),
            expected + R"(an object with the keys "metric", "values")");
}

TEST(Prometheus, SaysWhereItIsNotWhatItExpects) {
  const auto at = [](const std::string& series) { return message(matrix(series)); };
  EXPECT_EQ(
      message(R"({"status":"success","data":{"resultType":"scalar","result":[1,"2"]}})"),
      "cpu.json: data.resultType: expected \"matrix\" (query_range) or \"vector\" (query), got "
      "\"scalar\"");
  EXPECT_EQ(message(R"({"status":"success","data":{"result":{}}})"),
            "cpu.json: data.result: expected an array of series, got an object");
  EXPECT_EQ(message(R"({"status":"success","data":{"result":[1.5]}})"),
            "cpu.json: data.result[0]: expected an object, got 1.5");
  EXPECT_EQ(message(R"({"status":"success","data":[]})"),
            "cpu.json: data: expected an object, got an array");
  EXPECT_EQ(message(R"({"status":"success","data":null})"),
            "cpu.json: data.result: expected an array of series, got none");
  EXPECT_EQ(message(R"({"status":"fine"})"),
            R"(cpu.json: status: expected "success" or "error", got "fine")");
  EXPECT_EQ(message(R"({"status":1})"), "cpu.json: status: expected a string, got 1");
  EXPECT_EQ(at(""),
            "cpu.json: data.result: expected at least one series with values, got an empty array");
  EXPECT_EQ(at(R"({"metric":{"instance":"a"},"values":[]})"),
            "cpu.json: data.result: expected at least one series with values, got 1 without any");
  EXPECT_EQ(at(R"({"metric":{"instance":"a"}})"),
            "cpu.json: data.result[0]: expected \"values\" or \"value\", got neither");
  EXPECT_EQ(at(R"({"metric":{"instance":"a"},"histograms":[[1,{"count":"1"}]]})"),
            "cpu.json: data.result[0]: expected \"values\" or \"value\", got a native histogram; "
            "query a number of it");
  EXPECT_EQ(
      at(one(R"("__name__":"x")") + R"(,{"metric":{"a":"b"},"values":[[1,"1"]]})"),
      "cpu.json: data.result[1].metric: expected a label that names the host (instance, host, "
      "hostname, node or nodename), got \"{a=\\\"b\\\"}\"; keep it in the query, as in sum by "
      "(instance) (...)");
  EXPECT_THAT(at(R"({"metric":{},"values":[[1,"1"]]})"), HasSubstr("got no labels;"));
  EXPECT_EQ(at(R"({"metric":{"cpu":0}})"),
            "cpu.json: data.result[0].metric.cpu: expected a string, got 0");
  EXPECT_EQ(
      at(R"({"values":{}})"),
      "cpu.json: data.result[0].values: expected an array of [time, \"value\"], got an object");
  EXPECT_EQ(
      at(R"({"values":[[1,"1"],[2]]})"),
      "cpu.json: data.result[0].values[1][1]: expected a number in quotes, got the end of the "
      "array");
  EXPECT_EQ(at(R"({"values":[[1,"1"],[2,3]]})"),
            "cpu.json: data.result[0].values[1][1]: expected a number in quotes, got 3");
  EXPECT_EQ(at(R"({"values":[[1,"1"],[2,"0x1"]]})"),
            R"(cpu.json: data.result[0].values[1][1]: expected a number in quotes, got "0x1")");
  EXPECT_EQ(at(R"({"values":[["1","1"]]})"),
            R"(cpu.json: data.result[0].values[0][0]: expected epoch seconds, got "1")");
  for (const char* time : {"1791741600000", "1791741600000.5"}) {
    EXPECT_EQ(at(R"({"values":[[)" + std::string(time) + R"(,"1"]]})"),
              "cpu.json: data.result[0].values[0][0]: expected epoch seconds, got " +
                  std::string(time) + ", which looks like milliseconds");
  }
  EXPECT_EQ(at(R"({"values":[[1,"1",true]]})"),
            R"(cpu.json: data.result[0].values[0]: expected [time, "value"], got true)");
  EXPECT_EQ(at(R"({"value":[-1,-1]})"),
            "cpu.json: data.result[0].value[1]: expected a number in quotes, got -1");
}

TEST(Prometheus, GivesThePlaceOfBadSyntax) {
  EXPECT_EQ(message(""), "cpu.json:1: byte 0: expected JSON, got the end");
  EXPECT_EQ(message("{\n\"status\":\n\"succ"), "cpu.json:3: byte 17: expected JSON, got the end");
  EXPECT_EQ(message("{\n\"status\":}"),
            R"(cpu.json:2: byte 12: expected JSON, got "{\n\"status\":}")");
  EXPECT_EQ(message("<html>"), "cpu.json:1: byte 1: expected JSON, got \"<\"");
  EXPECT_EQ(message("{\xff\"a\":1}"), R"(cpu.json:1: byte 2: expected JSON, got "{\xff")");
  EXPECT_THAT(message(matrix("[1e999") + "x"), HasSubstr("expected an object, got an array"));
  EXPECT_THAT(message("{\"x\":1e999}"),
              HasSubstr("byte 10: expected JSON, got \"{\\\"x\\\":1e999\""));
}

TEST(Prometheus, ReadsDeepJsonWithoutRecursion) {
  const std::string deep(1'000'000, '[');
  EXPECT_THAT(message(R"({"x":)" + deep), HasSubstr("got the end"));
  EXPECT_THAT(message(deep), HasSubstr("got an array"));
}

TEST(Prometheus, RefusesATableOutOfProportionToItsValues) {
  std::string series;
  for (int i = 0; i < 5000; ++i) {
    const std::string n = std::to_string(i);
    series += (i > 0 ? "," : "") +
              (R"({"metric":{"instance":"a","i":")" + n + R"("},"values":[[)") + n + R"(,"1"]]})";
  }
  EXPECT_EQ(message(matrix(series)),
            "cpu.json: data.result: expected a value in at least one of 100 cells, got 5000 values "
            "for 5000 rows of 5000 metrics");
}

TEST(Prometheus, PassesOnWhatTheServerSaysOfItsAnswer) {
  std::string json = matrix(one(R"("__name__":"load")"));
  json.insert(1, R"("warnings":["no store for\u0001 b, partial"],"infos":["x"],"isPartial":true,)");
  const SampleTable table = parsed(json);
  ASSERT_EQ(table.notices.size(), 2);
  EXPECT_EQ(table.notices[0].code, "answer_warning");
  EXPECT_EQ(table.notices[0].text, "the server warns: no store for  b, partial");
  EXPECT_EQ(table.notices[0].file, "days/cpu.json");
  EXPECT_EQ(table.notices[1].code, "answer_partial");
  EXPECT_FALSE(table.notices[1].left_out) << "the data are used";
  std::string other = matrix(one(R"("__name__":"load")"));
  other.insert(1, R"("warnings":{"a":["b"]},"isPartial":"no",)");
  EXPECT_TRUE(parsed(other).notices.empty());
}

TEST(Prometheus, TellsHostsBehindAGatewayApart) {
  const SampleTable table = parsed(
      matrix(R"({"metric":{"__name__":"load","instance":"gw","host":"a"},"values":[[60,"1"]]},)"
             R"({"metric":{"__name__":"load","instance":"gw","host":"b"},"values":[[60,"2"]]})"));
  EXPECT_THAT(table.hosts, ElementsAre("a", "b"));
  EXPECT_THAT(table.metrics, ElementsAre("load"));
  ASSERT_EQ(table.notices.size(), 1);
  EXPECT_EQ(table.notices[0].code, "host_by_label");
  EXPECT_THAT(table.notices[0].text, HasSubstr("\"gw\""));
}

TEST(Prometheus, LeavesLabelsThatNameHostsOutOfMetricNames) {
  const auto series = [](const char* host, const char* pod, const char* mode, const char* time) {
    return std::string(R"({"metric":{"__name__":"cpu","instance":")") + host + R"(","pod":")" +
           pod + R"(","mode":")" + mode + R"("},"values":[[)" + time + R"(,"1"]]})";
  };
  const SampleTable table =
      parsed(matrix(series("a", "x-1", "user", "60") + ',' + series("b", "x-2", "user", "60") +
                    ',' + series("a", "x-1", "idle", "60") + ',' +
                    series("b", "x-2", "idle", "60") + ',' + series("a", "x-3", "user", "120")));
  EXPECT_THAT(table.metrics, ElementsAre(R"(cpu{mode="user"})", R"(cpu{mode="idle"})"));
  EXPECT_EQ(table.rows(), 3) << "a pod that follows another is of the same host";
  ASSERT_EQ(table.notices.size(), 1);
  EXPECT_EQ(table.notices[0].code, "labels_left_out");
  EXPECT_THAT(table.notices[0].text, HasSubstr("pod"));
  // Two disks at once are two metrics, whatever their names.
  EXPECT_EQ(parsed(matrix(series("a", "d-1", "r", "60") + ',' + series("a", "d-2", "r", "60") +
                          ',' + series("b", "d-3", "r", "60")))
                .metrics.size(),
            3);
  // Of one host nothing tells labels of hosts from labels of metrics.
  EXPECT_THAT(parsed(matrix(series("a", "x-1", "user", "60"))).metrics,
              ElementsAre(R"(cpu{mode="user",pod="x-1"})"));
}

TEST(Prometheus, NamesHostsByTheLabelThatIsSaidToDoSo) {
  const auto series = [](const char* name, const char* instance, const char* server) {
    return std::string(R"({"metric":{"__name__":")") + name + R"(","instance":")" + instance +
           R"(","server":")" + server + R"("},"values":[[60,"1"]]})";
  };
  const std::string json = matrix(series("load", "gw-1", "a") + ',' + series("load", "gw-2", "b") +
                                  ',' + series("free", "gw-2", "a"));
  const auto table = parse_prometheus(json, "a.json", {.labels = {"server", {}}});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(table->hosts, ElementsAre("a", "b"));
  EXPECT_THAT(table->metrics, ElementsAre("load", "free")) << "whichever gateway they came by";
  EXPECT_TRUE(table->notices.empty());
  // Two instances of one host at once are two metrics.
  const auto two =
      parse_prometheus(matrix(series("load", "a:1", "a") + ',' + series("load", "a:2", "a")),
                       "a.json", {.labels = {"server", {}}});
  EXPECT_THAT(two->metrics, ElementsAre(R"(load{instance="a:1"})", R"(load{instance="a:2"})"));
  EXPECT_EQ(parse_prometheus(json, "a.json", {.labels = {"pod", {}}}).error().message,
            "a.json: data.result[0].metric: expected the label \"pod\", which names hosts, got "
            "\"load{instance=\\\"gw-1\\\",server=\\\"a\\\"}\"; keep it in the query, as in sum by "
            "(pod) (...)");
}

TEST(Prometheus, LeavesLabelsOutOfMetricNamesThatAreSaidToBeNone) {
  const std::string json = matrix(one(R"("__name__":"cpu","pod":"x-1","mode":"user")"));
  const auto table = parse_prometheus(json, "a.json", {.labels = {"", {"pod"}}});
  EXPECT_THAT(table->metrics, ElementsAre(R"(cpu{mode="user"})"));
  EXPECT_TRUE(table->notices.empty());
  const std::string both = matrix(one(R"("__name__":"cpu","mode":"user")") + ',' +
                                  one(R"("__name__":"cpu","mode":"idle")"));
  EXPECT_THAT(parse_prometheus(both, "a.json", {.labels = {"", {"mode"}}}).error().message,
              HasSubstr("got another than in data.result[0] of host \"a\", metric \"cpu\""));
}

TEST(LooksLikeJson, TellsByTheFirstByteThatIsNotBlank) {
  EXPECT_TRUE(looks_like_json("{"));
  EXPECT_TRUE(looks_like_json("\xEF\xBB\xBF \r\n\t{\"status\""));
  EXPECT_FALSE(looks_like_json(""));
  EXPECT_FALSE(looks_like_json("timestamp,host,{x}"));
}

}  // namespace
}  // namespace rolemix
