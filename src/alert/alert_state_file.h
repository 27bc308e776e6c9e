// Bytes <-> AlertState, so that alerts go on where a run before left them.
#ifndef ROLEMIX_ALERT_ALERT_STATE_FILE_H_
#define ROLEMIX_ALERT_ALERT_STATE_FILE_H_

#include <cstdint>
#include <span>
#include <string>

#include "alert/alert.h"
#include "base/error.h"

namespace rolemix {

constexpr std::uint16_t kAlertStateFormatVersion = 2;

/// The state as bytes, as of this model; the same state gives the same bytes.
std::string write_alert_state(const AlertState& state, const RoleModel& model);

/// Reads a state and checks every byte of it before use: identifier, digest, version, structure,
/// and the meaning of every field. A state that was written with another model goes on with this
/// one: what it holds of metrics that this one has too is kept, by their names; model_id says which
/// it was. Errors: bad_format, unsupported_version, not_finite.
Result<AlertState> read_alert_state(std::span<const std::uint8_t> bytes, const RoleModel& model);

}  // namespace rolemix

#endif  // ROLEMIX_ALERT_ALERT_STATE_FILE_H_
