// Which file and line each row of a table came from.
#ifndef ROLEMIX_TABLE_ROW_ORIGINS_H_
#define ROLEMIX_TABLE_ROW_ORIGINS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rolemix {

/// Rows that follow each other mostly come from lines that do: runs of them are kept, not rows.
class RowOrigins {
 public:
  /// Of the rows from `row` on, which is not before the last one that was added, until the next is.
  /// line: from 1; 0: the file has none for a row.
  void add(std::int32_t row, std::string_view file, std::size_t line);

  /// The same from where a row of another table came; nothing where that is not known.
  void add(std::int32_t row, const RowOrigins& other, std::int32_t of);

  /// Takes those of a table in whose first row becomes `first`.
  void append(const RowOrigins& other, std::int32_t first);

  /// "FILE:LINE", "FILE", or "row N, counted from 0" where nothing is known.
  std::string place(std::int32_t row) const;

 private:
  struct Run {
    std::int32_t row = 0;
    std::int32_t file = 0;
    std::size_t line = 0;
    std::size_t step = 1;  // lines from row to row
    std::int32_t rows = 1;
  };

  /// The run that a row is in; none before the first.
  const Run* find(std::int32_t row) const;
  static std::size_t line_of(const Run& run, std::int32_t row);

  std::vector<std::string> files_;
  std::vector<Run> runs_;
};

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_ROW_ORIGINS_H_
