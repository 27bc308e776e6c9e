// RoleModel: all that was learned about a role. It holds nothing about single hosts.
#ifndef ROLEMIX_MODEL_ROLE_MODEL_H_
#define ROLEMIX_MODEL_ROLE_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "mixture/detection_direction.h"
#include "mixture/mixture.h"
#include "model/calibration.h"

namespace rolemix {

enum class Transform : std::uint8_t {
  kIdentity,  ///< x / tolerance
  kLog1p,     ///< sign(x) log(1 + |x| / tolerance), one per tolerance near 0
  kLogit,  ///< log(x / (full_scale - x)) scaled to one per tolerance at the middle; clamped at one
           ///< tolerance
};

/// What a metric that left its range tells a person.
enum class MetricKind : std::uint8_t {
  kNone,     ///< not known
  kCause,    ///< saturation, errors
  kSymptom,  ///< latency, load
};

/// A side on which most hosts of the role lie far out at times: normal up to `threshold`, beyond it
/// a generalised Pareto tail (Coles 2001, eq. 4.2). In units of tolerance, of transformed values.
struct HeavyTail {
  double threshold = 0;  ///< distance from the median, >= 0
  double spread = 1;     ///< standard deviation up to the threshold, > 0
  double shape = 0;      ///< 0..1
  double scale = 1;      ///< > 0
};

/// One metric of a role, as people know it.
struct MetricSpec {
  std::string name;
  std::string unit;  ///< percent, bytes, bytes/s, 1/s, seconds, ...; empty when not known
  double full_scale =
      std::numeric_limits<double>::quiet_NaN();  ///< in the unit; NaN when not known
  double tolerance = 1;          ///< in the unit, 1e-50..1e50: a move this small is never news
  std::string tolerance_source;  ///< where the tolerance came from, for people
  Transform transform = Transform::kIdentity;
  DetectionDirection detection_direction = DetectionDirection::kBoth;
  double transform_tolerance = 0;  ///< in the transform, where the tolerance was edited; else 0
  double median = std::numeric_limits<double>::quiet_NaN();  ///< of the training samples, in the
                                                             ///< unit, within 1e50
  bool non_negative = false;                                 ///< no training sample was below 0
  bool center_by_host = false;  ///< measured from the host's own level of late
  MetricKind kind = MetricKind::kNone;
  double usual_low = std::numeric_limits<double>::quiet_NaN();  ///< where the bulk of the training
  double usual_high =
      std::numeric_limits<double>::quiet_NaN();  ///< samples lies, in the unit; NaN: not known
  double blame_scale = 1;  ///< nats against the metric that are usual in training, > 0
  std::optional<HeavyTail> tail_below;
  std::optional<HeavyTail> tail_above;
};

/// A metric that never moved in training: it is no part of the mixture and does not count as one of
/// the D.
struct ConstantMetric {
  std::string name;
  std::string unit;
  double value = 0;      ///< in the unit
  double tolerance = 1;  ///< in the unit, 1e-50..1e50
  DetectionDirection detection_direction = DetectionDirection::kBoth;
  MetricKind kind = MetricKind::kNone;
};

/// From when on a time zone has which offset.
struct ZoneOffset {
  double from = 0;           ///< epoch seconds
  std::int32_t seconds = 0;  ///< east of UTC, within a day
};

/// A time of the week that is neither learned nor calibrated and never alerts, though it is scored.
struct QuietTime {
  std::array<double, 7> from{};      ///< by day from Monday: seconds since local midnight, 0..86400
  std::array<double, 7> to{};        ///< up to two days; not above `from`: never on that day
  std::vector<ZoneOffset> offsets;   ///< ascending; before the first the first; none: UTC
  std::vector<std::string> hosts;    ///< none: all
  std::vector<std::string> metrics;  ///< none: all
};

/// Where a model came from.
struct Provenance {
  std::string version;        ///< of rolemix
  std::string config_digest;  ///< of the configuration, hexadecimal; empty without one
  double from = 0;            ///< first sample, epoch seconds
  double to = 0;              ///< last sample, epoch seconds
  std::int64_t rows = 0;      ///< samples used
  std::int32_t hosts = 0;
  std::uint64_t seed = 0;
};

constexpr Index kHoursOfDay = 24;
constexpr Index kDaysOfWeek = 7;

/// When the training samples were in a state: its share of the samples of each hour and day; 0
/// where there were none.
struct StateTimes {
  Vector by_hour = Vector::Zero(kHoursOfDay);     ///< from 00:00 UTC
  Vector by_weekday = Vector::Zero(kDaysOfWeek);  ///< from Monday, UTC
};

/// Means and covariances are of transformed metrics in units of their tolerance. Components are
/// ordered by weight.
struct RoleModel {
  std::string role;                 ///< service:role
  std::vector<MetricSpec> metrics;  ///< (D)
  Vector weights;                   ///< (K)
  Matrix means;                     ///< (K, D)
  std::vector<Matrix> covariances;  ///< K times (D, D)
  std::vector<Matrix>
      unclipped_covariances;            ///< before the tolerance prior; K times (D, D) or none
  std::vector<StateTimes> state_times;  ///< (K) or none
  std::vector<ConstantMetric> constants;
  std::vector<QuietTime> quiet;
  Calibration calibration;
  AlertSettings alert_settings;  ///< defaults for alerts of this role
  Provenance provenance;
  std::string model_id;  ///< digest of the model file; set by read_model

  Index dimensions() const { return static_cast<Index>(metrics.size()); }
  Index components() const { return weights.size(); }
};

/// Most metrics and components a model can have.
constexpr Index kMaxMetrics = 256;
constexpr Index kMaxComponents = 64;

/// What an explanation of a sample costs, about 30 ns of a core each: K inverses of (D, D).
constexpr double work_of(Index dimensions, Index components) {
  const auto d = static_cast<double>(dimensions);
  return static_cast<double>(components) * d * d * d;
}

/// The most for which a page still answers: a quarter of a second for an explanation, as of 4
/// components of 128 metrics, or 32 of 64. A usual role of 20 metrics has a two-hundredth of it.
constexpr double kMostWorkInBrowser = 1 << 23;

/// Most metrics that never moved, and most quiet times.
constexpr std::size_t kMostConstants = 1024;
constexpr std::size_t kMostQuietTimes = 256;

/// Most offsets, hosts or metrics of a quiet time.
constexpr std::size_t kMostOfQuietTime = 1024;

/// Longest name, unit or tolerance_source of a metric, bytes.
constexpr std::size_t kLongestText = 4096;

/// In the range in which quotients and squares stay numbers, 1e-50..1e50.
constexpr bool is_scale(double value) {
  return value >= 1 / kLargestValue && value <= kLargestValue;
}

/// The metrics' names, in the model's order.
std::vector<std::string> metric_names(const RoleModel& model);

/// The names of some metrics, by their indices.
std::vector<std::string> metric_names(const RoleModel& model, std::span<const int> metrics);

/// Whether some metric is measured from the host's own level.
bool centers_by_host(const RoleModel& model);

/// Checks the meaning of every field, and gives the mixture. Errors as GaussianMixture::create, and
/// invalid_argument for names, tolerances, scales and settings.
Result<GaussianMixture> validated_mixture(const RoleModel& model);

/// "svc: role" and "svc:role" -> "svc:role". Errors: invalid_argument.
Result<std::string> parse_role(std::string_view text);

std::string_view name(MetricKind kind);
std::string_view name(Transform transform);
Result<Transform> parse_transform(std::string_view text);

}  // namespace rolemix

#endif  // ROLEMIX_MODEL_ROLE_MODEL_H_
