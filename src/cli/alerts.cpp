// rolemix alerts: the alerts that would have opened and closed.
#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/common.h"
#include "cli/verbs.h"
#include "core/alert.h"
#include "source/csv_writer.h"

namespace rolemix::cli {
namespace {

constexpr const char* kExamples = R"(
Examples:
  rolemix alerts -m blog-db.rolemix --input last-week/
  rolemix alerts -m blog-db.rolemix --input last-week/ --warning-sensitivity sensitive --format csv
  rolemix alerts -m blog-db.rolemix --input - --fail-on anomalous < last-hour.csv

A sensitivity says how often a normal host may alert: sensitive once a week, normal once a month,
insensitive once a year.)";

struct Arguments {
  std::string model;
  std::vector<std::string> inputs;
  std::string warning;
  std::string critical;
  std::string both;
  int attempts = 0;
  std::string format = "text";
  std::string fail_on;
  bool require_ready = false;
};

Result<AlertSettings> make_settings(const Arguments& arguments, AlertSettings settings) {
  const auto set = [](const std::string& text, Sensitivity& target) -> Result<void> {
    if (text.empty()) {
      return {};
    }
    const auto sensitivity = parse_sensitivity(text);
    if (!sensitivity) {
      return std::unexpected(sensitivity.error());
    }
    target = *sensitivity;
    return {};
  };
  for (auto ok :
       {set(arguments.both, settings.warning), set(arguments.both, settings.critical),
        set(arguments.warning, settings.warning), set(arguments.critical, settings.critical)}) {
    if (!ok) {
      return std::unexpected(ok.error());
    }
  }
  if (arguments.attempts != 0) {
    settings.max_check_attempts = arguments.attempts;
  }
  if (auto checked = validate(settings); !checked) {
    return std::unexpected(checked.error());
  }
  return settings;
}

std::string to_csv(const RoleModel& model, const std::vector<Alert>& alerts) {
  std::string csv =
      "alert_id,role,scope,host,level,started_at,opened_at,closed_at,samples,severity,"
      "anomaly_score,top_metrics,model_id,sentence\n";
  for (const Alert& alert : alerts) {
    fmt::format_to(std::back_inserter(csv), "{},{},host,{},{},{},{},{},{},{},{},{},{},{}\n",
                   alert.alert_id, csv_field(model.role), csv_field(alert.host), name(alert.level),
                   number(alert.started_at), number(alert.opened_at), number(alert.closed_at),
                   alert.samples, number(alert.severity), number(alert.anomaly_score),
                   csv_field(join(alert.top_metrics, ";")), model.model_id,
                   csv_field(alert.sentence));
  }
  return csv;
}

std::string to_json(const RoleModel& model, const AlertSettings& settings,
                    const std::vector<Alert>& alerts) {
  nlohmann::ordered_json json = {{"role", model.role},
                                 {"model_id", model.model_id},
                                 {"ready", model.calibration.ready},
                                 {"settings",
                                  {{"warning_sensitivity", name(settings.warning)},
                                   {"critical_sensitivity", name(settings.critical)},
                                   {"max_check_attempts", settings.max_check_attempts}}},
                                 {"alerts", nlohmann::ordered_json::array()}};
  for (const Alert& alert : alerts) {
    nlohmann::ordered_json entry = {{"alert_id", alert.alert_id},
                                    {"scope", "host"},
                                    {"host", alert.host},
                                    {"level", name(alert.level)},
                                    {"started_at", alert.started_at},
                                    {"opened_at", alert.opened_at},
                                    {"closed_at", nullptr},
                                    {"samples", alert.samples},
                                    {"severity", alert.severity},
                                    {"anomaly_score", alert.anomaly_score},
                                    {"top_metrics", alert.top_metrics},
                                    {"sentence", alert.sentence}};
    if (!std::isnan(alert.closed_at)) {
      entry["closed_at"] = alert.closed_at;
    }
    json["alerts"].push_back(std::move(entry));
  }
  return json.dump(2) + "\n";
}

std::string to_text(const RoleModel& model, const std::vector<Alert>& alerts, const Scored& scored,
                    const AlertSettings& settings) {
  std::string text;
  for (const Alert& alert : alerts) {
    const bool open = std::isnan(alert.closed_at);
    const double minutes = (alert.closed_at - alert.started_at) / 60;
    text += fmt::format("{:<8}  {}  since {}, {}, severity {:.0f}\n          {}\n",
                        name(alert.level), alert.host, time_text(alert.started_at),
                        open ? "still open" : fmt::format("lasted {:.0f} min", minutes),
                        alert.severity, alert.sentence);
  }
  const double host_days =
      static_cast<double>(scored.table.rows()) * model.calibration.interval_seconds / 86400;
  text += fmt::format(
      "{}{} alerts in {:.1f} host-days of {} hosts (warning: {}, critical: {}, {} in a row)\n",
      alerts.empty() ? "" : "\n", alerts.size(), host_days, scored.table.hosts.size(),
      name(settings.warning), name(settings.critical), settings.max_check_attempts);
  return text;
}

int run(const Arguments& arguments) {
  auto scored = load_and_score(arguments.model, arguments.inputs);
  if (!scored) {
    return report(scored.error());
  }
  const RoleModel& model = scored->scorer.model();
  const auto settings = make_settings(arguments, model.alert_settings);
  if (!settings) {
    return report(settings.error());
  }
  const auto alerts = find_alerts(scored->scorer, scored->table, scored->scores, *settings);
  if (!alerts) {
    return report(alerts.error());
  }
  const std::string text = arguments.format == "csv" ? to_csv(model, *alerts)
                           : arguments.format == "json"
                               ? to_json(model, *settings, *alerts)
                               : to_text(model, *alerts, *scored, *settings);
  if (auto printed = print(text); !printed) {
    return report(printed.error());
  }
  const bool not_ready = arguments.require_ready && !model.calibration.ready;
  return not_ready || (!arguments.fail_on.empty() && !alerts->empty()) ? kFound : kDone;
}

}  // namespace

Run add_alerts(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* verb = app.add_subcommand("alerts", "Replay samples and list the alerts they raise");
  verb->footer(kExamples);
  verb->add_option("-m,--model", arguments->model, "the role's model")->required();
  verb->add_option("--input", arguments->inputs,
                   "CSV files, .gz too, folders, or - for standard input")
      ->required();
  const auto sensitivity = CLI::IsMember({"sensitive", "normal", "insensitive"});
  verb->add_option("--warning-sensitivity", arguments->warning,
                   "normal, unless the model says otherwise")
      ->check(sensitivity);
  verb->add_option("--critical-sensitivity", arguments->critical,
                   "insensitive, unless the model says otherwise")
      ->check(sensitivity);
  verb->add_option("--sensitivity", arguments->both, "both at once")->check(sensitivity);
  verb->add_option("--max-check-attempts", arguments->attempts,
                   "anomalous samples in a row before an alert opens (3)")
      ->check(CLI::Range(1, kMaxCheckAttempts));
  verb->add_option("--format", arguments->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}));
  verb->add_option("--fail-on", arguments->fail_on, "exit with 1 when there is an alert")
      ->check(CLI::IsMember({"anomalous"}));
  verb->add_flag("--require-ready", arguments->require_ready,
                 "exit with 1 when the model is not ready");
  return [arguments] { return run(*arguments); };
}

}  // namespace rolemix::cli
