#include "model/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

#include "base/escape.h"
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

/// Thresholds may lie beyond the last knot: a quotient of two numbers of a curve.
bool within_threshold(double value) { return std::abs(value) <= kLargestOfCurve * kLargestOfCurve; }

bool within_curve(double value) { return std::abs(value) <= kLargestOfCurve; }

/// A number of the calibration, with the range in which all that is computed from it is finite.
struct Bounded {
  const char* name;
  double value;
  double low;
  double high;
  bool or_zero;
  const char* expected;
};

/// For messages: the nearest power of ten.
std::string about(double value) {
  return value == 0
             ? "0"
             : (value < 0 ? "about -1e" : "about 1e") +
                   std::to_string(std::lround(std::log(std::abs(value)) / std::numbers::ln10));
}

Result<void> validate(const Bounded& number) {
  if (!std::isfinite(number.value)) {
    return fail(ErrorCode::kNotFinite,
                std::string("calibration: ") + number.name + " is not finite");
  }
  if (!(number.or_zero && number.value == 0) &&
      (number.value < number.low || number.value > number.high)) {
    return fail(ErrorCode::kInvalidArgument, std::string("calibration: ") + number.name +
                                                 ": expected " + number.expected + ", got " +
                                                 about(number.value));
  }
  return {};
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
  if (!ascending(scores) || !ascending(times)) {
    return fail(ErrorCode::kInvalidArgument,
                "calibration: a curve's return times must ascend with its alert scores");
  }
  if (!std::ranges::all_of(scores, within_curve) || !std::ranges::all_of(times, within_curve) ||
      !within_curve(curve.slope) || !within_curve(1 / curve.slope) || curve.slope < 0) {
    return fail(ErrorCode::kInvalidArgument,
                "calibration: expected a curve within 1e5, of a slope in 1e-5..1e5");
  }
  return {};
}

}  // namespace

double longest_gap(const Calibration& calibration, double apart) {
  const double usual = calibration.interval_seconds;
  return usual > 0 ? kGapIntervals * std::clamp(apart, usual, kSlowestClock * usual)
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
  return fail(ErrorCode::kInvalidArgument,
              "sensitivity: expected sensitive, normal or insensitive, got " + in_quotes(text));
}

Result<void> validate(const Calibration& calibration) {
  constexpr const char* kDuration = "0 or 1e-3..1e15 seconds";
  for (const Bounded& number :
       {Bounded{"typical_score", calibration.typical_score, -kLargestScore, kLargestScore, true,
                "-1e200..1e200 nats"},
        Bounded{"score_scale", calibration.score_scale, 1 / kLargestValue, kLargestValue, false,
                "1e-50..1e50"},
        Bounded{"memory_seconds", calibration.memory_seconds, kShortestDuration, kLongestDuration,
                true, kDuration},
        Bounded{"interval_seconds", calibration.interval_seconds, kShortestDuration,
                kLongestDuration, true, kDuration},
        Bounded{"span_host_days", calibration.span_host_days, 1 / kLargestValue, kLargestValue,
                true, "0 or 1e-50..1e50 host-days"}}) {
    if (auto checked = validate(number); !checked) {
      return checked;
    }
  }
  for (const ReturnCurve& curve : calibration.curves) {
    if (auto checked = validate(curve); !checked) {
      return checked;
    }
  }
  for (const HistoryRecord& record : calibration.history) {
    if (!within_threshold(record.threshold_low) || !within_threshold(record.threshold_high) ||
        record.threshold_low > record.threshold_high || record.alerts < 0) {
      return fail(ErrorCode::kInvalidArgument,
                  "calibration: expected ordered thresholds within 1e10 and counts of alerts in "
                  "its history");
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
