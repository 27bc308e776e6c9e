#include "cli/explanation_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <string_view>

#include "base/escape.h"
#include "cli/common.h"
#include "cli/words.h"
#include "say/names.h"
#include "say/sentence.h"
#include "text/format.h"
#include "text/time.h"

namespace rolemix::cli {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Json number_or_null(double value) { return std::isnan(value) ? Json() : Json(value); }

// ---- JSON

/// What every explanation of an alert begins with.
Json told_of(const Alert& alert) {
  return {{"alert_id", alert.alert_id},
          {"scope", name(alert.scope)},
          {"hosts", alert.hosts},
          {"level", name(alert.level)},
          {"started_at", alert.started_at},
          {"opened_at", alert.opened_at},
          {"closed_at", number_or_null(alert.closed_at)},
          {"severity", alert.severity}};
}

/// The same of a span: from <= t < to, null where the input ends with it.
Json told_of_span(const Alert& span) {
  return {{"host", span.worst_host},
          {"from", span.started_at},
          {"to", number_or_null(span.closed_at)},
          {"samples", span.samples},
          {"severity", span.severity}};
}

Json metrics_json(const RoleModel& model, const Explanation& explanation) {
  Json list = Json::array();
  for (const int d : explanation.ranking) {
    const MetricExplanation& metric = explanation.metrics[d];
    const bool missing = std::isnan(metric.surprise);
    Json entry = {{"metric", model.metrics[d].name},
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

Json state_json(const Explanation& explanation, int state, const std::string& name) {
  return state < 0 ? Json()
                   : Json{{"state", state},
                          {"name", name},
                          {"responsibility", explanation.responsibilities[state]}};
}

Json prediction_json(const RoleModel& model, const Detail& detail) {
  if (!detail.prediction) {
    return nullptr;
  }
  const Prediction& prediction = *detail.prediction;
  return {{"metric", model.metrics[prediction.metric].name},
          {"predictors", metric_names(model, prediction.predictors)},
          {"expected", prediction.expected},
          {"low", prediction.low},
          {"high", prediction.high}};
}

Json remedy_json(const RoleModel& model, const Remedy& remedy) {
  Json metrics = Json::array();
  for (std::size_t i = 0; i < remedy.metrics.size(); ++i) {
    metrics.push_back(
        {{"metric", model.metrics[remedy.metrics[i]].name}, {"value", remedy.values[i]}});
  }
  return {{"found", remedy.found}, {"exact", remedy.exact}, {"metrics", std::move(metrics)}};
}

Json groups_json(const RoleModel& model, const Detail& detail) {
  Json list = Json::array();
  for (const MetricGroup& group : detail.groups) {
    list.push_back({{"metrics", metric_names(model, group.metrics)}, {"blame", group.blame}});
  }
  return list;
}

Json similar_json(const std::vector<SimilarMoment>& moments) {
  Json list = Json::array();
  for (const SimilarMoment& moment : moments) {
    list.push_back({{"host", moment.host},
                    {"timestamp", moment.timestamp},
                    {"severity", moment.severity},
                    {"similarity", moment.similarity}});
  }
  return list;
}

// ---- CSV

/// The columns that --details adds, of one metric.
void append_details(const RoleModel& model, const MomentReport& sample, int metric,
                    std::string& csv) {
  const Detail& detail = sample.detail;
  const auto state = [](int k) { return k < 0 ? "" : std::to_string(k); };
  std::vector<int> others;
  for (const MetricGroup& group : detail.groups) {
    if (std::ranges::count(group.metrics, metric) > 0) {
      others = group.metrics;
      std::erase(others, metric);
    }
  }
  Prediction prediction{-1, {}, kNaN, kNaN, kNaN};
  if (detail.prediction && detail.prediction->metric == metric) {
    prediction = *detail.prediction;
  }
  double normal_at = kNaN;
  for (std::size_t i = 0; detail.remedy.found && i < detail.remedy.metrics.size(); ++i) {
    normal_at = detail.remedy.metrics[i] == metric ? detail.remedy.values[i] : normal_at;
  }
  fmt::format_to(std::back_inserter(csv), ",{},{},{},{},{},{},{},{}",
                 state(sample.explanation.state), state(detail.runner_up),
                 !detail.firm   ? ""
                 : *detail.firm ? "true"
                                : "false",
                 csv_text(join(metric_names(model, others), ";")),
                 csv_text(join(metric_names(model, prediction.predictors), ";")),
                 number(prediction.low), number(prediction.high), number(normal_at));
}

// ---- text

/// Why the metric is ranked; nothing of one within its ranges.
std::string_view why_text(const MetricExplanation& metric, Language language) {
  if (std::isnan(metric.surprise)) {
    return no_reason(!std::isnan(metric.observed), language);
  }
  return metric.reason == Reason::kNone ? "" : word(metric.reason, language);
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

std::size_t widest_name(const RoleModel& model) {
  std::size_t widest = 6;
  for (const MetricSpec& metric : model.metrics) {
    widest = std::max(widest, metric.name.size());
  }
  return widest;
}

std::string metrics_header(std::size_t widest, Language language) {
  return fmt::format("{:<{}}  {:>12}  {:>12}  {:>20}  {:>20}  {:<17}  {}\n",
                     words(Phrase::kMetric, language), widest, words(Phrase::kObserved, language),
                     words(Phrase::kExpected, language), words(Phrase::kExpectedRange, language),
                     words(Phrase::kUsualRange, language), words(Phrase::kBlame, language),
                     words(Phrase::kWhy, language));
}

/// Of a MetricExplanation or a FoundMetric.
template <typename Metric>
std::string metric_line(const MetricSpec& spec, const Metric& metric, std::size_t widest,
                        std::string_view why) {
  const std::array<ValueRange, 2> ranges = {ValueRange{metric.low, metric.high},
                                            ValueRange{metric.typical_low, metric.typical_high}};
  const ShownValueAndRanges shown = format_against(metric.observed, ranges, spec.unit);
  return fmt::format("{:<{}}  {:>12}  {:>12}  {:>20}  {:>20}  {} {:>4.0f} %{}{}\n", spec.name,
                     widest, shown.value, format_value(metric.expected, spec.unit), shown.ranges[0],
                     shown.ranges[1], bar(metric.blame), 100 * metric.blame,
                     why.empty() ? "" : "  ", why);
}

std::string metrics_text(const RoleModel& model, const Explanation& explanation,
                         Language language) {
  const std::size_t widest = widest_name(model);
  std::string text = metrics_header(widest, language);
  for (const int d : explanation.ranking) {
    const MetricExplanation& metric = explanation.metrics[d];
    text += metric_line(model.metrics[d], metric, widest, why_text(metric, language));
  }
  return text;
}

std::string similar_text(const std::vector<SimilarMoment>& moments, Language language) {
  std::string text;
  for (const SimilarMoment& moment : moments) {
    text += say(language, Phrase::kSimilar, moment.host, minute_text(moment.timestamp),
                moment.severity, 100 * moment.similarity);
  }
  return text;
}

/// What stands below the table.
std::string below_table(const MomentReport& sample, Language language) {
  std::string text;
  for (const std::string& line : sample.remarks) {
    text += line + "\n";
  }
  return text + similar_text(sample.similar, language);
}

}  // namespace

std::string_view level_text(AlertLevel level, Language language) {
  return word(level == AlertLevel::kCritical ? Level::kCritical : Level::kWarning, language);
}

std::string explanation_header(bool details) {
  return std::string(
             "timestamp,host,metric,observed,expected,low,high,typical_low,typical_high,surprise,"
             "typical_surprise,contribution,blame,rank,reason,direction") +
         (details ? ",state,runner_up,firm,moves_with,predictors,predicted_low,predicted_high,"
                    "normal_at\n"
                  : "\n");
}

void append_csv(const RoleModel& model, const MomentReport& sample, bool details,
                std::string& csv) {
  for (const int d : sample.explanation.ranking) {
    const MetricExplanation& metric = sample.explanation.metrics[d];
    const bool missing = std::isnan(metric.surprise);
    fmt::format_to(std::back_inserter(csv), "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
                   sample.timestamp, csv_text(sample.host), csv_text(model.metrics[d].name),
                   number(metric.observed), number(metric.expected), number(metric.low),
                   number(metric.high), number(metric.typical_low), number(metric.typical_high),
                   number(metric.surprise), number(metric.typical_surprise),
                   number(metric.contribution), number(metric.blame), metric.rank,
                   missing ? "" : name(metric.reason), missing ? "" : name(metric.direction));
    if (details) {
      append_details(model, sample, d, csv);
    }
    csv += '\n';
  }
}

std::string json_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json notices_json(const std::vector<Notice>& notices) {
  const auto text = [](const std::string& value) { return value.empty() ? Json() : Json(value); };
  Json list = Json::array();
  for (const Notice& notice : notices) {
    list.push_back({{"code", notice.code},
                    {"text", notice.text},
                    {"file", text(notice.file)},
                    {"line", notice.line == 0 ? Json() : Json(notice.line)},
                    {"host", text(notice.host)},
                    {"metric", text(notice.metric)}});
  }
  return list;
}

Json rows_json(const RowCounts& counts) {
  return {{"read", counts.read},
          {"used", counts.used},
          {"repeated", counts.repeated},
          {"passed_over", counts.passed_over},
          {"left_out", counts.left_out}};
}

Json to_json(const RoleModel& model, const MomentReport& sample) {
  const Explanation& explanation = sample.explanation;
  const Detail& detail = sample.detail;
  return {{"host", sample.host},
          {"timestamp", sample.timestamp},
          {"anomaly_score", number_or_null(explanation.anomaly_score)},
          {"alert_score", number_or_null(sample.alert_score)},
          {"severity", number_or_null(sample.severity)},
          {"state", explanation.state},
          {"judged_in", state_json(explanation, explanation.state, sample.judged_in)},
          {"runner_up", state_json(explanation, detail.runner_up, sample.runner_up)},
          {"sentence", sample.sentence},
          {"remarks", sample.remarks},
          {"firm", detail.firm ? Json(*detail.firm) : Json()},
          {"prediction", prediction_json(model, detail)},
          {"groups", groups_json(model, detail)},
          {"would_be_normal", remedy_json(model, detail.remedy)},
          {"similar", similar_json(sample.similar)},
          {"metrics", metrics_json(model, explanation)}};
}

std::string to_text(const RoleModel& model, const MomentReport& sample, Language language) {
  const std::string below = below_table(sample, language);
  return say(language, Phrase::kSample, sample.host, minute_text(sample.timestamp),
             std::isnan(sample.severity) ? 0 : sample.severity) +
         sample.sentence + "\n\n" + metrics_text(model, sample.explanation, language) +
         (below.empty() ? "" : "\n") + below;
}

void append_csv(const RoleModel& model, const Alert& alert, std::string& csv) {
  for (std::size_t i = 0; alert.finding && i < alert.finding->metrics.size(); ++i) {
    const FoundMetric& metric = alert.finding->metrics[i];
    fmt::format_to(std::back_inserter(csv), "{},{},{},{},{},{},{},{},{},,,,{},{},{},{}\n",
                   alert.worst_at, csv_text(alert.worst_host),
                   csv_text(model.metrics[metric.metric].name), number(metric.observed),
                   number(metric.expected), number(metric.low), number(metric.high),
                   number(metric.typical_low), number(metric.typical_high), number(metric.blame),
                   i + 1, name(metric.reason), name(metric.direction));
  }
}

Json to_json(const RoleModel& model, const Alert& alert, Language language) {
  Json metrics = Json::array();
  for (std::size_t i = 0; alert.finding && i < alert.finding->metrics.size(); ++i) {
    const FoundMetric& metric = alert.finding->metrics[i];
    metrics.push_back({{"metric", model.metrics[metric.metric].name},
                       {"unit", model.metrics[metric.metric].unit},
                       {"observed", metric.observed},
                       {"expected", metric.expected},
                       {"low", metric.low},
                       {"high", metric.high},
                       {"typical_low", metric.typical_low},
                       {"typical_high", metric.typical_high},
                       {"blame", metric.blame},
                       {"rank", i + 1},
                       {"reason", name(metric.reason)},
                       {"direction", name(metric.direction)}});
  }
  Json json = told_of(alert);
  json["sentence"] = sentence(model, alert, language);
  json["worst_host"] = alert.worst_host;
  json["worst_at"] = alert.worst_at;
  json["metrics"] = std::move(metrics);
  return json;
}

std::string to_text(const RoleModel& model, const Alert& alert, Language language) {
  std::string text =
      say(language, Phrase::kAlert, alert.alert_id, join(alert.hosts, ", "),
          level_text(alert.level, language), minute_text(alert.started_at), alert.severity) +
      sentence(model, alert, language) + "\n";
  if (!alert.finding || alert.finding->metrics.empty()) {
    return text;
  }
  const std::size_t widest = widest_name(model);
  text += say(language, Phrase::kWorstSample) +
          say(language, Phrase::kSample, alert.worst_host, minute_text(alert.worst_at),
              alert.severity) +
          metrics_header(widest, language);
  for (const FoundMetric& metric : alert.finding->metrics) {
    text += metric_line(model.metrics[metric.metric], metric, widest,
                        metric.reason == Reason::kNone ? "" : word(metric.reason, language));
  }
  return text;
}

Json to_json(const RoleModel& model, const AlertExplanation& why) {
  Json metrics = Json::array();
  for (const int d : why.ranking) {
    const SpanMetric& metric = why.metrics[d];
    metrics.push_back({{"metric", model.metrics[d].name},
                       {"unit", model.metrics[d].unit},
                       {"blame", metric.blame},
                       {"rank", metric.rank},
                       {"left_at", number_or_null(metric.left_at)},
                       {"before", number_or_null(metric.before)},
                       {"during", number_or_null(metric.during)},
                       {"peers",
                        {{"hosts", metric.peers.hosts},
                         {"low", number_or_null(metric.peers.low)},
                         {"median", number_or_null(metric.peers.median)},
                         {"high", number_or_null(metric.peers.high)}}}});
  }
  Json json = why.alert.alert_id.empty() ? told_of_span(why.alert) : told_of(why.alert);
  json["sentences"] = why.sentences;
  json["before"] = name(why.before);
  json["first_to_leave"] = metric_names(model, why.first_to_leave);
  json["unusual_hosts"] = why.unusual_hosts;
  json["measured_hosts"] = why.hosts;
  json["metrics"] = std::move(metrics);
  json["worst"] = to_json(model, why.worst);
  return json;
}

std::string to_text(const RoleModel& model, const AlertExplanation& why, Language language) {
  constexpr std::size_t kShown = 8;
  const Alert& alert = why.alert;
  std::string text =
      (alert.alert_id.empty()
           ? say(language, Phrase::kSpan, alert.worst_host, minute_text(alert.started_at),
                 minute_text(alert.last_sample_at), alert.samples, alert.severity)
           : say(language, Phrase::kAlert, alert.alert_id, join(alert.hosts, ", "),
                 level_text(alert.level, language), minute_text(alert.started_at),
                 alert.severity)) +
      why.worst.sentence + "\n";
  for (const std::string& line : why.sentences) {
    text += line + "\n";
  }
  const std::size_t widest = widest_name(model);
  const Phrase before = why.before == Before::kSameHour ? Phrase::kSameHour : Phrase::kHourBefore;
  text += fmt::format("\n{:<{}}  {:>16}  {:>14}  {:<17}  {}\n", words(Phrase::kMetric, language),
                      widest, words(before, language), words(Phrase::kInAlert, language),
                      words(Phrase::kBlame, language), words(Phrase::kLeftRange, language));
  for (std::size_t i = 0; i < std::min(kShown, why.ranking.size()); ++i) {
    const int d = why.ranking[i];
    const SpanMetric& metric = why.metrics[d];
    const std::string& unit = model.metrics[d].unit;
    text += fmt::format("{:<{}}  {:>16}  {:>14}  {} {:>4.0f} %  {}\n", model.metrics[d].name,
                        widest, format_value(metric.before, unit),
                        format_value(metric.during, unit), bar(metric.blame), 100 * metric.blame,
                        std::isnan(metric.left_at) ? "" : minute_text(metric.left_at));
  }
  return text + say(language, Phrase::kWorstSample) + to_text(model, why.worst, language);
}

}  // namespace rolemix::cli
