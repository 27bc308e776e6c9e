#include "simulate/incidents_csv.h"

#include <fmt/format.h>

#include "base/escape.h"

namespace rolemix {

std::string incidents_csv(const std::vector<Incident>& incidents) {
  std::string csv = "kind,host,from,to,anomalous,cause_metrics,description\n";
  for (const Incident& incident : incidents) {
    csv += fmt::format("{},{},{},{},{},{},{}\n", csv_field(incident.kind), csv_field(incident.host),
                       incident.from, incident.to, incident.anomalous,
                       csv_field(fmt::format("{}", fmt::join(incident.cause_metrics, ";"))),
                       csv_field(incident.description));
  }
  return csv;
}

}  // namespace rolemix
