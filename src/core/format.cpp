#include "core/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace rolemix {
namespace {

// Fixed-point text is for values in between; with six decimals their digits fit an integer of 64
// bits.
constexpr double kSmallest = 1e-5;
constexpr double kLargest = 1e12;

struct Scale {
  double factor;
  std::string suffix;  // with its leading space
};

Scale scale_of(double magnitude, std::string_view unit) {
  if (unit == "bytes" || unit == "bytes/s") {
    constexpr std::array<std::string_view, 6> kPrefixes = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    double factor = 1;
    std::size_t i = 0;
    while (i + 1 < kPrefixes.size() && magnitude >= 1000 * factor) {
      factor *= 1024;
      ++i;
    }
    return {factor, " " + std::string(kPrefixes[i]) + (unit == "bytes" ? "" : "/s")};
  }
  if (unit == "percent") {
    return {1, " %"};
  }
  if (unit == "1/s") {
    return {1, " /s"};
  }
  if (unit == "seconds") {
    return {1, " s"};
  }
  return {1, unit.empty() ? "" : " " + std::string(unit)};
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

/// Fixed-point text with exactly this many decimals, for values below kLargest.
std::string fixed(double value, int decimals) {
  const double scaled = std::round(std::abs(value) * power_of_ten(decimals));
  std::string digits = std::to_string(static_cast<std::int64_t>(scaled));
  if (decimals > 0) {
    const auto places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places) {
      digits.insert(0, places + 1 - digits.size(), '0');
    }
    digits.insert(digits.size() - places, ".");
  }
  return value < 0 && scaled > 0 ? "-" + digits : digits;
}

/// As many of these decimals as it takes to tell both values: trailing zeros of both are left out.
int needed_decimals(double a, double b, int decimals) {
  while (decimals > 0 && fixed(a, decimals).ends_with('0') && fixed(b, decimals).ends_with('0')) {
    --decimals;
  }
  return decimals;
}

/// "1.7e18", for values that fixed-point text does not suit.
std::string scientific(double value) {
  if (std::isinf(value)) {
    return value < 0 ? "-inf" : "inf";
  }
  double exponent = std::floor(std::log(std::abs(value)) / std::numbers::ln10);
  // In two steps: ten to the power of -308 or less has no inverse.
  const double root = std::exp(0.5 * std::numbers::ln10 * exponent);
  double mantissa = value / root / root;
  if (std::abs(mantissa) >= 9.995) {
    mantissa /= 10;
    ++exponent;
  }
  return fixed(mantissa, needed_decimals(mantissa, mantissa, 2)) + "e" +
         std::to_string(static_cast<int>(exponent));
}

/// Whether fixed-point text shows the digits of values up to this magnitude.
bool suits_fixed(double magnitude) {
  return magnitude == 0 || (magnitude >= kSmallest && magnitude < kLargest);
}

}  // namespace

std::string format_value(double value, std::string_view unit) {
  if (std::isnan(value)) {
    return "-";
  }
  const Scale scale = scale_of(std::abs(value), unit);
  const double scaled = value / scale.factor;
  if (!suits_fixed(std::abs(scaled))) {
    return scientific(scaled) + scale.suffix;
  }
  const int decimals = needed_decimals(scaled, scaled, decimals_of(std::abs(scaled)));
  return fixed(scaled, decimals) + scale.suffix;
}

std::string format_range(double low, double high, std::string_view unit) {
  if (std::isnan(low) || std::isnan(high)) {
    return "-";
  }
  const Scale scale = scale_of(std::max(std::abs(low), std::abs(high)), unit);
  const double from = low / scale.factor;
  const double to = high / scale.factor;
  const double magnitude = std::max(std::abs(from), std::abs(to));
  const std::string between = to < 0 || from < 0 ? " to " : "-";
  if (!suits_fixed(magnitude)) {
    const std::string left = from == 0 ? "0" : scientific(from);
    return left + between + (to == 0 ? "0" : scientific(to)) + scale.suffix;
  }
  // As many decimals as the larger end needs, and enough that the two ends do not look alike.
  int decimals = std::min(decimals_of(magnitude), 2);
  while (decimals < 6 && (to - from) * power_of_ten(decimals) < 2) {
    ++decimals;
  }
  decimals = needed_decimals(from, to, decimals);
  return fixed(from, decimals) + between + fixed(to, decimals) + scale.suffix;
}

}  // namespace rolemix
