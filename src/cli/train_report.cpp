#include "cli/train_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "alert/alert.h"
#include "cli/common.h"
#include "cli/explanation_output.h"
#include "say/state.h"
#include "text/format.h"
#include "text/time.h"

namespace rolemix::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string candidate_text(const Candidate& candidate) {
  std::string text =
      fmt::format("  {:>2}  {} told apart, objective {}", candidate.components,
                  candidate.states == 1 ? "1 state" : fmt::format("{} states", candidate.states),
                  format_value(candidate.objective, ""));
  if (candidate.recurring > 0 && candidate.recurring < candidate.states) {
    text += fmt::format(", {} on most hosts and days", candidate.recurring);
  }
  if (candidate.kept > 0) {
    text += fmt::format(", {} components kept", candidate.kept);
  }
  if (!std::isnan(candidate.usual_peak)) {
    text += fmt::format(", alert score in four of five host-days {:.2f}", candidate.usual_peak);
  }
  return text + (candidate.chosen ? "  <- chosen" : "");
}

/// What the model's own settings would have raised on the history it learned from.
std::string history_text(const RoleModel& model) {
  const Calibration& calibration = model.calibration;
  const AlertSettings& settings = model.alert_settings;
  const HistoryRecord* record =
      history_record(calibration, settings.warning, settings.max_check_attempts);
  if (record == nullptr || calibration.span_host_days <= 0) {
    return "";
  }
  const double host_week = static_cast<double>(record->alerts) / (calibration.span_host_days / 7);
  return fmt::format(
      "             {} would have alerted {} times: {} a host-week, {} a week for the role\n",
      name(settings.warning), record->alerts, format_value(host_week, ""),
      format_value(host_week * model.provenance.hosts, ""));
}

Json number_or_null(double value) { return std::isnan(value) ? Json() : Json(value); }

Json to_json(const MetricSpec& metric) {
  return {{"metric", metric.name},
          {"unit", metric.unit},
          {"tolerance", metric.tolerance},
          {"tolerance_source", metric.tolerance_source},
          {"transform", name(metric.transform)},
          {"detection_direction", name(metric.detection_direction)},
          {"center", metric.center_by_host ? "host" : "none"}};
}

Json to_json(const RoleModel& model, Index state) {
  const StateDescription description = describe_state(model, state);
  Json metrics = Json::array();
  for (const StateMetric& part : description.metrics) {
    metrics.push_back({{"metric", model.metrics[part.metric].name},
                       {"level", part.high ? "high" : "low"},
                       {"value", part.value}});
  }
  return {{"name", state_name(model, state)},
          {"weight", model.weights[state]},
          {"when", description.when},
          {"metrics", metrics}};
}

Json history_json(const RoleModel& model) {
  Json list = Json::array();
  const Calibration& calibration = model.calibration;
  for (const Sensitivity sensitivity :
       {Sensitivity::kSensitive, Sensitivity::kNormal, Sensitivity::kInsensitive}) {
    const int attempts = model.alert_settings.max_check_attempts;
    const HistoryRecord* record = history_record(calibration, sensitivity, attempts);
    if (record != nullptr && calibration.span_host_days > 0) {
      const double host_week =
          static_cast<double>(record->alerts) / (calibration.span_host_days / 7);
      list.push_back({{"sensitivity", name(sensitivity)},
                      {"max_check_attempts", attempts},
                      {"alerts", record->alerts},
                      {"per_host_week", host_week},
                      {"per_role_week", host_week * model.provenance.hosts}});
    }
  }
  return list;
}

}  // namespace

