#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "table/csv.h"
#include "table/sample_table.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsNan;

std::vector<SampleTable> tables(const std::vector<std::string_view>& csv) {
  std::vector<SampleTable> result;
  for (const std::string_view text : csv) result.push_back(parse_csv(text, "csv").value());
  return result;
}

std::string message(std::vector<SampleTable> tables) {
  const Result<SampleTable> merged = merge(std::move(tables));
  EXPECT_FALSE(merged);
  if (merged) return "";
  EXPECT_EQ(merged.error().code, ErrorCode::kInvalidArgument);
  return merged.error().message;
}

TEST(Merge, UnitesRowsByHostAndTimeAndMetricsByName) {
  const auto merged =
      merge(tables({"timestamp,host,x\n60,a,1\n120,a,2\n", "timestamp,host,y\n60,b,3\n60,a,4\n",
                    "timestamp,host,y,x\n120,a,5,\n180,a,,6\n"}));
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_TRUE(validate(*merged));
  EXPECT_THAT(merged->metrics, ElementsAre("x", "y"));
  EXPECT_THAT(merged->hosts, ElementsAre("a", "b"));
  EXPECT_THAT(merged->host, ElementsAre(0, 0, 1, 0));
  EXPECT_THAT(merged->timestamps, ElementsAre(60, 120, 60, 180));
  EXPECT_THAT(merged->values.row(0), ElementsAre(1, 4));
  EXPECT_THAT(merged->values.row(1), ElementsAre(2, 5));
  EXPECT_THAT(merged->values.row(2), ElementsAre(IsNan(), 3));
  EXPECT_THAT(merged->values.row(3), ElementsAre(6, IsNan()));
}

TEST(Merge, CountsEqualValuesOnceAndRefusesOthers) {
  const auto merged =
      merge(tables({"timestamp,host,x\n60,a,1\n", "timestamp,host,x\n60,a,1\n120,a,2\n"}));
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_THAT(merged->timestamps, ElementsAre(60, 120));
  EXPECT_EQ(message(tables({"timestamp,host,x\n60,a,1\n", "timestamp,host,x\n60,a,2\n"})),
            R"(host "a", metric "x": expected one value per timestamp, got two that differ at )"
            "60 (1970-01-01T00:01:00Z)");
}

TEST(Merge, KeepsWhereAHostContradictsItself) {
  std::vector<SampleTable> some =
      tables({"timestamp,host,x\n60,a,1\n60,b,1\n", "timestamp,host,y,x\n60,a,3,2\n120,b,3,4\n"});
  const auto merged = merge(std::move(some), Contradiction::kKept);
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_THAT(merged->host, ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(merged->values.row(0), ElementsAre(1, 3));
  EXPECT_THAT(merged->values.row(3), ElementsAre(2, IsNan()));
  std::vector<Notice> notices;
  ASSERT_EQ(rows_by_host(*merged, &notices)->size(), 1U);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].host, "a");
  EXPECT_THAT(notices[0].text, testing::StartsWith("csv:2: host"));
}

TEST(Merge, LeavesOneTableAsItIs) {
  const auto merged = merge(tables({"timestamp,host,x\n60,a,1\n60,a,2\n"}));
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->rows(), 2);
  EXPECT_EQ(merge({}).value().rows(), 0);
}

TEST(Merge, RefusesATableOutOfProportionToItsValues) {
  std::vector<SampleTable> parts(2000);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].metrics = {"m" + std::to_string(i)};
    parts[i].hosts = {"h"};
    parts[i].host.assign(10, 0);
    for (int row = 0; row < 10; ++row) {
      parts[i].timestamps.push_back(static_cast<double>(10 * i) + row);
    }
    parts[i].values.setOnes(10, 1);
  }
  EXPECT_EQ(
      message(std::move(parts)),
      "expected a value in at least one of 100 cells, got 20000 values for 20000 rows of 2000 "
      "metrics");
}

}  // namespace
}  // namespace rolemix
