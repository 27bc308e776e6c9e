// Bytes -> RoleModel.
#include <flatbuffers/flatbuffers.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/escape.h"
#include "base/file_envelope.h"
#include "model/model_file.h"
#include "model/units.h"
#include "role_model_generated.h"

namespace rolemix {
namespace {

using Doubles = flatbuffers::Vector<double>;
using Strings = flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>;

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

std::string read_string(const flatbuffers::String* text) {
  return text == nullptr ? std::string() : text->str();
}

/// A copy of the structs or numbers of a vector. The verifier does not see to their alignment, so
/// they must not be used in place.
template <typename T, typename From>
std::vector<T> copy_of(const flatbuffers::Vector<From>* values) {
  std::vector<T> copies(values == nullptr ? 0 : values->size());
  if (!copies.empty()) {
    std::memcpy(copies.data(), values->Data(), copies.size() * sizeof(T));
  }
  return copies;
}

std::vector<double> read_doubles(const Doubles* values) { return copy_of<double>(values); }

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

/// Enumerations of the file are bytes, and those of the model have the same values.
Result<void> check_enum(std::uint8_t value, std::uint8_t largest, const char* what) {
  if (value > largest) {
    return fail(ErrorCode::kBadFormat,
                std::string("model file: unknown ") + what + " " + std::to_string(value));
  }
  return {};
}

template <typename Enum, typename FileEnum>
Result<void> read_enum(FileEnum from, const char* what, Enum& to) {
  to = static_cast<Enum>(from);
  return check_enum(static_cast<std::uint8_t>(from), static_cast<std::uint8_t>(FileEnum::MAX),
                    what);
}

Result<void> check_count(std::size_t count, std::size_t most, const char* what) {
  if (count > most) {
    return fail(ErrorCode::kShapeMismatch, "model file: expected at most " + std::to_string(most) +
                                               " " + what + ", got " + std::to_string(count));
  }
  return {};
}

template <typename T>
std::size_t size_of(const flatbuffers::Vector<T>* values) {
  return values == nullptr ? 0 : values->size();
}

/// Entries may share their bytes: many with a long text would make a small file fill the memory.
Result<void> check_texts(std::initializer_list<const flatbuffers::String*> texts) {
  for (const flatbuffers::String* text : texts) {
    if (text != nullptr && text->size() > kLongestText) {
      return fail(ErrorCode::kBadFormat, "model file: a text of " + std::to_string(text->size()) +
                                             " bytes, expected at most " +
                                             std::to_string(kLongestText));
    }
    if (text != nullptr && !is_utf8({text->data(), text->size()})) {
      return fail(ErrorCode::kBadFormat, "model file: expected text in UTF-8, got " +
                                             in_quotes({text->data(), text->size()}));
    }
  }
  return {};
}

/// What is measured and watched alike, of a metric and of one that never moved.
template <typename From, typename To>
Result<void> read_watched(const From& from, To& metric) {
  metric.name = read_string(from.name());
  metric.unit = read_string(from.unit());
  metric.tolerance = from.tolerance();
  auto read =
      read_enum(from.detection_direction(), "detection_direction", metric.detection_direction);
  return read ? read_enum(from.kind(), "kind", metric.kind) : read;
}

std::optional<HeavyTail> read_tail(const file::HeavyTail* from) {
  if (from == nullptr) {
    return {};
  }
  std::array<double, 4> numbers{};  // not in place: the verifier does not see to their alignment
  static_assert(sizeof numbers == sizeof *from);
  std::memcpy(numbers.data(), from, sizeof numbers);
  return HeavyTail{numbers[0], numbers[1], numbers[2], numbers[3]};
}

Result<MetricSpec> read_metric(const file::Metric& from) {
  if (auto ok = check_texts({from.name(), from.unit(), from.tolerance_source()}); !ok) {
    return std::unexpected(ok.error());
  }
  MetricSpec metric;
  if (auto read = read_watched(from, metric); !read) {
    return std::unexpected(read.error());
  }
  metric.full_scale = from.full_scale();
  metric.transform_tolerance = from.transform_tolerance();
  metric.median = from.median();
  metric.non_negative = from.non_negative();
  metric.center_by_host = from.center_by_host();
  metric.tolerance_source = read_string(from.tolerance_source());
  metric.usual_low = from.usual_low();
  metric.usual_high = from.usual_high();
  metric.blame_scale = from.blame_scale();
  metric.tail_below = read_tail(from.tail_below());
  metric.tail_above = read_tail(from.tail_above());
  if (auto read = read_enum(from.transform(), "transform", metric.transform); !read) {
    return std::unexpected(read.error());
  }
  return metric;
}

Result<std::vector<MetricSpec>> read_metrics(const file::RoleModel& from) {
  std::vector<MetricSpec> metrics;
  if (from.metrics() != nullptr) {
    if (auto ok = check_count(from.metrics()->size(), kMaxMetrics, "metrics"); !ok) {
      return std::unexpected(ok.error());
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

Result<std::vector<ConstantMetric>> read_constants(const file::RoleModel& from) {
  std::vector<ConstantMetric> constants;
  if (auto ok = check_count(size_of(from.constants()), kMostConstants, "constants"); !ok) {
    return std::unexpected(ok.error());
  }
  if (from.constants() == nullptr) {
    return constants;
  }
  for (const file::Constant* entry : *from.constants()) {
    ConstantMetric constant;
    constant.value = entry->value();
    auto ok = check_texts({entry->name(), entry->unit()});
    ok = ok ? read_watched(*entry, constant) : ok;
    if (!ok) {
      return std::unexpected(ok.error());
    }
    constants.push_back(std::move(constant));
  }
  return constants;
}

Result<std::vector<std::string>> read_names(const Strings* from) {
  std::vector<std::string> names;
  if (auto ok = check_count(size_of(from), kMostOfQuietTime, "names in a quiet time"); !ok) {
    return std::unexpected(ok.error());
  }
  if (from == nullptr) {
    return names;
  }
  for (const flatbuffers::String* name : *from) {
    if (auto ok = check_texts({name}); !ok) {
      return std::unexpected(ok.error());
    }
    names.push_back(read_string(name));
  }
  return names;
}

Result<QuietTime> read_quiet_time(const file::QuietTime& from) {
  QuietTime quiet;
  const auto begins = read_doubles(from.from(), kDaysOfWeek, "beginnings of a quiet time");
  const auto ends = read_doubles(from.to(), kDaysOfWeek, "ends of a quiet time");
  auto hosts = read_names(from.hosts());
  auto metrics = read_names(from.metrics());
  if (!begins || !ends) {
    return std::unexpected(begins ? ends.error() : begins.error());
  }
  if (!hosts || !metrics) {
    return std::unexpected(hosts ? metrics.error() : hosts.error());
  }
  if (auto ok = check_count(size_of(from.offsets()), kMostOfQuietTime, "offsets in a quiet time");
      !ok) {
    return std::unexpected(ok.error());
  }
  std::ranges::copy(*begins, quiet.from.begin());
  std::ranges::copy(*ends, quiet.to.begin());
  for (const file::ZoneOffset& offset : copy_of<file::ZoneOffset>(from.offsets())) {
    quiet.offsets.push_back({offset.from(), offset.seconds()});
  }
  quiet.hosts = std::move(*hosts);
  quiet.metrics = std::move(*metrics);
  return quiet;
}

Result<std::vector<QuietTime>> read_quiet_times(const file::RoleModel& from) {
  std::vector<QuietTime> result;
  if (auto ok = check_count(size_of(from.quiet()), kMostQuietTimes, "quiet times"); !ok) {
    return std::unexpected(ok.error());
  }
  if (from.quiet() == nullptr) {
    return result;
  }
  for (const file::QuietTime* entry : *from.quiet()) {
    auto quiet = read_quiet_time(*entry);
    if (!quiet) {
      return std::unexpected(quiet.error());
    }
    result.push_back(std::move(*quiet));
  }
  return result;
}

Result<Calibration> read_calibration(const file::Calibration* from) {
  Calibration calibration;
  if (from == nullptr) {
    calibration.not_ready_reason = "the model file holds no calibration";
    return calibration;
  }
  if (auto ok = check_texts({from->not_ready_reason()}); !ok) {
    return std::unexpected(ok.error());
  }
  calibration.ready = from->ready();
  calibration.not_ready_reason = read_string(from->not_ready_reason());
  calibration.typical_score = from->typical_score();
  calibration.score_scale = from->score_scale();
  calibration.memory_seconds = from->memory_seconds();
  calibration.interval_seconds = from->interval_seconds();
  calibration.span_host_days = from->span_host_days();
  if (from->curves() != nullptr) {
    if (auto ok = check_count(from->curves()->size(), kMaxCheckAttempts, "curves"); !ok) {
      return std::unexpected(ok.error());
    }
    for (const file::ReturnCurve* curve : *from->curves()) {
      calibration.curves.push_back({read_doubles(curve->alert_scores()),
                                    read_doubles(curve->log_return_times()), curve->slope()});
    }
  }
  for (const file::HistoryRecord& record : copy_of<file::HistoryRecord>(from->history())) {
    calibration.history.push_back(
        {record.threshold_low(), record.threshold_high(), record.alerts()});
  }
  return calibration;
}

Result<AlertSettings> read_alert_settings(const file::AlertSettings* from) {
  AlertSettings settings;
  if (from == nullptr) {
    return settings;
  }
  auto read = read_enum(from->warning(), "sensitivity", settings.warning);
  read = read ? read_enum(from->critical(), "sensitivity", settings.critical) : read;
  if (!read) {
    return std::unexpected(read.error());
  }
  settings.max_check_attempts = from->max_check_attempts();
  return settings;
}

Result<Provenance> read_provenance(const file::Provenance* from) {
  if (from == nullptr) {
    return Provenance();
  }
  if (auto ok = check_texts({from->version(), from->config_digest()}); !ok) {
    return std::unexpected(ok.error());
  }
  return Provenance{read_string(from->version()),
                    read_string(from->config_digest()),
                    from->from(),
                    from->to(),
                    from->rows(),
                    from->hosts(),
                    from->seed()};
}

Result<void> read_mixture(const file::RoleModel& from, double most_work, RoleModel& model) {
  const Index dimensions = model.dimensions();
  const Index components =
      from.weights() == nullptr ? 0 : static_cast<Index>(from.weights()->size());
  if (dimensions < 1 || components < 1 || components > kMaxComponents) {
    return fail(ErrorCode::kShapeMismatch,
                "model file: expected 1-256 metrics and 1-64 components, got " +
                    std::to_string(dimensions) + " and " + std::to_string(components));
  }
  if (work_of(dimensions, components) > most_work) {
    return fail(ErrorCode::kTooLarge, "model file: expected components x metrics^3 of at most " +
                                          std::to_string(std::llround(most_work)) + ", got " +
                                          std::to_string(components) + " x " +
                                          std::to_string(dimensions) +
                                          "^3; train with fewer metrics");
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

Result<RoleModel> read_model(std::span<const std::uint8_t> bytes, double most_work) {
  const auto body =
      open_sealed(bytes, file::RoleModelIdentifier(), kModelFormatVersion, "model file");
  if (!body) {
    return std::unexpected(body.error());
  }
  flatbuffers::Verifier verifier(body->data(), body->size());
  if (!file::VerifyRoleModelBuffer(verifier)) {
    return fail(ErrorCode::kBadFormat, "model file: its structure is not valid");
  }
  const file::RoleModel& from = *file::GetRoleModel(body->data());
  RoleModel model;
  auto metrics = read_metrics(from);
  if (!metrics) {
    return std::unexpected(metrics.error());
  }
  model.metrics = std::move(*metrics);
  model.role = read_string(from.role());
  if (auto mixture = read_mixture(from, most_work, model); !mixture) {
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
  auto constants = read_constants(from);
  if (!constants) {
    return std::unexpected(constants.error());
  }
  model.constants = std::move(*constants);
  auto quiet = read_quiet_times(from);
  if (!quiet) {
    return std::unexpected(quiet.error());
  }
  model.quiet = std::move(*quiet);
  auto calibration = read_calibration(from.calibration());
  if (!calibration) {
    return std::unexpected(calibration.error());
  }
  model.calibration = std::move(*calibration);
  auto provenance = read_provenance(from.provenance());
  if (!provenance) {
    return std::unexpected(provenance.error());
  }
  model.provenance = std::move(*provenance);
  model.model_id = hexadecimal(digest({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  if (auto checked = validated_mixture(model); !checked) {
    return std::unexpected(Error{checked.error().code, "model file: " + checked.error().message});
  }
  return model;
}

}  // namespace rolemix
