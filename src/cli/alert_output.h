// Lists of alerts as text, JSON and CSV.
#ifndef ROLEMIX_CLI_ALERT_OUTPUT_H_
#define ROLEMIX_CLI_ALERT_OUTPUT_H_

#include <optional>
#include <string>
#include <vector>

#include "alert/alert.h"
#include "cli/common.h"
#include "model/calibration.h"
#include "model/role_model.h"
#include "report/role_report.h"
#include "table/notice.h"
#include "text/language.h"

namespace rolemix::cli {

/// An alert of a list.
struct ListedAlert {
  Alert alert;
  std::optional<AlertChange> change;  ///< its last of this run
};

struct AlertList {
  std::vector<ListedAlert> alerts;
  AlertSettings settings;
  std::vector<Notice> notices;
  std::optional<RowCounts> rows;  ///< none: no input was read
  bool tells_changes = false;     ///< with what became of each in this run
  double latest = 0;              ///< of all samples, epoch seconds
};

/// alert_id, role, ..., and `change` where the list tells changes.
std::string to_csv(const RoleModel& model, const AlertList& list, Language language);

std::string to_json(const RoleModel& model, const AlertList& list, Language language);

/// One entry per alert; below them what the samples were, where there are samples.
std::string to_text(const RoleModel& model, const AlertList& list, const RoleReport* samples,
                    Language language);

}  // namespace rolemix::cli

#endif  // ROLEMIX_CLI_ALERT_OUTPUT_H_
