// A simulated role of servers: metrics that hang together as on real ones, and labelled incidents.
#ifndef ROLEMIX_SIMULATE_SIMULATE_H_
#define ROLEMIX_SIMULATE_SIMULATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "table/sample_table.h"

namespace rolemix {

struct SimulateOptions {
  std::string role = "web";   ///< web (application servers) or db (database replicas)
  int hosts = 12;             ///< 1-1000; from 4 hosts on, the last two are an active/standby pair
  double days = 7;            ///< length of the period, 1-400
  int interval = 60;          ///< seconds between the samples of a host, 10-3600
  std::uint64_t seed = 1;     ///< the same seed gives the same bytes on every platform
  double start = 1791158400;  ///< epoch seconds of the first sample; Monday 2026-10-05T00:00Z
  double clean_days = -1;     ///< no incident before this; negative = the first 60 % of the period
};

/// Something that happened in [from, to), and what a person would list as moved or causal.
struct Incident {
  std::string kind;  ///< such as leak or traffic_spike
  std::string host;  ///< empty = every active host of the role
  double from = 0;   ///< epoch seconds
  double to = 0;     ///< epoch seconds, after the recovery
  std::vector<std::string> cause_metrics;
  bool anomalous = false;  ///< false: a detector should keep quiet about it
  std::string description;
};

struct Simulation {
  SampleTable table;  ///< by host, then by time; a sample stands for the interval before it
  std::vector<Incident> incidents;  ///< in order of from; at least two hours apart on a host
  std::string config_yaml;          ///< a configuration of the role, with tolerances
};

/// Simulates the role. Incidents that do not fit (few days, few hosts) are left out, the less
/// important ones first. Errors: invalid_argument.
Result<Simulation> simulate(const SimulateOptions& options);

}  // namespace rolemix

#endif  // ROLEMIX_SIMULATE_SIMULATE_H_
