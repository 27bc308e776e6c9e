#include "text/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::Pair;

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

TEST(FormatRange, takes_other_words_between_the_ends) {
  EXPECT_EQ(format_range(17, 22, "percent", "〜"), "17〜22 %");
  EXPECT_EQ(format_range(-5, -3, "", "〜"), "-5〜-3");
}

// ---- a value and a range

/// "value | range"
std::string against(double value, double low, double high, std::string_view unit) {
  const ShownValue shown = format_against(value, low, high, unit);
  return shown.value + " | " + shown.range;
}

TEST(FormatAgainst, shows_the_usual_digits_where_they_tell_enough) {
  EXPECT_EQ(against(62, 17, 22, "percent"), "62 % | 17-22 %");
  EXPECT_EQ(against(70.04, 10.3, 75, "percent"), "70 % | 10.3-75.0 %");
  EXPECT_EQ(against(1200, 100, 2000, "1/s"), "1200 /s | 100-2000 /s");
  EXPECT_EQ(against(1.5e9, 100, 2.5e8, "bytes/s"), "1.4 GiB/s | 0-238 MiB/s");
}

TEST(FormatAgainst, shows_more_digits_of_a_value_just_outside) {
  EXPECT_EQ(against(70.04, 10, 70, "percent"), "70.04 % | 10-70 %");
  EXPECT_EQ(against(9.9996, 10, 70, "percent"), "9.9996 % | 10-70 %");
  EXPECT_EQ(against(1000.4, 10, 1000, "1/s"), "1000.4 /s | 10-1000 /s");
  EXPECT_EQ(against(100.00001, 0, 100, ""), "100.00001 | 0-100");
}

TEST(FormatAgainst, shows_more_digits_of_a_range_that_just_leaves_a_value_out) {
  EXPECT_EQ(against(70, 10, 69.96, "percent"), "70 % | 10.00-69.96 %");
  EXPECT_EQ(against(1e6, 0, 999999.9, ""), "1000000 | 0.0-999999.9");
}

TEST(FormatAgainst, never_rounds_a_value_out_of_a_range) {
  EXPECT_EQ(against(69.96, 10, 69.98, "percent"), "70 % | 10-70 %");
  EXPECT_EQ(against(10.26, 10.255, 80, "percent"), "10.3 % | 10.3-80.0 %");
  EXPECT_EQ(against(10.96, 3, 10.964, ""), "11 | 3-11");
  EXPECT_EQ(against(1234.4, 5, 1234.45, "1/s"), "1234 /s | 5-1234 /s");
  EXPECT_EQ(against(9.996, 9.984, 120, ""), "10 | 10-120");
}

TEST(FormatAgainst, gives_each_end_its_unit_where_one_would_hide_the_smaller_end) {
  EXPECT_EQ(against(90, 100, 250.0 * 1024 * 1024, "bytes/s"), "90 B/s | 100 B/s to 250 MiB/s");
  EXPECT_EQ(against(0.2, 0.3, 1200, "1/s"), "0.2 /s | 0.3-1200 /s");
  EXPECT_EQ(against(1e-9, 2e-9, 5, "seconds"), "1e-9 s | 2e-9 to 5 s");
  EXPECT_EQ(format_against(90, 100, 2048000, "bytes", "〜").range, "100 B〜1.95 MiB");
}

TEST(FormatAgainst, shows_all_digits_where_it_takes_them) {
  const double next = std::nextafter(0.3, 1);
  EXPECT_EQ(against(next, 0.1, 0.3, ""), "0.30000000000000004 | 0.1-0.3");
  EXPECT_EQ(against(std::nextafter(1e300, kInfinity), 0, 1e300, ""),
            "1.0000000000000002e300 | 0-1e300");
  EXPECT_EQ(against(1.7e18 + 256, 0, 1.7e18, ""), "1.7000000000000003e18 | 0-1.7e18");
}

