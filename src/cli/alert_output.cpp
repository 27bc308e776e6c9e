#include "cli/alert_output.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/escape.h"
#include "cli/common.h"
#include "cli/explanation_output.h"
#include "cli/words.h"
#include "explain/finding.h"
#include "say/names.h"
#include "say/sentence.h"
#include "table/csv_writer.h"
#include "text/time.h"

namespace rolemix::cli {
namespace {

std::vector<std::string> metrics_of(const RoleModel& model, const Alert& alert) {
  return alert.finding ? top_metrics(model, *alert.finding) : std::vector<std::string>();
}

Json entry_of(const RoleModel& model, const Alert& alert, Language language) {
  return {{"alert_id", alert.alert_id},
          {"scope", name(alert.scope)},
          {"host", host_names(alert)},
          {"hosts", alert.hosts},
          {"level", name(alert.level)},
          {"started_at", alert.started_at},
          {"opened_at", alert.opened_at},
          {"closed_at", std::isnan(alert.closed_at) ? Json() : Json(alert.closed_at)},
          {"last_sample_at", alert.last_sample_at},
          {"samples", alert.samples},
          {"severity", alert.severity},
          {"anomaly_score", alert.anomaly_score},
          {"top_metrics", metrics_of(model, alert)},
          {"sentence", sentence(model, alert, language)}};
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

Phrase phrase_of(AlertChange change) {
  switch (change) {
    case AlertChange::kOpened:
      return Phrase::kOpened;
    case AlertChange::kEscalated:
      return Phrase::kEscalated;
    case AlertChange::kClosed:
      break;
  }
  return Phrase::kClosed;
}

std::string summary(const AlertList& list, const RoleReport& report, Language language) {
  const std::vector<std::vector<double>> times = report.samples().times();
  const auto plural = [](std::size_t count) { return count == 1 ? "" : "s"; };
  const auto older = static_cast<std::size_t>(report.samples().passed_over);
  if (times.empty() && older > 0) {
    return say(language, Phrase::kAllOlder, older, plural(older));
  }
  const std::size_t alerts = list.alerts.size();
  return (alerts == 0 ? "" : "\n") +
         say(language, Phrase::kSummary, alerts, plural(alerts), host_days(times), times.size(),
             plural(times.size()), word(list.settings.warning, language),
             word(list.settings.critical, language), list.settings.max_check_attempts);
}

}  // namespace

std::string to_csv(const RoleModel& model, const AlertList& list, Language language) {
  std::string csv =
      "alert_id,role,scope,host,level,started_at,opened_at,closed_at,samples,severity,"
      "anomaly_score,top_metrics,model_id,sentence";
  csv += list.tells_changes ? ",change\n" : "\n";
  for (const auto& [alert, change] : list.alerts) {
    fmt::format_to(std::back_inserter(csv), "{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
                   csv_text(alert.alert_id), csv_text(model.role), name(alert.scope),
                   csv_text(host_names(alert)), name(alert.level), number(alert.started_at),
                   number(alert.opened_at), number(alert.closed_at), alert.samples,
                   number(alert.severity), number(alert.anomaly_score),
                   csv_text(join(metrics_of(model, alert), ";")), model.model_id,
                   csv_text(sentence(model, alert, language)));
    if (list.tells_changes) {
      csv += ',';
      csv += change ? name(*change) : "";
    }
    csv += '\n';
  }
  return csv;
}

std::string to_json(const RoleModel& model, const AlertList& list, Language language) {
  Json json = {{"role", model.role},
               {"model_id", model.model_id},
               {"ready", model.calibration.ready},
               {"settings",
                {{"warning_sensitivity", name(list.settings.warning)},
                 {"critical_sensitivity", name(list.settings.critical)},
                 {"max_check_attempts", list.settings.max_check_attempts}}},
               {"rows", list.rows ? rows_json(*list.rows) : Json()},
               {"notices", notices_json(list.notices)},
               {"alerts", Json::array()}};
  for (const auto& [alert, change] : list.alerts) {
    Json entry = entry_of(model, alert, language);
    if (list.tells_changes) {
      entry["change"] = change ? Json(name(*change)) : Json();
    }
    json["alerts"].push_back(std::move(entry));
  }
  return json_text(json);
}

std::string to_text(const RoleModel& model, const AlertList& list, const RoleReport* samples,
                    Language language) {
  std::string text;
  for (const auto& [alert, change] : list.alerts) {
    text += say(language, Phrase::kAlertEntry, level_text(alert.level, language),
                join(alert.hosts, ", "), minute_text(alert.started_at),
                lasting_text(alert, list.latest - longest_gap(model.calibration), language),
                alert.severity, sentence(model, alert, language), alert.alert_id,
                change ? ", " + say(language, phrase_of(*change)) : "");
  }
  if (samples != nullptr) {
    return text + summary(list, *samples, language);
  }
  return list.alerts.empty() ? say(language, Phrase::kNoneOpen) : text;
}

}  // namespace rolemix::cli
