#include "table/number.h"

#include <fast_float/fast_float.h>

#include <cmath>
#include <system_error>

namespace rolemix {

std::optional<double> parse_any_number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = fast_float::from_chars(text.data(), end, value);
  // Out of range still gives a value: zero or an infinity.
  if (stop != end || error == std::errc::invalid_argument || std::isnan(value)) return std::nullopt;
  return value;
}

}  // namespace rolemix
