// A model and a table put together, once: each host's samples in order of time, of the model's
// metrics, with the host's own level of late. Later rows can be appended.
#ifndef ROLEMIX_SAMPLES_SAMPLES_H_
#define ROLEMIX_SAMPLES_SAMPLES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "model/role_model.h"
#include "samples/far_samples.h"
#include "samples/host_level.h"
#include "samples/host_state.h"
#include "samples/unit_change.h"
#include "table/sample_table.h"

namespace rolemix {

/// One host's samples in order of time.
struct HostSamples {
  std::string name;
  std::vector<std::int32_t> rows;      ///< (n) of Samples
  std::vector<double> times;           ///< (n) epoch seconds, strictly ascending
  std::vector<double> numbers;         ///< (n, D) as values() has them
  std::vector<std::int32_t> level_of;  ///< (n) index into levels; -1 where the host has none yet
  std::vector<double> levels;          ///< (m, D) as HostLevel::medians gives them
  HostState before;                    ///< what was known of the host before the first sample
  HostLevel level;                     ///< after the last sample
  std::size_t level_version = 0;       ///< of the last of the levels
  std::vector<double> units;  ///< (D) as UnitSpan::factor has it, of the last sample; none: usual

  Index size() const { return std::ssize(times); }
  Index dimensions() const { return times.empty() ? 0 : std::ssize(numbers) / size(); }

  /// (n, D) in the metrics' own units, in the model's order; NaN = missing.
  Eigen::Map<const Matrix> values() const { return values(0, size()); }
  Eigen::Map<const Matrix> values(Index first, Index count) const {
    return {numbers.data() + first * dimensions(), count, dimensions()};
  }

  /// How far the host's own level of late lies from the role's at some of its samples: (count, D)
  /// in model units, NaN where the host has less than an hour of history or none of the metric.
  Matrix shifts(const RoleModel& model, Index first, Index count) const;

  /// The first sample at or after a time; size() when there is none.
  Index first_from(double time) const;

  /// The sample at this time; -1 when there is none.
  Index at(double time) const;
};

/// Hosts without any value of a metric, which others have.
struct LackingHosts {
  std::string metric;
  std::vector<std::string> hosts;
  std::size_t of = 0;  ///< hosts in all
};

/// A role's samples.
struct Samples {
  /// Where a row is.
  struct Place {
    std::int32_t host = 0;    ///< index into hosts
    std::int32_t sample = 0;  ///< of the host
  };

  std::vector<HostSamples> hosts;     ///< in the order in which they came, of one table by name
  std::vector<std::int32_t> by_name;  ///< indices into hosts
  std::vector<Place> places;          ///< one for each row, in the order in which they came
  std::vector<std::string>
      missing_metrics;  ///< metrics of the model of which the last table has no value
  std::vector<LackingHosts>
      lacking;  ///< by metric of the model the hosts that alone lack it in the last table
  std::vector<UnitChange> unit_changes;  ///< of the last table: these values are missing
  std::vector<Notice> left_out_hosts;    ///< of the last table, as of rows_by_host
  std::int64_t passed_over = 0;          ///< rows of all tables, as of append
  std::vector<FarSamples> far;           ///< of all tables, as of believed_rows
  std::vector<RepeatedRow> repeated;     ///< rows that are the sample of another row

  std::int32_t rows() const { return static_cast<std::int32_t>(places.size()); }
  const HostSamples& host(std::int32_t row) const { return hosts[places[row].host]; }
  double time(std::int32_t row) const { return host(row).times[places[row].sample]; }

  /// The host of this name; nullptr when it has no sample.
  const HostSamples* find(std::string_view name) const;

  /// The times of the samples of each host that has some.
  std::vector<std::vector<double>> times() const;

  /// The usual seconds between two samples of a host, as of median_interval.
  double interval() const { return median_interval(times()); }
};

/// A table's samples, one for each of its rows. Errors: those of append, and invalid_argument when
/// a host has two samples that differ at one time.
Result<Samples> samples_of(const RoleModel& model, const TableView& table);

/// Those of a table that goes on from what was known of hosts before, as append takes them in. What
/// was known of a host is forgotten when it ended far after all that is believed of the table, as
/// of far_time: of a third of the hosts at most, or with a sample that stood alone.
Result<Samples> samples_of(const RoleModel& model, const TableView& table,
                           const HostStates& before);

/// Takes later samples of the same model in. Gives of each row of the table its row in the samples,
/// -1 where it was passed over: it is not later than the last that is known of its host, or as far
/// from all others as believed_rows says. Errors, which leave the samples as they
/// were: those of rows_by_host, and invalid_argument when the table has none of the model's
/// metrics.
Result<std::vector<std::int32_t>> append(const RoleModel& model, const TableView& table,
                                         Samples& samples);

/// The samples of those of the model's metrics that an edit of it has left.
Samples with_metrics_of(const RoleModel& edited, const RoleModel& model, const Samples& samples);

/// Takes the first samples of each host away: as many as `counts` says. The host's state before
/// what is left is to be set by the caller.
void remove_first(const std::vector<Index>& counts, Samples& samples);

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_SAMPLES_H_
