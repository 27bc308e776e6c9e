// A model and a table put together, once: each host's samples in order of time, of the model's
// metrics, with the host's own level of late.
#ifndef ROLEMIX_SAMPLES_SAMPLES_H_
#define ROLEMIX_SAMPLES_SAMPLES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "model/role_model.h"
#include "samples/host_level.h"
#include "table/sample_table.h"

namespace rolemix {

/// One host's samples in order of time.
struct HostSamples {
  std::string name;
  std::vector<std::int32_t> rows;  ///< (n) of the table
  std::vector<double> times;       ///< (n) epoch seconds, strictly ascending
  Matrix values;                   ///< (n, D) in the metrics' own units, in the model's order;
                                   ///< NaN = missing
  Matrix shifts;                   ///< (n, D) as of level_shifts
  KeptRows level;                  ///< after the last sample

  Index size() const { return values.rows(); }

  /// The first sample at or after a time; size() when there is none.
  Index first_from(double time) const;
};

/// A role's samples.
struct Samples {
  /// Where a row of the table is.
  struct Place {
    std::int32_t host = 0;    ///< index into hosts
    std::int32_t sample = 0;  ///< of the host
  };

  std::vector<HostSamples> hosts;  ///< by name, each with a sample
  std::vector<Place> places;       ///< one for each row of the table
  std::vector<std::string>
      missing_metrics;  ///< metrics of the model that the table lacks altogether

  std::int32_t rows() const { return static_cast<std::int32_t>(places.size()); }
  const HostSamples& host(std::int32_t row) const { return hosts[places[row].host]; }
  double time(std::int32_t row) const { return host(row).times[places[row].sample]; }

  /// The host of this name; nullptr when it has no sample.
  const HostSamples* find(std::string_view name) const;

  /// The times of each host's samples.
  std::vector<std::vector<double>> times() const;
};

/// What was known of hosts' levels before a table, by name.
using Levels = std::map<std::string, KeptRows, std::less<>>;

/// Errors: those of rows_by_host, and invalid_argument when the table has none of the model's
/// metrics.
Result<Samples> samples_of(const RoleModel& model, const SampleTable& table,
                           const Levels& before = {});

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_SAMPLES_H_
