#include "source/csv_writer.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <string_view>

namespace rolemix {
std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

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

std::string incidents_csv(const std::vector<Incident>& incidents) {
  std::string csv = "kind,host,from,to,anomalous,cause_metrics,description\n";
  for (const Incident& incident : incidents) {
    csv += fmt::format("{},{},{},{},{},{},{}\n", csv_field(incident.kind), csv_field(incident.host),
                       incident.from, incident.to, incident.anomalous,
                       csv_field(fmt::format("{}", fmt::join(incident.cause_metrics, ";"))),
                       csv_field(incident.description));
  }
  return csv;
}

}  // namespace rolemix
