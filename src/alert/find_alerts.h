// The alerts of a table, with what is found in their worst samples.
#ifndef ROLEMIX_ALERT_FIND_ALERTS_H_
#define ROLEMIX_ALERT_FIND_ALERTS_H_

#include <vector>

#include "alert/alert.h"
#include "explain/explain.h"
#include "samples/samples.h"
#include "score/score.h"

namespace rolemix {

/// All alerts of the samples, by opened_at, then hosts. Of their scores only anomaly_score and
/// alert_score are used; rows without an alert_score are passed over. explained: whether alerts get
/// the findings of their worst samples.
std::vector<Alert> find_alerts(Explainer& explainer, const Samples& samples,
                               const TableScores& scores, const AlertSettings& settings,
                               bool explained = true);

/// Goes on from the state with later samples, to which more will be added; the state carries on
/// what is known of their hosts. Gives the alerts that opened, escalated or closed, by opened_at,
/// then hosts, as they are at the end, each with its last change.
std::vector<AlertEvent> follow_alerts(Explainer& explainer, const Samples& samples,
                                      const TableScores& scores, const AlertSettings& settings,
                                      AlertState& state);

/// All that is open, in the same order, as it was told of: no alerts of hosts that the role's alert
/// stands for.
std::vector<Alert> open_alerts(const AlertState& state);

}  // namespace rolemix

#endif  // ROLEMIX_ALERT_FIND_ALERTS_H_
