// The alerts of a table, with what is found in their worst samples.
#ifndef ROLEMIX_ALERT_FIND_ALERTS_H_
#define ROLEMIX_ALERT_FIND_ALERTS_H_

#include <vector>

#include "alert/alert.h"
#include "base/error.h"
#include "score/score.h"
#include "table/sample_table.h"

namespace rolemix {

/// All alerts of a table, by opened_at, then hosts. Of its scores only anomaly_score and
/// alert_score are used; rows without an alert_score are passed over. explained: whether alerts get
/// the findings of their worst samples. Errors: those of score_table.
Result<std::vector<Alert>> find_alerts(Scorer& scorer, const SampleTable& table,
                                       const TableScores& scores, const AlertSettings& settings,
                                       bool explained = true);

/// Goes on from the state with a later table, to which more will be added. Gives the alerts that
/// opened, escalated or closed, as they are at the end. Errors: those of score_table.
Result<std::vector<Alert>> follow_alerts(Scorer& scorer, const SampleTable& table,
                                         const TableScores& scores, const AlertSettings& settings,
                                         AlertState& state);

}  // namespace rolemix

#endif  // ROLEMIX_ALERT_FIND_ALERTS_H_
