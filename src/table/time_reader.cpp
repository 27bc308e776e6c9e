#include "table/time_reader.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/escape.h"
#include "table/number.h"
#include "table/timestamp.h"

namespace rolemix {
namespace {

// What spreadsheets count from 1899-12-30: 1954 to 2119. As seconds these are hours of one day in
// 1970.
constexpr double kFirstDayNumber = 20000;
constexpr double kLastDayNumber = 80000;

constexpr std::string_view kExpected =
    "expected epoch seconds or RFC 3339 (2026-10-12T03:00:00Z), got ";

struct Unit {
  double in_a_second;
  std::string_view name;
};

constexpr std::array<Unit, 4> kUnits = {
    {{1, "seconds"}, {1e3, "milliseconds"}, {1e6, "microseconds"}, {1e9, "nanoseconds"}}};

/// By size: from 1978 to 9999 a number is of one unit only.
const Unit* unit_of(double number) {
  const auto found = std::ranges::find_if(
      kUnits, [&](const Unit& unit) { return number <= unit.in_a_second * kLatestTimestamp; });
  return found == kUnits.end() ? nullptr : &*found;
}

std::string count_text(std::size_t times) {
  return std::to_string(times) + (times == 1 ? " time" : " times");
}

}  // namespace

std::optional<LocalTime> TimeReader::read(std::string_view text, std::size_t line) {
  const std::optional<WrittenTime> written = parse_written_time(text);
  if (!written) return read_number(text, line);
  if (written->offset || (!zone_ && !written->has_time_of_day)) {
    const double time = written->clock - written->offset.value_or(0);
    return LocalTime{time, time, false};
  }
  if (!zone_) return std::nullopt;
  const LocalTime local = local_time(*zone_, written->clock);
  without_zone_.add(line);
  if (local.skipped) skipped_.add(line);
  if (local.time != local.later) twice_.add(line);
  return local;
}

std::optional<LocalTime> TimeReader::read_number(std::string_view text, std::size_t line) {
  const std::optional<double> number = parse_number(text);
  if (!number) return std::nullopt;
  const Unit* unit = unit_of(*number);
  if (unit == nullptr || (unit_ != 0 && unit_ != unit->in_a_second)) return std::nullopt;
  if (unit_ == 0) {
    unit_ = unit->in_a_second;
    unit_line_ = line;
    first_number_ = text;
  }
  smallest_ = std::min(smallest_, *number);
  largest_ = std::max(largest_, *number);
  const double time = *number / unit_;
  return LocalTime{time, time, false};
}

std::string TimeReader::reason(std::string_view text) const {
  const std::string got = in_quotes(text);
  if (parse_written_time(text)) {
    return "expected a time with its zone (2026-10-12T03:00:00Z), got " + got +
           "; say which zone such times are of, as in --timezone Asia/Tokyo or { timezone: "
           "'Asia/Tokyo' }";
  }
  const std::optional<double> number = parse_number(text);
  const Unit* unit = number ? unit_of(*number) : nullptr;
  if (unit != nullptr) {
    const auto is_ours = [&](const Unit& each) { return each.in_a_second == unit_; };
    return "expected " + std::string(std::ranges::find_if(kUnits, is_ours)->name) + " as in line " +
           std::to_string(unit_line_) + ", got " + got + ", which looks like " +
           std::string(unit->name);
  }
  const bool has_slash = text.find('/') != std::string_view::npos;
  return std::string(kExpected) + got + (has_slash ? "; write dates as yyyy-mm-dd hh:mm:ss" : "");
}

double TimeReader::settle_twice(const LocalTime& local, SeriesId series) {
  const auto [last, is_first] = passed_.try_emplace(series, local.time);
  if (!is_first) last->second = local.time <= last->second ? local.later : local.time;
  return last->second;
}

std::optional<TimeReader::Fault> TimeReader::day_numbers() const {
  if (unit_ != 1 || smallest_ < kFirstDayNumber || largest_ > kLastDayNumber) return std::nullopt;
  return Fault{unit_line_, std::string(kExpected) + in_quotes(first_number_) +
                               ", which looks like a spreadsheet's day number; export times as "
                               "text, yyyy-mm-dd hh:mm:ss"};
}

std::vector<Notice> TimeReader::notices() const {
  std::vector<Notice> notices;
  const auto add = [&](std::string code, std::string text, std::size_t line) {
    Notice& said = notices.emplace_back(notice(std::move(code), std::move(text)));
    said.file = source_;
    said.line = line;
  };
  if (without_zone_.times == 0) return notices;
  add("times_without_zone", "times without a zone are read as " + zone_->name, without_zone_.line);
  if (twice_.times > 0) {
    add("times_twice",
        count_text(twice_.times) + " that clocks in " + zone_->name +
            " show twice, as they go back: the earlier one is meant, unless rows before show that "
            "it has passed",
        twice_.line);
  }
  if (skipped_.times > 0) {
    add("times_skipped",
        count_text(skipped_.times) + " that clocks in " + zone_->name +
            " never show, as they go forward: taken as later by as much as they go forward",
        skipped_.line);
  }
  return notices;
}

}  // namespace rolemix
