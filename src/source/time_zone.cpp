#include "source/time_zone.h"

#include <date/tz.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>

#include "base/escape.h"

namespace rolemix {
namespace {

/// Instants at which only the letters of a zone change are none.
TimeZone written_out(const date::time_zone& zone) {
  TimeZone out;
  out.name = zone.name();
  for (std::int64_t at = kZonesFrom; at < kZonesTo;) {
    const date::sys_info info = zone.get_info(date::sys_seconds(std::chrono::seconds(at)));
    const auto offset = static_cast<std::int32_t>(info.offset.count());
    if (out.periods.empty() || out.periods.back().offset != offset) {
      out.periods.push_back({at, offset});
    }
    at = info.end.time_since_epoch().count();
  }
  return out;
}

}  // namespace

Result<TimeZone> find_time_zone(const std::string& name, const std::string& option) {
  if (std::optional<TimeZone> fixed = fixed_zone(name)) return std::move(*fixed);
  try {
    return written_out(name == "local" ? *date::current_zone() : *date::locate_zone(name));
  } catch (const std::exception&) {
    return fail(ErrorCode::kInvalidArgument,
                option + ": expected a time zone, such as Asia/Tokyo, UTC, +09:00 or local, got " +
                    in_quotes(name));
  }
}

}  // namespace rolemix
