// Decimal numbers in text, correctly rounded.
#ifndef ROLEMIX_TABLE_NUMBER_H_
#define ROLEMIX_TABLE_NUMBER_H_

#include <cmath>
#include <optional>
#include <string_view>

namespace rolemix {

/// The decimal number that takes up the whole text; also "inf" and "infinity" in any case, and
/// infinity for a number too large for a double. Never NaN.
std::optional<double> parse_any_number(std::string_view text);

/// A finite decimal number that takes up the whole text; nothing else (no hexadecimal, no spaces,
/// no leading plus). A number too small for a double is zero.
inline std::optional<double> parse_number(std::string_view text) {
  const std::optional<double> number = parse_any_number(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

/// Whether the text is a number beyond the finite ones: "inf", "-Infinity", "1e999".
inline bool is_infinite_number(std::string_view text) {
  const std::optional<double> number = parse_any_number(text);
  return number && std::isinf(*number);
}

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_NUMBER_H_