TEST(FormatAgainst, has_a_dash_for_what_is_no_number) {
  EXPECT_EQ(against(kNaN, 1, 2, "percent"), "- | 1-2 %");
  EXPECT_EQ(against(3, kNaN, 2, "percent"), "3 % | -");
  EXPECT_EQ(against(kInfinity, 1, 2, ""), "inf | 1-2");
  EXPECT_EQ(against(3, 1, kInfinity, ""), "3 | 1e0-inf");
}

TEST(FormatAgainst, shows_a_value_once_beside_several_ranges) {
  const std::array<ValueRange, 3> ranges = {{{10, 70}, {17, 70.041}, {kNaN, 5}}};
  const ShownValueAndRanges shown = format_against(70.0409, ranges, "percent");
  EXPECT_EQ(shown.value, "70.04 %");
  EXPECT_THAT(shown.ranges, ElementsAre("10-70 %", "17.00-70.04 %", "-"));
}

TEST(FormatBoth, shows_as_many_digits_as_tell_the_values_apart) {
  EXPECT_THAT(format_both(11, 34.6, "percent"), Pair("11 %", "34.6 %"));
  EXPECT_THAT(format_both(34.61, 34.64, "percent"), Pair("34.61 %", "34.64 %"));
  EXPECT_THAT(format_both(5, 5, ""), Pair("5", "5"));
  EXPECT_THAT(format_both(kNaN, 5, ""), Pair("-", "5"));
}

// ---- what is printed, read back

constexpr std::array<std::string_view, 7> kUnits = {"percent", "bytes",   "bytes/s", "1/s",
                                                    "seconds", "celsius", ""};

/// As printed, in the unit itself; the precision of long double tells apart what 17 digits do.
/// Nothing when the text is not a number and one of the unit's suffixes.
std::optional<long double> read_back(const std::string& text, std::string_view unit) {
  char* rest = nullptr;
  const long double number = std::strtold(text.c_str(), &rest);
  std::string suffix = rest;
  if (unit != "bytes" && unit != "bytes/s") {
    const std::array<std::pair<std::string_view, std::string_view>, 3> known = {
        {{"percent", " %"}, {"1/s", " /s"}, {"seconds", " s"}}};
    std::string expected = unit.empty() ? "" : " " + std::string(unit);
    for (const auto& [name, shown] : known) {
      expected = name == unit ? shown : expected;
    }
    return suffix == expected ? std::optional(number) : std::nullopt;
  }
  const std::string per = unit == "bytes" ? "" : "/s";
  long double factor = 1;
  for (const char* prefix : {" B", " KiB", " MiB", " GiB", " TiB", " PiB"}) {
    if (suffix == prefix + per) {
      return number * factor;
    }
    factor *= 1024;
  }
  return std::nullopt;
}

/// What is wrong in the texts; empty when they tell of the value what is so.
std::string wrong_in(const ShownValue& shown, double value, const ValueRange& range,
                     std::string_view unit) {
  const std::string between = "〜";
  const std::size_t middle = shown.range.find(between);
  if (middle == std::string::npos) {
    return "no range";
  }
  std::string left = shown.range.substr(0, middle);
  const std::string right = shown.range.substr(middle + between.size());
  if (left.find_first_not_of("-.0123456789e") == std::string::npos) {  // the unit stands at the end
    left += right.substr(std::min(right.find(' '), right.size()));
  }
  const auto number = read_back(shown.value, unit);
  const auto low = read_back(left, unit);
  const auto high = read_back(right, unit);
  if (!number || !low || !high) {
    return "not readable";
  }
  if ((*number < *low) != (value < range.low) || (*number > *high) != (value > range.high)) {
    return "on another side";
  }
  return "";
}

double random_number(Random& random) {
  switch (random_index(random, 5)) {
    case 0:
      return std::round(100 * random.uniform());
    case 1:
      return std::round(random_normal(random) * 1000) / 10;
    case 2:
      return random_normal(random) * std::exp(10 * random_normal(random));
    case 3:
      return 0;
    default: {
      const double any = std::bit_cast<double>(random.next());
      return std::isfinite(any) ? any : 0;
    }
  }
}

