// Text that is not all UTF-8, for readers that take nothing else.
#ifndef ROLEMIX_TABLE_MARKED_TEXT_H_
#define ROLEMIX_TABLE_MARKED_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace rolemix {

struct MarkedText {
  /// Stands for each byte that is not UTF-8. Itself it may be in a text, but is in no name.
  static constexpr char kMark = '\x7f';

  std::string text;      ///< as long as what was given
  std::size_t line = 0;  ///< of the first mark, from 1
  std::string reason;    ///< what was expected at the first mark, and what came
};

/// text: with at least one byte that is not UTF-8.
MarkedText mark_other_bytes(std::string_view text);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_MARKED_TEXT_H_
