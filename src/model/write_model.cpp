// RoleModel -> bytes.
#include <flatbuffers/flatbuffers.h>

#include <vector>

#include "base/file_envelope.h"
#include "model/model_file.h"
#include "role_model_generated.h"

namespace rolemix {
namespace {

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

file::HeavyTail to_file(const HeavyTail& tail) {
  return {tail.threshold, tail.spread, tail.shape, tail.scale};
}

// Strings and vectors are made one statement at a time: the order of the bytes must not depend on
// the order in which a compiler evaluates arguments.
flatbuffers::Offset<file::Metric> write_metric(flatbuffers::FlatBufferBuilder& builder,
                                               const MetricSpec& metric) {
  const auto name = builder.CreateString(metric.name);
  const auto unit = builder.CreateSharedString(metric.unit);
  const auto source = builder.CreateSharedString(metric.tolerance_source);
  const file::HeavyTail below = to_file(metric.tail_below.value_or(HeavyTail()));
  const file::HeavyTail above = to_file(metric.tail_above.value_or(HeavyTail()));
  return file::CreateMetric(
      builder, name, unit, metric.full_scale, metric.tolerance, source,
      static_cast<file::Transform>(metric.transform), metric.transform_tolerance,
      static_cast<file::DetectionDirection>(metric.detection_direction),
      static_cast<file::MetricKind>(metric.kind), metric.median, metric.usual_low,
      metric.usual_high, metric.non_negative, metric.center_by_host, metric.blame_scale,
      metric.tail_below ? &below : nullptr, metric.tail_above ? &above : nullptr);
}

flatbuffers::Offset<file::Constant> write_constant(flatbuffers::FlatBufferBuilder& builder,
                                                   const ConstantMetric& constant) {
  const auto name = builder.CreateString(constant.name);
  const auto unit = builder.CreateSharedString(constant.unit);
  return file::CreateConstant(builder, name, unit, constant.value, constant.tolerance,
                              static_cast<file::DetectionDirection>(constant.detection_direction),
                              static_cast<file::MetricKind>(constant.kind));
}

flatbuffers::Offset<file::QuietTime> write_quiet_time(flatbuffers::FlatBufferBuilder& builder,
                                                      const QuietTime& quiet) {
  std::vector<file::ZoneOffset> offsets;
  for (const ZoneOffset& offset : quiet.offsets) {
    offsets.emplace_back(offset.from, offset.seconds);
  }
  const auto from = builder.CreateVector(quiet.from.data(), quiet.from.size());
  const auto to = builder.CreateVector(quiet.to.data(), quiet.to.size());
  const auto zone = builder.CreateVectorOfStructs(offsets);
  const auto hosts = builder.CreateVectorOfStrings(quiet.hosts);
  const auto metrics = builder.CreateVectorOfStrings(quiet.metrics);
  return file::CreateQuietTime(builder, from, to, zone, hosts, metrics);
}

flatbuffers::Offset<file::Calibration> write_calibration(flatbuffers::FlatBufferBuilder& builder,
                                                         const Calibration& calibration) {
  std::vector<flatbuffers::Offset<file::ReturnCurve>> curves;
  for (const ReturnCurve& curve : calibration.curves) {
    const auto scores = builder.CreateVector(curve.alert_scores);
    const auto times = builder.CreateVector(curve.log_return_times);
    curves.push_back(file::CreateReturnCurve(builder, scores, times, curve.slope));
  }
  std::vector<file::HistoryRecord> records;
  for (const HistoryRecord& record : calibration.history) {
    records.emplace_back(record.threshold_low, record.threshold_high, record.alerts);
  }
  const auto reason = builder.CreateString(calibration.not_ready_reason);
  const auto curve_list = builder.CreateVector(curves);
  const auto history = builder.CreateVectorOfStructs(records);
  return file::CreateCalibration(builder, calibration.ready, reason, calibration.typical_score,
                                 calibration.score_scale, calibration.memory_seconds,
                                 calibration.interval_seconds, calibration.span_host_days,
                                 curve_list, history);
}

flatbuffers::Offset<file::Provenance> write_provenance(flatbuffers::FlatBufferBuilder& builder,
                                                       const Provenance& provenance) {
  const auto version = builder.CreateString(provenance.version);
  const auto config = builder.CreateString(provenance.config_digest);
  return file::CreateProvenance(builder, version, config, provenance.from, provenance.to,
                                provenance.rows, provenance.hosts, provenance.seed);
}

std::vector<double> flatten(const std::vector<StateTimes>& states) {
  std::vector<double> values;
  for (const StateTimes& times : states) {
    values.insert(values.end(), times.by_hour.begin(), times.by_hour.end());
    values.insert(values.end(), times.by_weekday.begin(), times.by_weekday.end());
  }
  return values;
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
  const auto state_times = builder.CreateVector(flatten(model.state_times));
  std::vector<flatbuffers::Offset<file::Constant>> constants;
  for (const ConstantMetric& constant : model.constants) {
    constants.push_back(write_constant(builder, constant));
  }
  const auto constant_list = builder.CreateVector(constants);
  std::vector<flatbuffers::Offset<file::QuietTime>> quiet;
  for (const QuietTime& time : model.quiet) {
    quiet.push_back(write_quiet_time(builder, time));
  }
  const auto quiet_list = builder.CreateVector(quiet);
  file::FinishRoleModelBuffer(
      builder, file::CreateRoleModel(builder, kModelFormatVersion, role, metric_list, weights,
                                     means, covariances, unclipped, state_times, constant_list,
                                     quiet_list, calibration, settings, provenance));
  return seal({builder.GetBufferPointer(), builder.GetSize()});
}

}  // namespace rolemix
