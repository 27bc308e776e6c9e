#include "convert.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>

#include "core/calibration.h"

namespace rolemix {
namespace {

using emscripten::val;

struct NumberField {
  const char* name;
  double MetricExplanation::* member;
};

constexpr std::array<NumberField, 8> kNumberFields = {{
    {"observed", &MetricExplanation::observed},
    {"expected", &MetricExplanation::expected},
    {"low", &MetricExplanation::low},
    {"high", &MetricExplanation::high},
    {"surprise", &MetricExplanation::surprise},
    {"typicalSurprise", &MetricExplanation::typical_surprise},
    {"contribution", &MetricExplanation::contribution},
    {"blame", &MetricExplanation::blame},
}};

/// null stands for a number that does not exist.
val number_or_null(double number) { return std::isnan(number) ? val::null() : val(number); }

val to_js(const MetricSpec& metric, const MetricExplanation& typical) {
  val object = val::object();
  object.set("name", metric.name);
  object.set("unit", metric.unit);
  object.set("fullScale", number_or_null(metric.full_scale));
  object.set("tolerance", metric.tolerance);
  object.set("toleranceSource", metric.tolerance_source);
  object.set("transform", text(name(metric.transform)));
  object.set("detectionDirection", text(name(metric.detection_direction)));
  object.set("typicalLow", typical.typical_low);
  object.set("typicalHigh", typical.typical_high);
  return object;
}

val to_js(const Calibration& calibration) {
  val object = val::object();
  object.set("ready", calibration.ready);
  object.set("notReadyReason", calibration.not_ready_reason);
  object.set("spanHostDays", calibration.span_host_days);
  object.set("typicalScore", calibration.typical_score);
  object.set("memorySeconds", calibration.memory_seconds);
  object.set("intervalSeconds", calibration.interval_seconds);
  return object;
}

val to_js(const AlertSettings& settings) {
  val object = val::object();
  object.set("warningSensitivity", text(name(settings.warning)));
  object.set("criticalSensitivity", text(name(settings.critical)));
  object.set("maxCheckAttempts", settings.max_check_attempts);
  return object;
}

val to_js(const Provenance& provenance) {
  val object = val::object();
  object.set("version", provenance.version);
  object.set("configDigest", provenance.config_digest);
  object.set("from", provenance.from);
  object.set("to", provenance.to);
  object.set("rows", static_cast<double>(provenance.rows));
  object.set("hosts", provenance.hosts);
  // A seed can be larger than the whole numbers that JavaScript holds exactly.
  object.set("seed", std::to_string(provenance.seed));
  return object;
}

val to_js(const Alert& alert) {
  val object = val::object();
  object.set("alertId", alert.alert_id);
  object.set("scope", text(name(alert.scope)));
  object.set("host", host_names(alert));
  object.set("hosts", val::array(alert.hosts));
  object.set("level", text(name(alert.level)));
  object.set("startedAt", alert.started_at);
  object.set("openedAt", alert.opened_at);
  object.set("closedAt", number_or_null(alert.closed_at));
  object.set("lastSampleAt", alert.last_sample_at);
  object.set("samples", alert.samples);
  object.set("severity", alert.severity);
  object.set("anomalyScore", alert.anomaly_score);
  object.set("worstHost", alert.worst_host);
  object.set("worstAt", alert.worst_at);
  object.set("topMetrics", val::array(alert.top_metrics));
  object.set("sentence", alert.sentence);
  return object;
}

}  // namespace

Result<SampleTable> table_from_js(const val& packed) {
  SampleTable table;
  table.hosts = emscripten::vecFromJSArray<std::string>(packed["hosts"]);
  table.metrics = emscripten::vecFromJSArray<std::string>(packed["metrics"]);
  const auto rows = packed["rows"].as<int>();
  const auto* block = reinterpret_cast<const double*>(packed["address"].as<Address>());
  table.host.assign(block, block + rows);
  table.timestamps.assign(block + rows, block + 2 * rows);
  table.values.resize(rows, std::ssize(table.metrics));
  for (Index d = 0; d < table.values.cols(); ++d) {
    const double* column = block + (2 + d) * rows;
    for (Index row = 0; row < rows; ++row) {
      table.values(row, d) = column[row];
    }
  }
  if (auto checked = validate(table); !checked) {
    return std::unexpected(checked.error());
  }
  return table;
}

TableScores scores_from_js(const val& packed, const SampleTable& table) {
  const Index rows = table.rows();
  const auto* block = reinterpret_cast<const double*>(packed["address"].as<Address>());
  const double* column = block + (2 + table.values.cols()) * rows;
  TableScores scores;
  scores.anomaly_score = Eigen::Map<const Vector>(column, rows);
  scores.alert_score = Eigen::Map<const Vector>(column + rows, rows);
  return scores;
}

Result<Eigen::Map<const Matrix>> rows_from_js(const RoleModel& model, Address address, int rows) {
  const Eigen::Map<const Matrix> values(reinterpret_cast<const double*>(address), rows,
                                        model.dimensions());
  for (Index row = 0; row < values.rows(); ++row) {
    for (Index d = 0; d < values.cols(); ++d) {
      if (std::isinf(values(row, d))) {
        return fail(ErrorCode::kNotFinite,
                    "row " + std::to_string(row) + ", metric " + model.metrics[d].name +
                        ": expected a finite number or NaN, got an infinity");
      }
    }
  }
  return values;
}

Result<AlertSettings> alert_settings_from_js(const val& settings) {
  // Callers without types may pass something else than text.
  const auto text = [&](const char* key) { return settings[key].call<std::string>("toString"); };
  const auto warning = parse_sensitivity(text("warningSensitivity"));
  const auto critical = parse_sensitivity(text("criticalSensitivity"));
  if (!warning || !critical) {
    return std::unexpected(warning ? critical.error() : warning.error());
  }
  const AlertSettings result{*warning, *critical, settings["maxCheckAttempts"].as<int>()};
  if (auto checked = validate(result); !checked) {
    return std::unexpected(checked.error());
  }
  return result;
}

val to_js(const RoleModel& model, const Explanation& typical) {
  val metrics = val::array();
  for (std::size_t d = 0; d < model.metrics.size(); ++d) {
    metrics.set(d, to_js(model.metrics[d], typical.metrics[d]));
  }
  val components = val::array();
  for (Index k = 0; k < model.components(); ++k) {
    val component = val::object();
    component.set("weight", model.weights[k]);
    components.set(k, component);
  }
  val object = val::object();
  object.set("role", model.role);
  object.set("modelId", model.model_id);
  object.set("metrics", metrics);
  object.set("components", components);
  object.set("calibration", to_js(model.calibration));
  object.set("alertSettings", to_js(model.alert_settings));
  object.set("provenance", to_js(model.provenance));
  return object;
}

val to_js(const TableScores& scores) {
  val object = val::object();
  object.set("anomalyScore", copied(scores.anomaly_score));
  object.set("alertScore", copied(scores.alert_score));
  object.set("severity", copied(scores.severity));
  object.set("state", copied(scores.state));
  object.set("missingMetrics", val::array(scores.missing_metrics));
  return object;
}

val to_js(const SampleScores& scores) {
  val object = val::object();
  object.set("anomalyScore", copied(scores.anomaly_score));
  object.set("state", copied(scores.state));
  return object;
}

val to_js(const std::vector<Alert>& alerts) {
  val list = val::array();
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    list.set(i, to_js(alerts[i]));
  }
  return list;
}

