// rolemix score: one row of scores per sample.
#include <fmt/format.h>

#include <algorithm>
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
  Inputs inputs;
  std::vector<std::string> fail_on;
  bool require_ready = false;
};

/// Prints some rows at a time: of large tables the text takes more memory than the scores.
Result<void> print_csv(OpenRole& role) {
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  const RoleModel& model = role.model();
  const Samples& samples = role.report.samples();
  const TableScores& scores = role.report.scores();
  const auto first_of = [&](std::int32_t row) {  // which may repeat another
    const Samples::Place place = samples.places[row];
    return samples.hosts[place.host].rows[place.sample];
  };
  std::vector<std::int32_t> named;
  for (std::int32_t row = 0; row < samples.rows(); ++row) {
    if (scores.severity[row] >= kNamedSeverity && first_of(row) == row) {
      named.push_back(row);
    }
  }
  std::vector<std::string> top(named.size());
  explain(
      role.explainer, samples, named,
      [&](std::size_t i, Explanation&& why, const HostExplainer&, Index) {
        top[i] = csv_text(join(top_metrics(model, why, 1), ""));
      },
      Missing::kNotPredicted);
  std::string csv = "timestamp,host,anomaly_score,alert_score,severity,state,top_metric\n";
  for (std::int32_t row = 0; row < samples.rows(); ++row) {
    const double severity = scores.severity[row];
    const int state = scores.state[row];
    const auto found = std::ranges::lower_bound(named, first_of(row));
    const bool is_named = found != named.end() && *found == first_of(row);
    fmt::format_to(std::back_inserter(csv), "{},{},{},{},{},{},{}\n", samples.time(row),
                   csv_text(samples.host(row).name), number(scores.anomaly_score[row]),
                   number(scores.alert_score[row]), number(severity),
                   state < 0 ? "" : std::to_string(state),
                   is_named ? top[found - named.begin()] : "");
    if (csv.size() >= kPiece) {
      if (auto printed = print(csv); !printed) {
        return printed;
      }
      csv.clear();
    }
  }
  return print(csv);
}

int run(const Arguments& arguments) {
  const auto opened = open_inputs(arguments.model, arguments.config, arguments.inputs);
  if (!opened) {
    return report(opened.error());
  }
  OpenRole& role = **opened;
  if (auto printed = print_csv(role); !printed) {
    return report(printed.error());
  }
  const bool not_ready = arguments.require_ready && !role.model().calibration.ready;
  const bool anomalous = is_asked(arguments.fail_on, kAnomalous) &&
                         std::ranges::any_of(role.report.scores().severity, [](double severity) {
                           return severity >= kAnomalousSeverity;
                         });
  const int attempts = role.model().alert_settings.max_check_attempts;
  return not_ready || anomalous || fails_on_blind(arguments.fail_on, role, attempts) ? kFound
                                                                                     : kDone;
}

}  // namespace

Run add_score(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* verb = app.add_subcommand("score", "Score samples: how unlike normal each one is");
  verb->footer(kExamples);
  verb->add_option("-m,--model", arguments->model, "the role's model")->required();
  add_config(*verb, arguments->config);
  add_inputs(*verb, arguments->inputs);
  add_any_role(*verb, arguments->inputs);
  add_fail_on(*verb, "a sample has severity 50 or more", arguments->fail_on);
  verb->add_flag("--require-ready", arguments->require_ready,
                 "exit with 1 when the model is not ready");
  return [arguments] { return run(*arguments); };
}

}  // namespace rolemix::cli
