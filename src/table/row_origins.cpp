#include "table/row_origins.h"

#include <algorithm>

namespace rolemix {

void RowOrigins::add(std::int32_t row, std::string_view file, std::size_t line) {
  if (files_.empty() || files_.back() != file) files_.emplace_back(file);
  const auto number = static_cast<std::int32_t>(files_.size()) - 1;
  if (!runs_.empty() && runs_.back().file == number &&
      row == runs_.back().row + runs_.back().rows) {
    Run& last = runs_.back();
    // The second row of a run says how far apart the lines are.
    if (last.rows == 1 && line > last.line) last.step = line - last.line;
    if (line ==
        (last.line == 0 ? 0 : last.line + last.step * static_cast<std::size_t>(last.rows))) {
      ++last.rows;
      return;
    }
  }
  runs_.push_back({row, number, line, 1, 1});
}

void RowOrigins::append(const RowOrigins& other, std::int32_t first) {
  const auto files = static_cast<std::int32_t>(files_.size());
  files_.insert(files_.end(), other.files_.begin(), other.files_.end());
  for (Run run : other.runs_) {
    run.row += first;
    run.file += files;
    runs_.push_back(run);
  }
}

std::string RowOrigins::place(std::int32_t row) const {
  const auto after = std::ranges::upper_bound(runs_, row, {}, &Run::row);
  if (after == runs_.begin()) return "row " + std::to_string(row) + ", counted from 0";
  const Run& run = *std::prev(after);
  if (run.line == 0) return files_[run.file];
  const std::size_t line = run.line + run.step * static_cast<std::size_t>(row - run.row);
  return files_[run.file] + ':' + std::to_string(line);
}

}  // namespace rolemix
