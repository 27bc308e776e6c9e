// What nlohmann/json calls of the C library, as far as it does: the library's own functions, which
// calculate in 128 bits, would be a fifth of the module.
#include <cmath>
#include <cstddef>
#include <cstring>
#include <optional>

#include "table/number.h"

extern "C" {

/// Of a text that is a number as a whole.
double strtod(const char* text, char** end) {
  const std::size_t size = std::strlen(text);
  const std::optional<double> value = rolemix::parse_any_number({text, size});
  *end = const_cast<char*>(text) + (value ? size : 0);
  return value.value_or(std::nan(""));
}

float strtof(const char* text, char** end) { return static_cast<float>(strtod(text, end)); }
long double strtold(const char* text, char** end) { return strtod(text, end); }

/// Of control characters in messages, which ours do not quote.
int snprintf(char* out, std::size_t size, const char* /*format*/, ...) {
  if (size > 0) *out = '\0';
  return 0;
}
}
