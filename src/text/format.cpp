#include "text/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "text/decimal.h"

namespace rolemix {
namespace {

// Fixed-point text is for values in between.
constexpr double kSmallest = 1e-5;
constexpr double kLargest = 1e12;

constexpr int kAllDigits = 17;  // tell any two numbers apart

/// A number to be printed, in units of 1024^prefix. Its text is made only when it is chosen.
struct Printed {
  Decimal number;
  int prefix = 0;
  int infinite = 0;         // its sign
  bool scientific = false;  // or fixed-point
};

struct PrintedRange {
  Printed low;
  Printed high;
  bool below_zero;  // an end is, though it may be printed as 0
};

bool counts_bytes(std::string_view unit) { return unit == "bytes" || unit == "bytes/s"; }

/// The power of 1024 that suits a number of this size.
int prefix_of(double magnitude, std::string_view unit) {
  constexpr int kLargestPrefix = 5;
  int prefix = 0;
  for (double m = magnitude; counts_bytes(unit) && prefix < kLargestPrefix && m >= 1000;
       m /= 1024) {
    ++prefix;
  }
  return prefix;
}

/// With its leading space.
std::string suffix_of(int prefix, std::string_view unit) {
  if (counts_bytes(unit)) {
    constexpr std::array<const char*, 6> kPrefixes = {" B", " KiB", " MiB", " GiB", " TiB", " PiB"};
    return std::string(kPrefixes[prefix]) + (unit == "bytes" ? "" : "/s");
  }
  if (unit == "percent") {
    return " %";
  }
  if (unit == "1/s") {
    return " /s";
  }
  if (unit == "seconds") {
    return " s";
  }
  return unit.empty() ? "" : " " + std::string(unit);
}

double in_scale(double value, int prefix) {
  for (int i = 0; i < prefix; ++i) {
    value /= 1024;
  }
  return value;
}

/// 10^exponent for small whole exponents. std::pow would add its tables to the WebAssembly module.
double power_of_ten(int exponent) {
  double power = 1;
  for (int i = 0; i < exponent; ++i) {
    power *= 10;
  }
  return power;
}

/// Decimals that show three significant digits of a number of this size, at most six.
int decimals_of(double magnitude) {
  int decimals = 0;
  for (double m = magnitude; m < 100 && decimals < 6 && m > 0; m *= 10) {
    ++decimals;
  }
  return magnitude >= 10 ? std::min(decimals, 1) : decimals;
}

/// So many more decimals, as long as they tell anything about a number of this size.
int more_decimals(double magnitude, int decimals, int more) {
  constexpr double kTwiceAllDigits = 2e17;
  while (more > 0 && magnitude * power_of_ten(decimals + more) >= kTwiceAllDigits) {
    --more;
  }
  return decimals + more;
}

void drop_last_digit(Decimal& number) {
  number.digits /= 10;
  --number.decimals;
}

bool ends_in_zero(const Decimal& number) { return number.decimals > 0 && number.digits % 10 == 0; }

/// Fixed-point text, of no fewer than no decimals.
std::string fixed(const Decimal& number) {
  std::string digits = std::to_string(number.digits);
  if (number.decimals > 0) {
    const auto places = static_cast<std::size_t>(number.decimals);
    if (digits.size() <= places) {
      digits.insert(0, places + 1 - digits.size(), '0');
    }
    digits.insert(digits.size() - places, ".");
  }
  return number.negative ? "-" + digits : digits;
}

/// "1.7e18", for values that fixed-point text does not suit; "0".
std::string scientific(Decimal number) {
  if (number.digits == 0) {
    return "0";
  }
  const int digits = static_cast<int>(std::to_string(number.digits).size());
  const int exponent = digits - 1 - number.decimals;
  number.decimals = digits - 1;
  while (ends_in_zero(number)) {
    drop_last_digit(number);
  }
  return fixed(number) + "e" + std::to_string(exponent);
}

/// Without its unit.
std::string text_of(const Printed& printed) {
  if (printed.infinite != 0) {
    return printed.infinite < 0 ? "-inf" : "inf";
  }
  return printed.scientific ? scientific(printed.number) : fixed(printed.number);
}

std::string with_unit(const Printed& printed, std::string_view unit) {
  return text_of(printed) + suffix_of(printed.prefix, unit);
}

std::string with_unit(const PrintedRange& range, std::string_view unit, std::string_view between) {
  // Each end has its unit, where they differ.
  const bool differ = range.low.prefix != range.high.prefix;
  std::string text = differ ? with_unit(range.low, unit) : text_of(range.low);
  if (between.empty()) {
    const bool reads_as_sign = range.below_zero || differ || text.find('-') != std::string::npos;
    between = reads_as_sign ? " to " : "-";
  }
  text += between;
  return text + with_unit(range.high, unit);
}

Printed print_scientific(double scaled, int prefix, int more) {
  Printed printed{{}, prefix, 0, true};
  if (std::isinf(scaled)) {
    printed.infinite = scaled < 0 ? -1 : 1;
  } else {
    printed.number = rounded_to_digits(scaled, std::min(3 + more, kAllDigits));
  }
  return printed;
}

/// Whether fixed-point text shows the digits of values up to this magnitude.
bool suits_fixed(double magnitude) {
  return magnitude == 0 || (magnitude >= kSmallest && magnitude < kLargest);
}

/// A value with so many more digits than usual.
Printed print(double value, std::string_view unit, int more) {
  const int prefix = prefix_of(std::abs(value), unit);
  const double scaled = in_scale(value, prefix);
  const double magnitude = std::abs(scaled);
  if (!suits_fixed(magnitude)) {
    return print_scientific(scaled, prefix, more);
  }
  Decimal number = rounded(scaled, more_decimals(magnitude, decimals_of(magnitude), more));
  while (ends_in_zero(number)) {
    drop_last_digit(number);
  }
  return {number, prefix};
}

/// Both ends in one unit and with the same decimals, so many more than usual.
PrintedRange print_range(const ValueRange& range, std::string_view unit, int more) {
  const int prefix = prefix_of(std::max(std::abs(range.low), std::abs(range.high)), unit);
  const double from = in_scale(range.low, prefix);
  const double to = in_scale(range.high, prefix);
  const double magnitude = std::max(std::abs(from), std::abs(to));
  const bool below_zero = from < 0 || to < 0;
  if (!suits_fixed(magnitude)) {
    return {print_scientific(from, prefix, more), print_scientific(to, prefix, more), below_zero};
  }
  // As many decimals as the larger end needs, and enough that the two ends do not look alike.
  int decimals = std::min(decimals_of(magnitude), 2);
  while (decimals < 6 && (to - from) * power_of_ten(decimals) < 2) {
    ++decimals;
  }
  decimals = more_decimals(magnitude, decimals, more);
  Decimal low = rounded(from, decimals);
  Decimal high = rounded(to, decimals);
  while (ends_in_zero(low) && ends_in_zero(high)) {
    drop_last_digit(low);
    drop_last_digit(high);
  }
  return {{low, prefix}, {high, prefix}, below_zero};
}

/// Each end as a value of its own.
PrintedRange print_ends(const ValueRange& range, std::string_view unit, int more) {
  return {print(range.low, unit, more), print(range.high, unit, more),
          range.low < 0 || range.high < 0};
}

std::strong_ordering order_of(const Printed& a, const Printed& b) {
  if (a.infinite != 0 || b.infinite != 0) {
    return a.infinite <=> b.infinite;
  }
  return compare(a.number, 10 * a.prefix, b.number, 10 * b.prefix);
}

/// Whether the printed numbers tell what the numbers do.
bool agree(double value, const ValueRange& range, const Printed& shown,
           const PrintedRange& shown_range) {
  return (value < range.low) == (order_of(shown, shown_range.low) < 0) &&
         (value > range.high) == (order_of(shown, shown_range.high) > 0);
}

/// The range with the fewest digits, up to `most` more than usual, that agrees with the value as
/// printed; empty when none does.
std::string range_beside(double value, const Printed& shown, const ValueRange& range,
                         std::string_view unit, std::string_view between, int most) {
  for (int more = 0; more <= most; ++more) {
    for (const bool apart : {false, true}) {
      const PrintedRange candidate =
          apart ? print_ends(range, unit, more) : print_range(range, unit, more);
      if (agree(value, range, shown, candidate)) {
        return with_unit(candidate, unit, between);
      }
    }
  }
  return "";
}

}  // namespace

std::string format_value(double value, std::string_view unit) {
  return std::isnan(value) ? "-" : with_unit(print(value, unit, 0), unit);
}

std::string format_range(double low, double high, std::string_view unit, std::string_view between) {
  if (std::isnan(low) || std::isnan(high)) {
    return "-";
  }
  return with_unit(print_range({low, high}, unit, 0), unit, between);
}

ShownValueAndRanges format_against(double value, std::span<const ValueRange> ranges,
                                   std::string_view unit, std::string_view between) {
  ShownValueAndRanges result{format_value(value, unit), std::vector<std::string>(ranges.size())};
  bool all_agree = false;
  for (int more = 0; !all_agree && more <= kAllDigits; ++more) {
    all_agree = true;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      const auto& [low, high] = ranges[i];
      if (std::isnan(value) || std::isnan(low) || std::isnan(high)) {
        result.ranges[i] = format_range(low, high, unit, between);
        continue;
      }
      const Printed shown = print(value, unit, more);
      result.value = with_unit(shown, unit);
      result.ranges[i] = range_beside(value, shown, ranges[i], unit, between, more);
      all_agree = all_agree && !result.ranges[i].empty();
    }
  }
  return result;
}

ShownValue format_against(double value, double low, double high, std::string_view unit,
                          std::string_view between) {
  const ValueRange range{low, high};
  ShownValueAndRanges shown = format_against(value, {&range, 1}, unit, between);
  return {std::move(shown.value), std::move(shown.ranges.front())};
}

std::pair<std::string, std::string> format_both(double a, double b, std::string_view unit) {
  for (int more = 0; !std::isnan(a) && !std::isnan(b) && more <= kAllDigits; ++more) {
    const Printed left = print(a, unit, more);
    const Printed right = print(b, unit, more);
    const std::strong_ordering order = order_of(left, right);
    if ((a < b) == (order < 0) && (a > b) == (order > 0)) {
      return {with_unit(left, unit), with_unit(right, unit)};
    }
  }
  return {format_value(a, unit), format_value(b, unit)};
}

}  // namespace rolemix
