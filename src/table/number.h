// Decimal numbers in text, correctly rounded.
#ifndef ROLEMIX_TABLE_NUMBER_H_
#define ROLEMIX_TABLE_NUMBER_H_

#include <optional>
#include <string_view>

namespace rolemix {

/// The decimal number that takes up the whole text; also "inf" and "infinity" in any case, and
/// infinity for a number too large for a double. Never NaN.
std::optional<double> parse_any_number(std::string_view text);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_NUMBER_H_
