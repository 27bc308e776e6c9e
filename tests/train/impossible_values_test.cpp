#include "train/impossible_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace rolemix {
namespace {

using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class ImpossibleValues : public testing::Test {
 protected:
  /// One metric with 2000 samples of 50, but for those given.
  void look_at(const std::string& metric, const std::vector<double>& odd) {
    SampleTable table;
    table.metrics = {metric};
    table.hosts = {"a"};
    values_.setConstant(2000, 1, 50);
    TrainingRows rows;
    for (int i = 0; i < 2000; ++i) {
      rows.table_row.push_back(i);
      rows.host.push_back(0);
      rows.timestamps.push_back(60.0 * i);
      table.host.push_back(0);
      table.timestamps.push_back(60.0 * i);
    }
    for (std::size_t i = 0; i < odd.size(); ++i) {
      values_(static_cast<Index>(100 * i), 0) = odd[i];
    }
    report_ = {};
    leave_out_impossible(table, rows, options_, values_, report_);
  }

  std::string said() const { return report_.notices.empty() ? "" : report_.notices[0].text; }

  TrainOptions options_;
  Matrix values_;
  TrainReport report_;
};

TEST_F(ImpossibleValues, AreMissingAndNamedWhereTheyAreFew) {
  look_at("cpu.pct", {0x1p64});
  EXPECT_TRUE(std::isnan(values_(0, 0)));
  ASSERT_EQ(report_.notices.size(), 1);
  EXPECT_EQ(report_.notices[0].code, "values_impossible");
  EXPECT_TRUE(report_.notices[0].left_out);
  EXPECT_THAT(said(), HasSubstr("above the full scale of 100 %"));
  EXPECT_THAT(said(), HasSubstr("of host \"a\" at 0 ("));
  look_at("disk_bytes", {-1});
  EXPECT_THAT(said(), HasSubstr("below 0"));
  look_at("anything", {-1e51});
  EXPECT_THAT(said(), HasSubstr("beyond 1e50"));
}

TEST_F(ImpossibleValues, AreTakenAsTheyAreWhereTheyAreMany) {
  look_at("cpu.pct", {250, 300, 350});
  EXPECT_EQ(values_(0, 0), 250) << "four processors";
  EXPECT_EQ(said(), "");
  options_.metrics["cpu.pct"].full_scale = 100;
  look_at("cpu.pct", {250, 300, 350});
  EXPECT_EQ(report_.notices.at(0).code, "full_scale_exceeded");
  EXPECT_FALSE(report_.notices.at(0).left_out);
}

TEST_F(ImpossibleValues, AreLeftOutInAHundredthOfTheValuesWhereNothingCanBeMeant) {
  const std::vector<double> many(20, -7e9);
  look_at("disk_bytes", many);
  EXPECT_TRUE(std::isnan(values_(1900, 0)));
  EXPECT_THAT(said(), HasSubstr("20 values"));
  options_.metrics["cpu.pct"].full_scale = 100;
  look_at("cpu.pct", std::vector<double>(20, 999'999));
  ASSERT_EQ(report_.notices.size(), 1);
  EXPECT_EQ(report_.notices[0].code, "values_impossible");
  EXPECT_THAT(said(), HasSubstr("more than 10 times the full scale"));
  look_at("cpu.pct", std::vector<double>(20, 1000));
  EXPECT_EQ(report_.notices.at(0).code, "full_scale_exceeded");
}

TEST_F(ImpossibleValues, NameWhatElseIsLeftOut) {
  look_at("requests", {0x1p64, 50.5, 49.5});
  ASSERT_EQ(report_.notices.size(), 1);
  EXPECT_EQ(report_.notices[0].code, "values_far");
  EXPECT_EQ(report_.notices[0].metric, "requests");
  EXPECT_TRUE(report_.notices[0].left_out);
  EXPECT_THAT(said(), HasSubstr("requests: 1 value (1.84e19 of host \"a\" at 0 ("));
  look_at("load", {-1, -1, -1});
  ASSERT_EQ(report_.notices.size(), 1);
  EXPECT_EQ(report_.notices[0].code, "values_sentinel");
  EXPECT_TRUE(std::isnan(values_(200, 0)));
}

TEST_F(ImpossibleValues, AreNoneOfWhatCanBe) {
  look_at("cpu.pct", {100, 0, kNaN});
  EXPECT_EQ(said(), "");
  look_at("temperature", {-40, 1e6});
  EXPECT_EQ(said(), "");
}

TEST(FullScale, IsThatOfAPercentageUnlessItIsMore) {
  MetricRule rule;
  EXPECT_EQ(full_scale_of(rule, "percent", 99.9), 100);
  EXPECT_TRUE(std::isnan(full_scale_of(rule, "percent", 100.5)));
  EXPECT_TRUE(std::isnan(full_scale_of(rule, "bytes", 1)));
  rule.full_scale = 400;
  EXPECT_EQ(full_scale_of(rule, "percent", 99.9), 400);
}

}  // namespace
}  // namespace rolemix
