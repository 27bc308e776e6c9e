#include "table/left_out.h"

#include <algorithm>

#include "base/escape.h"
#include "table/sample_table.h"

namespace rolemix {
namespace {

constexpr std::size_t kMostReasons = 10;

std::string count_text(std::size_t count, const std::string& unit) {
  if (count == 1) return "the " + unit + " is left out";
  return std::to_string(count) + ' ' + unit + (unit == "series" ? "" : "s") + " are left out";
}

}  // namespace

std::expected<std::string, BadName> table_name(std::string_view name) {
  BadName too_long{"name_too_long", "a name of at most " + std::to_string(kLongestName) + " bytes"};
  if (name.size() > kLongestName) return std::unexpected(std::move(too_long));
  if (!is_utf8(name)) return std::unexpected(BadName{"name_not_utf8", "a name in UTF-8"});
  std::string shown = visible(name);
  if (shown.size() > kLongestName) return std::unexpected(std::move(too_long));
  return shown;
}

void LeftOut::add(std::string code, std::string_view unit, std::size_t line, std::string reason) {
  const auto known = std::ranges::find_if(
      entries_, [&](const Entry& entry) { return entry.notice.text == reason; });
  if (known != entries_.end()) {
    ++known->count;
  } else if (entries_.size() == kMostReasons) {
    ++others_;
  } else {
    Entry& entry = entries_.emplace_back();
    entry.unit = unit;
    entry.notice = notice(std::move(code), std::move(reason));
    entry.notice.file = source_;
    entry.notice.line = line;
    entry.notice.left_out = true;
  }
}

std::string LeftOut::first() const { return message_of(entries_.front().notice); }

std::vector<Notice> LeftOut::notices() const {
  std::vector<Notice> notices;
  for (const Entry& entry : entries_) {
    notices.push_back(entry.notice);
    notices.back().text += ": " + count_text(entry.count, entry.unit);
  }
  if (others_ > 0) {
    Notice more = notice(entries_.back().notice.code,
                         "and " + std::to_string(others_) + " more for reasons like these");
    more.file = source_;
    more.left_out = true;
    notices.push_back(std::move(more));
  }
  return notices;
}

}  // namespace rolemix
