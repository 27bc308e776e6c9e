// rolemix inspect: what a model knows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "alert/alert.h"
#include "base/escape.h"
#include "cli/common.h"
#include "cli/explanation_output.h"
#include "cli/verbs.h"
#include "explain/explain.h"
#include "model/tolerance_effect.h"
#include "model/units.h"
#include "say/state.h"
#include "text/format.h"
#include "text/time.h"

namespace rolemix::cli {
namespace {

constexpr const char* kExamples = R"(
Examples:
  rolemix inspect blog-db.rolemix
  rolemix inspect blog-db.rolemix --format json     all that is needed to recompute a score by hand)";

using Json = nlohmann::ordered_json;

struct Arguments {
  std::string model;
  std::string format = "text";
};

Json to_json(const Vector& values) { return std::vector<double>(values.begin(), values.end()); }

Json to_json(const Matrix& matrix) {
  Json rows = Json::array();
  for (Index i = 0; i < matrix.rows(); ++i) {
    rows.push_back(to_json(Vector(matrix.row(i).transpose())));
  }
  return rows;
}

Json to_json(const Calibration& calibration) {
  Json curves = Json::array();
  for (const ReturnCurve& curve : calibration.curves) {
    curves.push_back({{"alert_scores", curve.alert_scores},
                      {"log_return_times", curve.log_return_times},
                      {"slope", curve.slope}});
  }
  Json history = Json::array();
  for (std::size_t i = 0; i < calibration.history.size(); ++i) {
    const HistoryRecord& record = calibration.history[i];
    history.push_back({{"sensitivity", name(static_cast<Sensitivity>(i / kMaxCheckAttempts))},
                       {"attempts", i % kMaxCheckAttempts + 1},
                       {"threshold_low", record.threshold_low},
                       {"threshold_high", record.threshold_high},
                       {"alerts", record.alerts}});
  }
  return {{"ready", calibration.ready},
          {"not_ready_reason", calibration.not_ready_reason},
          {"typical_score", calibration.typical_score},
          {"score_scale", calibration.score_scale},
          {"memory_seconds", calibration.memory_seconds},
          {"interval_seconds", calibration.interval_seconds},
          {"span_host_days", calibration.span_host_days},
          {"curves", curves},
          {"history", history}};
}

Json number_or_null(double value) { return std::isnan(value) ? Json() : Json(value); }

Json to_json(const std::optional<HeavyTail>& tail) {
  return tail ? Json{{"threshold", tail->threshold},
                     {"spread", tail->spread},
                     {"shape", tail->shape},
                     {"scale", tail->scale}}
              : Json();
}

Json to_json(const ConstantMetric& constant) {
  return {{"metric", constant.name},
          {"unit", constant.unit},
          {"value", constant.value},
          {"tolerance", constant.tolerance},
          {"detection_direction", name(constant.detection_direction)},
          {"kind", name(constant.kind)}};
}

Json to_json(const QuietTime& quiet) {
  Json offsets = Json::array();
  for (const ZoneOffset& offset : quiet.offsets) {
    offsets.push_back({{"from", offset.from}, {"seconds", offset.seconds}});
  }
  return {{"from", quiet.from},
          {"to", quiet.to},
          {"offsets", offsets},
          {"hosts", quiet.hosts},
          {"metrics", quiet.metrics}};
}

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) {
    list.push_back(to_json(item));
  }
  return list;
}

Json to_json(const RoleModel& model) {
  Json metrics = Json::array();
  const std::vector<ToleranceEffect> effects = tolerance_effects(model);
  for (std::size_t d = 0; d < model.metrics.size(); ++d) {
    const MetricSpec& metric = model.metrics[d];
    metrics.push_back({{"metric", metric.name},
                       {"unit", metric.unit},
                       {"full_scale", number_or_null(metric.full_scale)},
                       {"tolerance", metric.tolerance},
                       {"tolerance_source", metric.tolerance_source},
                       {"transform", name(metric.transform)},
                       {"transform_tolerance", transform_tolerance(metric)},
                       {"median", number_or_null(metric.median)},
                       {"detection_direction", name(metric.detection_direction)},
                       {"center", metric.center_by_host ? "host" : "none"},
                       {"kind", name(metric.kind)},
                       {"non_negative", metric.non_negative},
                       {"usual_low", number_or_null(metric.usual_low)},
                       {"usual_high", number_or_null(metric.usual_high)},
                       {"blame_scale", metric.blame_scale},
                       {"tail_below", to_json(metric.tail_below)},
                       {"tail_above", to_json(metric.tail_above)},
                       {"half_width_given_others", effects[d].with_tolerance},
                       {"half_width_without_prior", effects[d].learned}});
  }
  Json states = Json::array();
  for (Index k = 0; k < model.components(); ++k) {
    Json state = {{"name", state_name(model, k)}};
    if (!model.state_times.empty()) {
      state["by_hour"] = to_json(model.state_times[k].by_hour);
      state["by_weekday"] = to_json(model.state_times[k].by_weekday);
    }
    states.push_back(std::move(state));
  }
  return {{"role", model.role},
          {"model_id", model.model_id},
          {"metrics", metrics},
          {"constants", list_of(model.constants)},
          {"quiet", list_of(model.quiet)},
          {"states", states},
          {"weights", to_json(model.weights)},
          {"means", to_json(model.means)},
          {"covariances", list_of(model.covariances)},
          {"unclipped_covariances", list_of(model.unclipped_covariances)},
          {"calibration", to_json(model.calibration)},
          {"alert_settings",
           {{"warning_sensitivity", name(model.alert_settings.warning)},
            {"critical_sensitivity", name(model.alert_settings.critical)},
            {"max_check_attempts", model.alert_settings.max_check_attempts}}},
          {"provenance",
           {{"version", model.provenance.version},
            {"config_digest", model.provenance.config_digest},
            {"from", model.provenance.from},
            {"to", model.provenance.to},
            {"rows", model.provenance.rows},
            {"hosts", model.provenance.hosts},
            {"seed", model.provenance.seed}}}};
}

