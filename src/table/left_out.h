// What a reader leaves out of a table, to be told of.
#ifndef ROLEMIX_TABLE_LEFT_OUT_H_
#define ROLEMIX_TABLE_LEFT_OUT_H_

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "table/notice.h"

namespace rolemix {

/// Why a name from outside cannot be used.
struct BadName {
  std::string code;      ///< of a notice
  std::string expected;  ///< "a name in UTF-8"
};

/// A name as tables have it: visible(), in UTF-8 and not longer than kLongestName.
std::expected<std::string, BadName> table_name(std::string_view name);

/// Of one source. Rows that are left out for the same reason are one notice.
class LeftOut {
 public:
  explicit LeftOut(std::string_view source) : source_(source) {}

  /// One more. unit: "row", "column" or "series"; line: 0 where there is none; reason: what was
  /// expected and what came.
  void add(std::string code, std::string_view unit, std::size_t line, std::string reason);

  bool empty() const { return entries_.empty(); }

  /// The first reason, as an error's message.
  std::string first() const;

  /// In the order in which they were found; of many reasons the first ten.
  std::vector<Notice> notices() const;

 private:
  struct Entry {
    Notice notice;  // whose text is the reason
    std::string unit;
    std::size_t count = 1;
  };

  std::string source_;
  std::vector<Entry> entries_;
  std::size_t others_ = 0;  // of reasons that are not kept
};

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_LEFT_OUT_H_
