// rolemix score: one row of scores per sample.
#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/escape.h"
#include "cli/common.h"
#include "cli/verbs.h"
#include "explain/host_explainer.h"
#include "table/csv_writer.h"

namespace rolemix::cli {
namespace {

constexpr const char* kExamples = R"(
Examples:
  rolemix score -m blog-db.rolemix --input today.csv > scores.csv
  rolemix score -m blog-db.rolemix --input - --fail-on anomalous < last-hour.csv
  rolemix score -m blog-db.rolemix --input today.csv --config role.yaml     with other tolerances, at once

One row per sample, in the input's order: timestamp,host,anomaly_score,alert_score,severity,state,top_metric.
severity is 0-100: 25 is reached by a normal host once a week, 50 once a month, 75 once a year.)";

// From here on a sample's worst metric is named, and --fail-on anomalous fails.
const double kNamedSeverity = severity_of(Sensitivity::kSensitive);
const double kAnomalousSeverity = severity_of(Sensitivity::kNormal);

struct Arguments {
  std::string model;
  std::string config;
  std::vector<std::string> inputs;
  std::string fail_on;
  bool require_ready = false;
};

std::string to_csv(Scored& scored) {
  const RoleModel& model = scored.scorer.model();
  std::vector<std::int32_t> named;
  for (std::int32_t row = 0; row < scored.samples.rows(); ++row) {
    if (scored.scores.severity[row] >= kNamedSeverity) {
      named.push_back(row);
    }
  }
  std::vector<std::string> top(scored.samples.rows());
  Explainer explainer(scored.scorer);
  explain(explainer, scored.samples, named,
          [&](std::size_t i, Explanation&& why, const HostExplainer&, Index) {
            top[named[i]] = csv_field(join(top_metrics(model, why, 1), ""));
          });
  std::string csv = "timestamp,host,anomaly_score,alert_score,severity,state,top_metric\n";
  for (std::int32_t row = 0; row < scored.samples.rows(); ++row) {
    const double severity = scored.scores.severity[row];
    const int state = scored.scores.state[row];
    fmt::format_to(std::back_inserter(csv), "{},{},{},{},{},{},{}\n", scored.samples.time(row),
                   csv_field(scored.samples.host(row).name),
                   number(scored.scores.anomaly_score[row]), number(scored.scores.alert_score[row]),
                   number(severity), state < 0 ? "" : std::to_string(state), top[row]);
  }
  return csv;
}

int run(const Arguments& arguments) {
  auto scored = load_and_score(arguments.model, arguments.config, arguments.inputs);
  if (!scored) {
    return report(scored.error());
  }
  if (auto printed = print(to_csv(*scored)); !printed) {
    return report(printed.error());
  }
  const bool not_ready = arguments.require_ready && !scored->scorer.model().calibration.ready;
  const bool anomalous =
      !arguments.fail_on.empty() && (scored->scores.severity.array() >= kAnomalousSeverity).any();
  return not_ready || anomalous ? kFound : kDone;
}

}  // namespace

Run add_score(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* verb = app.add_subcommand("score", "Score samples: how unlike normal each one is");
  verb->footer(kExamples);
  verb->add_option("-m,--model", arguments->model, "the role's model")->required();
  add_config(*verb, arguments->config);
  verb->add_option("--input", arguments->inputs,
                   "CSV or Prometheus JSON files, .gz too, folders, or - for standard input")
      ->required();
  verb->add_option("--fail-on", arguments->fail_on,
                   "exit with 1 when a sample has severity 50 or more")
      ->check(CLI::IsMember({"anomalous"}));
  verb->add_flag("--require-ready", arguments->require_ready,
                 "exit with 1 when the model is not ready");
  return [arguments] { return run(*arguments); };
}

}  // namespace rolemix::cli
