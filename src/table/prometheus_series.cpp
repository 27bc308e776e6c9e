#include "table/prometheus_series.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "base/escape.h"
#include "table/timestamp.h"

namespace rolemix {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::string series_place(std::size_t number) {
  return "data.result[" + std::to_string(number) + ']';
}

}  // namespace

void SeriesJoin::add(const std::string& host, const std::string& metric, std::size_t number,
                     const std::vector<SeriesPoint>& points) {
  Series series{hosts_.find_or_add(host), metrics_.find_or_add(metric), number, {}};
  series.cells.reserve(points.size());
  for (const SeriesPoint& point : points) {
    series.cells.push_back({rows_.find_or_add(point.time, series.host), point.value});
  }
  series_.push_back(std::move(series));
}

Result<SampleTable> SeriesJoin::join(std::uint64_t most_bytes) {
  SampleTable table;
  table.metrics = metrics_.names();
  table.hosts = hosts_.names();
  table.timestamps = std::move(rows_.timestamps);
  table.host = std::move(rows_.hosts);
  const std::size_t rows = table.timestamps.size();
  const std::size_t metrics = table.metrics.size();
  std::size_t values = 0;
  for (const Series& series : series_) values += series.cells.size();
  const std::string sparse = sparseness(values, rows, metrics);
  if (!sparse.empty()) return fail(ErrorCode::kBadFormat, "data.result: " + sparse);
  if (auto size = check_table_size(rows, metrics, most_bytes); !size) {
    return std::unexpected(std::move(size.error()));
  }

  std::vector<bool> seen(rows * metrics, false);
  table.values.setConstant(static_cast<Index>(rows), static_cast<Index>(metrics), kMissing);
  for (Series& series : series_) {
    for (const Cell& cell : series.cells) {
      const std::size_t place = static_cast<std::size_t>(cell.row) * metrics + series.metric;
      if (seen[place]) return std::unexpected(duplicate(table, series, cell.row));
      seen[place] = true;
      table.values(cell.row, series.metric) = cell.value;
    }
    series.cells = {};  // its memory is not needed twice
  }
  return table;
}

Error SeriesJoin::duplicate(const SampleTable& table, const Series& series,
                            std::int32_t row) const {
  const auto first = std::ranges::find_if(series_, [&](const Series& other) {
    return other.host == series.host && other.metric == series.metric;
  });
  return {ErrorCode::kBadFormat,
          series_place(series.number) +
              ": expected one value per host, metric and timestamp, got another than in " +
              series_place(first->number) + " of host " + in_quotes(table.hosts[series.host]) +
              ", metric " + in_quotes(table.metrics[series.metric]) + " at " +
              shown_time(table.timestamps[row]) + "; select one of the series in the query"};
}

}  // namespace rolemix
