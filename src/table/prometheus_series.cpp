#include "table/prometheus_series.h"

#include <algorithm>
#include <iterator>
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

Result<SampleTable> SeriesJoin::join() {
  if (auto named = name_series(); !named) return std::unexpected(std::move(named.error()));
  if (metrics_.names().empty()) {
    return fail(ErrorCode::kBadFormat, left_out_.notices().front().text);
  }
  Result<SampleTable> table = fill();
  if (table) {
    table->notices = left_out_.notices();
    std::ranges::move(notices_, std::back_inserter(table->notices));
  }
  return table;
}

/// A host or metric whose name cannot be used is left out.
Result<void> SeriesJoin::name_series() {
  std::vector<LabelledSeries> labels;
  for (const Series& series : series_) {
    const auto [first, last] = std::ranges::minmax(series.points, {}, &SeriesPoint::time);
    labels.push_back({&series.labels, first.time, last.time});
  }
  const SeriesNames names = names_of(labels, options_.labels);
  if (names.without_host >= 0) {
    const auto& [of, number, points] = series_[names.without_host];
    const std::string by =
        options_.labels.host.empty() ? "instance" : escaped(options_.labels.host);
    return fail(ErrorCode::kBadFormat,
                series_place(number) + ".metric: expected " + host_expected(options_.labels) +
                    ", got " + (of.empty() ? "no labels" : in_quotes(series_name(of, {}))) +
                    "; keep it in the query, as in sum by (" + by + ") (...)");
  }
  notices_ = notices_of(names, source_);
  for (std::size_t i = 0; i < series_.size(); ++i) {
    const auto host = table_name(names.hosts[i]);
    const std::string metric =
        names.metrics[i].empty() ? std::string(stem(source_)) : names.metrics[i];
    const auto name = table_name(metric);
    host_of_.push_back(host && name ? hosts_.find_or_add(*host) : -1);
    metric_of_.push_back(host && name ? metrics_.find_or_add(*name) : -1);
    if (host && name) continue;
    const BadName& why = host ? name.error() : host.error();
    left_out_.add(why.code, "series", 0,
                  series_place(series_[i].number) + ".metric" +
                      (host ? "" : '.' + names.host_labels[i]) + ": expected " + why.expected +
                      ", got " + in_quotes(host ? metric : names.hosts[i]));
  }
  return {};
}

Result<SampleTable> SeriesJoin::fill() {
  SampleTable table;
  table.metrics = metrics_.names();
  table.hosts = hosts_.names();
  const std::size_t metrics = table.metrics.size();
  std::size_t values = 0;
  std::vector<std::vector<std::int32_t>> rows_of(series_.size());
  {
    RowIndex rows;
    for (std::size_t i = 0; i < series_.size(); ++i) {
      if (host_of_[i] < 0) continue;
      values += series_[i].points.size();
      rows_of[i].reserve(series_[i].points.size());
      for (const SeriesPoint& point : series_[i].points) {
        rows_of[i].push_back(rows.find_or_add(point.time, host_of_[i]));
      }
    }
    table.timestamps = std::move(rows.timestamps);
    table.host = std::move(rows.hosts);
  }
  const std::size_t rows = table.timestamps.size();
  const std::string sparse = sparseness(values, rows, metrics);
  if (!sparse.empty()) return fail(ErrorCode::kBadFormat, "data.result: " + sparse);
  if (auto size = check_table_size(rows, metrics, options_.most_bytes); !size) {
    return std::unexpected(std::move(size.error()));
  }

  std::vector<bool> seen(rows * metrics, false);
  table.values.setConstant(static_cast<Index>(rows), static_cast<Index>(metrics), kMissing);
  for (std::size_t i = 0; i < series_.size(); ++i) {
    for (std::size_t k = 0; k < rows_of[i].size(); ++k) {
      const std::int32_t row = rows_of[i][k];
      const std::size_t place = static_cast<std::size_t>(row) * metrics + metric_of_[i];
      if (seen[place]) return std::unexpected(duplicate(table, i, row));
      seen[place] = true;
      table.values(row, metric_of_[i]) = series_[i].points[k].value;
    }
    series_[i].points = {};  // its memory is not needed twice
    rows_of[i] = {};
  }
  return table;
}

Error SeriesJoin::duplicate(const SampleTable& table, std::size_t series, std::int32_t row) const {
  std::size_t first = 0;
  while (host_of_[first] != host_of_[series] || metric_of_[first] != metric_of_[series]) ++first;
  return {ErrorCode::kBadFormat,
          series_place(series_[series].number) +
              ": expected one value per host, metric and timestamp, got another than in " +
              series_place(series_[first].number) + " of host " +
              in_quotes(table.hosts[host_of_[series]]) + ", metric " +
              in_quotes(table.metrics[metric_of_[series]]) + " at " +
              shown_time(table.timestamps[row]) + "; select one of the series in the query"};
}

}  // namespace rolemix
