#include "core/format.h"

#include <gtest/gtest.h>

#include <limits>

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(FormatValue, shows_three_significant_digits) {
  EXPECT_EQ(format_value(62, "percent"), "62 %");
  EXPECT_EQ(format_value(62.44, "percent"), "62.4 %");
  EXPECT_EQ(format_value(6.2449, "percent"), "6.24 %");
  EXPECT_EQ(format_value(0.35, ""), "0.35");
  EXPECT_EQ(format_value(0.0123456, "seconds"), "0.0123 s");
  EXPECT_EQ(format_value(99.96, ""), "100");
  EXPECT_EQ(format_value(9.999, ""), "10");
}

TEST(FormatValue, shows_the_whole_part_in_full) {
  EXPECT_EQ(format_value(1200, "1/s"), "1200 /s");
  EXPECT_EQ(format_value(1234.6, "1/s"), "1235 /s");
  EXPECT_EQ(format_value(123456789, ""), "123456789");
}

TEST(FormatValue, shows_bytes_in_powers_of_1024) {
  EXPECT_EQ(format_value(0, "bytes"), "0 B");
  EXPECT_EQ(format_value(999, "bytes"), "999 B");
  EXPECT_EQ(format_value(1023, "bytes"), "0.999 KiB");
  EXPECT_EQ(format_value(1.43 * 1024 * 1024 * 1024, "bytes"), "1.43 GiB");
  EXPECT_EQ(format_value(250.0 * 1024 * 1024, "bytes/s"), "250 MiB/s");
  EXPECT_EQ(format_value(2048.0 * 1125899906842624, "bytes"), "2048 PiB");
  EXPECT_EQ(format_value(-2048, "bytes"), "-2 KiB");
}

TEST(FormatValue, leaves_other_units_as_they_are) {
  EXPECT_EQ(format_value(21.5, "celsius"), "21.5 celsius");
  EXPECT_EQ(format_value(3, ""), "3");
}

TEST(FormatValue, shows_very_large_and_very_small_numbers_in_powers_of_ten) {
  EXPECT_EQ(format_value(1.7e18, ""), "1.7e18");
  EXPECT_EQ(format_value(-1.234e300, "1/s"), "-1.23e300 /s");
  EXPECT_EQ(format_value(9.996e15, ""), "1e16");
  EXPECT_EQ(format_value(4.2e-9, "seconds"), "4.2e-9 s");
  EXPECT_EQ(format_value(5e-324, ""), "4.94e-324");
  EXPECT_EQ(format_value(std::numeric_limits<double>::max(), ""), "1.8e308");
}

TEST(FormatValue, has_words_for_what_is_no_number) {
  EXPECT_EQ(format_value(kNaN, "percent"), "-");
  EXPECT_EQ(format_value(kInfinity, ""), "inf");
  EXPECT_EQ(format_value(-kInfinity, "percent"), "-inf %");
}

TEST(FormatValue, has_no_negative_zero) {
  EXPECT_EQ(format_value(-0.0, ""), "0");
  EXPECT_EQ(format_range(-1e-9, 5, ""), "0 to 5");
}

TEST(FormatRange, shows_both_ends_in_one_unit) {
  EXPECT_EQ(format_range(17, 22, "percent"), "17-22 %");
  EXPECT_EQ(format_range(512.0 * 1024 * 1024, 2.0 * 1024 * 1024 * 1024, "bytes"), "0.5-2.0 GiB");
  EXPECT_EQ(format_range(100, 250.0 * 1024 * 1024, "bytes/s"), "0-250 MiB/s");
}

TEST(FormatRange, shows_both_ends_with_the_same_number_of_decimals) {
  EXPECT_EQ(format_range(1.5, 2, ""), "1.5-2.0");
  EXPECT_EQ(format_range(1, 2, ""), "1-2");
  EXPECT_EQ(format_range(9.25, 80, ""), "9.3-80.0");
}

TEST(FormatRange, tells_ends_apart_that_are_close) {
  EXPECT_EQ(format_range(61.31, 61.34, "percent"), "61.31-61.34 %");
  EXPECT_EQ(format_range(1000.001, 1000.004, ""), "1000.001-1000.004");
  EXPECT_EQ(format_range(5, 5, ""), "5-5");
}

TEST(FormatRange, says_to_where_a_dash_would_read_as_a_sign) {
  EXPECT_EQ(format_range(-5, 3, "celsius"), "-5 to 3 celsius");
  EXPECT_EQ(format_range(-5, -3, ""), "-5 to -3");
}

TEST(FormatRange, shows_very_large_and_very_small_ends_in_powers_of_ten) {
  EXPECT_EQ(format_range(0, 2e-9, "seconds"), "0-2e-9 s");
  EXPECT_EQ(format_range(3, 1.7e18, ""), "3e0-1.7e18");
  EXPECT_EQ(format_range(kNaN, 3, ""), "-");
}

}  // namespace
}  // namespace rolemix
