// MODEL FOLDER of metrics: what a full explanation takes, in microseconds a sample with and without
// its details, and in milliseconds for 1000 alerts. Prints JSON.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

#include "explain/detail.h"
#include "explain/host_explainer.h"
#include "model/model_file.h"
#include "report/alert_explanation.h"
#include "source/files.h"

namespace rolemix {
namespace {

constexpr std::size_t kSamples = 1000;
constexpr double kSpan = 1800;  // of an alert, seconds

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// The rows whose severity is the largest.
std::vector<std::int32_t> worst_rows(const TableScores& scores) {
  std::vector<std::int32_t> rows(scores.severity.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    rows[row] = static_cast<std::int32_t>(row);
  }
  std::ranges::stable_sort(rows, std::greater<>(),
                           [&](std::int32_t row) { return scores.severity[row]; });
  rows.resize(std::min(rows.size(), kSamples));
  return rows;
}

int run(const std::string& model_path, const std::string& folder) {
  const auto bytes = read_file(model_path);
  const auto model =
      read_model(std::span(reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()));
  const auto table = read_tables({folder});
  if (!model || !table) {
    std::cerr << (model ? table.error() : model.error()).message << "\n";
    return 1;
  }
  Scorer scorer = *Scorer::create(*model);
  Explainer explainer(scorer);
  const Samples samples = *samples_of(*model, *table);
  const TableScores scores = score(scorer, samples);
  const std::vector<std::int32_t> rows = worst_rows(scores);
  double alone = 0;
  double whole = 0;
  for (const HostSamples& host : samples.hosts) {
    HostExplainer of_host(explainer, host);
    for (Index place = 0; place < std::ssize(host.rows); ++place) {
      if (std::ranges::count(rows, host.rows[place]) == 0) {
        continue;
      }
      const auto begin = Clock::now();
      const Explanation explanation = of_host.explain(place, 1).front();
      alone += seconds_since(begin);
      detail_of(explainer, of_host.values(place), of_host.shift(place), explanation);
      whole += seconds_since(begin);
    }
  }
  const auto begin = Clock::now();
  for (const std::int32_t row : rows) {
    Alert alert;
    alert.worst_host = samples.host(row).name;
    alert.worst_at = samples.time(row);
    alert.started_at = alert.worst_at - kSpan / 2;
    alert.closed_at = alert.worst_at + kSpan / 2;
    if (!explain_alert(explainer, samples, scores, {}, alert)) {
      return 1;
    }
  }
  const auto count = static_cast<double>(rows.size());
  std::cout << "{\"sample\": " << alone / count * 1e6 << ", \"detail\": " << whole / count * 1e6
            << ", \"alerts\": " << seconds_since(begin) / count * 1e6 << "}\n";
  return 0;
}

}  // namespace
}  // namespace rolemix

int main(int, char** arguments) { return rolemix::run(arguments[1], arguments[2]); }
