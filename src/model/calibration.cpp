#include "model/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace rolemix {
namespace {

constexpr double kGapIntervals = 3;
constexpr double kNormalTime = 30;     // host-days, of Calibration::normal_levels
constexpr double kNormalSlope = 0.35;  // alert_score per factor e of return time, of normal hosts
// A metric one tolerance from its expected value raises the score by half a nat at most: log1p of
// that is not news, however steady a role is.
constexpr double kLeastThreshold = 0.41;

struct Anchor {
  double severity;
  double return_time;  // host-days
};

constexpr std::array<Anchor, 5> kAnchors = {
    {{0, 1.0 / 24}, {25, 7}, {50, 30}, {75, 365}, {100, 3650}}};

double tail_return_time(const Tail& tail, double alert_score) {
  const double excess = std::max(0.0, alert_score - tail.threshold) / tail.scale;
  const double log_survival =
      tail.shape > 0 ? -std::log1p(tail.shape * excess) / tail.shape : -excess;
  return std::exp(-log_survival) / tail.rate;
}

/// The alert_scores of the bulk's return times at this number of attempts.
std::span<const double> bulk_scores(const Calibration& calibration, int attempts) {
  const std::span<const double> all = calibration.bulk_alert_scores;
  const std::size_t count = calibration.bulk_return_times.size();
  return all.size() <= count ? all
                             : all.subspan((static_cast<std::size_t>(attempts) - 1) * count, count);
}

/// ys(i), linear between the xs, ascending; the nearest beyond their ends.
template <typename Values>
double interpolate(std::span<const double> xs, double x, const Values& ys) {
  const std::size_t i = std::ranges::upper_bound(xs, x) - xs.begin();
  if (i == 0 || i == xs.size()) {
    return ys(i == 0 ? 0 : i - 1);
  }
  const double share = (x - xs[i - 1]) / (xs[i] - xs[i - 1]);
  return (1 - share) * ys(i - 1) + share * ys(i);
}

double fitted_return_time(const Calibration& calibration, int attempts, double alert_score) {
  const Tail& tail = calibration.tails[static_cast<std::size_t>(attempts) - 1];
  if (alert_score < tail.threshold && !calibration.bulk_alert_scores.empty()) {
    // Return times grow by factors: what is linear is linear in their logarithm.
    const auto log_time = [&](std::size_t i) { return std::log(calibration.bulk_return_times[i]); };
    const double time =
        std::exp(interpolate(bulk_scores(calibration, attempts), alert_score, log_time));
    return std::min(time, 1 / tail.rate);
  }
  return tail_return_time(tail, alert_score);
}

std::vector<double> log_times(const Calibration& calibration) {
  std::vector<double> logs;
  for (const double time : calibration.bulk_return_times) {
    logs.push_back(std::log(time));
  }
  return logs;
}

double fitted_level(const Calibration& calibration, int attempts, double return_time) {
  const Tail& tail = calibration.tails[static_cast<std::size_t>(attempts) - 1];
  const std::span<const double> scores = bulk_scores(calibration, attempts);
  return return_time * tail.rate < 1 && scores.size() != calibration.bulk_alert_scores.size()
             ? interpolate(
                   log_times(calibration), std::log(return_time),
                   [&](std::size_t i) { return scores[i]; })
             : level_of(tail, return_time);
}

Result<void> validate(const Tail& tail) {
  for (const double value : {tail.threshold, tail.rate, tail.scale, tail.shape}) {
    if (!std::isfinite(value)) {
      return fail(ErrorCode::kNotFinite, "calibration: a tail has a number that is not finite");
    }
  }
  if (tail.rate <= 0 || tail.scale <= 0 || tail.shape < 0) {
    return fail(ErrorCode::kInvalidArgument,
                "calibration: a tail needs rate > 0, scale > 0 and shape >= 0");
  }
  return {};
}

bool ascending(const std::vector<double>& values) {
  return std::ranges::adjacent_find(values, std::greater_equal<>()) == values.end();
}

/// Whether no row of this length descends.
bool ascend(const std::vector<double>& values, std::size_t length) {
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (i % length != 0 && values[i] < values[i - 1]) {
      return false;
    }
  }
  return true;
}

}  // namespace

double longest_gap(const Calibration& calibration) {
  return calibration.interval_seconds > 0 ? kGapIntervals * calibration.interval_seconds
                                          : std::numeric_limits<double>::infinity();
}

double return_time(const Calibration& calibration, int attempts, double alert_score) {
  const auto n = static_cast<std::size_t>(attempts) - 1;
  if (n >= calibration.tails.size()) {
    return 0;
  }
  const double fitted = fitted_return_time(calibration, attempts, alert_score);
  if (calibration.normal_levels.empty()) {
    return fitted;
  }
  const double above = alert_score - calibration.normal_levels[n];
  return std::max(fitted, kNormalTime * std::exp(above / kNormalSlope));
}

double level_of(const Tail& tail, double return_time) {
  const double log_survival = -std::log(std::max(1.0, return_time * tail.rate));
  const double excess =
      tail.shape > 0 ? std::expm1(-tail.shape * log_survival) / tail.shape : -log_survival;
  return tail.threshold + tail.scale * excess;
}

double alert_threshold(const Calibration& calibration, int attempts, double return_time) {
  const auto n = static_cast<std::size_t>(attempts) - 1;
  if (!calibration.ready || n >= calibration.tails.size()) {
    return std::numeric_limits<double>::infinity();
  }
  const double fitted = fitted_level(calibration, attempts, return_time);
  if (calibration.normal_levels.empty()) {
    return fitted;
  }
  const double normal =
      calibration.normal_levels[n] + kNormalSlope * std::log(return_time / kNormalTime);
  return std::max(kLeastThreshold, std::min(fitted, normal));
}