/// Close to another: equal, a few steps of the last bit away, or nearly the same.
double number_near(Random& random, double other) {
  switch (random_index(random, 4)) {
    case 0:
      return random_number(random);
    case 1:
      return other;
    case 2: {
      double near = other;
      for (Index i = random_index(random, 3); i >= 0; --i) {
        near = std::nextafter(near, random.uniform() < 0.5 ? -1e308 : 1e308);
      }
      return near;
    }
    default:
      return other * (1 + random_normal(random) * std::exp(-35 * random.uniform()));
  }
}

TEST(FormatAgainst, never_shows_a_value_on_another_side_of_an_end) {
  Random random(1);
  for (int i = 0; i < 50000; ++i) {
    const std::string_view unit = kUnits[random_index(random, std::ssize(kUnits))];
    const double value = random_number(random);
    double low = number_near(random, value);
    double high = number_near(random, random.uniform() < 0.5 ? value : low);
    if (!std::isfinite(low) || !std::isfinite(high)) {
      continue;
    }
    std::tie(low, high) = std::minmax({low, high});
    const ShownValue shown = format_against(value, low, high, unit, "〜");
    ASSERT_EQ(wrong_in(shown, value, {low, high}, unit), "")
        << shown.value << " | " << shown.range << "; " << value << " " << low << " " << high;
  }
}

TEST(FormatAgainst, never_shows_a_value_on_another_side_of_an_end_of_several_ranges) {
  Random random(2);
  for (int i = 0; i < 20000; ++i) {
    const std::string_view unit = kUnits[random_index(random, std::ssize(kUnits))];
    const double value = random_number(random);
    std::array<ValueRange, 2> ranges;
    for (ValueRange& range : ranges) {
      range = {number_near(random, value), number_near(random, value)};
      if (range.low > range.high) {
        std::swap(range.low, range.high);
      }
    }
    if (!std::isfinite(ranges[0].low + ranges[0].high + ranges[1].low + ranges[1].high)) {
      continue;
    }
    const ShownValueAndRanges shown = format_against(value, ranges, unit, "〜");
    for (std::size_t r = 0; r < ranges.size(); ++r) {
      ASSERT_EQ(wrong_in({shown.value, shown.ranges[r]}, value, ranges[r], unit), "")
          << shown.value << " | " << shown.ranges[r] << "; " << value << " " << ranges[r].low << " "
          << ranges[r].high;
    }
  }
}

TEST(FormatAgainst, shows_what_format_value_and_format_range_show_where_these_agree) {
  Random random(3);
  for (int i = 0; i < 20000; ++i) {
    const std::string_view unit = kUnits[random_index(random, std::ssize(kUnits))];
    const double value = random_number(random);
    const ValueRange range{value - std::abs(random_number(random)),
                           value + std::abs(random_number(random))};
    const ShownValue usual{format_value(value, unit),
                           format_range(range.low, range.high, unit, "〜")};
    if (wrong_in(usual, value, range, unit).empty()) {
      const ShownValue shown = format_against(value, range.low, range.high, unit, "〜");
      EXPECT_EQ(shown.value, usual.value);
      EXPECT_EQ(shown.range, usual.range);
    }
  }
}

TEST(FormatBoth, never_shows_a_smaller_value_as_the_larger_or_as_equal) {
  Random random(4);
  for (int i = 0; i < 20000; ++i) {
    const std::string_view unit = kUnits[random_index(random, std::ssize(kUnits))];
    const double a = random_number(random);
    const double b = number_near(random, a);
    if (!std::isfinite(b)) {
      continue;
    }
    const auto [left, right] = format_both(a, b, unit);
    const auto shown_a = read_back(left, unit);
    const auto shown_b = read_back(right, unit);
    if (!shown_a || !shown_b) {
      FAIL() << left << " " << right;
    }
    EXPECT_EQ(*shown_a < *shown_b, a < b) << left << " " << right;
    EXPECT_EQ(*shown_a > *shown_b, a > b) << left << " " << right;
  }
}

}  // namespace
}  // namespace rolemix
