#include "table/time_zone.h"

#include <algorithm>
#include <cstddef>

#include "table/timestamp.h"

namespace rolemix {

std::optional<TimeZone> fixed_zone(std::string_view name) {
  const std::optional<std::int32_t> offset = parse_offset(name);
  if (!offset) return std::nullopt;
  return TimeZone{std::string(name), {{kZonesFrom, *offset}}};
}

LocalTime local_time(const TimeZone& zone, double clock) {
  const std::vector<TimeZone::Period>& periods = zone.periods;
  const auto begins = [](const TimeZone::Period& period) {
    return static_cast<double>(period.from + period.offset);
  };
  // The last period that has begun when clocks show this.
  const auto after = std::ranges::upper_bound(periods, clock, {}, begins);
  const std::size_t last = after == periods.begin() ? 0 : after - periods.begin() - 1;
  LocalTime local;
  local.time = clock - periods[last].offset;
  local.skipped =
      last + 1 < periods.size() && local.time >= static_cast<double>(periods[last + 1].from);
  local.later = local.time;
  if (last > 0) {
    const double before = clock - periods[last - 1].offset;
    if (before < static_cast<double>(periods[last].from)) local.time = before;
  }
  return local;
}

}  // namespace rolemix
