// rolemix alerts: the alerts that would have opened and closed.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alert/alert_state_file.h"
#include "alert/find_alerts.h"
#include "base/escape.h"
#include "cli/alert_output.h"
#include "cli/common.h"
#include "cli/kept_state.h"
#include "cli/verbs.h"
#include "source/check_outputs.h"
#include "source/target.h"
#include "source/write_file.h"

namespace rolemix::cli {
namespace {

constexpr const char* kExamples = R"(
Examples:
  rolemix alerts -m blog-db.rolemix --input last-week/
  rolemix alerts -m blog-db.rolemix --input last-week/ --warning-sensitivity sensitive --format csv
  rolemix alerts -m blog-db.rolemix --input - --fail-on anomalous < last-hour.csv
  rolemix alerts -m blog-db.rolemix --input new.csv --state blog-db.state
  rolemix alerts -m blog-db.rolemix --state blog-db.state --open
  rolemix alerts -m blog-db.rolemix --input last-week/ --config role.yaml

A sensitivity says how often a normal host may alert: sensitive once a week, normal once a month,
insensitive once a year.

A host has one alert at a time, whose level is the highest it reached. When more than half of the
hosts that send samples are alerting, of at least three, one alert of scope role stands for them. An alert stays open while its host sends nothing; a host that was
silent for more than an hour starts afresh.

With --state FILE a run goes on where the one before ended, and lists the alerts that opened,
escalated or closed in it, each with its last change; --open lists all that is open instead. Samples that a run before has seen are passed over. FILE is made when it
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
  bool open = false;
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

struct Replay {
  std::unique_ptr<OpenRole> role;
  AlertList list;
};

/// The alerts of the inputs; with a state those that changed, and the state goes on.
Result<Replay> replay(const Arguments& arguments, const RoleModel& model,
                      const AlertSettings& settings, AlertState& state,
                      std::vector<Notice> notices) {
  HostStates before;
  for (const HostAlertState& host : state.hosts) {
    before[host.host] = host.carried;
  }
  auto role = open_table(model, arguments.model, arguments.inputs, std::move(notices), before);
  if (!role) {
    return std::unexpected(role.error());
  }
  RoleReport& report = (*role)->report;
  AlertList list;
  list.settings = settings;
  list.tells_changes = !arguments.state.empty();
  if (arguments.state.empty()) {
    for (Alert& alert : report.alerts(settings)) {
      list.alerts.push_back({std::move(alert), std::nullopt});
    }
  } else {
    for (AlertEvent& event : report.follow_alerts(settings, state)) {
      list.alerts.push_back({std::move(event.alert), event.change});
    }
  }
  list.latest = -std::numeric_limits<double>::infinity();
  for (const std::vector<double>& host : report.samples().times()) {
    list.latest = std::max(list.latest, host.back());
  }
  return Replay{std::move(*role), std::move(list)};
}

/// All that is open, with what became of it in this run.
std::vector<ListedAlert> open_of(const AlertState& state, const std::vector<ListedAlert>& changed) {
  std::vector<ListedAlert> open;
  for (Alert& alert : open_alerts(state)) {
    const auto found = std::ranges::find_if(
        changed, [&](const ListedAlert& of) { return of.alert.alert_id == alert.alert_id; });
    open.push_back({std::move(alert), found == changed.end() ? std::nullopt : found->change});
  }
  return open;
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

Result<void> print_list(const Arguments& arguments, const RoleModel& model, const AlertList& list,
                        const RoleReport* samples) {
  const Language language = language_of(arguments.language);
  return print(arguments.format == "csv" ? to_csv(model, list, language)
               : arguments.format == "json"
                   ? to_json(model, list, language)
                   : visible_lines(to_text(model, list, samples, language)));
}

/// --open without inputs: what the state holds, which is left as it is.
int list_open(const Arguments& arguments, const RoleModel& model, const AlertSettings& settings,
              std::vector<Notice> notices) {
  const auto state = load_state(arguments.state, model, notices);
  if (!state) {
    return report(state.error());
  }
  show(notices);
  AlertList list;
  list.alerts = open_of(*state, {});
  list.settings = settings;
  list.notices = std::move(notices);
  list.tells_changes = true;
  list.latest = state->latest;
  if (auto printed = print_list(arguments, model, list, nullptr); !printed) {
    return report(printed.error());
  }
  return is_asked(arguments.fail_on, kAnomalous) && !list.alerts.empty() ? kFound : kDone;
}

/// The bytes to write in the state's place; what they do not hold is said.
Result<std::string> bytes_of(const Arguments& arguments, AlertState state, OpenRole& role) {
  auto written = write_alert_state(std::move(state), role.model());
  if (!written) {
    return fail(written.error().code, arguments.state + ": " + written.error().message);
  }
  for (Notice& notice : written->notices) {
    notice.file = arguments.state;
  }
  show(written->notices);
  role.notices.insert(role.notices.end(), written->notices.begin(), written->notices.end());
  return std::move(written->bytes);
}

/// Lists the alerts of the inputs. `state` goes on, and is replaced at the end: a run whose alerts
/// were not told of is repeated from the state before.
int list_alerts(const Arguments& arguments, const RoleModel& model, const AlertSettings& settings,
                AlertState state, std::vector<Notice> notices) {
  auto done = replay(arguments, model, settings, state, std::move(notices));
  if (!done) {
    return report(done.error());
  }
  AlertList& list = done->list;
  const bool anomalous = is_asked(arguments.fail_on, kAnomalous) && !list.alerts.empty();
  if (arguments.open) {
    list.alerts = open_of(state, list.alerts);
  }
  std::string bytes;
  if (!arguments.state.empty()) {
    auto written = bytes_of(arguments, std::move(state), *done->role);
    if (!written) {
      return report(written.error());
    }
    bytes = std::move(*written);
  }
  list.notices = done->role->notices;
  list.rows = row_counts(*done->role);
  if (auto printed = print_list(arguments, model, list, &done->role->report); !printed) {
    return report(printed.error());
  }
  if (!arguments.state.empty()) {
    if (auto written = write_file_atomically(arguments.state, bytes); !written) {
      return report(written.error());
    }
  }
  const bool not_ready = arguments.require_ready && !model.calibration.ready;
  return not_ready || anomalous ||
                 fails_on_blind(arguments.fail_on, *done->role, settings.max_check_attempts)
             ? kFound
             : kDone;
}

Result<void> check_arguments(const Arguments& arguments) {
  const auto refuse = [](const char* text) { return fail(ErrorCode::kInvalidArgument, text); };
  if (arguments.open && arguments.state.empty()) {
    return refuse("--open lists what a state holds: expected --state FILE beside it");
  }
  if (arguments.inputs.paths.empty() && !arguments.open) {
    return refuse("--input is required, unless --open lists what a state holds");
  }
  return check_files(arguments);
}

int run(const Arguments& arguments) {
  if (auto checked = check_arguments(arguments); !checked) {
    return report(checked.error());
  }
  std::vector<Notice> notices;
  const auto model = load_model(arguments.model, arguments.config, notices);
  if (!model) {
    return report(model.error());
  }
  const auto settings = make_settings(arguments, model->alert_settings);
  if (!settings) {
    return report(settings.error());
  }
  if (arguments.inputs.paths.empty()) {
    return list_open(arguments, *model, *settings, std::move(notices));
  }
  if (arguments.state.empty()) {
    return list_alerts(arguments, *model, *settings, {}, std::move(notices));
  }
  const auto lock = lock_state(arguments.state, notices);
  if (!lock) {
    return report(lock.error());
  }
  auto state = load_or_begin_state(arguments.state, *model, arguments.state_recover, notices);
  if (!state) {
    return report(state.error());
  }
  return list_alerts(arguments, *model, *settings, std::move(*state), std::move(notices));
}

}  // namespace

Run add_alerts(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* verb = app.add_subcommand("alerts", "Replay samples and list the alerts they raise");
  verb->footer(kExamples);
  verb->add_option("-m,--model", arguments->model, "the role's model")->required();
  add_config(*verb, arguments->config);
  add_inputs(*verb, arguments->inputs)->required(false);
  add_any_role(*verb, arguments->inputs);
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
  verb->add_flag("--open", arguments->open,
                 "list all that is open by the state, changed in this run or not; without --input "
                 "the state is only read");
  add_fail_on(*verb, "there is an alert", arguments->fail_on);
  verb->add_flag("--require-ready", arguments->require_ready,
                 "exit with 1 when the model is not ready");
  return [arguments] { return run(*arguments); };
}

}  // namespace rolemix::cli
