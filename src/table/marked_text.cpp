#include "table/marked_text.h"

#include <algorithm>

#include "base/escape.h"

namespace rolemix {

MarkedText mark_other_bytes(std::string_view text) {
  constexpr std::size_t kBytesShown = 20;
  MarkedText marked{std::string(text), 0, {}};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence_length(text.substr(at));
    if (length == 0) {
      if (marked.line == 0) {
        marked.line = static_cast<std::size_t>(std::ranges::count(text.substr(0, at), '\n')) + 1;
        const std::size_t from = at - std::min(at, kBytesShown);
        marked.reason = "byte " + std::to_string(at + 1) + ": expected UTF-8, got " +
                        in_quotes(text.substr(from, at + 1 - from));
      }
      marked.text[at] = MarkedText::kMark;
    }
    at += std::max<std::size_t>(length, 1);
  }
  return marked;
}

}  // namespace rolemix
