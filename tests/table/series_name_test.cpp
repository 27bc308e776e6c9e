#include "table/series_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rolemix {
namespace {

using testing::Pair;
using testing::UnorderedElementsAre;

TEST(ParseSeriesName, ReadsWhatPrometheusAndGrafanaWrite) {
  EXPECT_THAT(parse_series_name(R"(up{instance="a:9100",job="node"})").value(),
              UnorderedElementsAre(Pair("__name__", "up"), Pair("instance", "a:9100"),
                                   Pair("job", "node")));
  EXPECT_THAT(parse_series_name(R"(CPU busy {instance="a", mode="user"})").value(),
              UnorderedElementsAre(Pair("__name__", "CPU busy"), Pair("instance", "a"),
                                   Pair("mode", "user")));
  EXPECT_THAT(parse_series_name(R"({host="x"})").value(), UnorderedElementsAre(Pair("host", "x")));
}

TEST(ParseSeriesName, ReadsBackWhatSeriesNameWrites) {
  const Labels labels = {{"__name__", "disk"}, {"device", "C:\\ \"x\", {y}"}, {"path", "a\nb"}};
  EXPECT_EQ(parse_series_name(series_name(labels, {})), labels);
}

TEST(ParseSeriesName, TakesNothingElse) {
  for (const char* text :
       {"", "up", "{}", "up{}", "{instance}", "{instance=a}", R"({instance="a)", R"({="a"})",
        R"({a="1",a="2"})", R"({a="1"}x)", R"({a="1";b="2"})", R"({a="1",})", R"({a="1\)"}) {
    EXPECT_FALSE(parse_series_name(text)) << text;
  }
}

}  // namespace
}  // namespace rolemix
