// SampleTable: samples of many hosts over time, metrics by name. What every source gives and every
// verb takes.
#ifndef ROLEMIX_TABLE_SAMPLE_TABLE_H_
#define ROLEMIX_TABLE_SAMPLE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "table/notice.h"
#include "table/row_origins.h"

namespace rolemix {

/// How long the name of a host or a metric may be, bytes: more is nonsense, and an alert state
/// keeps no longer one.
constexpr std::size_t kLongestName = std::size_t{1} << 16;

/// What a table may take in memory, bytes, unless more is asked for: 100 hosts, 19 metrics, a
/// sample a minute for 88 days.
constexpr std::uint64_t kMostTableBytes = std::uint64_t{2} << 30;

/// N samples of D metrics, in the order in which they came.
struct SampleTable {
  std::vector<std::string> metrics;  ///< (D) distinct names
  std::vector<std::string> hosts;    ///< distinct names, in order of first appearance
  std::vector<std::int32_t> host;    ///< (N) index into hosts
  std::vector<double> timestamps;    ///< (N) seconds since 1970-01-01 UTC
  Matrix values;                     ///< (N, D) in the metrics' own units; NaN = missing
  std::vector<Notice> notices;       ///< what was left out of it, and why
  RowOrigins origins;                ///< of the rows, for messages; of none that nobody knows

  Index rows() const { return values.rows(); }
};

/// What so many rows of so many metrics take in memory, bytes: 8 for each value, time and host.
constexpr std::uint64_t table_bytes(std::uint64_t rows, std::uint64_t metrics) {
  return 8 * rows * (metrics + 2);
}

/// Errors: too_large, of a table beyond so many bytes.
Result<void> check_table_size(std::size_t rows, std::size_t metrics, std::uint64_t most_bytes);

/// A table as it stands in someone's memory, by rows or by columns.
struct TableView {
  using Values = Eigen::Map<const Matrix, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>;

  std::span<const std::string> metrics;
  std::span<const std::string> hosts;
  std::span<const std::int32_t> host;
  std::span<const double> timestamps;
  Values values;
  const RowOrigins* origins = nullptr;

  TableView(const SampleTable& table);  // NOLINT(google-explicit-constructor): it is the same table

  /// columns: (D, N), metric after metric.
  TableView(std::span<const std::string> metric_names, std::span<const std::string> host_names,
            std::span<const std::int32_t> host_indices, std::span<const double> times,
            const double* columns);

  Index rows() const { return values.rows(); }
};

/// A table of its own with what a view shows.
SampleTable table_of(const TableView& view);

/// A row that says what another has said.
struct RepeatedRow {
  std::int32_t row = 0;
  std::int32_t first = 0;  ///< the other, which counts
};

/// The rows of one host in order of time.
struct HostRows {
  std::int32_t host = 0;           ///< index into SampleTable::hosts
  std::vector<std::int32_t> rows;  ///< indices into the table, timestamps strictly ascending
  std::vector<RepeatedRow> repeated;
};

/// Checks sizes, that names are distinct and not empty, host indices are in range, timestamps
/// finite and no value infinite. Errors: shape_mismatch, invalid_argument, not_finite.
Result<void> validate(const TableView& table);

/// The rows of a valid table by host (hosts in order of their names, without those that have no
/// row), each host's in order of time. Rows of one time that are the same in every value count
/// once. A host that has two others at one timestamp is left out, and host_left_out names file and
/// line of both. Errors: invalid_argument when none of the hosts is left, and
/// of any such host where nobody is told, notices being null.
Result<std::vector<HostRows>> rows_by_host(const TableView& table,
                                           std::vector<Notice>* notices = nullptr);

/// One table with the rows and notices of all, in order. Metrics are matched by name; a metric that
/// a table lacks is missing (NaN) in its rows.
SampleTable concatenate(std::vector<SampleTable> tables);

/// What becomes of two values of one host, timestamp and metric that differ.
enum class Contradiction : std::uint8_t {
  kRefused,  ///< an error
  kKept,  ///< the first of each host is a row of its own, as of JoinedValues: the host is left out
};

/// One table whose rows are the distinct pairs of host and timestamp of all, in order of first
/// appearance, with the metrics of all; what no table has is missing. Equal values count once. Then
/// as of join_near_rows.
/// Errors: invalid_argument when two values contradict each other, where that is refused, and when
/// the values would fill less than 1 % of a large table.
Result<SampleTable> merge(std::vector<SampleTable> tables,
                          Contradiction contradiction = Contradiction::kRefused);

/// The values of the named metrics, (N, names.size()) in that order. A metric that the table lacks
/// is a column of NaN, and its name is appended to `missing`.
Matrix select_metrics(const SampleTable& table, const std::vector<std::string>& names,
                      std::vector<std::string>& missing);

/// The timestamps of each host.
std::vector<std::vector<double>> times_of(const SampleTable& table,
                                          const std::vector<HostRows>& hosts);

/// The median gap between successive samples of a host, in seconds (of two in the middle the
/// smaller one); 0 when no host has two samples. times: each host's, ascending.
double median_interval(const std::vector<std::vector<double>>& times);

/// The time that the samples stand for, in days summed over the hosts: each for the time since its
/// host's sample before, or, after a gap of more than three of the host's usual intervals and at
/// first, for one of these. times: each host's, ascending.
double host_days(const std::vector<std::vector<double>>& times);

/// A table of the given rows (indices into `table`), in that order; hosts without a row stay
/// listed.
SampleTable select_rows(const SampleTable& table, const std::vector<std::int32_t>& rows);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_SAMPLE_TABLE_H_
