#include "table/timestamp.h"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "base/escape.h"
#include "table/number.h"

namespace rolemix {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;

// Takes parts off the front of a text; a part that is not there makes the whole text bad.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool bad() const { return bad_; }
  bool at_end() const { return rest_.empty(); }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) { bad_ |= !take(c); }

  // Exactly two digits of at most `max`; years are read as two of these.
  int two_digits(int max = 99) {
    if (rest_.size() < 2 || !is_digit(rest_[0]) || !is_digit(rest_[1])) {
      bad_ = true;
      return 0;
    }
    const int value = 10 * (rest_[0] - '0') + (rest_[1] - '0');
    rest_.remove_prefix(2);
    bad_ |= value > max;
    return value;
  }

  // Two digits, or, where `short_too`, one.
  int digits(bool short_too, int max = 99) {
    if (!short_too || rest_.empty() || (rest_.size() > 1 && is_digit(rest_[1]))) {
      return two_digits(max);
    }
    bad_ |= !is_digit(rest_[0]);
    const int value = rest_[0] - '0';
    rest_.remove_prefix(1);
    return value;
  }

  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  // Seconds below one, from a dot and at least one digit.
  double fraction() {
    std::size_t length = 1;
    while (length < rest_.size() && is_digit(rest_[length])) ++length;
    const std::optional<double> value = parse_number(rest_.substr(0, length));
    rest_.remove_prefix(length);
    bad_ |= !value;
    return value.value_or(0);
  }

  bool has_fraction() const { return rest_.starts_with('.'); }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string_view rest_;
  bool bad_ = false;
};

// Seconds until its midnight. slashes: as spreadsheets write dates, with 1 for 01.
std::optional<std::int64_t> read_date(Cursor& cursor, bool slashes) {
  const char between = slashes ? '/' : '-';
  const int century = cursor.two_digits();
  const int year = 100 * century + cursor.two_digits();
  cursor.expect(between);
  const int month = cursor.digits(slashes);
  cursor.expect(between);
  const int day = cursor.digits(slashes);
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (cursor.bad() || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count() * kSecondsPerDay;
}

// Seconds by which local time is ahead of UTC.
std::int32_t read_offset(Cursor& cursor) {
  for (const std::string_view utc : {"Z", "z", "UTC", "GMT"}) {
    if (cursor.take(utc)) return 0;
  }
  const int sign = cursor.take('-') ? -1 : 1;
  if (sign > 0) cursor.expect('+');
  const int hours = cursor.two_digits(23);
  const bool has_minutes = cursor.take(':') || !cursor.at_end();
  const int minutes = has_minutes ? cursor.two_digits(59) : 0;
  return sign * (hours * 3600 + minutes * 60);
}

// The last digits of a number, and what comes after it.
void append_digits(std::string& text, std::int64_t number, std::size_t digits, char end) {
  const std::string all = std::string(digits, '0') + std::to_string(number);
  text.append(all, all.size() - digits).push_back(end);
}

bool looks_like_date(std::string_view text) {
  if (text.size() < 8) return false;
  return text[4] == '/' || (text.size() >= 10 && text[4] == '-' && text[7] == '-');
}

}  // namespace

std::optional<std::int32_t> parse_offset(std::string_view text) {
  Cursor cursor(text);
  const std::int32_t offset = read_offset(cursor);
  return cursor.bad() || !cursor.at_end() ? std::nullopt : std::optional(offset);
}

std::optional<WrittenTime> parse_written_time(std::string_view text) {
  if (!looks_like_date(text)) return std::nullopt;
  const bool slashes = text[4] == '/';
  Cursor cursor(text);
  const std::optional<std::int64_t> midnight = read_date(cursor, slashes);
  if (!midnight) return std::nullopt;
  WrittenTime written;
  written.clock = static_cast<double>(*midnight);
  if (cursor.at_end()) return written;
  written.has_time_of_day = true;
  if (!cursor.take('T') && !cursor.take('t')) cursor.expect(' ');
  const int hours = cursor.digits(slashes, 23);
  cursor.expect(':');
  const int minutes = cursor.two_digits(59);
  int seconds = 0;
  double fraction = 0;
  if (cursor.take(':')) {
    seconds = cursor.two_digits(60);
    if (cursor.has_fraction()) fraction = cursor.fraction();
  }
  if (!cursor.at_end()) {
    if (cursor.take(' ') && cursor.at_end()) return std::nullopt;
    written.offset = read_offset(cursor);
  }
  if (cursor.bad() || !cursor.at_end()) return std::nullopt;
  const std::int64_t whole = *midnight + hours * 3600 + minutes * 60 + seconds;
  // A leap second ends a day of UTC, and is the first second of the next one in epoch seconds.
  if (seconds == 60 && (!written.offset || (whole - *written.offset) % kSecondsPerDay != 0)) {
    return std::nullopt;
  }
  written.clock = static_cast<double>(whole) + fraction;
  return written;
}

std::optional<double> parse_timestamp(std::string_view text) {
  if (looks_like_date(text)) {
    const std::optional<WrittenTime> written = parse_written_time(text);
    if (!written || (written->has_time_of_day && !written->offset)) return std::nullopt;
    return written->clock - written->offset.value_or(0);
  }
  const std::optional<double> seconds = parse_number(text);
  return seconds && *seconds <= kLatestTimestamp ? seconds : std::nullopt;
}

std::string_view other_unit(double epoch_seconds) {
  if (!(epoch_seconds > kLatestTimestamp)) return "";
  if (epoch_seconds <= 1e3 * kLatestTimestamp) return ", which looks like milliseconds";
  if (epoch_seconds <= 1e6 * kLatestTimestamp) return ", which looks like microseconds";
  return epoch_seconds <= 1e9 * kLatestTimestamp ? ", which looks like nanoseconds" : "";
}

std::string shown_timestamp(std::string_view text) {
  return in_quotes(text).append(other_unit(parse_number(text).value_or(0)));
}

std::string timestamp_text(double epoch_seconds) {
  if (!(epoch_seconds >= 0 && epoch_seconds <= kLatestTimestamp)) return {};
  const auto seconds = static_cast<std::int64_t>(std::floor(epoch_seconds));
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{seconds / kSecondsPerDay}}};
  const std::int64_t of_day = seconds % kSecondsPerDay;
  std::string text;
  append_digits(text, static_cast<int>(date.year()), 4, '-');
  append_digits(text, static_cast<unsigned>(date.month()), 2, '-');
  append_digits(text, static_cast<unsigned>(date.day()), 2, 'T');
  append_digits(text, of_day / 3600, 2, ':');
  append_digits(text, of_day / 60 % 60, 2, ':');
  append_digits(text, of_day % 60, 2, 'Z');
  return text;
}

std::string shown_time(double epoch_seconds) {
  const double whole = epoch_seconds < -1e15 ? -1e15 : epoch_seconds > 1e15 ? 1e15 : epoch_seconds;
  const std::string text = timestamp_text(whole);
  return std::to_string(static_cast<long long>(whole)) + (text.empty() ? "" : " (" + text + ')');
}

}  // namespace rolemix
