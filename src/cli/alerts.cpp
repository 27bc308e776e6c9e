// rolemix alerts: the alerts that would have opened and closed.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "alert/alert_state_file.h"
#include "alert/find_alerts.h"
#include "base/escape.h"
#include "cli/common.h"
#include "cli/explanation_output.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "say/names.h"
#include "say/sentence.h"
#include "source/check_outputs.h"
#include "source/file_lock.h"
#include "source/files.h"
#include "source/target.h"
#include "source/write_file.h"
#include "table/csv_writer.h"
#include "text/time.h"

namespace rolemix::cli {
namespace {

constexpr const char* kExamples = R"(
Examples:
  rolemix alerts -m blog-db.rolemix --input last-week/
  rolemix alerts -m blog-db.rolemix --input last-week/ --warning-sensitivity sensitive --format csv
  rolemix alerts -m blog-db.rolemix --input - --fail-on anomalous < last-hour.csv
  rolemix alerts -m blog-db.rolemix --input new.csv --state blog-db.state
  rolemix alerts -m blog-db.rolemix --input last-week/ --config role.yaml

A sensitivity says how often a normal host may alert: sensitive once a week, normal once a month,
insensitive once a year.

A host has one alert at a time, whose level is the highest it reached. When more than half of the
hosts that send samples are alerting, of at least three, one alert of scope role stands for them. An alert stays open while its host sends nothing; a host that was
silent for more than an hour starts afresh.

With --state FILE a run goes on where the one before ended, and lists the alerts that opened,
escalated or closed in it. Samples that a run before has seen are passed over. FILE is made when it
does not exist, and replaced as a whole at the end. One run at a time has it, by a lock on FILE.lock: another waits for 10 s,
then ends with 3. With another model of the role it goes on. A damaged file
is an error; with --state-recover it is kept as FILE.damaged, and the run starts from its samples.

With --config FILE tolerances and dropped metrics (drop: true) of a role's configuration act at once,
without training, and its alert settings come before the model's; options come before both.)";

struct Arguments {
  std::string model;
  std::string config;
  Inputs inputs;
  std::string warning;
  std::string critical;
  std::string both;
  int attempts = 0;
  std::string format = "text";
  std::string language = "en";
  std::string state;
  bool state_recover = false;
  std::vector<std::string> fail_on;
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

std::vector<std::string> metrics_of(const RoleModel& model, const Alert& alert) {
  return alert.finding ? top_metrics(model, *alert.finding) : std::vector<std::string>();
}

std::string to_csv(const RoleModel& model, const std::vector<Alert>& alerts, Language language) {
  std::string csv =
      "alert_id,role,scope,host,level,started_at,opened_at,closed_at,samples,severity,"
      "anomaly_score,top_metrics,model_id,sentence\n";
  for (const Alert& alert : alerts) {
    fmt::format_to(std::back_inserter(csv), "{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
                   alert.alert_id, csv_text(model.role), name(alert.scope),
                   csv_text(host_names(alert)), name(alert.level), number(alert.started_at),
                   number(alert.opened_at), number(alert.closed_at), alert.samples,
                   number(alert.severity), number(alert.anomaly_score),
                   csv_text(join(metrics_of(model, alert), ";")), model.model_id,
                   csv_text(sentence(model, alert, language)));
  }
  return csv;
}

std::string to_json(const OpenRole& role, const AlertSettings& settings,
                    const std::vector<Alert>& alerts, Language language) {
  const RoleModel& model = role.model();
  nlohmann::ordered_json json = {{"role", model.role},
                                 {"model_id", model.model_id},
                                 {"ready", model.calibration.ready},
                                 {"settings",
                                  {{"warning_sensitivity", name(settings.warning)},
                                   {"critical_sensitivity", name(settings.critical)},
                                   {"max_check_attempts", settings.max_check_attempts}}},
                                 {"notices", notices_json(role.notices)},
                                 {"alerts", nlohmann::ordered_json::array()}};
  for (const Alert& alert : alerts) {
    nlohmann::ordered_json entry = {{"alert_id", alert.alert_id},
                                    {"scope", name(alert.scope)},
                                    {"host", host_names(alert)},
                                    {"hosts", alert.hosts},
                                    {"level", name(alert.level)},
                                    {"started_at", alert.started_at},
                                    {"opened_at", alert.opened_at},
                                    {"closed_at", nullptr},
                                    {"last_sample_at", alert.last_sample_at},
                                    {"samples", alert.samples},
                                    {"severity", alert.severity},
                                    {"anomaly_score", alert.anomaly_score},
                                    {"top_metrics", metrics_of(model, alert)},
                                    {"sentence", sentence(model, alert, language)}};
    if (!std::isnan(alert.closed_at)) {
      entry["closed_at"] = alert.closed_at;
    }
    json["alerts"].push_back(std::move(entry));
  }
  return json_text(json);
}

/// `gap_before`: a host whose last sample is older sends nothing.
std::string lasting_text(const Alert& alert, double gap_before, Language language) {
  if (!std::isnan(alert.closed_at)) {
    return say(language, Phrase::kLasted, (alert.closed_at - alert.started_at) / 60);
  }
  return alert.last_sample_at < gap_before
             ? say(language, Phrase::kSilent, minute_text(alert.last_sample_at))
             : say(language, Phrase::kStillOpen);
}

std::string to_text(const RoleModel& model, const std::vector<Alert>& alerts, const OpenRole& role,
                    const AlertSettings& settings, Language language) {
  std::string text;
  const std::vector<std::vector<double>> times = role.report.samples().times();
  double latest = -std::numeric_limits<double>::infinity();
  for (const std::vector<double>& host : times) {
    latest = std::max(latest, host.back());
  }
  for (const Alert& alert : alerts) {
    text += say(language, Phrase::kAlertEntry, level_text(alert.level, language),
                join(alert.hosts, ", "), minute_text(alert.started_at),
                lasting_text(alert, latest - longest_gap(model.calibration), language),
                alert.severity, sentence(model, alert, language));
  }
  const std::size_t hosts = times.size();
  const double days = host_days(times);
  const auto plural = [](std::size_t count) { return count == 1 ? "" : "s"; };
  const auto older = static_cast<std::size_t>(role.report.samples().passed_over);
  if (hosts == 0 && older > 0) {
    return text + say(language, Phrase::kAllOlder, older, plural(older));
  }
  return text + (alerts.empty() ? "" : "\n") +
         say(language, Phrase::kSummary, alerts.size(), plural(alerts.size()), days, hosts,
             plural(hosts), word(settings.warning, language), word(settings.critical, language),
             settings.max_check_attempts);
}

/// The state in the file; a fresh one when there is none, or with `recover` when it is damaged.
Result<AlertState> load_state(const std::string& path, const RoleModel& model, bool recover,
                              std::vector<Notice>& notices) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return AlertState();
  }
  const auto bytes = read_file(path, kMostStateBytes);
  if (!bytes) {
    return std::unexpected(bytes.error());
  }
  auto state = read_alert_state(
      std::span(reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()), model);
  if (!state && recover) {
    notices.push_back(
        notice("state_lost",
               fmt::format("{}; starts from these samples: alerts that were open, and what hosts "
                           "were like before, are not known; the old file is kept as {}.damaged",
                           state.error().message, path)));
    notices.back().file = path;
    if (auto kept = write_file_atomically(path + ".damaged", *bytes, path); !kept) {
      return std::unexpected(kept.error());
    }
    return AlertState();
  }
  if (!state) {
    return fail(state.error().code, fmt::format("{}: {}; --state-recover starts from the samples",
                                                path, state.error().message));
  }
  if (state->model_id != model.model_id) {
    notices.push_back(notice(
        "state_of_another_model",
        fmt::format("written with model {}, goes on with {}", state->model_id, model.model_id)));
    notices.back().file = path;
  }
  return state;
}

struct Replay {
  std::unique_ptr<OpenRole> role;
  AlertSettings settings;
  std::vector<Alert> alerts;
};

/// All alerts of the inputs; with a state those that changed, and the state goes on.
Result<Replay> replay(const Arguments& arguments, const RoleModel& model, AlertState& state,
                      std::vector<Notice> notices) {
  const auto settings = make_settings(arguments, model.alert_settings);
  if (!settings) {
    return std::unexpected(settings.error());
  }
  HostStates before;
  for (const HostAlertState& host : state.hosts) {
    before[host.host] = host.carried;
  }
  auto role = open_table(model, arguments.model, arguments.inputs, std::move(notices), before);
  if (!role) {
    return std::unexpected(role.error());
  }
  RoleReport& report = (*role)->report;
  std::vector<Alert> alerts =
      arguments.state.empty() ? report.alerts(*settings) : report.follow_alerts(*settings, state);
  return Replay{std::move(*role), *settings, std::move(alerts)};
}

Result<void> check_files(const Arguments& arguments) {
  std::vector<NamedPath> outputs = {standard_output()};
  if (!arguments.state.empty()) {
    const auto target = find_target(arguments.state);
    if (target && target->is_in_place()) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("--state: expected a regular file, which can be read and replaced, "
                              "got {}",
                              arguments.state));
    }
    outputs.emplace_back("--state", arguments.state);
    if (arguments.state_recover) {
      outputs.emplace_back("--state-recover", arguments.state + ".damaged");
    }
  }
  return check_outputs(outputs, inputs_of(arguments.model, arguments.config, arguments.inputs));
}