std::string report_text(const TrainResult& result, const std::string& output, std::size_t bytes) {
  const TrainReport& report = result.report;
  const RoleModel& model = result.model;
  const Calibration& calibration = model.calibration;
  std::string text;
  const auto line = [&](const std::string& what) { text += what + "\n"; };
  line(fmt::format("role         {}", model.role));
  line(fmt::format("period       {} to {}, {} hosts", minute_text(model.provenance.from),
                   minute_text(model.provenance.to), model.provenance.hosts));
  line(
      fmt::format("samples      {} read, {} outside the period, {} repeated, left out or without a "
                  "value, {} far "
                  "off, {} fitted ({} incomplete)",
                  report.rows_read, report.rows_outside,
                  report.rows_repeated + report.rows_left_out + report.rows_unmeasured,
                  report.rows_trimmed, report.rows_used, report.rows_incomplete));
  line(fmt::format("metrics      {} used:", model.metrics.size()));
  std::size_t widest = 0;
  for (const MetricSpec& metric : model.metrics) {
    widest = std::max(widest, metric.name.size());
  }
  for (const MetricSpec& metric : model.metrics) {
    line(fmt::format("  {:<{}}  tolerance {} ({})", metric.name, widest,
                     format_value(metric.tolerance, metric.unit), metric.tolerance_source));
  }
  for (const DroppedMetric& dropped : report.dropped) {
    line(fmt::format("  {:<{}}  not used: {}", dropped.name, widest, dropped.reason));
  }
  line(fmt::format("components   {} ({} iterations{})", model.components(), report.iterations,
                   report.converged ? "" : ", not converged"));
  for (const Candidate& candidate : report.candidates) {
    line(candidate_text(candidate));
  }
  if (model.components() > 1) {
    line("states");
    for (Index k = 0; k < model.components(); ++k) {
      line(fmt::format("  {:>2}  {:.0f} % of the time: {}", k, 100 * model.weights[k],
                       state_name(model, k)));
    }
  }
  if (calibration.ready) {
    line(fmt::format("calibration  on {:.1f} held-out host-days; memory {} s",
                     calibration.span_host_days, calibration.memory_seconds));
    text += history_text(model);
  }
  line(fmt::format("model        {} ({} bytes)", output, bytes));
  return text;
}

std::string report_json(const TrainResult& result, const std::string& output) {
  const TrainReport& report = result.report;
  const RoleModel& model = result.model;
  Json metrics = Json::array();
  for (const MetricSpec& metric : model.metrics) {
    metrics.push_back(to_json(metric));
  }
  Json dropped = Json::array();
  for (const DroppedMetric& metric : report.dropped) {
    dropped.push_back({{"metric", metric.name}, {"reason", metric.reason}});
  }
  Json states = Json::array();
  for (Index k = 0; k < model.components(); ++k) {
    states.push_back(to_json(model, k));
  }
  Json candidates = Json::array();
  for (const Candidate& candidate : report.candidates) {
    candidates.push_back({{"components", candidate.components},
                          {"states", candidate.states},
                          {"recurring", candidate.recurring},
                          {"kept", candidate.kept > 0 ? candidate.kept : candidate.components},
                          {"objective", number_or_null(candidate.objective)},
                          {"usual_peak", number_or_null(candidate.usual_peak)},
                          {"chosen", candidate.chosen}});
  }
  return json_text(Json{{"role", model.role},
                        {"model", output},
                        {"period", {{"from", model.provenance.from}, {"to", model.provenance.to}}},
                        {"hosts", model.provenance.hosts},
                        {"samples",
                         {{"read", report.rows_read},
                          {"outside_period", report.rows_outside},
                          {"repeated", report.rows_repeated},
                          {"left_out", report.rows_left_out},
                          {"unmeasured", report.rows_unmeasured},
                          {"incomplete", report.rows_incomplete},
                          {"trimmed", report.rows_trimmed},
                          {"fitted", report.rows_used}}},
                        {"metrics", metrics},
                        {"dropped", dropped},
                        {"states", states},
                        {"candidates", candidates},
                        {"iterations", report.iterations},
                        {"converged", report.converged},
                        {"calibration",
                         {{"ready", model.calibration.ready},
                          {"not_ready_reason", model.calibration.not_ready_reason},
                          {"span_host_days", model.calibration.span_host_days},
                          {"memory_seconds", model.calibration.memory_seconds},
                          {"history", history_json(model)}}},
                        {"provenance",
                         {{"version", model.provenance.version},
                          {"config_digest", model.provenance.config_digest},
                          {"seed", model.provenance.seed}}},
                        {"notices", notices_json(report.notices)}});
}

}  // namespace rolemix::cli
