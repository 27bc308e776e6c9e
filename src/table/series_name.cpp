#include "table/series_name.h"

#include <cstddef>
#include <string>
#include <utility>

namespace rolemix {
namespace {

void skip_spaces(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

/// What stands in quotes at the front of the text, as series_name writes it.
std::optional<std::string> take_value(std::string_view& text) {
  if (!take(text, '"')) return std::nullopt;
  std::string value;
  while (!text.empty() && text.front() != '"') {
    if (take(text, '\\')) {
      if (text.empty()) return std::nullopt;
      value += text.front() == 'n' ? '\n' : text.front();
    } else {
      value += text.front();
    }
    text.remove_prefix(1);
  }
  if (!take(text, '"')) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Labels> parse_series_name(std::string_view text) {
  const std::size_t brace = text.find('{');
  if (brace == std::string_view::npos || !text.ends_with('}')) return std::nullopt;
  Labels labels;
  std::string_view name = text.substr(0, brace);
  while (name.ends_with(' ')) name.remove_suffix(1);
  if (!name.empty()) labels.emplace("__name__", name);
  text = text.substr(brace + 1);
  text.remove_suffix(1);
  do {
    skip_spaces(text);
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
    std::string label(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    std::optional<std::string> value = take_value(text);
    if (!value || !labels.try_emplace(std::move(label), std::move(*value)).second) {
      return std::nullopt;
    }
    skip_spaces(text);
  } while (take(text, ','));
  return text.empty() ? std::optional(std::move(labels)) : std::nullopt;
}

}  // namespace rolemix
