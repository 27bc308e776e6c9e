#include "convert.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>

#include "model/calibration.h"
#include "say/names.h"

namespace rolemix {
namespace {

using emscripten::val;

struct NumberField {
  const char* name;
  double MetricExplanation::* member;
};

constexpr std::array<NumberField, 10> kNumberFields = {{
    {"observed", &MetricExplanation::observed},
    {"expected", &MetricExplanation::expected},
    {"low", &MetricExplanation::low},
    {"high", &MetricExplanation::high},
    {"typicalLow", &MetricExplanation::typical_low},
    {"typicalHigh", &MetricExplanation::typical_high},
    {"surprise", &MetricExplanation::surprise},
    {"typicalSurprise", &MetricExplanation::typical_surprise},
    {"contribution", &MetricExplanation::contribution},
    {"blame", &MetricExplanation::blame},
}};

/// null stands for a number that does not exist.
val number_or_null(double number) { return std::isnan(number) ? val::null() : val(number); }

val to_js(const MetricSpec& metric, const MetricExplanation& any) {
  val object = val::object();
  put(object, "name", metric.name);
  put(object, "unit", metric.unit);
  put(object, "fullScale", number_or_null(metric.full_scale));
  put(object, "tolerance", metric.tolerance);
  put(object, "toleranceSource", metric.tolerance_source);
  put(object, "transform", text(name(metric.transform)));
  put(object, "detectionDirection", text(name(metric.detection_direction)));
  put(object, "center", text(metric.center_by_host ? "host" : "none"));
  put(object, "typicalLow", any.typical_low);
  put(object, "typicalHigh", any.typical_high);
  return object;
}

val to_js(const Calibration& calibration) {
  val object = val::object();
  put(object, "ready", calibration.ready);
  put(object, "notReadyReason", calibration.not_ready_reason);
  put(object, "spanHostDays", calibration.span_host_days);
  put(object, "typicalScore", calibration.typical_score);
  put(object, "memorySeconds", calibration.memory_seconds);
  put(object, "intervalSeconds", calibration.interval_seconds);
  return object;
}

val to_js(const AlertSettings& settings) {
  val object = val::object();
  put(object, "warningSensitivity", text(name(settings.warning)));
  put(object, "criticalSensitivity", text(name(settings.critical)));
  put(object, "maxCheckAttempts", settings.max_check_attempts);
  return object;
}

val to_js(const Provenance& provenance) {
  val object = val::object();
  put(object, "version", provenance.version);
  put(object, "configDigest", provenance.config_digest);
  put(object, "from", provenance.from);
  put(object, "to", provenance.to);
  put(object, "rows", static_cast<double>(provenance.rows));
  put(object, "hosts", provenance.hosts);
  // A seed can be larger than the whole numbers that JavaScript holds exactly.
  put(object, "seed", std::to_string(provenance.seed));
  return object;
}

val to_js(const RoleModel& model, const Alert& alert, Language language) {
  val object = val::object();
  put(object, "alertId", alert.alert_id);
  put(object, "scope", text(name(alert.scope)));
  put(object, "host", host_names(alert));
  put(object, "hosts", array(alert.hosts));
  put(object, "level", text(name(alert.level)));
  put(object, "startedAt", alert.started_at);
  put(object, "openedAt", alert.opened_at);
  put(object, "closedAt", number_or_null(alert.closed_at));
  put(object, "lastSampleAt", alert.last_sample_at);
  put(object, "samples", alert.samples);
  put(object, "severity", alert.severity);
  put(object, "anomalyScore", alert.anomaly_score);
  put(object, "worstHost", alert.worst_host);
  put(object, "worstAt", alert.worst_at);
  put(object, "topMetrics",
      array(alert.finding ? top_metrics(model, *alert.finding) : std::vector<std::string>()));
  put(object, "sentence", sentence(model, alert, language));
  return object;
}

}  // namespace

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
  const auto text = [&](const char* key) { return settings[key].as<std::string>(); };
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

val to_js(const RoleModel& model, const Explanation& any) {
  val metrics = val::array();
  for (int d = 0; d < std::ssize(model.metrics); ++d) {
    metrics.set(d, to_js(model.metrics[d], any.metrics[d]));
  }
  val components = val::array();
  for (int k = 0; k < model.components(); ++k) {
    val component = val::object();
    put(component, "weight", model.weights[k]);
    components.set(k, component);
  }
  val object = val::object();
  put(object, "role", model.role);
  put(object, "modelId", model.model_id);
  put(object, "metrics", metrics);
  put(object, "components", components);
  put(object, "calibration", to_js(model.calibration));
  put(object, "alertSettings", to_js(model.alert_settings));
  put(object, "provenance", to_js(model.provenance));
  return object;
}

val to_js(const Samples& samples) {
  std::vector<std::string> names;
  double start = std::numeric_limits<double>::infinity();
  double end = -start;
  for (const std::int32_t h : samples.by_name) {
    const HostSamples& host = samples.hosts[h];
    if (host.size() > 0) {
      names.push_back(host.name);
      start = std::min(start, host.times.front());
      end = std::max(end, host.times.back());
    }
  }
  val object = val::object();
  put(object, "hosts", array(names));
  put(object, "rows", samples.rows());
  put(object, "start", start);
  put(object, "end", end);
  put(object, "interval", samples.interval());
  put(object, "missingMetrics", array(samples.missing_metrics));
  return object;
}

val to_js(const TableScores& scores, Index first) {
  const std::size_t rows = scores.state.size() - static_cast<std::size_t>(first);
  val object = val::object();
  put(object, "anomalyScore", copied(scores.anomaly_score.data() + first, rows));
  put(object, "alertScore", copied(scores.alert_score.data() + first, rows));
  put(object, "severity", copied(scores.severity.data() + first, rows));
  put(object, "state", copied(scores.state.data() + first, rows));
  return object;
}

val to_js(const SampleScores& scores) {
  val object = val::object();
  put(object, "anomalyScore", copied(scores.anomaly_score));
  put(object, "state", copied(scores.state));
  return object;
}

val to_js(const RoleModel& model, const std::vector<Alert>& alerts, Language language) {
  val list = val::array();
  for (int i = 0; i < std::ssize(alerts); ++i) {
    list.set(i, to_js(model, alerts[i], language));
  }
  return list;
}

namespace {

val to_js(const RoleModel& model, const Prediction& prediction) {
  val object = val::object();
  put(object, "metric", model.metrics[prediction.metric].name);
  put(object, "predictors", array(metric_names(model, prediction.predictors)));
  put(object, "expected", prediction.expected);
  put(object, "low", prediction.low);
  put(object, "high", prediction.high);
  return object;
}

val to_js(const RoleModel& model, const Remedy& remedy) {
  val metrics = val::array();
  for (int i = 0; i < std::ssize(remedy.metrics); ++i) {
    val metric = val::object();
    put(metric, "metric", model.metrics[remedy.metrics[i]].name);
    put(metric, "value", remedy.values[i]);
    metrics.set(i, metric);
  }
  val object = val::object();
  put(object, "found", remedy.found);
  put(object, "exact", remedy.exact);
  put(object, "metrics", metrics);
  return object;
}

val to_js(const RoleModel& model, const Detail& detail) {
  val groups = val::array();
  for (int i = 0; i < std::ssize(detail.groups); ++i) {
    val group = val::object();
    put(group, "metrics", array(metric_names(model, detail.groups[i].metrics)));
    put(group, "blame", detail.groups[i].blame);
    groups.set(i, group);
  }
  val object = val::object();
  put(object, "runnerUp", detail.runner_up);
  put(object, "firm", detail.firm ? val(*detail.firm) : val::null());
  put(object, "groups", groups);
  put(object, "prediction", detail.prediction ? to_js(model, *detail.prediction) : val::null());
  put(object, "wouldBeNormal", to_js(model, detail.remedy));
  return object;
}

}  // namespace

val to_js(const RoleModel& model, const MomentReport& moment) {
  ExplanationColumns columns(model, 1);
  columns.set(0, moment.explanation);
  val object = columns.to_js();
  put(object, "detail", to_js(model, moment.detail));
  put(object, "sentence", moment.sentence);
  put(object, "remarks", array(moment.remarks));
  put(object, "alertScore", moment.alert_score);
  put(object, "severity", moment.severity);
  return object;
}

val to_js(const std::vector<JointEllipse>& ellipses) {
  val list = val::array();
  for (int i = 0; i < std::ssize(ellipses); ++i) {
    val ellipse = val::object();
    put(ellipse, "weight", ellipses[i].weight);
    put(ellipse, "outline", copied(ellipses[i].outline));
    list.set(i, ellipse);
  }
  return list;
}

val to_js(const std::vector<Price>& prices) {
  val list = val::array();
  for (int i = 0; i < std::ssize(prices); ++i) {
    val price = val::object();
    put(price, "alerts", prices[i].alerts);
    put(price, "critical", prices[i].critical);
    list.set(i, price);
  }
  return list;
}

val to_js(const RoleModel& model, const AlertExplanation& why) {
  val metrics = val::array();
  for (int i = 0; i < std::ssize(why.ranking); ++i) {
    const int d = why.ranking[i];
    val metric = val::object();
    put(metric, "metric", model.metrics[d].name);
    put(metric, "unit", model.metrics[d].unit);
    put(metric, "blame", why.metrics[d].blame);
    put(metric, "rank", why.metrics[d].rank);
    put(metric, "leftAt", number_or_null(why.metrics[d].left_at));
    put(metric, "before", number_or_null(why.metrics[d].before));
    put(metric, "during", number_or_null(why.metrics[d].during));
    const PeerValues& of_peers = why.metrics[d].peers;
    val peers = val::object();
    put(peers, "hosts", of_peers.hosts);
    put(peers, "low", number_or_null(of_peers.low));
    put(peers, "median", number_or_null(of_peers.median));
    put(peers, "high", number_or_null(of_peers.high));
    put(metric, "peers", peers);
    metrics.set(i, metric);
  }
  val object = val::object();
  put(object, "metrics", metrics);
  put(object, "before", std::string(name(why.before)));
  put(object, "firstToLeave", array(metric_names(model, why.first_to_leave)));
  put(object, "unusualHosts", why.unusual_hosts);
  put(object, "measuredHosts", why.hosts);
  put(object, "sentences", array(why.sentences));
  put(object, "worst", to_js(model, why.worst));
  return object;
}

val to_js(const std::vector<SimilarMoment>& moments) {
  val list = val::array();
  for (int i = 0; i < std::ssize(moments); ++i) {
    val moment = val::object();
    put(moment, "host", moments[i].host);
    put(moment, "timestamp", moments[i].timestamp);
    put(moment, "severity", moments[i].severity);
    put(moment, "similarity", moments[i].similarity);
    list.set(i, moment);
  }
  return list;
}

namespace {

template <typename Enum, std::size_t kSize>
val words_by_name(const std::array<Enum, kSize>& all, Language language) {
  val object = val::object();
  for (const Enum each : all) {
    put(object, name(each).data(), text(word(each, language)));
  }
  return object;
}

constexpr std::array kLevels = {Level::kNormal, Level::kUnusual, Level::kWarning, Level::kCritical};
constexpr std::array kAllSensitivities = {Sensitivity::kSensitive, Sensitivity::kNormal,
                                          Sensitivity::kInsensitive};
constexpr std::array kDirections = {Direction::kAbove, Direction::kBelow};
constexpr std::array kReasons = {Reason::kNone, Reason::kUnusualValue, Reason::kUnusualGivenOthers,
                                 Reason::kBoth};

}  // namespace

val words_to_js(Language language) {
  val object = val::object();
  put(object, "levels", words_by_name(kLevels, language));
  put(object, "sensitivities", words_by_name(kAllSensitivities, language));
  put(object, "directions", words_by_name(kDirections, language));
  put(object, "reasons", words_by_name(kReasons, language));
  put(object, "notMeasured", text(no_reason(false, language)));
  put(object, "noLevel", text(no_reason(true, language)));
  return object;
}

val explanation_names() {
  val reasons = val::array();
  for (const Reason reason : kReasons) {
    reasons.set(static_cast<int>(reason), text(name(reason)));
  }
  val directions = val::array();
  for (const Direction direction : kDirections) {
    directions.set(static_cast<int>(direction), text(name(direction)));
  }
  val object = val::object();
  put(object, "reasons", reasons);
  put(object, "directions", directions);
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
  put(object, "anomalyScore", copied(anomaly_score_));
  put(object, "state", copied(state_));
  put(object, "responsibilities", copied(responsibilities_));
  for (std::size_t f = 0; f < kNumberFields.size(); ++f) {
    put(object, kNumberFields[f].name, copied(numbers_[f]));
  }
  put(object, "rank", copied(rank_));
  put(object, "reason", copied(reason_));
  put(object, "direction", copied(direction_));
  return object;
}

}  // namespace rolemix
