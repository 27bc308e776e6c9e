#include "table/csv_value.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "table/number.h"

namespace rolemix {
namespace {

constexpr std::size_t kLongestValue = 40;  // more is no number that someone formatted

constexpr std::array<std::string_view, 10> kMissingWords = {
    "nan", "null", "none", "na", "n/a", "-", "undefined", "#n/a", "<na>", "nil"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

bool same_word(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, {},
                            [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
}

bool is_missing(std::string_view text) {
  return text.empty() || std::ranges::any_of(kMissingWords, [&](std::string_view word) {
           return same_word(text, word);
         });
}

std::optional<double> parse_decimal_comma(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos || text.size() > kLongestValue) return std::nullopt;
  std::string number(text);
  number[comma] = '.';
  return parse_number(number);
}

std::string_view advice_on_value(std::string_view text) {
  if (text.size() > kLongestValue) return "";
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t end = std::min(text.find_first_not_of("0123456789.,"), text.size());
  const std::string_view digits = text.substr(0, end);
  std::string_view unit = text.substr(end);
  if (digits.empty() || !is_digit(digits.front())) return "";
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  const bool is_unit = std::ranges::all_of(
      unit, [](char c) { return is_letter(c) || c == '%' || c == '/' || (c & 0x80) != 0; });
  const bool has_comma = digits.find(',') != std::string_view::npos;
  if (!is_unit || (unit.empty() && !has_comma)) return "";
  return "; export plain numbers, without units and separators of thousands (in Grafana "
         "\"Formatted data\" off)";
}

}  // namespace rolemix