std::string half_width_text(double value, const std::string& unit) {
  return std::isnan(value) ? "unknown" : "± " + format_value(value, unit);
}

std::string metrics_text(const RoleModel& model, const GaussianMixture& mixture) {
  std::size_t widest = 0;
  for (const MetricSpec& metric : model.metrics) {
    widest = std::max(widest, metric.name.size());
  }
  std::string text = fmt::format("\n{:<{}}  {:>24}  {:>12}  {:>14}  {:>14}\n", "metric", widest,
                                 "usual range", "tolerance", "given others", "without prior");
  const std::vector<ToleranceEffect> effects = tolerance_effects(model);
  for (Index d = 0; d < model.dimensions(); ++d) {
    const MetricSpec& metric = model.metrics[d];
    const auto [low, high] = typical_range(model, mixture, d);
    std::string note = metric.tolerance_source;
    if (metric.detection_direction != DetectionDirection::kBoth) {
      note += fmt::format(", watched {}", name(metric.detection_direction));
    }
    if (metric.transform != Transform::kIdentity) {
      note += fmt::format(", {}", name(metric.transform));
    }
    if (metric.center_by_host) {
      note += ", center: host";
    }
    text += fmt::format("{:<{}}  {:>24}  {:>12}  {:>14}  {:>14}  {}\n", metric.name, widest,
                        format_range(low, high, metric.unit),
                        format_value(metric.tolerance, metric.unit),
                        half_width_text(effects[d].with_tolerance, metric.unit),
                        half_width_text(effects[d].learned, metric.unit), note);
  }
  return text;
}

/// What a sensitivity came to on the role's own history.
std::string history_text(const RoleModel& model, Sensitivity sensitivity, int attempts) {
  const Calibration& calibration = model.calibration;
  const HistoryRecord* record = history_record(calibration, sensitivity, attempts);
  if (record == nullptr || calibration.span_host_days <= 0) {
    return "";
  }
  const double host_week = static_cast<double>(record->alerts) / (calibration.span_host_days / 7);
  return fmt::format(
      "               95 % of thresholds {:.2f}-{:.2f}; on its own history {} alerts: {} a "
      "host-week, {} a week for the role\n",
      record->threshold_low, record->threshold_high, record->alerts, format_value(host_week, ""),
      format_value(host_week * model.provenance.hosts, ""));
}

std::string to_text(const RoleModel& model, const GaussianMixture& mixture) {
  const Calibration& calibration = model.calibration;
  std::string text = fmt::format(
      "role      {}\nmodel     {}, by rolemix {}\nlearned   {} to {}, {} hosts, {} samples\n",
      model.role, model.model_id, model.provenance.version, minute_text(model.provenance.from),
      minute_text(model.provenance.to), model.provenance.hosts, model.provenance.rows);
  text += calibration.ready
              ? fmt::format("ready     yes, calibrated on {:.1f} held-out host-days\n",
                            calibration.span_host_days)
              : fmt::format("ready     no: {}\n", calibration.not_ready_reason);
  text += metrics_text(model, mixture);
  text += "\nstates\n";
  for (Index k = 0; k < model.components(); ++k) {
    text += fmt::format("  {}  {:>4.0f} % of the time: {}\n", k, 100 * model.weights[k],
                        state_name(model, k));
  }
  if (calibration.ready) {
    const int attempts = model.alert_settings.max_check_attempts;
    text +=
        fmt::format("\nalerts open after {} samples in a row with an alert_score of\n", attempts);
    for (const Sensitivity sensitivity :
         {Sensitivity::kSensitive, Sensitivity::kNormal, Sensitivity::kInsensitive}) {
      const double days = return_time_of_severity(severity_of(sensitivity));
      text += fmt::format(
          "  {:<12} {:>6.3f}  severity {:.0f}, once in {:.0f} days on a normal host{}\n",
          name(sensitivity), alert_threshold(calibration, attempts, days), severity_of(sensitivity),
          days, days > calibration.span_host_days ? " (extrapolated)" : "");
      text += history_text(model, sensitivity, attempts);
    }
  }
  return text;
}

int run(const Arguments& arguments) {
  if (auto checked = check_outputs({standard_output()}, inputs_of(arguments.model, "", {}));
      !checked) {
    return report(checked.error());
  }
  const auto model = load_model(arguments.model);
  if (!model) {
    return report(model.error());
  }
  const auto mixture = validated_mixture(*model);
  if (!mixture) {
    return report(mixture.error());
  }
  const std::string text = arguments.format == "json" ? json_text(to_json(*model))
                                                      : visible_lines(to_text(*model, *mixture));
  if (auto printed = print(text); !printed) {
    return report(printed.error());
  }
  return kDone;
}

}  // namespace

Run add_inspect(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* verb = app.add_subcommand("inspect", "Show what a model knows");
  verb->footer(kExamples);
  verb->add_option("model,-m,--model", arguments->model, "the role's model")->required();
  verb->add_option("--format", arguments->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  return [arguments] { return run(*arguments); };
}

}  // namespace rolemix::cli
