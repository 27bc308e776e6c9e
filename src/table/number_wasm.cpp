// parse_any_number for WebAssembly: fast_float and its tables would be a quarter of the module.
// Numbers that one multiplication rounds correctly are made here (Clinger 1990), the others by
// JavaScript, whose Number() is correctly rounded too.
#include <emscripten/em_js.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "table/number.h"

EM_JS_DEPS(rolemix_number_of, "$UTF8ToString")
EM_JS(double, rolemix_number_of, (const char* text, int size),
      { return Number(UTF8ToString(text, size)); });

namespace rolemix {
namespace {

constexpr int kMaxDigits = 19;  // as many always fit 64 bits
constexpr int kMaxExactPower = 22;
constexpr std::uint64_t kMaxExactInteger = std::uint64_t{1} << 53;

// Reads a number part by part off the front of the text.
class NumberReader {
 public:
  explicit NumberReader(std::string_view text) : rest_(text), negative_(take('-')) {}

  bool negative() const { return negative_; }
  bool at_end() const { return rest_.empty(); }

  // Whether there is no more than that word, given in lower case.
  bool is(std::string_view word) const {
    return std::ranges::equal(rest_, word, {}, [](char c) { return c | 0x20; });
  }

  bool read_digits() {
    bool any = read_integer();
    if (take('.')) {
      const std::size_t before = rest_.size();
      any |= read_integer();
      exponent_ = -static_cast<int>(before - rest_.size());
    }
    return any;
  }

  bool read_exponent() {
    if (!take('e') && !take('E')) return true;
    const bool negative = take('-');
    if (!negative) take('+');
    NumberReader power(rest_);
    if (power.negative_ || !power.read_integer()) return false;
    rest_ = power.rest_;
    const int shift = static_cast<int>(std::min<std::uint64_t>(power.digits_, 10000));
    exponent_ += negative ? -shift : shift;
    return true;
  }

  std::optional<double> exact_value() const {
    if (digits_ > kMaxExactInteger || std::abs(exponent_) > kMaxExactPower) return std::nullopt;
    double power = 1;
    for (int i = std::abs(exponent_); i > 0; --i) power *= 10;
    const auto value = static_cast<double>(digits_);
    return exponent_ < 0 ? value / power : value * power;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool read_integer() {
    const std::size_t before = rest_.size();
    for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; rest_.remove_prefix(1)) {
      if (count_ < kMaxDigits) digits_ = 10 * digits_ + (rest_[0] - '0');
      if (digits_ > 0) ++count_;
    }
    return rest_.size() < before;
  }

  std::string_view rest_;
  bool negative_;
  std::uint64_t digits_ = 0;  // without the point; the first ones, where there are many
  int count_ = 0;             // of digits, without leading zeros
  int exponent_ = 0;
};

}  // namespace

std::optional<double> parse_any_number(std::string_view text) {
  NumberReader reader(text);
  const double sign = reader.negative() ? -1 : 1;
  if (reader.is("inf") || reader.is("infinity")) {
    return sign * std::numeric_limits<double>::infinity();
  }
  if (!reader.read_digits() || !reader.read_exponent() || !reader.at_end()) return std::nullopt;
  if (const std::optional<double> value = reader.exact_value()) return sign * *value;
  return rolemix_number_of(text.data(), static_cast<int>(text.size()));
}

}  // namespace rolemix
