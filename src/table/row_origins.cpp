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

const RowOrigins::Run* RowOrigins::find(std::int32_t row) const {
  const auto after = std::ranges::upper_bound(runs_, row, {}, &Run::row);
  return after == runs_.begin() ? nullptr : &*std::prev(after);
}

std::size_t RowOrigins::line_of(const Run& run, std::int32_t row) {
  return run.line == 0 ? 0 : run.line + run.step * static_cast<std::size_t>(row - run.row);
}

void RowOrigins::add(std::int32_t row, const RowOrigins& other, std::int32_t of) {
  if (const Run* run = other.find(of)) add(row, other.files_[run->file], line_of(*run, of));
}

std::string RowOrigins::place(std::int32_t row) const {
  const Run* run = find(row);
  if (run == nullptr) return "row " + std::to_string(row) + ", counted from 0";
  const std::size_t line = line_of(*run, row);
  return files_[run->file] + (line == 0 ? "" : ':' + std::to_string(line));
}

}  // namespace rolemix
