// rolemix explain: which metrics make a sample anomalous, and what they should have been.
#include "core/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/common.h"
#include "cli/verbs.h"
#include "core/format.h"
#include "core/host_explainer.h"
#include "core/sentence.h"
#include "source/csv_writer.h"
#include "table/text.h"
#include "table/timestamp.h"

namespace rolemix::cli {
namespace {

constexpr const char* kExamples = R"(
Examples:
  rolemix explain -m blog-db.rolemix --input today.csv                       the worst sample of all
  rolemix explain -m blog-db.rolemix --input today.csv --host db-3           the worst sample of a host
  rolemix explain -m blog-db.rolemix --input today.csv --host db-3 --timestamp 2026-10-12T03:05Z
  rolemix explain -m blog-db.rolemix --input today.csv --from 1791770400 --to 1791774000 --format csv

All rows are read as history; those asked for are printed. "expected" and its range are what the other metrics
predict at that moment, "typical" is the metric's usual range on its own.)";

struct Arguments {
  std::string model;
  std::vector<std::string> inputs;
  std::string host;
  std::string timestamp;
  std::string from;
  std::string to;
  std::string format = "text";
};

Result<double> time_argument(const std::string& text, std::string_view option, double absent) {
  if (text.empty()) {
    return absent;
  }
  if (const std::optional<double> time = parse_timestamp(text)) {
    return *time;
  }
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("{}: expected epoch seconds or a date such as 2026-10-12T03:00Z, got {}",
                          option, in_quotes(text)));
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
  const auto at = time_argument(arguments.timestamp, "--timestamp", kForever);
  const auto from = time_argument(arguments.from, "--from", -kForever);
  const auto to = time_argument(arguments.to, "--to", kForever);
  for (const auto* time : {&at, &from, &to}) {
    if (!*time) {
      return std::unexpected(time->error());
    }
  }
  const SampleTable& table = scored.table;
  const auto host = std::ranges::find(table.hosts, arguments.host);
  if (!arguments.host.empty() && host == table.hosts.end()) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("--host: the input has no host {}; it has {}",
                            in_quotes(arguments.host), join(table.hosts, ", ").substr(0, 200)));
  }
  std::vector<std::int32_t> rows;
  double nearest = kForever;
  for (std::int32_t row = 0; row < table.rows(); ++row) {
    if (!arguments.host.empty() && table.host[row] != host - table.hosts.begin()) {
      continue;
    }
    const double time = table.timestamps[row];
    if (!arguments.timestamp.empty() && time != *at) {
      nearest = std::abs(time - *at) < std::abs(nearest - *at) ? time : nearest;
      continue;
    }
    if (time >= *from && time < *to) {
      rows.push_back(row);
    }
  }
  if (rows.empty()) {
    return fail(
        ErrorCode::kInvalidArgument,
        arguments.timestamp.empty()
            ? "explain: the input has no sample in that period"
            : fmt::format("--timestamp: there is no sample at that time; the nearest is at {}",
                          number(nearest)));
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

nlohmann::ordered_json number_or_null(double value) {
  return std::isnan(value) ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
}

nlohmann::ordered_json to_json(const RoleModel& model, const Explanation& explanation) {
  auto list = nlohmann::ordered_json::array();
  for (const int d : explanation.ranking) {
    const MetricExplanation& metric = explanation.metrics[d];
    const bool missing = std::isnan(metric.surprise);
    nlohmann::ordered_json entry = {{"metric", model.metrics[d].name},
                                    {"unit", model.metrics[d].unit},
                                    {"observed", number_or_null(metric.observed)},
                                    {"expected", metric.expected},
                                    {"low", metric.low},
                                    {"high", metric.high},
                                    {"typical_low", metric.typical_low},
                                    {"typical_high", metric.typical_high},
                                    {"surprise", number_or_null(metric.surprise)},
                                    {"typical_surprise", number_or_null(metric.typical_surprise)},
                                    {"contribution", number_or_null(metric.contribution)},
                                    {"blame", metric.blame},
                                    {"rank", metric.rank},
                                    {"reason", nullptr},
                                    {"direction", nullptr}};
    if (!missing) {
      entry["reason"] = name(metric.reason);
      entry["direction"] = name(metric.direction);
    }
    list.push_back(std::move(entry));
  }
  return list;
}

void append_csv(const RoleModel& model, double timestamp, const std::string& host,
                const Explanation& explanation, std::string& csv) {
  for (const int d : explanation.ranking) {
    const MetricExplanation& metric = explanation.metrics[d];
    const bool missing = std::isnan(metric.surprise);
    fmt::format_to(std::back_inserter(csv), "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
                   timestamp, csv_field(host), csv_field(model.metrics[d].name),
                   number(metric.observed), number(metric.expected), number(metric.low),
                   number(metric.high), number(metric.typical_low), number(metric.typical_high),
                   number(metric.surprise), number(metric.typical_surprise),
                   number(metric.contribution), number(metric.blame), metric.rank,
                   missing ? "" : name(metric.reason), missing ? "" : name(metric.direction));
  }
}

/// The reason in the words of the table.
std::string_view in_words(const MetricExplanation& metric) {
  if (std::isnan(metric.observed)) {
    return "not measured";
  }
  if (std::isnan(metric.surprise)) {
    return "its host has no level yet";
  }
  switch (metric.reason) {
    case Reason::kUnusualValue:
      return "unusual value";
    case Reason::kUnusualGivenOthers:
      return "does not fit the others";
    case Reason::kBoth:
      return "unusual value, does not fit the others";
    case Reason::kNone:
      break;
  }
  return "";
}

std::string bar(double share) {
  constexpr int kWidth = 10;
  std::string text;
  const int filled = static_cast<int>(std::lround(share * kWidth));
  for (int i = 0; i < filled; ++i) {
    text += "█";
  }
  return text + std::string(kWidth - filled, ' ');
}

std::string to_text(const Scored& scored, std::int32_t row, const Explanation& explanation) {
  const RoleModel& model = scored.scorer.model();
  std::string text =
      fmt::format("{} at {}, severity {:.0f}\n{}\n\n", scored.table.hosts[scored.table.host[row]],
                  time_text(scored.table.timestamps[row]),
                  std::isnan(scored.scores.severity[row]) ? 0 : scored.scores.severity[row],
                  sentence(model, explanation));
  std::size_t widest = 6;
  for (const MetricSpec& metric : model.metrics) {
    widest = std::max(widest, metric.name.size());
  }
  text += fmt::format("{:<{}}  {:>12}  {:>12}  {:>20}  {:>20}  {:<17}  {}\n", "metric", widest,
                      "observed", "expected", "expected range", "typical range", "blame", "why");
  for (const int d : explanation.ranking) {
    const MetricExplanation& metric = explanation.metrics[d];
    const std::string& unit = model.metrics[d].unit;
    text += fmt::format(
        "{:<{}}  {:>12}  {:>12}  {:>20}  {:>20}  {} {:>4.0f} %{}{}\n", model.metrics[d].name,
        widest, format_value(metric.observed, unit), format_value(metric.expected, unit),
        format_range(metric.low, metric.high, unit),
        format_range(metric.typical_low, metric.typical_high, unit), bar(metric.blame),
        100 * metric.blame, in_words(metric).empty() ? "" : "  ", in_words(metric));
  }
  return text;
}

Result<std::string> render(const Arguments& arguments, Scored& scored,
                           const std::vector<std::int32_t>& rows) {
  const RoleModel& model = scored.scorer.model();
  Explainer explainer(scored.scorer);
  const auto explanations = explain_table(explainer, scored.table, rows);
  if (!explanations) {
    return std::unexpected(explanations.error());
  }
  std::string text;
  if (arguments.format == "csv") {
    text =
        "timestamp,host,metric,observed,expected,low,high,typical_low,typical_high,surprise,"
        "typical_surprise,contribution,blame,rank,reason,direction\n";
  }
  nlohmann::ordered_json json = {{"role", model.role},
                                 {"model_id", model.model_id},
                                 {"samples", nlohmann::ordered_json::array()}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int32_t row = rows[i];
    const Explanation& explanation = (*explanations)[i];
    const std::string& host = scored.table.hosts[scored.table.host[row]];
    const double timestamp = scored.table.timestamps[row];
    if (arguments.format == "csv") {
      append_csv(model, timestamp, host, explanation, text);
    } else if (arguments.format == "json") {
      json["samples"].push_back({{"host", host},
                                 {"timestamp", timestamp},
                                 {"anomaly_score", number_or_null(explanation.anomaly_score)},
                                 {"alert_score", number_or_null(scored.scores.alert_score[row])},
                                 {"severity", number_or_null(scored.scores.severity[row])},
                                 {"state", explanation.state},
                                 {"sentence", sentence(model, explanation)},
                                 {"metrics", to_json(model, explanation)}});
    } else {
      text += (text.empty() ? "" : "\n") + to_text(scored, row, explanation);
    }
  }
  return arguments.format == "json" ? json.dump(2) + "\n" : text;
}

int run(const Arguments& arguments) {
  auto scored = load_and_score(arguments.model, arguments.inputs);
  if (!scored) {
    return report(scored.error());
  }
  const auto rows = choose_rows(arguments, *scored);
  if (!rows) {
    return report(rows.error());
  }
  const auto text = render(arguments, *scored, *rows);
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
  verb->add_option("--input", arguments->inputs,
                   "CSV files, .gz too, folders, or - for standard input")
      ->required();
  verb->add_option("--host", arguments->host, "only this host");
  CLI::Option* at =
      verb->add_option("--timestamp", arguments->timestamp, "only the samples of this moment");
  verb->add_option("--from", arguments->from, "only samples at or after this time")->excludes(at);
  verb->add_option("--to", arguments->to, "only samples before this time")->excludes(at);
  verb->add_option("--format", arguments->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}));
  return [arguments] { return run(*arguments); };
}

}  // namespace rolemix::cli
