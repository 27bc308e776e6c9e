#include "text/time.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "base/random.h"
#include "table/timestamp.h"

namespace rolemix {
namespace {

TEST(MinuteText, is_in_utc_to_the_minute) {
  EXPECT_EQ(minute_text(0), "1970-01-01 00:00 UTC");
  EXPECT_EQ(minute_text(-1), "1969-12-31 23:59 UTC");
  EXPECT_EQ(minute_text(1791774359), "2026-10-12 03:05 UTC");
  EXPECT_EQ(minute_text(1791774360), "2026-10-12 03:06 UTC");
}

TEST(MinuteText, ends_with_the_years_that_have_four_digits) {
  EXPECT_EQ(minute_text(253402300799.9), "9999-12-31 23:59 UTC");
  EXPECT_EQ(minute_text(-62135596800), "0001-01-01 00:00 UTC");
  EXPECT_EQ(minute_text(253402300800), "-");
  EXPECT_EQ(minute_text(std::numeric_limits<double>::quiet_NaN()), "-");
}

TEST(MinuteText, reads_back_as_the_minute_that_holds_the_time) {
  Random random(1);
  for (int i = 0; i < 1000; ++i) {
    const double at = random.uniform() * kLatestTimestamp;
    std::string text = minute_text(at);
    text.replace(text.find(" UTC"), 4, "Z");
    EXPECT_EQ(parse_timestamp(text), 60 * std::floor(at / 60)) << at;
  }
}

}  // namespace
}  // namespace rolemix
