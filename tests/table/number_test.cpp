#include "table/number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>

namespace rolemix {
namespace {

TEST(ParseNumber, ReadsDecimalNumbers) {
  EXPECT_EQ(parse_number("0"), 0.0);
  EXPECT_EQ(parse_number("-12.5"), -12.5);
  EXPECT_EQ(parse_number(".5"), 0.5);
  EXPECT_EQ(parse_number("5."), 5.0);
  EXPECT_EQ(parse_number("007"), 7.0);
  EXPECT_EQ(parse_number("1e3"), 1000.0);
  EXPECT_EQ(parse_number("2.5E-3"), 0.0025);
  EXPECT_EQ(parse_number("1e+2"), 100.0);
}

TEST(ParseNumber, RoundsToTheNearestDouble) {
  EXPECT_EQ(parse_number("0.1"), 0.1);
  EXPECT_EQ(parse_number("9007199254740993"), 9007199254740992.0);
  EXPECT_EQ(parse_number("1.7976931348623157e308"), std::numeric_limits<double>::max());
  EXPECT_EQ(parse_number("4.9406564584124654e-324"), std::numeric_limits<double>::denorm_min());
}

TEST(ParseNumber, KeepsTheSignOfZeroAndTurnsTooSmallNumbersIntoZero) {
  EXPECT_TRUE(std::signbit(parse_number("-0").value_or(1)));
  EXPECT_EQ(parse_number("1e-999"), 0.0);
}

TEST(ParseNumber, RejectsWhatIsNotAWholeDecimalNumber) {
  for (const char* text :
       {"",    " ",   "1 ",    " 1",   "+1",    "--1",   "-",  ".",    "-.",   "e5", "1e",
        "1e+", "1,5", "1.5.2", "0x10", "1_000", "12,5x", "5%", "true", "null", "NA", "1\n"}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << '"' << text << '"';
  }
}

TEST(ParseNumber, RejectsWhatIsNotFinite) {
  for (const char* text :
       {"nan", "NaN", "-nan", "nan(1)", "inf", "Inf", "-inf", "infinity", "1e309", "-1e999"}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
  }
}

TEST(ParseNumber, ReadsAMillionDigits) {
  const std::string digits(1'000'000, '3');
  EXPECT_EQ(parse_number("0." + digits), 1.0 / 3.0);
  EXPECT_EQ(parse_number(digits + "e-1000000"), 1.0 / 3.0);
  EXPECT_EQ(parse_number(digits), std::nullopt);
  EXPECT_TRUE(is_infinite_number(digits));
}

TEST(IsInfiniteNumber, TellsInfinitiesFromTextThatIsNoNumber) {
  for (const char* text : {"inf", "-inf", "INF", "Infinity", "1e309", "-1e999"}) {
    EXPECT_TRUE(is_infinite_number(text)) << text;
  }
  for (const char* text : {"", "1", "nan", "info", "1e309x"}) {
    EXPECT_FALSE(is_infinite_number(text)) << text;
  }
}

}  // namespace
}  // namespace rolemix
