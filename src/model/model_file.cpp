#include "model/model_file.h"

#include <flatbuffers/flatbuffers.h>

#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/file_envelope.h"
#include "role_model_generated.h"

namespace rolemix {
namespace {

using Doubles = flatbuffers::Vector<double>;

std::vector<double> flatten(const Matrix& matrix) {
  return {matrix.data(), matrix.data() + matrix.size()};
}

std::vector<double> lower_triangles(const std::vector<Matrix>& matrices) {
  std::vector<double> values;
  for (const Matrix& matrix : matrices) {
    for (Index i = 0; i < matrix.rows(); ++i) {
      values.insert(values.end(), &matrix(i, 0), &matrix(i, 0) + i + 1);
    }
  }
  return values;
}

std::vector<Matrix> from_lower_triangles(const std::vector<double>& values, Index count,
                                         Index dimensions) {
  std::vector<Matrix> matrices(count, Matrix(dimensions, dimensions));
  std::size_t next = 0;
  for (Matrix& matrix : matrices) {
    for (Index i = 0; i < dimensions; ++i) {
      for (Index j = 0; j <= i; ++j) {
        matrix(i, j) = matrix(j, i) = values[next++];
      }
    }
  }
  return matrices;
}

// Strings and vectors are made one statement at a time: the order of the bytes must not depend on
// the order in which a compiler evaluates arguments.
flatbuffers::Offset<file::Metric> write_metric(flatbuffers::FlatBufferBuilder& builder,
                                               const MetricSpec& metric) {
  const auto name = builder.CreateString(metric.name);
  const auto unit = builder.CreateSharedString(metric.unit);
  const auto source = builder.CreateSharedString(metric.tolerance_source);
  return file::CreateMetric(builder, name, unit, metric.full_scale, metric.tolerance, source,
                            static_cast<file::Transform>(metric.transform),
                            static_cast<file::DetectionDirection>(metric.detection_direction),
                            metric.transform_tolerance, metric.median, metric.non_negative,
                            metric.center_by_host);
}

flatbuffers::Offset<file::Calibration> write_calibration(flatbuffers::FlatBufferBuilder& builder,
                                                         const Calibration& calibration) {
  std::vector<file::Tail> tails;
  for (const Tail& tail : calibration.tails) {
    tails.emplace_back(tail.threshold, tail.rate, tail.scale, tail.shape);
  }
  std::vector<file::HistoryRecord> records;
  for (const HistoryRecord& record : calibration.history) {
    records.emplace_back(record.threshold_low, record.threshold_high, record.alerts);
  }
  const auto reason = builder.CreateString(calibration.not_ready_reason);
  const auto scores = builder.CreateVector(calibration.bulk_alert_scores);
  const auto times = builder.CreateVector(calibration.bulk_return_times);
  const auto tail_list = builder.CreateVectorOfStructs(tails);
  const auto levels = calibration.normal_levels.empty()
                          ? flatbuffers::Offset<flatbuffers::Vector<double>>()
                          : builder.CreateVector(calibration.normal_levels);
  const auto history = records.empty()
                           ? flatbuffers::Offset<flatbuffers::Vector<const file::HistoryRecord*>>()
                           : builder.CreateVectorOfStructs(records);
  return file::CreateCalibration(
      builder, calibration.ready, reason, calibration.typical_score, calibration.memory_seconds,
      calibration.interval_seconds, calibration.span_host_days, scores, times, tail_list,
      calibration.score_scale, static_cast<file::AlertStatistic>(calibration.statistic), levels,
      history);
}

flatbuffers::Offset<file::Provenance> write_provenance(flatbuffers::FlatBufferBuilder& builder,
                                                       const Provenance& provenance) {
  const auto version = builder.CreateString(provenance.version);
  const auto config = builder.CreateString(provenance.config_digest);
  return file::CreateProvenance(builder, version, config, provenance.from, provenance.to,
                                provenance.rows, provenance.hosts, provenance.seed);
}

std::string read_string(const flatbuffers::String* text) {
  return text == nullptr ? std::string() : text->str();
}

/// A copy of the structs or numbers of a vector. The verifier does not see to their alignment, so
/// they must not be used in place.
template <typename T>
std::vector<T> copy_of(const std::uint8_t* bytes, std::size_t size) {
  std::vector<T> copies(size);
  if (size > 0) {
    std::memcpy(copies.data(), bytes, size * sizeof(T));
  }
  return copies;
}

std::vector<double> read_doubles(const Doubles* values) {
  return values == nullptr ? std::vector<double>()
                           : copy_of<double>(values->Data(), values->size());
}

template <typename Enum, typename FileEnum>
Result<Enum> read_enum(FileEnum value, FileEnum largest, const char* what) {
  if (value > largest) {
    return fail(ErrorCode::kBadFormat, std::string("model file: unknown ") + what + " " +
                                           std::to_string(static_cast<int>(value)));
  }
  return static_cast<Enum>(value);
}

Result<MetricSpec> read_metric(const file::Metric& from) {
  // Metrics may share their bytes: many with a long text would make a small file fill the memory.
  for (const flatbuffers::String* text : {from.name(), from.unit(), from.tolerance_source()}) {
    if (text != nullptr && text->size() > kLongestText) {
      return fail(ErrorCode::kBadFormat,
                  "model file: a metric with a text of " + std::to_string(text->size()) +
                      " bytes, expected at most " + std::to_string(kLongestText));
    }
  }
  MetricSpec metric;
  metric.name = read_string(from.name());
  metric.unit = read_string(from.unit());
  metric.full_scale = from.full_scale();
  metric.tolerance = from.tolerance();
  metric.transform_tolerance = from.transform_tolerance();
  metric.median = from.median();
  metric.non_negative = from.non_negative();
  metric.center_by_host = from.center_by_host();
  metric.tolerance_source = read_string(from.tolerance_source());
  const auto transform = read_enum<Transform>(from.transform(), file::Transform::MAX, "transform");
  const auto direction = read_enum<DetectionDirection>(
      from.detection_direction(), file::DetectionDirection::MAX, "detection_direction");
  if (!transform || !direction) {
    return std::unexpected(transform ? direction.error() : transform.error());
  }
  metric.transform = *transform;
  metric.detection_direction = *direction;
  return metric;
}

Result<std::vector<MetricSpec>> read_metrics(const file::RoleModel& from) {
  std::vector<MetricSpec> metrics;
  if (from.metrics() != nullptr) {
    if (from.metrics()->size() > kMaxMetrics) {
      return fail(ErrorCode::kShapeMismatch, "model file: expected 1-256 metrics, got " +
                                                 std::to_string(from.metrics()->size()));
    }
    for (const file::Metric* entry : *from.metrics()) {
      auto metric = read_metric(*entry);
      if (!metric) {
        return std::unexpected(metric.error());
      }
      metrics.push_back(std::move(*metric));
    }
  }
  return metrics;
}

Result<Calibration> read_calibration(const file::Calibration* from, int version) {
  Calibration calibration;
  if (from == nullptr) {
    calibration.not_ready_reason = "the model file holds no calibration";
    return calibration;
  }
  const auto statistic =
      read_enum<AlertStatistic>(from->statistic(), file::AlertStatistic::MAX, "alert statistic");
  if (!statistic) {
    return std::unexpected(statistic.error());
  }
  calibration.statistic = version == 1 ? AlertStatistic::kMeanOfLogs : *statistic;
  calibration.ready = from->ready();
  calibration.not_ready_reason = read_string(from->not_ready_reason());
  calibration.typical_score = from->typical_score();
  calibration.score_scale = from->score_scale();
  calibration.memory_seconds = from->memory_seconds();
  calibration.interval_seconds = from->interval_seconds();
  calibration.span_host_days = from->span_host_days();
  calibration.bulk_alert_scores = read_doubles(from->bulk_alert_scores());
  calibration.bulk_return_times = read_doubles(from->bulk_return_times());
  calibration.normal_levels = read_doubles(from->normal_levels());
  if (from->tails() != nullptr) {
    for (const file::Tail& tail :
         copy_of<file::Tail>(from->tails()->Data(), from->tails()->size())) {
      calibration.tails.push_back({tail.threshold(), tail.rate(), tail.scale(), tail.shape()});
    }
  }
  if (from->history() != nullptr) {
    for (const file::HistoryRecord& record :
         copy_of<file::HistoryRecord>(from->history()->Data(), from->history()->size())) {
      calibration.history.push_back(
          {record.threshold_low(), record.threshold_high(), record.alerts()});
    }
  }
  return calibration;
}

Result<AlertSettings> read_alert_settings(const file::AlertSettings* from) {
  AlertSettings settings;
  if (from == nullptr) {
    return settings;
  }
  const auto warning =
      read_enum<Sensitivity>(from->warning(), file::Sensitivity::MAX, "sensitivity");
  const auto critical =
      read_enum<Sensitivity>(from->critical(), file::Sensitivity::MAX, "sensitivity");
  if (!warning || !critical) {
    return std::unexpected(warning ? critical.error() : warning.error());
  }
  settings.warning = *warning;
  settings.critical = *critical;
  settings.max_check_attempts = from->max_check_attempts();
  return settings;
}

Provenance read_provenance(const file::Provenance* from) {
  if (from == nullptr) {
    return {};
  }
  return {read_string(from->version()),
          read_string(from->config_digest()),
          from->from(),
          from->to(),
          from->rows(),
          from->hosts(),
          from->seed()};
}

std::vector<double> flatten(const std::vector<StateTimes>& states) {
  std::vector<double> values;
  for (const StateTimes& times : states) {
    values.insert(values.end(), times.by_hour.begin(), times.by_hour.end());
    values.insert(values.end(), times.by_weekday.begin(), times.by_weekday.end());
  }
  return values;
}

/// The numbers of a vector that has to have this many.
Result<std::vector<double>> read_doubles(const Doubles* values, Index expected, const char* what) {
  const Index size = values == nullptr ? 0 : static_cast<Index>(values->size());
  if (size != expected) {
    return fail(ErrorCode::kShapeMismatch, std::string("model file: ") + what + ": expected " +
                                               std::to_string(expected) + " numbers, got " +
                                               std::to_string(size));
  }
  return read_doubles(values);
}

Result<void> read_mixture(const file::RoleModel& from, RoleModel& model) {
  const Index dimensions = model.dimensions();
  const Index components =
      from.weights() == nullptr ? 0 : static_cast<Index>(from.weights()->size());
  if (dimensions < 1 || components < 1 || components > kMaxComponents) {
    return fail(ErrorCode::kShapeMismatch,
                "model file: expected 1-256 metrics and 1-64 components, got " +
                    std::to_string(dimensions) + " and " + std::to_string(components));
  }
  const Index triangles = components * dimensions * (dimensions + 1) / 2;
  const auto weights = read_doubles(from.weights(), components, "weights");
  const auto means = read_doubles(from.means(), components * dimensions, "means");
  const auto covariances = read_doubles(from.covariances(), triangles, "covariances");
  const Doubles* optional = from.unclipped_covariances();
  const bool has_unclipped = optional != nullptr && optional->size() > 0;
  const auto unclipped =
      read_doubles(optional, has_unclipped ? triangles : 0, "unclipped covariances");
  for (const auto* values : {&weights, &means, &covariances, &unclipped}) {
    if (!*values) {
      return std::unexpected(values->error());
    }
  }
  model.weights = Eigen::Map<const Vector>(weights->data(), components);
  model.means = Eigen::Map<const Matrix>(means->data(), components, dimensions);
  model.covariances = from_lower_triangles(*covariances, components, dimensions);
  if (has_unclipped) {
    model.unclipped_covariances = from_lower_triangles(*unclipped, components, dimensions);
  }
  return {};
}

Result<void> read_state_times(const file::RoleModel& from, RoleModel& model) {
  if (from.state_times() == nullptr || from.state_times()->size() == 0) {
    return {};
  }
  constexpr Index kEach = kHoursOfDay + kDaysOfWeek;
  const auto values = read_doubles(from.state_times(), model.components() * kEach, "state times");
  if (!values) {
    return std::unexpected(values.error());
  }
  for (Index k = 0; k < model.components(); ++k) {
    const double* first = values->data() + k * kEach;
    model.state_times.push_back({Eigen::Map<const Vector>(first, kHoursOfDay),
                                 Eigen::Map<const Vector>(first + kHoursOfDay, kDaysOfWeek)});
  }
  return {};
}

}  // namespace

std::string write_model(const RoleModel& model) {
  flatbuffers::FlatBufferBuilder builder(16384);
  builder.ForceDefaults(false);
  std::vector<flatbuffers::Offset<file::Metric>> metrics;
  for (const MetricSpec& metric : model.metrics) {
    metrics.push_back(write_metric(builder, metric));
  }
  const auto settings = file::CreateAlertSettings(
      builder, static_cast<file::Sensitivity>(model.alert_settings.warning),
      static_cast<file::Sensitivity>(model.alert_settings.critical),
      static_cast<std::uint8_t>(model.alert_settings.max_check_attempts));
  const auto role = builder.CreateString(model.role);
  const auto metric_list = builder.CreateVector(metrics);
  const auto weights = builder.CreateVector(model.weights.data(), model.weights.size());
  const auto means = builder.CreateVector(flatten(model.means));
  const auto covariances = builder.CreateVector(lower_triangles(model.covariances));
  const auto unclipped = builder.CreateVector(lower_triangles(model.unclipped_covariances));
  const auto calibration = write_calibration(builder, model.calibration);
  const auto provenance = write_provenance(builder, model.provenance);
  const auto state_times = model.state_times.empty()
                               ? flatbuffers::Offset<Doubles>()
                               : builder.CreateVector(flatten(model.state_times));
  file::FinishRoleModelBuffer(
      builder, file::CreateRoleModel(builder, kModelFormatVersion, role, metric_list, weights,
                                     means, covariances, unclipped, calibration, settings,
                                     provenance, state_times));
  return seal({builder.GetBufferPointer(), builder.GetSize()});
}

Result<RoleModel> read_model(std::span<const std::uint8_t> bytes) {
  const auto body = open_sealed(bytes, file::RoleModelIdentifier(), "model file");
  if (!body) {
    return std::unexpected(body.error());
  }
  flatbuffers::Verifier verifier(body->data(), body->size());
  if (!file::VerifyRoleModelBuffer(verifier)) {
    return fail(ErrorCode::kBadFormat, "model file: its structure is not valid");
  }
  const file::RoleModel& from = *file::GetRoleModel(body->data());
  if (from.format_version() < kOldestModelFormat || from.format_version() > kModelFormatVersion) {
    return fail(ErrorCode::kUnsupportedVersion,
                "model file: format version " + std::to_string(from.format_version()) +
                    ", this program reads versions " + std::to_string(kOldestModelFormat) + " to " +
                    std::to_string(kModelFormatVersion));
  }
  RoleModel model;
  auto metrics = read_metrics(from);
  if (!metrics) {
    return std::unexpected(metrics.error());
  }
  model.metrics = std::move(*metrics);
  model.role = read_string(from.role());
  if (auto mixture = read_mixture(from, model); !mixture) {
    return std::unexpected(mixture.error());
  }
  if (auto times = read_state_times(from, model); !times) {
    return std::unexpected(times.error());
  }
  const auto settings = read_alert_settings(from.alert_settings());
  if (!settings) {
    return std::unexpected(settings.error());
  }
  model.alert_settings = *settings;
  auto calibration = read_calibration(from.calibration(), from.format_version());
  if (!calibration) {
    return std::unexpected(calibration.error());
  }
  model.calibration = std::move(*calibration);
  model.provenance = read_provenance(from.provenance());
  model.model_id = hexadecimal(digest({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  if (auto checked = make_mixture(model); !checked) {
    return std::unexpected(Error{checked.error().code, "model file: " + checked.error().message});
  }
  return model;
}

}  // namespace rolemix
