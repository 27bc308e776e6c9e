// Text -> seconds since 1970-01-01 UTC.
#ifndef ROLEMIX_TABLE_TIMESTAMP_H_
#define ROLEMIX_TABLE_TIMESTAMP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rolemix {

/// The last second of the year 9999. Later numbers are taken for another unit.
constexpr double kLatestTimestamp = 253402300799;

/// A date, mostly with a time of day, as it is written.
struct WrittenTime {
  double clock = 0;  ///< seconds since 1970-01-01 00:00 on the same clock
  bool has_time_of_day = false;
  std::optional<std::int32_t> offset;  ///< seconds ahead of UTC, where one is written
};

/// RFC 3339 and what is like it: "2026-10-12T03:00:00.5+09:00", "2026-10-12 03:00", "2026-10-12".
/// Seconds and the offset may be left out, a space may stand for the T; an offset may also be
/// "+0900", "+09" or " UTC"; spreadsheets write "2026/10/5 3:00".
std::optional<WrittenTime> parse_written_time(std::string_view text);

/// "Z", "UTC", "GMT", "+09:00", "+0900", "+09" -> seconds ahead of UTC.
std::optional<std::int32_t> parse_offset(std::string_view text);

/// Epoch seconds up to kLatestTimestamp, or a written time: "2026-10-12" is midnight UTC, a time of
/// day needs its offset.
std::optional<double> parse_timestamp(std::string_view text);

/// For messages: ", which looks like milliseconds" (or micro-, nanoseconds) of seconds later than
/// kLatestTimestamp, else nothing.
std::string_view other_unit(double epoch_seconds);

/// For messages: a text that is no timestamp, in quotes, with other_unit.
std::string shown_timestamp(std::string_view text);

/// "2026-10-12T03:00:00Z", fractions cut off; empty outside the years 1970 to 9999.
std::string timestamp_text(double epoch_seconds);

/// For messages: whole seconds, and what they are: "1791774000 (2026-10-12T03:00:00Z)".
std::string shown_time(double epoch_seconds);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_TIMESTAMP_H_
