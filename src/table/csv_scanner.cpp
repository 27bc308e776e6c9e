#include "table/csv_scanner.h"

#include <algorithm>

namespace rolemix {

CsvScanner::CsvScanner(std::string_view bytes, char separator, std::size_t line)
    : separator_(separator), line_(line), field_line_(line) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  next_ = bytes.data();
  end_ = bytes.data() + bytes.size();
}

bool CsvScanner::at_end() const {
  return rest().find_first_not_of("\r\n") == std::string_view::npos;
}

CsvScanner::Status CsvScanner::next() {
  field_line_ = line_;
  if (next_ != end_ && *next_ == '"') return next_quoted();
  text_ = take_plain_text();
  take_separator();
  return text_.find('"') == std::string_view::npos ? Status::kField : Status::kStrayQuote;
}

CsvScanner::Status CsvScanner::next_quoted() {
  text_ = {};
  unescaped_.clear();
  const char* part = ++next_;
  for (;; part = ++next_) {
    const char* const quote = std::find(next_, end_, '"');
    line_ += static_cast<std::size_t>(std::count(next_, quote, '\n'));
    next_ = quote;
    if (quote == end_) {
      ends_record_ = true;
      return Status::kOpenQuote;
    }
    ++next_;
    if (next_ == end_ || *next_ != '"') break;
    unescaped_.append(part, next_);  // with one of the two quotes
  }
  text_ = {part, next_ - 1};
  if (!unescaped_.empty()) text_ = unescaped_.append(text_);

  const std::string_view after = take_plain_text();
  if (!after.empty()) text_ = after;
  take_separator();
  return after.empty() ? Status::kField : Status::kTextAfterQuote;
}

// The text up to the next separator; the CR of a CRLF belongs to the separator.
std::string_view CsvScanner::take_plain_text() {
  const char* const start = next_;
  const char* at = next_;
  while (at != end_ && *at != separator_ && *at != '\n') ++at;
  next_ = at;
  std::string_view text(start, next_);
  const bool ends_line = next_ == end_ || *next_ == '\n';
  if (ends_line && text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

void CsvScanner::take_separator() {
  ends_record_ = next_ == end_ || *next_ == '\n';
  if (next_ == end_) return;
  if (ends_record_) ++line_;
  ++next_;
}

}  // namespace rolemix