/// No other run reads or writes the state before this one has replaced it: both would tell of the
/// same alerts.
Result<FileLock> lock_state(const std::string& path, std::vector<Notice>& notices) {
  // A run over an hour's samples of a role takes a second or two.
  constexpr std::chrono::seconds kPatience(10);
  auto lock = FileLock::acquire(path, kPatience, [&] {
    message(fmt::format("{}: waiting up to {} s for another run with this state", path,
                        kPatience.count()));
  });
  if (lock && !lock->is_held()) {
    notices.push_back(notice("state_not_locked",
                             "its file system has no locks: two runs at the same time would both "
                             "tell of the same alerts"));
    notices.back().file = path;
  }
  return lock;
}

int run(const Arguments& arguments) {
  if (auto checked = check_files(arguments); !checked) {
    return report(checked.error());
  }
  std::vector<Notice> notices;
  const auto model = load_model(arguments.model, arguments.config, notices);
  if (!model) {
    return report(model.error());
  }
  std::optional<FileLock> lock;
  if (!arguments.state.empty()) {
    auto locked = lock_state(arguments.state, notices);
    if (!locked) {
      return report(locked.error());
    }
    lock.emplace(std::move(*locked));
  }
  auto state = arguments.state.empty()
                   ? AlertState()
                   : load_state(arguments.state, *model, arguments.state_recover, notices);
  if (!state) {
    return report(state.error());
  }
  const auto done = replay(arguments, *model, *state, std::move(notices));
  if (!done) {
    return report(done.error());
  }
  std::string bytes;
  if (!arguments.state.empty()) {
    auto written = write_alert_state(std::move(*state), *model);
    if (!written) {
      return report(Error{written.error().code, arguments.state + ": " + written.error().message});
    }
    bytes = std::move(written->bytes);
    for (Notice& notice : written->notices) {
      notice.file = arguments.state;
    }
    show(written->notices);
    auto& all = done->role->notices;
    all.insert(all.end(), written->notices.begin(), written->notices.end());
  }
  const Language language = language_of(arguments.language);
  const std::string text =
      arguments.format == "csv" ? to_csv(*model, done->alerts, language)
      : arguments.format == "json"
          ? to_json(*done->role, done->settings, done->alerts, language)
          : visible_lines(to_text(*model, done->alerts, *done->role, done->settings, language));
  if (auto printed = print(text); !printed) {
    return report(printed.error());
  }
  // At the end: a run whose alerts were not told of is repeated from the state before.
  if (!arguments.state.empty()) {
    if (auto written = write_file_atomically(arguments.state, bytes); !written) {
      return report(written.error());
    }
  }
  const bool not_ready = arguments.require_ready && !model->calibration.ready;
  const bool anomalous = is_asked(arguments.fail_on, kAnomalous) && !done->alerts.empty();
  return not_ready || anomalous ||
                 fails_on_blind(arguments.fail_on, *done->role, done->settings.max_check_attempts)
             ? kFound
             : kDone;
}

}  // namespace

Run add_alerts(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* verb = app.add_subcommand("alerts", "Replay samples and list the alerts they raise");
  verb->footer(kExamples);
  verb->add_option("-m,--model", arguments->model, "the role's model")->required();
  add_config(*verb, arguments->config);
  add_inputs(*verb, arguments->inputs);
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
  add_language(*verb, arguments->language);
  verb->add_option("--state", arguments->state,
                   "go on from this file, and write it: lists what changed in this run");
  verb->add_flag("--state-recover", arguments->state_recover,
                 "start from the samples when the state file is damaged");
  add_fail_on(*verb, "there is an alert", arguments->fail_on);
  verb->add_flag("--require-ready", arguments->require_ready,
                 "exit with 1 when the model is not ready");
  return [arguments] { return run(*arguments); };
}

}  // namespace rolemix::cli
