// What alerts are called: by role, host and start, so that a person can read it, and that an alert
// is found again where the samples begin earlier or later.
#ifndef ROLEMIX_ALERT_ALERT_ID_H_
#define ROLEMIX_ALERT_ALERT_ID_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "alert/alert.h"

namespace rolemix {

/// "blog:db/db-3@2026-10-12T03:05:00Z"; without a host, of the role's own alerts,
/// "blog:db@2026-10-12T03:05:00Z". Epoch seconds stand for the date outside the years 1970 to 9999.
/// started_at: epoch seconds, fractions are cut off: no two alerts of a host start within a second.
std::string make_alert_id(std::string_view role, std::string_view host, double started_at);

/// What an id names.
struct NamedAlert {
  std::string host;       ///< empty: the role
  double started_at = 0;  ///< epoch seconds
};

/// What an id of this role's alerts names, or a host and a time alone: "db-3@2026-10-12T03:05Z".
/// Nothing where it names another role, or no time.
std::optional<NamedAlert> parse_alert_id(std::string_view role, std::string_view id);

/// The alert of this id; else the one of the host that it names, or of the role with that host,
/// that goes on at its start, or starts soonest up to an hour from it: with samples that begin
/// later an alert may start some samples earlier or later. nullptr when there is none.
const Alert* find_alert(std::string_view role, std::string_view id, std::span<const Alert> alerts);

}  // namespace rolemix

#endif  // ROLEMIX_ALERT_ALERT_ID_H_
