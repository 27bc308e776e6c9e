// The series of an answer -> one table.
#ifndef ROLEMIX_TABLE_PROMETHEUS_SERIES_H_
#define ROLEMIX_TABLE_PROMETHEUS_SERIES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "table/join.h"
#include "table/name_index.h"
#include "table/sample_table.h"

namespace rolemix {

struct SeriesPoint {
  double time;   ///< epoch seconds
  double value;  ///< NaN = missing
};

/// Takes series one by one, and joins them where host and time are the same.
class SeriesJoin {
 public:
  /// Names as of table_name; `number`: which one of data.result it is.
  void add(const std::string& host, const std::string& metric, std::size_t number,
           const std::vector<SeriesPoint>& points);

  bool empty() const { return series_.empty(); }

  /// Called once, at the end. Errors: bad_format and too_large, without the source's name, as
  /// parse_prometheus says.
  Result<SampleTable> join(std::uint64_t most_bytes);

 private:
  struct Cell {
    std::int32_t row;
    double value;
  };
  struct Series {
    std::int32_t host;
    std::int32_t metric;
    std::size_t number;
    std::vector<Cell> cells;
  };

  Error duplicate(const SampleTable& table, const Series& series, std::int32_t row) const;

  NameIndex hosts_;
  NameIndex metrics_;
  RowIndex rows_;
  std::vector<Series> series_;
};

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_PROMETHEUS_SERIES_H_
