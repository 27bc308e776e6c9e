// Text -> seconds since 1970-01-01 UTC.
#ifndef ROLEMIX_TABLE_TIMESTAMP_H_
#define ROLEMIX_TABLE_TIMESTAMP_H_

#include <optional>
#include <string_view>

namespace rolemix {

/// Epoch seconds or RFC 3339 ("2026-10-12T03:00Z", "2026-10-12T03:00:00.5+09:00", "2026-10-12" =
/// midnight UTC). Seconds may be left out, a space may stand for the T; a time of day needs its
/// offset.
std::optional<double> parse_timestamp(std::string_view text);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_TIMESTAMP_H_
