// Incidents -> CSV bytes.
#ifndef ROLEMIX_SIMULATE_INCIDENTS_CSV_H_
#define ROLEMIX_SIMULATE_INCIDENTS_CSV_H_

#include <string>
#include <vector>

#include "simulate/simulate.h"

namespace rolemix {

/// `kind,host,from,to,anomalous,cause_metrics,description`; `;` between metrics.
std::string incidents_csv(const std::vector<Incident>& incidents);

}  // namespace rolemix

#endif  // ROLEMIX_SIMULATE_INCIDENTS_CSV_H_
