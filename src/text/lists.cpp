#include "text/lists.h"

#include <algorithm>

#include "base/escape.h"

namespace rolemix {

std::string concat(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text += part;
  }
  return text;
}

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kNamed = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(kNamed, names.size()); ++i) {
    text += i > 0 ? ", " : "";
    text += visible(names[i]);
  }
  text += names.size() > kNamed ? ", ..." : "";
  return text;
}

std::string count_of(std::size_t count, std::string_view what) {
  return concat({std::to_string(count), " ", what, count == 1 ? "" : "s"});
}

}  // namespace rolemix
