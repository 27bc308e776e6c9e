#include "model/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "mixture/mixture.h"

namespace rolemix {
namespace {

constexpr double kGapIntervals = 3;
constexpr std::size_t kMostKnots = 64;  // of a curve that is read

struct Anchor {
  double severity;
  double return_time;  // host-days
};

constexpr std::array<Anchor, 5> kAnchors = {
    {{0, 1.0 / 24}, {25, 7}, {50, 30}, {75, 365}, {100, 3650}}};

/// The line through two points, at x.
double on_line(double x, double x0, double y0, double x1, double y1) {
  const double share = (x - x0) / (x1 - x0);
  return (1 - share) * y0 + share * y1;
}

/// Of a value that is not below the first of `ascending`: the place of the last that is not above.
std::size_t segment_of(const std::vector<double>& ascending, double value) {
  return static_cast<std::size_t>(std::ranges::upper_bound(ascending, value) - ascending.begin()) -
         1;
}

bool ascending(const std::vector<double>& values) {
  return std::ranges::adjacent_find(values, std::greater_equal<>()) == values.end();
}

bool all_finite(const std::vector<double>& values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

Result<void> validate(const ReturnCurve& curve) {
  const std::vector<double>& scores = curve.alert_scores;
  const std::vector<double>& times = curve.log_return_times;
  if (scores.size() != times.size() || scores.empty() || scores.size() > kMostKnots) {
    return fail(ErrorCode::kShapeMismatch,
                "calibration: expected 1-64 knots of a curve with as many return times");
  }
  if (!all_finite(scores) || !all_finite(times) || !std::isfinite(curve.slope)) {
    return fail(ErrorCode::kNotFinite, "calibration: a curve has a number that is not finite");
  }
  if (!ascending(scores) || !ascending(times) || curve.slope <= 0 ||
      std::max({-scores.front(), scores.back(), -times.front(), times.back(), curve.slope}) >
          kLargestValue) {
    return fail(
        ErrorCode::kInvalidArgument,
        "calibration: a curve's return times must ascend with its alert scores, within 1e50");
  }
  return {};
}

}  // namespace

double longest_gap(const Calibration& calibration) {
  return calibration.interval_seconds > 0 ? kGapIntervals * calibration.interval_seconds
                                          : std::numeric_limits<double>::infinity();
}

double log_return_time(const ReturnCurve& curve, double alert_score) {
  const std::vector<double>& scores = curve.alert_scores;
  const std::vector<double>& times = curve.log_return_times;
  if (!(alert_score > scores.front())) {
    return times.front();
  }
  const std::size_t i = segment_of(scores, alert_score);
  return i + 1 == scores.size()
             ? times[i] + curve.slope * (alert_score - scores[i])
             : on_line(alert_score, scores[i], times[i], scores[i + 1], times[i + 1]);
}

double alert_score_of(const ReturnCurve& curve, double log_return_time) {
  const std::vector<double>& scores = curve.alert_scores;
  const std::vector<double>& times = curve.log_return_times;
  if (!(log_return_time > times.front())) {
    return scores.front();
  }
  const std::size_t i = segment_of(times, log_return_time);
  return i + 1 == times.size()
             ? scores[i] + (log_return_time - times[i]) / curve.slope
             : on_line(log_return_time, times[i], scores[i], times[i + 1], scores[i + 1]);
}

double return_time(const Calibration& calibration, int attempts, double alert_score) {
  const auto n = static_cast<std::size_t>(attempts) - 1;
  return n < calibration.curves.size()
             ? std::exp(log_return_time(calibration.curves[n], alert_score))
             : 0;
}

double alert_threshold(const Calibration& calibration, int attempts, double return_time) {
  const auto n = static_cast<std::size_t>(attempts) - 1;
  return calibration.ready && n < calibration.curves.size()
             ? alert_score_of(calibration.curves[n], std::log(return_time))
             : std::numeric_limits<double>::infinity();
}

const HistoryRecord* history_record(const Calibration& calibration, Sensitivity sensitivity,
                                    int attempts) {
  const int place = static_cast<int>(sensitivity) * kMaxCheckAttempts + attempts - 1;
  return place < std::ssize(calibration.history) ? &calibration.history[place] : nullptr;
}

double severity_at(const Calibration& calibration, double alert_score) {
  return std::isnan(alert_score)
             ? alert_score
             : severity_of_return_time(return_time(calibration, 1, alert_score));
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
  if (calibration.memory_seconds < 0 || calibration.interval_seconds < 0 ||
      calibration.span_host_days < 0 || calibration.score_scale <= 0) {
    return fail(ErrorCode::kInvalidArgument,
                "calibration: expected durations of at least 0 and a score scale above 0");
  }
  for (const ReturnCurve& curve : calibration.curves) {
    if (auto checked = validate(curve); !checked) {
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
  const std::size_t curves = calibration.curves.size();
  if (curves != kMaxCheckAttempts && (calibration.ready || curves != 0)) {
    return fail(ErrorCode::kShapeMismatch,
                "calibration: expected 10 curves, got " + std::to_string(curves));
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
