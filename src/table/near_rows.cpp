#include "table/near_rows.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "base/sort_indices.h"

namespace rolemix {
namespace {

/// Of two in the middle the smaller one.
double lower_median(std::vector<double> values) {
  const auto middle = values.begin() + (std::ssize(values) - 1) / 2;
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Seconds; 0 where no metric has two values. rows: of one host, in order of time.
double step_of(const SampleTable& table, const std::vector<std::int32_t>& rows) {
  std::vector<std::vector<double>> gaps;
  std::size_t most = 1;
  for (Index d = 0; d < table.values.cols(); ++d) {
    std::vector<double> of_metric;
    double last = std::nan("");
    for (const std::int32_t row : rows) {
      if (std::isnan(table.values(row, d))) continue;
      if (!std::isnan(last)) of_metric.push_back(table.timestamps[row] - last);
      last = table.timestamps[row];
    }
    most = std::max(most, of_metric.size());
    gaps.push_back(std::move(of_metric));
  }
  double step = 0;
  for (std::vector<double>& of_metric : gaps) {
    if (2 * of_metric.size() < most) continue;
    const double usual = lower_median(std::move(of_metric));
    step = step > 0 ? std::min(step, usual) : usual;
  }
  return step;
}

bool have_metric_in_common(const SampleTable& table, std::int32_t a, std::int32_t b) {
  for (Index d = 0; d < table.values.cols(); ++d) {
    if (!std::isnan(table.values(a, d)) && !std::isnan(table.values(b, d))) return true;
  }
  return false;
}

struct Joined {
  std::int64_t rows = 0;
  std::int64_t hosts = 0;
  double furthest = 0;  // seconds
  double step = 0;      // of the host with these
};

/// Moves values into the rows that stay; `stays` tells which those are.
void join_host(const std::vector<std::int32_t>& rows, SampleTable& table, std::vector<bool>& stays,
               Joined& joined) {
  const double step = step_of(table, rows);
  const std::int64_t before = joined.rows;
  for (std::size_t first = 0, next = 0; first < rows.size(); first = next) {
    const double time = table.timestamps[rows[first]];
    std::int32_t target = rows[first];
    for (next = first + 1; next < rows.size(); ++next) {
      const std::int32_t row = rows[next];
      const double apart = table.timestamps[row] - time;
      if (!(apart < kNearShare * step) || have_metric_in_common(table, target, row)) break;
      const std::int32_t source = std::max(target, row);
      target = std::min(target, row);
      for (Index d = 0; d < table.values.cols(); ++d) {
        if (std::isnan(table.values(target, d))) table.values(target, d) = table.values(source, d);
      }
      stays[source] = false;
      ++joined.rows;
      if (apart > joined.furthest) joined = {joined.rows, joined.hosts, apart, step};
    }
    table.timestamps[target] = time;
  }
  joined.hosts += joined.rows > before ? 1 : 0;
}

void keep(const std::vector<bool>& stays, SampleTable& table) {
  RowOrigins origins;
  std::size_t kept = 0;
  for (std::size_t row = 0; row < stays.size(); ++row) {
    if (!stays[row]) continue;
    origins.add(static_cast<std::int32_t>(kept), table.origins, static_cast<std::int32_t>(row));
    table.timestamps[kept] = table.timestamps[row];
    table.host[kept] = table.host[row];
    if (kept < row) {
      table.values.row(static_cast<Index>(kept)) = table.values.row(static_cast<Index>(row));
    }
    ++kept;
  }
  table.timestamps.resize(kept);
  table.host.resize(kept);
  table.values.conservativeResize(static_cast<Index>(kept), Eigen::NoChange);
  table.origins = std::move(origins);
}

std::string seconds_text(double seconds) { return std::to_string(std::llround(seconds)) + " s"; }

}  // namespace

SampleTable join_near_rows(SampleTable table) {
  std::vector<std::vector<std::int32_t>> rows_of(table.hosts.size());
  for (std::size_t row = 0; row < table.host.size(); ++row) {
    rows_of[table.host[row]].push_back(static_cast<std::int32_t>(row));
  }
  std::vector<bool> stays(table.host.size(), true);
  Joined joined;
  for (std::vector<std::int32_t>& rows : rows_of) {
    sort_indices(rows, [&](std::int32_t a, std::int32_t b) {
      return table.timestamps[a] < table.timestamps[b];
    });
    join_host(rows, table, stays, joined);
    rows = {};
  }
  if (joined.rows == 0) return table;
  keep(stays, table);
  table.notices.push_back(notice(
      "rows_joined",
      "values of " + std::to_string(joined.hosts) + (joined.hosts == 1 ? " host" : " hosts") +
          " come up to " + seconds_text(joined.furthest) +
          " after others of the same host and are taken for the same samples, as of values " +
          seconds_text(joined.step) + " apart (" + std::to_string(joined.rows) + " rows)"));
  return table;
}

}  // namespace rolemix
