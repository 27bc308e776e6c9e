#include "simulate/answer_json.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace rolemix {
namespace {

// As VictoriaMetrics and Thanos say it.
constexpr const char* kPartial =
    R"("isPartial":true,"warnings":["receive series from store-2:10901: connection refused"],)";

}  // namespace

std::string answer_json(const SampleTable& table, const Answer& answer) {
  std::string json = R"({"status":"success",)";
  if (answer.is_partial) json += kPartial;
  json += R"("data":{"resultType":"matrix","result":[)";
  auto out = std::back_inserter(json);
  for (std::size_t d = 0; d < table.metrics.size(); ++d) {
    fmt::format_to(out, R"({}{{"metric":{{"instance":"{}","metric":"{}"}},"values":[)",
                   d == 0 ? "\n" : ",\n",
                   table.rows() > 0 ? table.hosts[static_cast<std::size_t>(table.host[0])] : "",
                   table.metrics[d]);
    bool first = true;
    for (Index row = 0; row < table.rows(); ++row) {
      const double value = table.values(row, static_cast<Index>(d));
      if (std::isnan(value)) continue;
      const double time = table.timestamps[static_cast<std::size_t>(row)] + answer.delays[d];
      fmt::format_to(out, R"({}[{},"{}"])", first ? "" : ",", time, value);
      first = false;
    }
    json += "]}";
  }
  return json + "\n]}}\n";
}

}  // namespace rolemix
