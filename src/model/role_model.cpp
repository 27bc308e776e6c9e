#include "model/role_model.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/escape.h"
#include "mixture/linear_algebra.h"
#include "model/units.h"

namespace rolemix {
namespace {

constexpr std::array kTransforms = {Transform::kIdentity, Transform::kLog1p, Transform::kLogit};

bool is_possible(const HeavyTail& tail) {
  return tail.threshold >= 0 && tail.threshold <= kLargestValue && is_scale(tail.spread) &&
         tail.shape >= 0 && tail.shape <= 1 && is_scale(tail.scale);
}

std::unexpected<Error> wrong(const std::string& what, const char* expected) {
  return fail(ErrorCode::kInvalidArgument, what + ": expected " + expected);
}

Result<void> check_metric(const MetricSpec& metric) {
  const std::string what = "metric " + metric.name;
  if (metric.name.empty()) {
    return fail(ErrorCode::kInvalidArgument, "a metric without a name");
  }
  if (std::max({metric.name.size(), metric.unit.size(), metric.tolerance_source.size()}) >
      kLongestText) {
    return fail(ErrorCode::kInvalidArgument,
                "metric " + escaped(metric.name) + ": expected texts of at most 4096 bytes");
  }
  if (!is_scale(metric.tolerance) || !is_scale(transform_tolerance(metric))) {
    return wrong(what, "a tolerance in 1e-50..1e50");
  }
  if (!std::isnan(metric.full_scale) && !is_scale(metric.full_scale)) {
    return wrong(what, "a full_scale in 1e-50..1e50");
  }
  if (std::isinf(metric.median) || (metric.center_by_host && std::isnan(metric.median))) {
    return fail(ErrorCode::kNotFinite, what + ": expected a finite median");
  }
  for (const double value : {metric.median, metric.usual_low, metric.usual_high}) {
    if (std::abs(value) > kLargestValue) {  // NaN: not known
      return wrong(what, "a median and a usual range within 1e50");
    }
  }
  if (metric.usual_low > metric.usual_high || !is_scale(metric.blame_scale)) {
    return wrong(what, "a usual range in order and a blame scale in 1e-50..1e50");
  }
  for (const auto* tail : {&metric.tail_below, &metric.tail_above}) {
    if (*tail && !is_possible(**tail)) {
      return wrong(what, "a tail with threshold >= 0, shape 0..1, spread and scale > 0");
    }
  }
  if (metric.transform == Transform::kLogit &&
      !(metric.full_scale > 2 * transform_tolerance(metric))) {
    return fail(ErrorCode::kInvalidArgument,
                what + ": transform logit needs a full_scale above two tolerances");
  }
  return {};
}

bool is_name_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.front() != '.' &&
         std::ranges::all_of(text, is_name_character);
}

Result<void> check_state_times(const RoleModel& model) {
  const std::vector<StateTimes>& states = model.state_times;
  if (!states.empty() && static_cast<Index>(states.size()) != model.components()) {
    return fail(ErrorCode::kShapeMismatch, "model: expected the times of none or K states");
  }
  for (const StateTimes& times : states) {
    if (times.by_hour.size() != kHoursOfDay || times.by_weekday.size() != kDaysOfWeek) {
      return fail(ErrorCode::kShapeMismatch, "model: expected 24 hours and 7 days of a state");
    }
    for (const Vector* shares : {&times.by_hour, &times.by_weekday}) {
      if (!(shares->array() >= 0 && shares->array() <= 1).all()) {
        return fail(ErrorCode::kInvalidArgument, "model: a state's share of time is not in 0..1");
      }
    }
  }
  return {};
}

Result<void> check_constants(const RoleModel& model) {
  if (model.constants.size() > kMostConstants) {
    return fail(ErrorCode::kShapeMismatch, "model: expected at most 1024 constants");
  }
  for (const ConstantMetric& constant : model.constants) {
    const std::string what = "constant " + constant.name.substr(0, 80);
    if (constant.name.empty() ||
        std::max(constant.name.size(), constant.unit.size()) > kLongestText) {
      return wrong(what, "texts of at most 4096 bytes");
    }
    if (!(std::abs(constant.value) <= kLargestValue) || !is_scale(constant.tolerance)) {
      return wrong(what, "a value within 1e50 and a tolerance in 1e-50..1e50");
    }
    if (std::ranges::count(model.metrics, constant.name, &MetricSpec::name) +
            std::ranges::count(model.constants, constant.name, &ConstantMetric::name) !=
        1) {
      return fail(ErrorCode::kInvalidArgument, what + " appears twice");
    }
  }
  return {};
}

Result<void> check_quiet_times(const RoleModel& model) {
  constexpr double kDay = 86400;
  if (model.quiet.size() > kMostQuietTimes) {
    return fail(ErrorCode::kShapeMismatch, "model: expected at most 256 quiet times");
  }
  for (const QuietTime& quiet : model.quiet) {
    for (std::size_t day = 0; day < quiet.from.size(); ++day) {
      if (!(quiet.from[day] >= 0 && quiet.from[day] <= kDay && quiet.to[day] >= 0 &&
            quiet.to[day] <= 2 * kDay)) {
        return fail(ErrorCode::kInvalidArgument, "model: a quiet time lies outside of its day");
      }
    }
    double before = -std::numeric_limits<double>::infinity();
    for (const ZoneOffset& offset : quiet.offsets) {
      if (!(offset.from > before && offset.from <= kLargestValue) ||
          std::abs(static_cast<double>(offset.seconds)) > kDay) {
        return fail(ErrorCode::kInvalidArgument,
                    "model: expected the offsets of a quiet time in order, within a day");
      }
      before = offset.from;
    }
    for (const auto* names : {&quiet.hosts, &quiet.metrics}) {
      if (std::ranges::any_of(*names, [](const std::string& name) {
            return name.empty() || name.size() > kLongestText;
          })) {
        return fail(ErrorCode::kInvalidArgument,
                    "model: expected names of 1-4096 bytes in a quiet time");
      }
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> metric_names(const RoleModel& model) {
  std::vector<std::string> names;
  for (const MetricSpec& metric : model.metrics) {
    names.push_back(metric.name);
  }
  return names;
}

std::vector<std::string> metric_names(const RoleModel& model, std::span<const int> metrics) {
  std::vector<std::string> names;
  for (const int d : metrics) {
    names.push_back(model.metrics[d].name);
  }
  return names;
}

bool centers_by_host(const RoleModel& model) {
  return std::ranges::any_of(model.metrics, &MetricSpec::center_by_host);
}

Result<GaussianMixture> validated_mixture(const RoleModel& model) {
  if (auto role = parse_role(model.role); !role) {
    return std::unexpected(role.error());
  }
  if (model.dimensions() > kMaxMetrics || model.components() > kMaxComponents) {
    return fail(ErrorCode::kShapeMismatch, "model: expected at most 256 metrics and 64 components");
  }
  if (model.means.cols() != model.dimensions()) {
    return fail(ErrorCode::kShapeMismatch, "model: " + std::to_string(model.dimensions()) +
                                               " metrics, but means of " +
                                               std::to_string(model.means.cols()));
  }
  for (std::size_t d = 0; d < model.metrics.size(); ++d) {
    const MetricSpec& metric = model.metrics[d];
    if (auto checked = check_metric(metric); !checked) {
      return std::unexpected(checked.error());
    }
    for (std::size_t other = 0; other < d; ++other) {
      if (model.metrics[other].name == metric.name) {
        return fail(ErrorCode::kInvalidArgument, "metric " + metric.name + " appears twice");
      }
    }
  }
  for (const auto check : {check_state_times, check_constants, check_quiet_times}) {
    if (auto checked = check(model); !checked) {
      return std::unexpected(checked.error());
    }
  }
  if (auto checked = validate(model.calibration); !checked) {
    return std::unexpected(checked.error());
  }
  if (auto checked = validate(model.alert_settings); !checked) {
    return std::unexpected(checked.error());
  }
  if (!model.unclipped_covariances.empty() &&
      static_cast<Index>(model.unclipped_covariances.size()) != model.components()) {
    return fail(ErrorCode::kShapeMismatch, "model: expected none or K unclipped covariances");
  }
  if (!std::isfinite(model.provenance.from) || !std::isfinite(model.provenance.to)) {
    return fail(ErrorCode::kNotFinite, "model: the times of its samples must be finite");
  }
  for (const Matrix& covariance : model.unclipped_covariances) {
    if (covariance.rows() != model.dimensions() || covariance.cols() != model.dimensions()) {
      return fail(ErrorCode::kShapeMismatch, "model: an unclipped covariance is not (D, D)");
    }
    if (!is_finite({covariance.data(), static_cast<std::size_t>(covariance.size())})) {
      return fail(ErrorCode::kNotFinite, "model: an unclipped covariance is not finite");
    }
    if (covariance.cwiseAbs().maxCoeff() > kLargestValue) {
      return fail(ErrorCode::kInvalidArgument, "model: expected unclipped covariances within 1e50");
    }
  }
  return GaussianMixture::create(model.weights, model.means, model.covariances);
}

Result<std::string> parse_role(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view service = text.substr(0, colon);
    std::string_view role = text.substr(colon + 1);
    if (role.starts_with(' ')) {
      role.remove_prefix(1);
    }
    if (is_name(service) && is_name(role)) {
      return std::string(service) + ":" + std::string(role);
    }
  }
  return fail(ErrorCode::kInvalidArgument,
              "role: expected service:role (letters, digits, _ - .), got " + in_quotes(text));
}

std::string_view name(MetricKind kind) {
  switch (kind) {
    case MetricKind::kNone:
      return "none";
    case MetricKind::kCause:
      return "cause";
    case MetricKind::kSymptom:
      break;
  }
  return "symptom";
}

std::string_view name(Transform transform) {
  switch (transform) {
    case Transform::kIdentity:
      return "identity";
    case Transform::kLog1p:
      return "log1p";
    case Transform::kLogit:
      break;
  }
  return "logit";
}

Result<Transform> parse_transform(std::string_view text) {
  for (const Transform transform : kTransforms) {
    if (text == name(transform)) {
      return transform;
    }
  }
  return fail(ErrorCode::kInvalidArgument,
              "transform: expected identity, log1p or logit, got " + in_quotes(text));
}

}  // namespace rolemix
