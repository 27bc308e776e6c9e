// Bytes <-> AlertState, so that alerts go on where a run before left them.
#ifndef ROLEMIX_ALERT_ALERT_STATE_FILE_H_
#define ROLEMIX_ALERT_ALERT_STATE_FILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "alert/alert.h"
#include "base/error.h"
#include "table/notice.h"

namespace rolemix {

constexpr std::uint16_t kAlertStateFormatVersion = 2;

/// What a state's file may hold, bytes: FlatBuffers reads no more.
constexpr std::uint64_t kMostStateBytes = std::uint64_t{2} << 30;

/// The state as bytes, as of this model, unchecked; the same state gives the same bytes.
std::string encode_alert_state(const AlertState& state, const RoleModel& model);

struct WrittenState {
  std::string bytes;
  std::vector<Notice>
      notices;  ///< not_kept_in_state: what was left out, since no state may hold it
};

/// The same of what a state may hold, read again: errors are those of read_alert_state.
Result<WrittenState> write_alert_state(AlertState state, const RoleModel& model);

/// Reads a state and checks every byte of it before use: identifier, digest, version, structure,
/// and the meaning of every field. A state that was written with another model goes on with this
/// one: what it holds of metrics that this one has too is kept, by their names; model_id says which
/// it was. Errors: bad_format, unsupported_version, not_finite.
Result<AlertState> read_alert_state(std::span<const std::uint8_t> bytes, const RoleModel& model);

}  // namespace rolemix

#endif  // ROLEMIX_ALERT_ALERT_STATE_FILE_H_
