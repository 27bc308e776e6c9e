// Alerts beside what is known to have happened.
#ifndef ROLEMIX_VERDICT_RECALL_H_
#define ROLEMIX_VERDICT_RECALL_H_

#include <cstdint>
#include <string>
#include <vector>

namespace rolemix {

/// What really happened to a host, as those label it who know; times are epoch seconds.
struct LabelledIncident {
  std::string host;
  double from = 0;
  double to = 0;
};

/// Of an alert what recall needs; times are epoch seconds.
struct AlertPeriod {
  std::vector<std::string> hosts;
  double started_at = 0;
  double closed_at = 0;  ///< NaN while open
};

/// How alerts did.
struct Recall {
  std::vector<std::int32_t>
      incident_of;       ///< (alerts) the first that it is about; -1: none is known
  int caught = 0;        ///< incidents that some alert is about
  int false_alarms = 0;  ///< alerts that are about none
};

/// An alert is about an incident of one of its hosts when it begins at most 15 minutes after the
/// incident's end, since what an incident leaves behind is part of it, and ends no earlier than
/// that begins.
Recall recall_of(const std::vector<AlertPeriod>& alerts,
                 const std::vector<LabelledIncident>& incidents);

}  // namespace rolemix

#endif  // ROLEMIX_VERDICT_RECALL_H_
