// Reads the golden files that generate.py writes. Malformed files abort: they are part of the
// tests.
#ifndef ROLEMIX_TESTS_GOLDEN_GOLDEN_H_
#define ROLEMIX_TESTS_GOLDEN_GOLDEN_H_

#ifndef JSON_NOEXCEPTION
#define JSON_NOEXCEPTION
#endif
#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "model/role_model.h"
#include "places.h"

namespace rolemix::golden {

using Json = nlohmann::json;

/// The bytes of a file in tests/golden; none when it cannot be read.
inline std::string read_bytes(const std::string& name) {
  std::ifstream file(source_folder() + "/tests/golden/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline Json read(const std::string& name) { return Json::parse(read_bytes(name)); }

inline std::span<const std::uint8_t> as_bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// null is NaN.
inline double number(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

inline Vector vector_of(const Json& json) {
  Vector vector(static_cast<Index>(json.size()));
  for (Index i = 0; i < vector.size(); ++i) {
    vector[i] = number(json[i]);
  }
  return vector;
}

inline Matrix matrix_of(const Json& json) {
  Matrix matrix(static_cast<Index>(json.size()), static_cast<Index>(json.at(0).size()));
  for (Index i = 0; i < matrix.rows(); ++i) {
    matrix.row(i) = vector_of(json[i]).transpose();
  }
  return matrix;
}

/// A symmetric matrix from its lower triangle by rows.
inline Matrix symmetric_of(const Json& json) {
  const auto size = static_cast<Index>((std::sqrt(8.0 * json.size() + 1) - 1) / 2);
  Matrix matrix(size, size);
  std::size_t next = 0;
  for (Index i = 0; i < size; ++i) {
    for (Index j = 0; j <= i; ++j) {
      matrix(i, j) = matrix(j, i) = number(json[next++]);
    }
  }
  return matrix;
}

inline std::vector<Matrix> symmetrics_of(const Json& json) {
  std::vector<Matrix> matrices;
  for (const Json& triangle : json) {
    matrices.push_back(symmetric_of(triangle));
  }
  return matrices;
}

inline std::string decode_base64(const std::string& text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text.substr(0, text.find('='))) {
    bits = bits << 6 | static_cast<std::uint32_t>(kAlphabet.find(c));
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>(bits >> count & 0xff));
    }
  }
  return bytes;
}

/// Distance by the rule for comparing two correct codes: relative to the larger of 1, the golden
/// number and the anomaly_score. 0 when both are NaN, infinite when one is.
inline double error(double actual, double expected, double anomaly_score) {
  if (std::isnan(actual) && std::isnan(expected)) {
    return 0;
  }
  const double scale = std::max({1.0, std::abs(expected), std::abs(anomaly_score)});
  const double distance = std::abs(actual - expected) / scale;
  return std::isnan(distance) ? std::numeric_limits<double>::infinity() : distance;
}

inline MetricKind kind_of(const Json& json) {
  const std::string kind = json.value("kind", "none");
  return kind == "cause"     ? MetricKind::kCause
         : kind == "symptom" ? MetricKind::kSymptom
                             : MetricKind::kNone;
}

inline std::optional<HeavyTail> tail_of(const Json& json, const char* side) {
  if (!json.contains(side)) {
    return {};
  }
  const Json& tail = json.at(side);
  return HeavyTail{tail.at("threshold"), tail.at("spread"), tail.at("shape"), tail.at("scale")};
}

inline MetricSpec metric_of(const Json& json) {
  MetricSpec metric;
  metric.name = json.at("name");
  metric.unit = json.value("unit", "");
  metric.full_scale = json.value("full_scale", metric.full_scale);
  metric.tolerance = json.value("tolerance", metric.tolerance);
  metric.tolerance_source = json.value("tolerance_source", "");
  metric.median = json.value("median", metric.median);
  metric.transform = parse_transform(json.value("transform", "identity")).value();
  metric.detection_direction =
      parse_detection_direction(json.value("detection_direction", "both")).value();
  metric.kind = kind_of(json);
  metric.usual_low = json.value("usual_low", metric.usual_low);
  metric.usual_high = json.value("usual_high", metric.usual_high);
  metric.blame_scale = json.value("blame_scale", metric.blame_scale);
  metric.tail_below = tail_of(json, "tail_below");
  metric.tail_above = tail_of(json, "tail_above");
  return metric;
}

inline ConstantMetric constant_of(const Json& json) {
  return {.name = json.at("name"),
          .unit = json.at("unit"),
          .value = json.at("value"),
          .tolerance = json.at("tolerance"),
          .detection_direction =
              parse_detection_direction(json.at("detection_direction").get<std::string>()).value(),
          .kind = kind_of(json)};
}

inline QuietTime quiet_of(const Json& json) {
  QuietTime quiet;
  quiet.from = json.at("from").get<std::array<double, 7>>();
  quiet.to = json.at("to").get<std::array<double, 7>>();
  for (const Json& offset : json.at("offsets")) {
    quiet.offsets.push_back({offset.at("from"), offset.at("seconds")});
  }
  quiet.hosts = json.at("hosts").get<std::vector<std::string>>();
  quiet.metrics = json.at("metrics").get<std::vector<std::string>>();
  return quiet;
}

inline Calibration calibration_of(const Json& json) {
  Calibration calibration;
  calibration.ready = json.at("ready");
  calibration.not_ready_reason = json.value("not_ready_reason", "");
  calibration.typical_score = json.at("typical_score");
  calibration.memory_seconds = json.at("memory_seconds");
  calibration.interval_seconds = json.at("interval_seconds");
  calibration.span_host_days = json.at("span_host_days");
  for (const Json& curve : json.at("curves")) {
    calibration.curves.push_back({curve.at("alert_scores").get<std::vector<double>>(),
                                  curve.at("log_return_times").get<std::vector<double>>(),
                                  curve.at("slope")});
  }
  for (const Json& record : json.at("history")) {
    calibration.history.push_back(
        {record.at("threshold_low"), record.at("threshold_high"), record.at("alerts")});
  }
  return calibration;
}

inline Provenance provenance_of(const Json& json) {
  Provenance provenance;
  provenance.version = json.at("version");
  provenance.config_digest = json.at("config_digest");
  provenance.from = json.at("from");
  provenance.to = json.at("to");
  provenance.rows = json.at("rows");
  provenance.hosts = json.at("hosts");
  provenance.seed = json.at("seed");
  return provenance;
}

/// Keys as in inspect; what is left out has its default.
inline RoleModel role_model_of(const Json& json) {
  RoleModel model;
  model.role = json.at("role");
  for (const Json& metric : json.at("metrics")) {
    model.metrics.push_back(metric_of(metric));
  }
  model.weights = vector_of(json.at("weights"));
  model.means = matrix_of(json.at("means"));
  model.covariances = symmetrics_of(json.at("covariances"));
  if (json.contains("unclipped_covariances")) {
    model.unclipped_covariances = symmetrics_of(json.at("unclipped_covariances"));
  }
  if (json.contains("calibration")) {
    model.calibration = calibration_of(json.at("calibration"));
  }
  if (json.contains("alert_settings")) {
    const Json& settings = json.at("alert_settings");
    model.alert_settings.warning =
        parse_sensitivity(settings.at("warning").get<std::string>()).value();
    model.alert_settings.critical =
        parse_sensitivity(settings.at("critical").get<std::string>()).value();
    model.alert_settings.max_check_attempts = settings.at("max_check_attempts");
  }
  for (const Json& constant : json.value("constants", Json::array())) {
    model.constants.push_back(constant_of(constant));
  }
  for (const Json& quiet : json.value("quiet", Json::array())) {
    model.quiet.push_back(quiet_of(quiet));
  }
  if (json.contains("provenance")) {
    model.provenance = provenance_of(json.at("provenance"));
  }
  return model;
}

}  // namespace rolemix::golden

#endif  // ROLEMIX_TESTS_GOLDEN_GOLDEN_H_
