// rolemix explain: which metrics make a sample anomalous, and what they should have been.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alert/alert_id.h"
#include "alert/find_alerts.h"
#include "base/escape.h"
#include "cli/common.h"
#include "cli/explanation_output.h"
#include "cli/kept_state.h"
#include "cli/verbs.h"
#include "report/role_report.h"
#include "table/timestamp.h"

namespace rolemix::cli {
namespace {

constexpr const char* kExamples = R"(
Examples:
  rolemix explain -m blog-db.rolemix --input today.csv                       the worst sample of all
  rolemix explain -m blog-db.rolemix --input today.csv --host db-3           the worst sample of a host
  rolemix explain -m blog-db.rolemix --input today.csv --host db-3 --timestamp 2026-10-12T03:05Z
  rolemix explain -m blog-db.rolemix --input today.csv --host db-3 --from 1791770400 --to 1791774000
  rolemix explain -m blog-db.rolemix --input today.csv --host db-3 --from 1791770400 --to 1791774000 --merge
  rolemix explain -m blog-db.rolemix --input today.csv --alert blog:db/db-3@2026-10-12T03:05:00Z
  rolemix explain -m blog-db.rolemix --state blog-db.state --alert db-3@2026-10-12T03:05Z
  rolemix explain -m blog-db.rolemix --input today.csv --config role.yaml    with other tolerances, at once

All rows are read as history; those asked for are printed: with --timestamp, --from or --to every sample of that
time, of every host unless --host names one. "expected" and its range are what the other metrics
predict at that moment, "typical" is the metric's usual range on its own.)";

struct Arguments {
  std::string model;
  std::string config;
  Inputs inputs;
  std::string host;
  std::string timestamp;
  std::string from;
  std::string to;
  std::string alert;
  std::string state;
  std::string format = "text";
  std::string language = "en";
  bool merge = false;
  bool details = false;
};

Result<double> time_or(const std::string& text, std::string_view option, double absent) {
  return text.empty() ? absent : time_argument(text, option);
}

constexpr double kForever = std::numeric_limits<double>::infinity();

/// Errors: invalid_argument, with the hosts that there are.
Result<void> check_host(const std::string& host, const Samples& samples) {
  if (host.empty() || samples.find(host) != nullptr) {
    return {};
  }
  std::vector<std::string> known;
  for (const std::int32_t of : samples.by_name) {
    known.push_back(samples.hosts[of].name);
  }
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("--host: the input has no host {}; it has {}", in_quotes(host),
                          join(known, ", ").substr(0, 200)));
}

Result<std::vector<std::int32_t>> choose_rows(const Arguments& arguments, RoleReport& role) {
  const auto at = time_or(arguments.timestamp, "--timestamp", kForever);
  const auto from = time_or(arguments.from, "--from", -kForever);
  const auto to = time_or(arguments.to, "--to", kForever);
  for (const auto* time : {&at, &from, &to}) {
    if (!*time) {
      return std::unexpected(time->error());
    }
  }
  const Samples& samples = role.samples();
  if (auto known = check_host(arguments.host, samples); !known) {
    return std::unexpected(known.error());
  }
  std::vector<std::int32_t> rows;
  double nearest = kForever;
  for (std::int32_t row = 0; row < samples.rows(); ++row) {
    if (!arguments.host.empty() && samples.host(row).name != arguments.host) {
      continue;
    }
    const double time = samples.time(row);
    if (!arguments.timestamp.empty() && time != *at) {
      nearest = std::abs(time - *at) < std::abs(nearest - *at) ? time : nearest;
      continue;
    }
    if (time >= *from && time < *to) {
      rows.push_back(row);
    }
  }
  if (rows.empty()) {
    const std::string date = timestamp_text(nearest);
    return fail(
        ErrorCode::kInvalidArgument,
        arguments.timestamp.empty()
            ? "explain: the input has no sample in that period"
            : fmt::format(
                  "--timestamp: there is no sample at that time; the nearest is at {}",
                  nearest == std::floor(nearest) && !date.empty() ? date : number(nearest)));
  }
  const bool asked_for_time =
      !arguments.timestamp.empty() || !arguments.from.empty() || !arguments.to.empty();
  if (!asked_for_time) {
    const std::int32_t worst = role.worst_row(arguments.host);
    rows = {worst < 0 ? rows.front() : worst};
  }
  return rows;
}

/// The rows explained, in their order. Similar moments take a look at all samples, so they are
/// only searched for one of them.
std::string render(const Arguments& arguments, OpenRole& open,
                   const std::vector<std::int32_t>& rows) {
  RoleReport& role = open.report;
  const RoleModel& model = role.model();
  const Language language = language_of(arguments.language);
  std::string text = arguments.format == "csv" ? explanation_header(arguments.details) : "";
  Json json = {{"role", model.role},
               {"model_id", model.model_id},
               {"rows", rows_json(row_counts(open))},
               {"notices", notices_json(open.notices)},
               {"samples", Json::array()}};
  const bool plain = arguments.format == "csv" && !arguments.details;
  std::vector<MomentReport> samples = role.moments(rows, language, plain);
  if (!plain && rows.size() == 1) {
    samples.front().similar = role.similar(rows.front());
  }
  for (const MomentReport& sample : samples) {
    if (arguments.format == "csv") {
      append_csv(model, sample, arguments.details, text);
    } else if (arguments.format == "json") {
      json["samples"].push_back(to_json(model, sample));
    } else {
      text += (text.empty() ? "" : "\n") + to_text(model, sample, language);
    }
  }
  return arguments.format == "json"  ? json_text(json)
         : arguments.format == "csv" ? text
                                     : visible_lines(text);
}

/// One of the three formats, made of an alert or span, or of its explanation.
template <typename Csv, typename ToJson, typename Text>
std::string in_format(const Arguments& arguments, const RoleModel& model,
                      const std::vector<Notice>& notices, Csv csv, ToJson json, Text text) {
  if (arguments.format == "csv") {
    std::string rows = explanation_header(arguments.details);
    csv(rows);
    return rows;
  }
  return arguments.format == "json" ? json_text({{"role", model.role},
                                                 {"model_id", model.model_id},
                                                 {"notices", notices_json(notices)},
                                                 {arguments.merge ? "span" : "alert", json()}})
                                    : visible_lines(text());
}

Result<std::string> render_explained(const Arguments& arguments, OpenRole& open,
                                     Result<AlertExplanation> why) {
  if (!why) {
    return std::unexpected(why.error());
  }
  RoleReport& role = open.report;
  const RoleModel& model = role.model();
  const Language language = language_of(arguments.language);
  why->worst.similar = role.similar(role.row_at(why->worst.host, why->worst.timestamp));
  return in_format(
      arguments, model, open.notices,
      [&](std::string& csv) { append_csv(model, why->worst, arguments.details, csv); },
      [&] { return to_json(model, *why); }, [&] { return to_text(model, *why, language); });
}

Result<std::string> render_alert(const Arguments& arguments, OpenRole& open,
                                 const FoundAlert& found) {
  return render_explained(
      arguments, open,
      open.report.explain(found.alert, found.settings, language_of(arguments.language)));
}

/// --merge.
Result<std::string> render_span(const Arguments& arguments, OpenRole& open) {
  const auto from = time_or(arguments.from, "--from", -kForever);
  const auto to = time_or(arguments.to, "--to", kForever);
  for (const auto* time : {&from, &to}) {
    if (!*time) {
      return std::unexpected(time->error());
    }
  }
  if (auto known = check_host(arguments.host, open.report.samples()); !known) {
    return std::unexpected(known.error());
  }
  return render_explained(
      arguments, open,
      open.report.explain(HostSpan{arguments.host, *from, *to}, open.model().alert_settings,
                          language_of(arguments.language)));
}

/// By what the state keeps of it.
std::string render_kept(const Arguments& arguments, const RoleModel& model, const Alert& alert,
                        const std::vector<Notice>& notices) {
  const Language language = language_of(arguments.language);
  return in_format(
      arguments, model, notices, [&](std::string& csv) { append_csv(model, alert, csv); },
      [&] { return to_json(model, alert, language); },
      [&] { return to_text(model, alert, language); });
}

/// What --alert names, among the alerts of the samples.
Result<FoundAlert> alert_of_samples(const Arguments& arguments, OpenRole& open) {
  auto found = open.report.alert(arguments.alert, open.model().alert_settings);
  if (!found) {
    return fail(found.error().code, "--alert: " + found.error().message);
  }
  if (!found->is_same) {
    const Notice other =
        notice("alert_overlaps", fmt::format("the samples have no alert {}; {} overlaps it",
                                             in_quotes(arguments.alert), found->alert.alert_id));
    show({other});
    open.notices.push_back(other);
  }
  return found;
}

Result<std::string> explained(const Arguments& arguments) {
  const auto role = open_inputs(arguments.model, arguments.config, arguments.inputs);
  if (!role) {
    return std::unexpected(role.error());
  }
  if (!arguments.alert.empty()) {
    const auto found = alert_of_samples(arguments, **role);
    return found ? render_alert(arguments, **role, *found) : std::unexpected(found.error());
  }
  if (arguments.merge) {
    return render_span(arguments, **role);
  }
  const auto rows = choose_rows(arguments, (*role)->report);
  if (!rows) {
    return std::unexpected(rows.error());
  }
  return render(arguments, **role, *rows);
}

/// --state: an alert that is open there, by the samples where they hold it, else by what is kept.
Result<std::string> explained_by_state(const Arguments& arguments) {
  std::vector<NamedPath> read = inputs_of(arguments.model, arguments.config, arguments.inputs);
  read.emplace_back("--state", arguments.state);
  if (auto checked = check_outputs({standard_output()}, read); !checked) {
    return std::unexpected(checked.error());
  }
  std::vector<Notice> notices;
  const auto model = load_model(arguments.model, arguments.config, notices);
  if (!model) {
    return std::unexpected(model.error());
  }
  const auto state = load_state(arguments.state, *model, notices);
  if (!state) {
    return std::unexpected(state.error());
  }
  const std::vector<Alert> open = open_alerts(*state);
  const Alert* const alert = find_alert(model->role, arguments.alert, open);
  if (arguments.inputs.paths.empty()) {
    show(notices);
    if (alert != nullptr) {
      return render_kept(arguments, *model, *alert, notices);
    }
    std::vector<std::string> ids;
    std::ranges::transform(open, std::back_inserter(ids), &Alert::alert_id);
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("--alert: {} has no open alert {}; open are {}", arguments.state,
                            in_quotes(arguments.alert), ids.empty() ? "none" : join(ids, ", ")));
  }
  auto role = open_table(*model, arguments.model, arguments.inputs, std::move(notices));
  if (!role) {
    return std::unexpected(role.error());
  }
  if (alert == nullptr) {
    const auto found = alert_of_samples(arguments, **role);
    return found ? render_alert(arguments, **role, *found) : std::unexpected(found.error());
  }
  return (*role)->report.row_at(alert->worst_host, alert->worst_at) < 0
             ? render_kept(arguments, *model, *alert, (*role)->notices)
             : render_alert(arguments, **role, {*alert, model->alert_settings});
}

