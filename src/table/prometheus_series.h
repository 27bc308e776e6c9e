// The series of an answer -> one table.
#ifndef ROLEMIX_TABLE_PROMETHEUS_SERIES_H_
#define ROLEMIX_TABLE_PROMETHEUS_SERIES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "table/join.h"
#include "table/left_out.h"
#include "table/name_index.h"
#include "table/prometheus_labels.h"
#include "table/sample_table.h"
#include "table/table_options.h"

namespace rolemix {

struct SeriesPoint {
  double time;   ///< epoch seconds
  double value;  ///< NaN = missing
};

/// One series as the answer has it.
struct Series {
  Labels labels;
  std::size_t number = 0;  ///< which one of data.result it is
  std::vector<SeriesPoint> points;
};

/// Takes the series of an answer, tells which host and metric each is of, and joins them where host
/// and time are the same. `source` is the file's name; the options are kept by reference.
class SeriesJoin {
 public:
  SeriesJoin(std::string_view source, const TableOptions& options)
      : source_(source), options_(options), left_out_(source) {}

  void add(Series series) { series_.push_back(std::move(series)); }

  bool empty() const { return series_.empty(); }

  /// Called once, at the end. Errors: bad_format and too_large, without the source's name, as
  /// parse_prometheus says.
  Result<SampleTable> join();

 private:
  Result<void> name_series();
  Result<SampleTable> fill();
  Error duplicate(const SampleTable& table, std::size_t series, std::int32_t row) const;

  std::string source_;
  const TableOptions& options_;
  std::vector<Series> series_;
  LeftOut left_out_;
  std::vector<Notice> notices_;
  NameIndex hosts_;
  NameIndex metrics_;
  std::vector<std::int32_t> host_of_;    // by series; -1: left out
  std::vector<std::int32_t> metric_of_;  // by series
};

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_PROMETHEUS_SERIES_H_
