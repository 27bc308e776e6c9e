// rolemix explain: which metrics make a sample anomalous, and what they should have been.
#include "explain/explain.h"

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

#include "alert/find_alerts.h"
#include "base/escape.h"
#include "cli/common.h"
#include "cli/explanation_output.h"
#include "cli/verbs.h"
#include "explain/host_explainer.h"
#include "table/timestamp.h"

namespace rolemix::cli {
namespace {

constexpr const char* kExamples = R"(
Examples:
  rolemix explain -m blog-db.rolemix --input today.csv                       the worst sample of all
  rolemix explain -m blog-db.rolemix --input today.csv --host db-3           the worst sample of a host
  rolemix explain -m blog-db.rolemix --input today.csv --host db-3 --timestamp 2026-10-12T03:05Z
  rolemix explain -m blog-db.rolemix --input today.csv --host db-3 --from 1791770400 --to 1791774000
  rolemix explain -m blog-db.rolemix --input today.csv --alert 496fc86807ecf2bc
  rolemix explain -m blog-db.rolemix --input today.csv --config role.yaml    with other tolerances, at once

All rows are read as history; those asked for are printed: with --timestamp, --from or --to every sample of that
time, of every host unless --host names one. "expected" and its range are what the other metrics
predict at that moment, "typical" is the metric's usual range on its own.)";

struct Arguments {
  std::string model;
  std::string config;
  std::vector<std::string> inputs;
  std::string host;
  std::string timestamp;
  std::string from;
  std::string to;
  std::string alert;
  std::string format = "text";
  std::string language = "en";
  bool details = false;
};

Result<double> time_or(const std::string& text, std::string_view option, double absent) {
  return text.empty() ? absent : time_argument(text, option);
}

/// Rows whose severity, then anomaly_score, is the largest come first.
bool worse(const TableScores& scores, std::int32_t a, std::int32_t b) {
  const auto key = [&](std::int32_t row) {
    const bool scored = scores.state[row] >= 0;
    return std::pair(scored ? scores.severity[row] : -1,
                     scored ? scores.anomaly_score[row] : -std::numeric_limits<double>::max());
  };
  return key(a) > key(b);
}

Result<std::vector<std::int32_t>> choose_rows(const Arguments& arguments, const Scored& scored) {
  constexpr double kForever = std::numeric_limits<double>::infinity();
  const auto at = time_or(arguments.timestamp, "--timestamp", kForever);
  const auto from = time_or(arguments.from, "--from", -kForever);
  const auto to = time_or(arguments.to, "--to", kForever);
  for (const auto* time : {&at, &from, &to}) {
    if (!*time) {
      return std::unexpected(time->error());
    }
  }
  const Samples& samples = scored.samples;
  if (!arguments.host.empty() && samples.find(arguments.host) == nullptr) {
    std::vector<std::string> known;
    std::ranges::transform(samples.hosts, std::back_inserter(known), &HostSamples::name);
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("--host: the input has no host {}; it has {}",
                            in_quotes(arguments.host), join(known, ", ").substr(0, 200)));
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
    const auto worst = std::ranges::min_element(
        rows, [&](std::int32_t a, std::int32_t b) { return worse(scored.scores, a, b); });
    rows = {*worst};
  }
  return rows;
}

/// The rows explained, in their order. Similar moments take a look at all samples, so they are
/// only searched for one of them.
std::vector<ExplainedSample> explain_rows(Scored& scored, const std::vector<std::int32_t>& rows,
                                          bool details) {
  Explainer explainer(scored.scorer);
  std::vector<ExplainedSample> samples(rows.size());
  explain(explainer, scored.samples, rows,
          [&](std::size_t i, Explanation&& explanation, const HostExplainer& host, Index place) {
            ExplainedSample& sample = samples[i];
            sample.row = rows[i];
            sample.explanation = std::move(explanation);
            if (details) {
              sample.detail =
                  detail_of(explainer, host.values(place), host.shift(place), sample.explanation);
            }
          });
  if (details && rows.size() == 1) {
    samples.front().similar = similar_moments(explainer, scored.samples, scored.scores,
                                              rows.front(), samples.front().explanation);
  }
  return samples;
}

std::string render(const Arguments& arguments, Scored& scored,
                   const std::vector<std::int32_t>& rows) {
  const RoleModel& model = scored.scorer.model();
  const Language language = language_of(arguments.language);
  std::string text = arguments.format == "csv" ? explanation_header(arguments.details) : "";
  Json json = {{"role", model.role}, {"model_id", model.model_id}, {"samples", Json::array()}};
  const auto samples = explain_rows(scored, rows, arguments.format != "csv" || arguments.details);
  for (const ExplainedSample& sample : samples) {
    if (arguments.format == "csv") {
      append_csv(scored, sample, arguments.details, text);
    } else if (arguments.format == "json") {
      json["samples"].push_back(to_json(scored, sample, language));
    } else {
      text += (text.empty() ? "" : "\n") + to_text(scored, sample, language);
    }
  }
  return arguments.format == "json" ? json.dump(2) + "\n" : text;
}

/// The alert with this id: of the model's settings, else of the most sensitive ones.
Result<std::pair<Alert, AlertSettings>> find_alert(Scored& scored, const std::string& id) {
  AlertSettings settings = scored.scorer.model().alert_settings;
  std::vector<std::string> known;
  for (const int attempts : {settings.max_check_attempts, 1}) {
    for (const Sensitivity sensitivity : {settings.warning, Sensitivity::kSensitive}) {
      settings.warning = sensitivity;
      settings.max_check_attempts = attempts;
      const std::vector<Alert> alerts =
          find_alerts(scored.scorer, scored.samples, scored.scores, settings, false);
      for (const Alert& alert : alerts) {
        if (alert.alert_id == id) {
          return std::pair(alert, settings);
        }
      }
      if (known.empty()) {
        std::ranges::transform(alerts, std::back_inserter(known), &Alert::alert_id);
      }
    }
  }
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("--alert: the input has no alert {}; it has {}", in_quotes(id),
                          known.empty() ? "none" : join(known, ", ").substr(0, 200)));
}

