#include "verdict/recall.h"

#include <algorithm>

namespace rolemix {
namespace {

constexpr double kLateStart = 900;  // seconds

bool is_about(const AlertPeriod& alert, const LabelledIncident& incident) {
  return std::ranges::find(alert.hosts, incident.host) != alert.hosts.end() &&
         alert.started_at <= incident.to + kLateStart && !(alert.closed_at < incident.from);
}

}  // namespace

Recall recall_of(const std::vector<AlertPeriod>& alerts,
                 const std::vector<LabelledIncident>& incidents) {
  Recall recall;
  for (const AlertPeriod& alert : alerts) {
    const auto incident =
        std::ranges::find_if(incidents, [&](const auto& each) { return is_about(alert, each); });
    const bool is_false = incident == incidents.end();
    const auto place = static_cast<std::int32_t>(incident - incidents.begin());
    recall.incident_of.push_back(is_false ? -1 : place);
    recall.false_alarms += is_false ? 1 : 0;
  }
  for (const LabelledIncident& incident : incidents) {
    const auto about = [&](const AlertPeriod& alert) { return is_about(alert, incident); };
    recall.caught += std::ranges::any_of(alerts, about) ? 1 : 0;
  }
  return recall;
}

}  // namespace rolemix
