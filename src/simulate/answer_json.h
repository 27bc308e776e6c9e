// Samples of one host -> the answer of a Prometheus server.
#ifndef ROLEMIX_SIMULATE_ANSWER_JSON_H_
#define ROLEMIX_SIMULATE_ANSWER_JSON_H_

#include <string>

#include "simulate/dirt.h"
#include "table/sample_table.h"

namespace rolemix {

/// As of /api/v1/query_range: a series for each metric, labelled `instance` and `metric`, each
/// value at its row's time and the metric's delay; missing values are left out. table: rows of one
/// host, whose name and metrics need no escaping in JSON.
std::string answer_json(const SampleTable& table, const Answer& answer);

}  // namespace rolemix

#endif  // ROLEMIX_SIMULATE_ANSWER_JSON_H_
