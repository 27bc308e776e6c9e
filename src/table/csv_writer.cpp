#include "table/csv_writer.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/escape.h"

namespace rolemix {

std::string to_csv(const SampleTable& table) {
  std::string csv = "timestamp,host";
  for (const std::string& metric : table.metrics) csv += ',' + csv_field(metric);
  csv += '\n';

  std::vector<std::string> hosts;
  hosts.reserve(table.hosts.size());
  for (const std::string& host : table.hosts) hosts.push_back(csv_field(host));

  auto out = std::back_inserter(csv);
  for (Index row = 0; row < table.rows(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    fmt::format_to(out, "{},{}", table.timestamps[i],
                   hosts[static_cast<std::size_t>(table.host[i])]);
    for (Index d = 0; d < table.values.cols(); ++d) {
      csv += ',';
      const double value = table.values(row, d);
      if (!std::isnan(value)) fmt::format_to(out, "{}", value);
    }
    csv += '\n';
  }
  return csv;
}

}  // namespace rolemix
