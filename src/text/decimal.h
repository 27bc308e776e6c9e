// Decimal numbers as they are printed: correctly rounded, and compared exactly.
#ifndef ROLEMIX_TEXT_DECIMAL_H_
#define ROLEMIX_TEXT_DECIMAL_H_

#include <compare>
#include <cstdint>

namespace rolemix {

/// digits / 10^decimals; fewer than no decimals stand for zeros at the end.
struct Decimal {
  std::uint64_t digits = 0;
  int decimals = 0;
  bool negative = false;  ///< never of 0
};

/// The finite value with this many decimals, halves away from 0. |value| 10^decimals must be below
/// 9e18.
Decimal rounded(double value, int decimals);

/// The finite value with 1 to 18 significant digits, halves away from 0.
Decimal rounded_to_digits(double value, int digits);

/// Compares a 2^a_power with b 2^b_power; the powers lie in 0..50, the decimals in -308..341.
std::strong_ordering compare(const Decimal& a, int a_power, const Decimal& b, int b_power);

}  // namespace rolemix

#endif  // ROLEMIX_TEXT_DECIMAL_H_
