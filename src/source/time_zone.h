// Zones by the system's database of them.
#ifndef ROLEMIX_SOURCE_TIME_ZONE_H_
#define ROLEMIX_SOURCE_TIME_ZONE_H_

#include <string>

#include "base/error.h"
#include "table/time_zone.h"

namespace rolemix {

/// "Asia/Tokyo", "UTC", "+09:00", or "local", which is the system's own. Errors: invalid_argument,
/// which names the option, for a zone that the system does not know.
Result<TimeZone> find_time_zone(const std::string& name, const std::string& option);

}  // namespace rolemix

#endif  // ROLEMIX_SOURCE_TIME_ZONE_H_
