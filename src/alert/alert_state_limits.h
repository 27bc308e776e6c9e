// What a state may hold: the reader of its file refuses what is beyond, the writer leaves it out.
#ifndef ROLEMIX_ALERT_ALERT_STATE_LIMITS_H_
#define ROLEMIX_ALERT_ALERT_STATE_LIMITS_H_

#include <cstddef>
#include <string>

#include "alert/alert.h"
#include "base/error.h"
#include "table/sample_table.h"

namespace rolemix {

constexpr std::size_t kMostStateHosts = 1000000;  // kMostStateBytes hold no more
constexpr std::size_t kMostFoundMetrics = 16;     // metrics and predictors of a finding
constexpr std::size_t kLongestStateName = kLongestName;
constexpr std::size_t kMostLevelSamples = 64;  // half-hours in a day, and some

/// A host's part, of so many metrics. Errors: bad_format, not_finite.
Result<void> validate(const HostAlertState& host, std::size_t metrics);

/// The role's own part, beside its hosts. Errors: bad_format, not_finite.
Result<void> validate_role(const AlertState& state, std::size_t metrics);

Error bad_state(const std::string& what);

}  // namespace rolemix

#endif  // ROLEMIX_ALERT_ALERT_STATE_LIMITS_H_