const HistoryRecord* history_record(const Calibration& calibration, Sensitivity sensitivity,
                                    int attempts) {
  const int place = static_cast<int>(sensitivity) * kMaxCheckAttempts + attempts - 1;
  return place < std::ssize(calibration.history) ? &calibration.history[place] : nullptr;
}

double severity_of_return_time(double return_time) {
  if (!(return_time > kAnchors.front().return_time)) {
    return kAnchors.front().severity;
  }
  for (std::size_t i = 1; i < kAnchors.size(); ++i) {
    const Anchor& low = kAnchors[i - 1];
    const Anchor& high = kAnchors[i];
    if (return_time < high.return_time) {
      const double share =
          std::log(return_time / low.return_time) / std::log(high.return_time / low.return_time);
      return low.severity + share * (high.severity - low.severity);
    }
  }
  return kAnchors.back().severity;
}

double return_time_of_severity(double severity) {
  for (std::size_t i = 1; i < kAnchors.size(); ++i) {
    const Anchor& low = kAnchors[i - 1];
    const Anchor& high = kAnchors[i];
    if (severity <= high.severity) {
      const double share =
          std::max(0.0, (severity - low.severity) / (high.severity - low.severity));
      return low.return_time * std::exp(share * std::log(high.return_time / low.return_time));
    }
  }
  return kAnchors.back().return_time;
}

std::string_view name(Sensitivity sensitivity) {
  switch (sensitivity) {
    case Sensitivity::kSensitive:
      return "sensitive";
    case Sensitivity::kNormal:
      return "normal";
    case Sensitivity::kInsensitive:
      break;
  }
  return "insensitive";
}

Result<Sensitivity> parse_sensitivity(std::string_view text) {
  for (const Sensitivity sensitivity :
       {Sensitivity::kSensitive, Sensitivity::kNormal, Sensitivity::kInsensitive}) {
    if (text == name(sensitivity)) {
      return sensitivity;
    }
  }
  return fail(
      ErrorCode::kInvalidArgument,
      "sensitivity: expected sensitive, normal or insensitive, got \"" + std::string(text) + "\"");
}

Result<void> validate(const Calibration& calibration) {
  for (const double value :
       {calibration.typical_score, calibration.score_scale, calibration.memory_seconds,
        calibration.interval_seconds, calibration.span_host_days}) {
    if (!std::isfinite(value)) {
      return fail(ErrorCode::kNotFinite, "calibration: a number is not finite");
    }
  }
  const std::vector<double>& scores = calibration.bulk_alert_scores;
  const std::vector<double>& times = calibration.bulk_return_times;
  const auto all_finite = [](const std::vector<double>& values) {
    return std::ranges::all_of(values, [](double v) { return std::isfinite(v); });
  };
  if ((scores.size() != times.size() && scores.size() != kMaxCheckAttempts * times.size()) ||
      !all_finite(scores) || !all_finite(times) || !ascend(scores, times.size()) ||
      !ascending(times) || (!times.empty() && times.front() <= 0)) {
    return fail(ErrorCode::kInvalidArgument,
                "calibration: return times must be positive and ascend with the alert scores");
  }
  if (calibration.memory_seconds < 0 || calibration.interval_seconds < 0 ||
      calibration.span_host_days < 0) {
    return fail(ErrorCode::kInvalidArgument, "calibration: durations must not be negative");
  }
  if (calibration.score_scale <= 0) {
    return fail(ErrorCode::kInvalidArgument, "calibration: expected a score scale above 0");
  }
  if (!all_finite(calibration.normal_levels)) {
    return fail(ErrorCode::kNotFinite, "calibration: a normal level is not finite");
  }
  if (!calibration.normal_levels.empty() &&
      calibration.normal_levels.size() != std::size_t{kMaxCheckAttempts}) {
    return fail(ErrorCode::kShapeMismatch, "calibration: expected 10 normal levels, got " +
                                               std::to_string(calibration.normal_levels.size()));
  }
  for (const Tail& tail : calibration.tails) {
    if (auto checked = validate(tail); !checked) {
      return checked;
    }
  }
  for (const HistoryRecord& record : calibration.history) {
    if (!std::isfinite(record.threshold_low) || !std::isfinite(record.threshold_high) ||
        record.threshold_low > record.threshold_high || record.alerts < 0) {
      return fail(ErrorCode::kInvalidArgument,
                  "calibration: expected ordered thresholds and counts of alerts in its history");
    }
  }
  if (!calibration.history.empty() &&
      calibration.history.size() != std::size_t{kSensitivities} * kMaxCheckAttempts) {
    return fail(ErrorCode::kShapeMismatch, "calibration: expected 30 records of history, got " +
                                               std::to_string(calibration.history.size()));
  }
  if (calibration.ready && calibration.tails.size() != kMaxCheckAttempts) {
    return fail(ErrorCode::kShapeMismatch,
                "calibration: expected 10 tails, got " + std::to_string(calibration.tails.size()));
  }
  return {};
}

Result<void> validate(const AlertSettings& settings) {
  if (settings.max_check_attempts < 1 || settings.max_check_attempts > kMaxCheckAttempts) {
    return fail(ErrorCode::kInvalidArgument, "max_check_attempts: expected 1-10, got " +
                                                 std::to_string(settings.max_check_attempts));
  }
  if (severity_of(settings.critical) < severity_of(settings.warning)) {
    return fail(ErrorCode::kInvalidArgument,
                "critical sensitivity must not be more sensitive than the warning sensitivity");
  }
  return {};
}

}  // namespace rolemix
