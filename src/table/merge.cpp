#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/escape.h"
#include "table/join.h"
#include "table/name_index.h"
#include "table/near_rows.h"
#include "table/sample_table.h"
#include "table/timestamp.h"

namespace rolemix {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::unexpected<Error> fail_conflict(const SampleTable& merged, std::int32_t row,
                                     std::int32_t metric) {
  return fail(ErrorCode::kInvalidArgument,
              "host " + in_quotes(merged.hosts[merged.host[row]]) + ", metric " +
                  in_quotes(merged.metrics[metric]) + ": expected one value per timestamp, got " +
                  "two that differ at " + shown_time(merged.timestamps[row]));
}

}  // namespace

Result<SampleTable> merge(std::vector<SampleTable> tables, Contradiction contradiction) {
  if (tables.size() == 1) return join_near_rows(std::move(tables.front()));
  NameIndex hosts;
  NameIndex metrics;
  RowIndex rows;
  std::vector<std::vector<std::int32_t>> places;  // for every table, its rows in the merged one
  RowOrigins origins;
  std::size_t values = 0;
  for (const SampleTable& table : tables) {
    for (const std::string& metric : table.metrics) metrics.find_or_add(metric);
    for (const std::string& host : table.hosts) hosts.find_or_add(host);
    std::vector<std::int32_t>& place = places.emplace_back();
    place.reserve(table.host.size());
    for (std::size_t row = 0; row < table.host.size(); ++row) {
      const std::int32_t host = hosts.find(table.hosts[table.host[row]]);
      const std::size_t known = rows.timestamps.size();
      place.push_back(rows.find_or_add(table.timestamps[row], host));
      if (rows.timestamps.size() > known) {
        origins.add(place.back(), table.origins, static_cast<std::int32_t>(row));
      }
    }
    values += static_cast<std::size_t>(table.values.size());
  }

  SampleTable merged;
  merged.metrics = metrics.names();
  merged.hosts = hosts.names();
  merged.host = std::move(rows.hosts);
  merged.timestamps = std::move(rows.timestamps);
  std::string sparse = sparseness(values, merged.host.size(), merged.metrics.size());
  if (!sparse.empty()) return fail(ErrorCode::kInvalidArgument, std::move(sparse));
  merged.values.setConstant(std::ssize(merged.host), std::ssize(merged.metrics), kMissing);
  JoinedValues joined(merged);
  auto next = static_cast<std::int32_t>(merged.host.size());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (std::size_t d = 0; d < tables[i].metrics.size(); ++d) {
      const std::int32_t metric = metrics.find(tables[i].metrics[d]);
      for (Index row = 0; row < tables[i].rows(); ++row) {
        if (joined.put(places[i][row], metric, tables[i].values(row, static_cast<Index>(d)))) {
          if (contradiction == Contradiction::kRefused) {
            return fail_conflict(merged, places[i][row], metric);
          }
          origins.add(next++, tables[i].origins, static_cast<std::int32_t>(row));
        }
      }
    }
    std::ranges::move(tables[i].notices, std::back_inserter(merged.notices));
    tables[i] = {};
  }
  joined.finish();
  merged.origins = std::move(origins);
  return join_near_rows(std::move(merged));
}

}  // namespace rolemix
