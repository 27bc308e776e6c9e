#include "text/decimal.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

#include "model/random_model.h"

namespace rolemix {
namespace {

/// Any finite number, of any size.
double random_double(Random& random) {
  double value = std::numeric_limits<double>::infinity();
  while (!std::isfinite(value)) {
    value = std::bit_cast<double>(random.next());
  }
  return value;
}

std::string text(const Decimal& number) {
  return (number.negative ? "-" : "") + std::to_string(number.digits) + "e" +
         std::to_string(-number.decimals);
}

TEST(Rounded, keeps_so_many_decimals) {
  EXPECT_EQ(text(rounded(12.34, 1)), "123e-1");
  EXPECT_EQ(text(rounded(-12.36, 1)), "-124e-1");
  EXPECT_EQ(text(rounded(1234, -2)), "12e2");
  EXPECT_EQ(text(rounded(0, 3)), "0e-3");
}

TEST(Rounded, takes_halves_away_from_zero) {
  EXPECT_EQ(text(rounded(0.5, 0)), "1e0");
  EXPECT_EQ(text(rounded(2.5, 0)), "3e0");
  EXPECT_EQ(text(rounded(-9.25, 1)), "-93e-1");
  EXPECT_EQ(text(rounded(250, -2)), "3e2");
  // 2.675 and 1.005 are a little less than that in binary.
  EXPECT_EQ(text(rounded(2.675, 2)), "267e-2");
  EXPECT_EQ(text(rounded(1.005, 2)), "100e-2");
}

TEST(Rounded, has_no_negative_zero) {
  EXPECT_FALSE(rounded(-0.0, 2).negative);
  EXPECT_FALSE(rounded(-0.001, 2).negative);
}

TEST(RoundedToDigits, reaches_the_next_power_of_ten) {
  EXPECT_EQ(text(rounded_to_digits(9996, 3)), "100e2");
  EXPECT_EQ(text(rounded_to_digits(9994, 3)), "999e1");
  EXPECT_EQ(text(rounded_to_digits(1000, 3)), "100e1");
  EXPECT_EQ(text(rounded_to_digits(0.001, 3)), "100e-5");
  EXPECT_EQ(text(rounded_to_digits(5e-324, 3)), "494e-326");
  EXPECT_EQ(text(rounded_to_digits(0, 3)), "0e0");
}

TEST(RoundedToDigits, agrees_with_the_standard_library) {
  Random random(1);
  for (int i = 0; i < 20000; ++i) {
    const double value = random_double(random);
    const int digits = 1 + static_cast<int>(random_index(random, 17));
    char expected[40];
    std::snprintf(expected, sizeof expected, "%.*e", digits - 1, value);
    const std::string printed = text(rounded_to_digits(value, digits));
    // The library takes halves to the even neighbour: both are as far away then.
    const auto distance = [&](const char* number) {
      return std::abs(std::strtold(number, nullptr) - static_cast<long double>(value));
    };
    EXPECT_LE(distance(printed.c_str()), distance(expected)) << printed << " " << expected;
    if (digits == 17) {
      EXPECT_EQ(std::strtod(printed.c_str(), nullptr), value);
    }
  }
}

TEST(RoundedToDigits, of_powers_of_ten) {
  for (int exponent = -323; exponent <= 308; ++exponent) {
    const std::string power = "1e" + std::to_string(exponent);
    const double value = std::strtod(power.c_str(), nullptr);
    const Decimal number = rounded_to_digits(value, 1);
    EXPECT_EQ(number.digits, 1U) << power;
    EXPECT_EQ(number.decimals, -exponent) << power;
  }
}

TEST(Compare, tells_numbers_apart_that_doubles_do_not) {
  EXPECT_TRUE(compare({10000000000000001, 17, false}, 0, {1, 1, false}, 0) > 0);
  EXPECT_TRUE(compare({1, 0, false}, 0, {10, 1, false}, 0) == 0);
  EXPECT_TRUE(compare({1, 0, true}, 0, {2, 0, true}, 0) > 0);
  EXPECT_TRUE(compare({1, 0, true}, 0, {0, 0, false}, 0) < 0);
  EXPECT_TRUE(compare({1, -300, false}, 0, {1, 300, false}, 0) > 0);
}

TEST(Compare, of_the_largest_and_the_smallest_numbers) {
  const std::uint64_t most = 999999999999999999;
  EXPECT_TRUE(compare({most, -308, false}, 50, {1, 341, false}, 0) > 0);
  EXPECT_TRUE(compare({1, 341, false}, 50, {most, -308, false}, 50) < 0);
}

TEST(Compare, takes_the_powers_of_two_in) {
  EXPECT_TRUE(compare({1, 0, false}, 10, {1024, 0, false}, 0) == 0);
  EXPECT_TRUE(compare({999, 3, false}, 10, {1023, 0, false}, 0) < 0);
  EXPECT_TRUE(compare({1, 0, false}, 50, {1023, 0, false}, 40) > 0);
}

}  // namespace
}  // namespace rolemix