Result<std::string> render_alert(const Arguments& arguments, Scored& scored) {
  const auto found = find_alert(scored, arguments.alert);
  if (!found) {
    return std::unexpected(found.error());
  }
  const auto& [alert, settings] = *found;
  const RoleModel& model = scored.scorer.model();
  Explainer explainer(scored.scorer);
  const auto why = explain_alert(explainer, scored.samples, scored.scores,
                                 alert_thresholds(model.calibration, settings), alert);
  if (!why) {
    return std::unexpected(why.error());
  }
  const ExplainedSample worst = explain_rows(scored, {why->worst_row}, true).front();
  const Language language = language_of(arguments.language);
  if (arguments.format == "csv") {
    std::string csv = explanation_header(arguments.details);
    append_csv(scored, worst, arguments.details, csv);
    return csv;
  }
  if (arguments.format == "json") {
    const Json json = {{"role", model.role},
                       {"model_id", model.model_id},
                       {"alert", to_json(scored, alert, *why, worst, language)}};
    return json.dump(2) + "\n";
  }
  return to_text(scored, alert, *why, worst, language);
}

Result<std::string> explained(const Arguments& arguments, Scored& scored) {
  if (!arguments.alert.empty()) {
    return render_alert(arguments, scored);
  }
  const auto rows = choose_rows(arguments, scored);
  if (!rows) {
    return std::unexpected(rows.error());
  }
  return render(arguments, scored, *rows);
}

int run(const Arguments& arguments) {
  auto scored = load_and_score(arguments.model, arguments.config, arguments.inputs);
  if (!scored) {
    return report(scored.error());
  }
  const auto text = explained(arguments, *scored);
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
  verb->add_option("--input", arguments->inputs,
                   "CSV or Prometheus JSON files, .gz too, folders, or - for standard input")
      ->required();
  verb->add_option("--host", arguments->host, "only this host");
  CLI::Option* at =
      verb->add_option("--timestamp", arguments->timestamp, "only the samples of this moment");
  verb->add_option("--from", arguments->from, "only samples at or after this time")->excludes(at);
  verb->add_option("--to", arguments->to, "only samples before this time")->excludes(at);
  verb->add_option("--alert", arguments->alert,
                   "an alert, by its alert_id as rolemix alerts gives it")
      ->excludes(at)
      ->excludes("--from")
      ->excludes("--to")
      ->excludes("--host");
  add_language(*verb, arguments->language);
  verb->add_option("--format", arguments->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}));
  verb->add_flag("--details", arguments->details,
                 "CSV with the columns of what text and json say besides");
  return [arguments] { return run(*arguments); };
}

}  // namespace rolemix::cli