val explanation_names() {
  val reasons = val::array();
  for (const Reason reason :
       {Reason::kNone, Reason::kUnusualValue, Reason::kUnusualGivenOthers, Reason::kBoth}) {
    reasons.set(static_cast<int>(reason), text(name(reason)));
  }
  val directions = val::array();
  for (const Direction direction : {Direction::kAbove, Direction::kBelow}) {
    directions.set(static_cast<int>(direction), text(name(direction)));
  }
  val object = val::object();
  object.set("reasons", reasons);
  object.set("directions", directions);
  return object;
}

ExplanationColumns::ExplanationColumns(const RoleModel& model, Index rows)
    : rows_(rows),
      anomaly_score_(rows),
      state_(rows),
      responsibilities_(rows, model.components()),
      numbers_(kNumberFields.size(), Vector(rows * model.dimensions())),
      rank_(rows * model.dimensions()),
      reason_(rank_.size()),
      direction_(rank_.size()) {}

void ExplanationColumns::set(Index row, const Explanation& explanation) {
  anomaly_score_[row] = explanation.anomaly_score;
  state_[row] = explanation.state;
  responsibilities_.row(row) = explanation.responsibilities.transpose();
  for (Index d = 0; d < std::ssize(explanation.metrics); ++d) {
    const MetricExplanation& metric = explanation.metrics[d];
    const Index place = d * rows_ + row;
    for (std::size_t f = 0; f < kNumberFields.size(); ++f) {
      numbers_[f][place] = metric.*kNumberFields[f].member;
    }
    rank_[place] = metric.rank;
    reason_[place] = static_cast<std::uint8_t>(metric.reason);
    direction_[place] = static_cast<std::uint8_t>(metric.direction);
  }
}

val ExplanationColumns::to_js() const {
  val object = val::object();
  object.set("anomalyScore", copied(anomaly_score_));
  object.set("state", copied(state_));
  object.set("responsibilities", copied(responsibilities_));
  for (std::size_t f = 0; f < kNumberFields.size(); ++f) {
    object.set(kNumberFields[f].name, copied(numbers_[f]));
  }
  object.set("rank", copied(rank_));
  object.set("reason", copied(reason_));
  object.set("direction", copied(direction_));
  return object;
}

}  // namespace rolemix
