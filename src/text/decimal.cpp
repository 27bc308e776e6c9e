#include "text/decimal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace rolemix {
namespace {

/// A natural number of up to 10^690. The digits of std::to_chars would add their tables to the
/// WebAssembly module.
class Natural {
 public:
  explicit Natural(std::uint64_t value) {
    words_[0] = static_cast<std::uint32_t>(value);
    words_[1] = static_cast<std::uint32_t>(value >> kWord);
  }

  /// Multiplies by base^exponent, or divides and leaves out the fraction. base: at most 10.
  void scale(std::uint32_t base, int exponent) {
    for (int left = std::abs(exponent); left > 0; left -= kStep) {
      std::uint32_t factor = 1;
      for (int i = std::min(left, kStep); i > 0; --i) {
        factor *= base;
      }
      if (exponent > 0) {
        multiply(factor);
      } else {
        divide(factor);
      }
    }
  }

  std::uint64_t low_words() const { return words_[0] | std::uint64_t{words_[1]} << kWord; }

  std::strong_ordering operator<=>(const Natural& other) const {
    for (std::size_t i = std::max(size_, other.size_); i-- > 0;) {
      if (words_[i] != other.words_[i]) {
        return words_[i] <=> other.words_[i];
      }
    }
    return std::strong_ordering::equal;
  }

 private:
  static constexpr int kWord = 32;
  static constexpr int kStep = 9;  // the power of ten that fits a word

  // For a number of 64 bits times 2^50 and the powers of ten between the largest and the smallest
  // double, to 18 digits: less than 10^670.
  static constexpr std::size_t kMostWords = 72;

  void multiply(std::uint32_t factor) {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      carry += std::uint64_t{words_[i]} * factor;
      words_[i] = static_cast<std::uint32_t>(carry);
      carry >>= kWord;
    }
    if (carry > 0) {
      assert(size_ < kMostWords);
      words_[size_++] = static_cast<std::uint32_t>(carry);
    }
  }

  void divide(std::uint32_t divisor) {
    std::uint64_t rest = 0;
    for (std::size_t i = size_; i-- > 0;) {
      rest = rest << kWord | words_[i];
      words_[i] = static_cast<std::uint32_t>(rest / divisor);
      rest %= divisor;
    }
  }

  std::array<std::uint32_t, kMostWords> words_{};  // least first; 0 from size_ on
  std::size_t size_ = 2;
};

}  // namespace

Decimal rounded(double value, int decimals) {
  constexpr int kMantissaBits = 52;
  constexpr int kBias = 1075;
  constexpr std::uint64_t kExponentMask = 0x7ff;
  const auto bits = std::bit_cast<std::uint64_t>(std::abs(value));
  const auto exponent = static_cast<int>(bits >> kMantissaBits & kExponentMask);
  std::uint64_t mantissa = bits & ((std::uint64_t{1} << kMantissaBits) - 1);
  if (exponent > 0) {
    mantissa |= std::uint64_t{1} << kMantissaBits;
  }
  const int power = std::max(exponent, 1) - kBias + 1;  // of two; twice the value, to see halves
  Natural twice(mantissa);
  twice.scale(2, std::max(power, 0));
  twice.scale(10, std::max(decimals, 0));
  twice.scale(2, std::min(power, 0));
  twice.scale(10, std::min(decimals, 0));
  const std::uint64_t digits = (twice.low_words() + 1) / 2;
  return {digits, decimals, value < 0 && digits > 0};
}

Decimal rounded_to_digits(double value, int digits) {
  if (value == 0) {
    return {};
  }
  std::uint64_t least = 1;  // of this many digits
  for (int i = 1; i < digits; ++i) {
    least *= 10;
  }
  // The logarithm may be one off next to a power of ten, and rounding may reach the next one.
  int exponent = static_cast<int>(std::floor(std::log(std::abs(value)) / std::numbers::ln10));
  Decimal result = rounded(value, digits - 1 - exponent);
  while (result.digits < least) {
    result = rounded(value, digits - 1 - --exponent);
  }
  if (result.digits >= 10 * least) {
    result = rounded(value, digits - 1 - ++exponent);
  }
  return result;
}

std::strong_ordering compare(const Decimal& a, int a_power, const Decimal& b, int b_power) {
  if (a.negative != b.negative) {
    return b.negative <=> a.negative;
  }
  Natural left(a.digits);
  Natural right(b.digits);
  left.scale(10, std::max(0, b.decimals - a.decimals));
  right.scale(10, std::max(0, a.decimals - b.decimals));
  left.scale(2, a_power);
  right.scale(2, b_power);
  return a.negative ? right <=> left : left <=> right;
}

}  // namespace rolemix
