// The file in which a run of alerts leaves its state for the next.
#ifndef ROLEMIX_CLI_KEPT_STATE_H_
#define ROLEMIX_CLI_KEPT_STATE_H_

#include <string>
#include <vector>

#include "alert/alert.h"
#include "base/error.h"
#include "model/role_model.h"
#include "source/file_lock.h"
#include "table/notice.h"

namespace rolemix::cli {

/// The state in the file. Errors: source_failed without a file, those of read_alert_state. Notices:
/// state_of_another_model.
Result<AlertState> load_state(const std::string& path, const RoleModel& model,
                              std::vector<Notice>& notices);

/// The same; a fresh one when there is no file, or with `recover` when it is damaged. Notices also:
/// state_lost.
Result<AlertState> load_or_begin_state(const std::string& path, const RoleModel& model,
                                       bool recover, std::vector<Notice>& notices);

/// No other run reads or writes the state before this one has replaced it: both would tell of the
/// same alerts. Notices: state_not_locked.
Result<FileLock> lock_state(const std::string& path, std::vector<Notice>& notices);

}  // namespace rolemix::cli

#endif  // ROLEMIX_CLI_KEPT_STATE_H_
