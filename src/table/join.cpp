#include "table/join.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rolemix {

std::int32_t RowIndex::find_or_add(double timestamp, std::int32_t host) {
  // The metrics of one row follow each other, or the rows of one metric do.
  for (const std::size_t row : {last_, last_ + 1}) {
    if (!is_at(row, timestamp, host)) continue;
    last_ = row;
    return static_cast<std::int32_t>(row);
  }
  const auto next = static_cast<std::int32_t>(timestamps.size());
  const auto [entry, added] = rows_.try_emplace(Key{timestamp, host}, next);
  if (added) {
    timestamps.push_back(timestamp);
    hosts.push_back(host);
  }
  last_ = static_cast<std::size_t>(entry->second);
  return entry->second;
}

bool JoinedValues::put(std::int32_t row, std::int32_t metric, double value) {
  double& place = table_.values(row, metric);
  if (std::isnan(place)) {
    place = value;
    return false;
  }
  if (std::isnan(value) || place == value || !hosts_.insert(table_.host[row]).second) return false;
  contradicting_.push_back({row, metric, value});
  return true;
}

void JoinedValues::finish() {
  if (contradicting_.empty()) return;
  const Index rows = table_.rows();
  const Index metrics = table_.values.cols();
  table_.values.conservativeResize(rows + std::ssize(contradicting_), metrics);
  table_.values.bottomRows(std::ssize(contradicting_))
      .setConstant(std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < contradicting_.size(); ++i) {
    const auto [row, metric, value] = contradicting_[i];
    table_.timestamps.push_back(table_.timestamps[row]);
    table_.host.push_back(table_.host[row]);
    table_.values(rows + static_cast<Index>(i), metric) = value;
  }
}

std::string sparseness(std::size_t values, std::size_t rows, std::size_t metrics) {
  constexpr std::uint64_t kAlwaysAllowed = std::uint64_t{1} << 24;
  constexpr std::uint64_t kMaxCellsPerValue = 100;
  if (rows == 0 || metrics <= std::max(kAlwaysAllowed, kMaxCellsPerValue * values) / rows) {
    return "";
  }
  return "expected a value in at least one of " + std::to_string(kMaxCellsPerValue) +
         " cells, got " + std::to_string(values) + " values for " + std::to_string(rows) +
         " rows of " + std::to_string(metrics) + " metrics";
}

}  // namespace rolemix
