#include "table/near_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Of one host: x every 300 s from 0 on, y as often, so many seconds later.
SampleTable shifted(double seconds, int rows = 4) {
  SampleTable table;
  table.metrics = {"x", "y"};
  table.hosts = {"a"};
  table.values.resize(2 * rows, 2);
  for (int i = 0; i < 2 * rows; ++i) {
    const bool is_x = i < rows;
    table.host.push_back(0);
    table.timestamps.push_back(300.0 * (i % rows) + (is_x ? 0 : seconds));
    table.values.row(i) << (is_x ? i : kNone), (is_x ? kNone : i);
  }
  return table;
}

TEST(NearRows, AnswersThatComeLaterAreOfTheSameSample) {
  const SampleTable table = join_near_rows(shifted(60));
  EXPECT_THAT(table.timestamps, ElementsAre(0, 300, 600, 900));
  EXPECT_EQ(table.values(3, 0), 3);
  EXPECT_EQ(table.values(3, 1), 7);
  ASSERT_EQ(table.notices.size(), 1);
  EXPECT_EQ(table.notices[0].code, "rows_joined");
  EXPECT_THAT(table.notices[0].text, HasSubstr("up to 60 s after others"));
}

TEST(NearRows, TheNearerSampleCounts) {
  const SampleTable table = join_near_rows(shifted(200));
  EXPECT_THAT(table.timestamps, ElementsAre(0, 200, 500, 800, 1100));
  EXPECT_EQ(table.values(1, 0), 1) << "100 s after the first y";
  EXPECT_EQ(table.values(1, 1), 4);
}

TEST(NearRows, HalfTheStepIsTooFarAndOneMetricTwiceIsTwoSamples) {
  EXPECT_EQ(join_near_rows(shifted(150)).rows(), 8);
  SampleTable table = shifted(60);
  table.values.col(0).setZero();
  EXPECT_EQ(join_near_rows(table).rows(), 8);
  EXPECT_TRUE(join_near_rows(table).notices.empty());
}

TEST(NearRows, OtherHostsAndMetricsThatAreSeldomAreLeftAlone) {
  SampleTable two = shifted(60);
  two.hosts = {"a", "b"};
  for (int i = 4; i < 8; ++i) {
    two.host[i] = 1;
  }
  EXPECT_EQ(join_near_rows(two).rows(), 8);
  SampleTable seldom = shifted(60, 20);
  seldom.metrics.emplace_back("z");  // two values a second apart say nothing of the step
  seldom.values.conservativeResize(40, 3);
  seldom.values.col(2).setConstant(kNone);
  seldom.timestamps[1] = 1;
  seldom.values(0, 2) = seldom.values(1, 2) = 1;
  EXPECT_LT(join_near_rows(seldom).rows(), 23);
}

}  // namespace
}  // namespace rolemix
