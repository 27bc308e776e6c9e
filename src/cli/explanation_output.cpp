#include "cli/explanation_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <string_view>

#include "base/escape.h"
#include "cli/words.h"
#include "explain/finding.h"
#include "say/names.h"
#include "say/remarks.h"
#include "say/state.h"
#include "text/format.h"
#include "text/time.h"

namespace rolemix::cli {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Json number_or_null(double value) { return std::isnan(value) ? Json() : Json(value); }

const std::string& host_of(const Scored& scored, std::int32_t row) {
  return scored.samples.host(row).name;
}

// ---- JSON

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

Json state_json(const RoleModel& model, const Explanation& explanation, int state,
                Language language) {
  return state < 0 ? Json()
                   : Json{{"state", state},
                          {"name", state_name(model, state, language)},
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

Json similar_json(const Scored& scored, const std::vector<SimilarMoment>& moments) {
  Json list = Json::array();
  for (const SimilarMoment& moment : moments) {
    list.push_back({{"host", host_of(scored, moment.row)},
                    {"timestamp", scored.samples.time(moment.row)},
                    {"severity", scored.scores.severity[moment.row]},
                    {"similarity", moment.similarity}});
  }
  return list;
}

// ---- CSV

/// The columns that --details adds, of one metric.
void append_details(const RoleModel& model, const ExplainedSample& sample, int metric,
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
                 csv_field(join(metric_names(model, others), ";")),
                 csv_field(join(metric_names(model, prediction.predictors), ";")),
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

std::string metrics_text(const RoleModel& model, const Explanation& explanation,
                         Language language) {
  const std::size_t widest = widest_name(model);
  std::string text = fmt::format(
      "{:<{}}  {:>12}  {:>12}  {:>20}  {:>20}  {:<17}  {}\n", words(Phrase::kMetric, language),
      widest, words(Phrase::kObserved, language), words(Phrase::kExpected, language),
      words(Phrase::kExpectedRange, language), words(Phrase::kUsualRange, language),
      words(Phrase::kBlame, language), words(Phrase::kWhy, language));
  for (const int d : explanation.ranking) {
    const MetricExplanation& metric = explanation.metrics[d];
    const std::string& unit = model.metrics[d].unit;
    const std::array<ValueRange, 2> ranges = {ValueRange{metric.low, metric.high},
                                              ValueRange{metric.typical_low, metric.typical_high}};
    const ShownValueAndRanges shown = format_against(metric.observed, ranges, unit);
    const std::string_view why = why_text(metric, language);
    text += fmt::format("{:<{}}  {:>12}  {:>12}  {:>20}  {:>20}  {} {:>4.0f} %{}{}\n",
                        model.metrics[d].name, widest, shown.value,
                        format_value(metric.expected, unit), shown.ranges[0], shown.ranges[1],
                        bar(metric.blame), 100 * metric.blame, why.empty() ? "" : "  ", why);
  }
  return text;
}

std::string similar_text(const Scored& scored, const std::vector<SimilarMoment>& moments,
                         Language language) {
  std::string text;
  for (const SimilarMoment& moment : moments) {
    text += say(language, Phrase::kSimilar, host_of(scored, moment.row),
                minute_text(scored.samples.time(moment.row)), scored.scores.severity[moment.row],
                100 * moment.similarity);
  }
  return text;
}

/// What stands below the table.
std::string below_table(const Scored& scored, const ExplainedSample& sample, Language language) {
  std::string text;
  for (const std::string& line :
       remarks(scored.scorer.model(), sample.explanation, sample.detail, language)) {
    text += line + "\n";
  }
  return text + similar_text(scored, sample.similar, language);
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

void append_csv(const Scored& scored, const ExplainedSample& sample, bool details,
                std::string& csv) {
  const RoleModel& model = scored.scorer.model();
  for (const int d : sample.explanation.ranking) {
    const MetricExplanation& metric = sample.explanation.metrics[d];
    const bool missing = std::isnan(metric.surprise);
    fmt::format_to(std::back_inserter(csv), "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
                   scored.samples.time(sample.row), csv_field(host_of(scored, sample.row)),
                   csv_field(model.metrics[d].name), number(metric.observed),
                   number(metric.expected), number(metric.low), number(metric.high),
                   number(metric.typical_low), number(metric.typical_high), number(metric.surprise),
                   number(metric.typical_surprise), number(metric.contribution),
                   number(metric.blame), metric.rank, missing ? "" : name(metric.reason),
                   missing ? "" : name(metric.direction));
    if (details) {
      append_details(model, sample, d, csv);
    }
    csv += '\n';
  }
}

Json to_json(const Scored& scored, const ExplainedSample& sample, Language language) {
  const RoleModel& model = scored.scorer.model();
  const Explanation& explanation = sample.explanation;
  const Detail& detail = sample.detail;
  return {{"host", host_of(scored, sample.row)},
          {"timestamp", scored.samples.time(sample.row)},
          {"anomaly_score", number_or_null(explanation.anomaly_score)},
          {"alert_score", number_or_null(scored.scores.alert_score[sample.row])},
          {"severity", number_or_null(scored.scores.severity[sample.row])},
          {"state", explanation.state},
          {"judged_in", state_json(model, explanation, explanation.state, language)},
          {"runner_up", state_json(model, explanation, detail.runner_up, language)},
          {"sentence", sentence(model, finding_of(explanation, detail.prediction), language)},
          {"remarks", remarks(model, explanation, detail, language)},
          {"firm", detail.firm ? Json(*detail.firm) : Json()},
          {"prediction", prediction_json(model, detail)},
          {"groups", groups_json(model, detail)},
          {"would_be_normal", remedy_json(model, detail.remedy)},
          {"similar", similar_json(scored, sample.similar)},
          {"metrics", metrics_json(model, explanation)}};
}

std::string to_text(const Scored& scored, const ExplainedSample& sample, Language language) {
  const RoleModel& model = scored.scorer.model();
  const double severity = scored.scores.severity[sample.row];
  const std::string below = below_table(scored, sample, language);
  return say(language, Phrase::kSample, host_of(scored, sample.row),
             minute_text(scored.samples.time(sample.row)), std::isnan(severity) ? 0 : severity) +
         sentence(model, finding_of(sample.explanation, sample.detail.prediction), language) +
         "\n\n" + metrics_text(model, sample.explanation, language) + (below.empty() ? "" : "\n") +
         below;
}

Json to_json(const Scored& scored, const Alert& alert, const AlertExplanation& why,
             const ExplainedSample& worst, Language language) {
  const RoleModel& model = scored.scorer.model();
  Json metrics = Json::array();
  for (const int d : why.ranking) {
    const SpanMetric& metric = why.metrics[d];
    metrics.push_back({{"metric", model.metrics[d].name},
                       {"unit", model.metrics[d].unit},
                       {"blame", metric.blame},
                       {"rank", metric.rank},
                       {"left_at", number_or_null(metric.left_at)},
                       {"before", number_or_null(metric.before)},
                       {"during", number_or_null(metric.during)}});
  }
  return {{"alert_id", alert.alert_id},
          {"scope", name(alert.scope)},
          {"hosts", alert.hosts},
          {"level", name(alert.level)},
          {"started_at", alert.started_at},
          {"opened_at", alert.opened_at},
          {"closed_at", number_or_null(alert.closed_at)},
          {"severity", alert.severity},
          {"sentences", span_sentences(model, why, language)},
          {"first_to_leave", metric_names(model, why.first_to_leave)},
          {"unusual_hosts", why.unusual_hosts},
          {"measured_hosts", why.hosts},
          {"metrics", std::move(metrics)},
          {"worst", to_json(scored, worst, language)}};
}

std::string to_text(const Scored& scored, const Alert& alert, const AlertExplanation& why,
                    const ExplainedSample& worst, Language language) {
  constexpr std::size_t kShown = 8;
  const RoleModel& model = scored.scorer.model();
  std::string text =
      say(language, Phrase::kAlert, alert.alert_id, join(alert.hosts, ", "),
          level_text(alert.level, language), minute_text(alert.started_at), alert.severity) +
      sentence(model, finding_of(worst.explanation, worst.detail.prediction), language) + "\n";
  for (const std::string& line : span_sentences(model, why, language)) {
    text += line + "\n";
  }
  const std::size_t widest = widest_name(model);
  text +=
      fmt::format("\n{:<{}}  {:>16}  {:>14}  {:<17}  {}\n", words(Phrase::kMetric, language),
                  widest, words(Phrase::kDayBefore, language), words(Phrase::kInAlert, language),
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
  return text + say(language, Phrase::kWorstSample) + to_text(scored, worst, language);
}

}  // namespace rolemix::cli
