// What the clocks of a place show, and when that is.
#ifndef ROLEMIX_TABLE_TIME_ZONE_H_
#define ROLEMIX_TABLE_TIME_ZONE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rolemix {

/// A zone's rules, written out: who has a database of zones fills it.
struct TimeZone {
  struct Period {
    std::int64_t from = 0;    ///< epoch seconds
    std::int32_t offset = 0;  ///< seconds by which clocks are ahead of UTC
  };

  std::string name;             ///< "Asia/Tokyo", "+09:00"
  std::vector<Period> periods;  ///< at least one, ascending; the first holds before it, too
};

/// The years for which zones are written out: [1990, 2037), epoch seconds. Before and after them
/// the first and the last offset hold. Databases of systems list no changes after 2037.
constexpr std::int64_t kZonesFrom = 631152000;
constexpr std::int64_t kZonesTo = 2114380800;

/// "UTC", "+09:00", "-0330": a zone of one offset, named as it is written.
std::optional<TimeZone> fixed_zone(std::string_view name);

/// When clocks show a time, epoch seconds.
struct LocalTime {
  double time = 0;       ///< the earlier of two
  double later = 0;      ///< the other of a time that exists twice, else the same
  bool skipped = false;  ///< clocks never show it: by the offset before they went forward
};

/// clock: seconds since 1970-01-01 00:00 on the same clock.
LocalTime local_time(const TimeZone& zone, double clock);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_TIME_ZONE_H_