Result<void> check_arguments(const Arguments& arguments) {
  const auto refuse = [](const char* text) { return fail(ErrorCode::kInvalidArgument, text); };
  if (!arguments.state.empty() && arguments.alert.empty()) {
    return refuse("--state holds alerts: expected --alert ID beside it");
  }
  if (arguments.merge && arguments.host.empty()) {
    return refuse("--merge explains a span of one host: expected --host beside it");
  }
  if (arguments.inputs.paths.empty() && arguments.state.empty()) {
    return refuse("--input is required, unless --state and --alert say what is explained");
  }
  return {};
}

int run(const Arguments& arguments) {
  if (auto checked = check_arguments(arguments); !checked) {
    return report(checked.error());
  }
  const auto text = arguments.state.empty() ? explained(arguments) : explained_by_state(arguments);
  if (!text) {
    return report(text.error());
  }
  if (auto printed = print(*text); !printed) {
    return report(printed.error());
  }
  return kDone;
}

}  // namespace

Run add_explain(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* verb =
      app.add_subcommand("explain", "Say which metrics make a sample anomalous, and why");
  verb->footer(kExamples);
  verb->add_option("-m,--model", arguments->model, "the role's model")->required();
  add_config(*verb, arguments->config);
  add_inputs(*verb, arguments->inputs)->required(false);
  add_any_role(*verb, arguments->inputs);
  verb->add_option("--host", arguments->host, "only this host");
  CLI::Option* at =
      verb->add_option("--timestamp", arguments->timestamp, "only the samples of this moment");
  verb->add_option("--from", arguments->from, "only samples at or after this time")->excludes(at);
  verb->add_option("--to", arguments->to, "only samples before this time")->excludes(at);
  verb->add_flag("--merge", arguments->merge,
                 "the samples of --host from --from to --to explained together, as an alert is")
      ->excludes(at);
  verb->add_option("--alert", arguments->alert,
                   "an alert, by its id as rolemix alerts gives it; or HOST@TIME, for the alert of "
                   "the host about then")
      ->excludes(at)
      ->excludes("--from")
      ->excludes("--to")
      ->excludes("--merge")
      ->excludes("--host");
  verb->add_option("--state", arguments->state,
                   "the state that holds the alert of --alert while it is open; without --input it "
                   "is explained by what the state keeps of it");
  add_language(*verb, arguments->language);
  verb->add_option("--format", arguments->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}));
  verb->add_flag("--details", arguments->details,
                 "CSV with the columns of what text and json say besides");
  return [arguments] { return run(*arguments); };
}

}  // namespace rolemix::cli
