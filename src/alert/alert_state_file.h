// Bytes <-> AlertState, so that alerts go on where a run before left them.
#ifndef ROLEMIX_ALERT_ALERT_STATE_FILE_H_
#define ROLEMIX_ALERT_ALERT_STATE_FILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "alert/alert.h"
#include "base/error.h"

namespace rolemix {

constexpr std::uint16_t kAlertStateFormatVersion = 1;

/// The state as bytes, for the model of this id; the same state gives the same bytes.
std::string write_alert_state(const AlertState& state, std::string_view model_id);

/// Reads a state and checks every byte of it before use: identifier, digest, version, structure,
/// that it belongs to the model, and the meaning of every field. Errors: bad_format,
/// unsupported_version, not_finite, and invalid_argument when the model is another one.
Result<AlertState> read_alert_state(std::span<const std::uint8_t> bytes, std::string_view model_id);

}  // namespace rolemix

#endif  // ROLEMIX_ALERT_ALERT_STATE_FILE_H_
