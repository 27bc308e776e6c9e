// Calibration: how seldom a normal host of the role reaches an alert_score, and what that means for
// severity.
#ifndef ROLEMIX_MODEL_CALIBRATION_H_
#define ROLEMIX_MODEL_CALIBRATION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace rolemix {

enum class Sensitivity : std::uint8_t { kSensitive, kNormal, kInsensitive };

constexpr int kMaxCheckAttempts = 10;

/// No score is larger, nats: values and means within 1e50, variances above 1e-50 with correlations
/// of a condition within 1e12 and 256 metrics give 1e165 at most.
constexpr double kLargestScore = 1e200;

/// Of durations but 0, seconds: no system is sampled more often, and all of time as the command
/// reads it is shorter. Quotients of the two are far from infinite.
constexpr double kShortestDuration = 1e-3;
constexpr double kLongestDuration = 1e15;

/// Of the alert_scores, log return times and slopes of curves: alert_scores are logarithms of
/// finite numbers, so below 710, and training's return times rise by 15 for each.
constexpr double kLargestOfCurve = 1e5;

/// When alerts open. Both levels use the severity scale: sensitive 25, normal 50, insensitive 75.
struct AlertSettings {
  Sensitivity warning = Sensitivity::kNormal;
  Sensitivity critical = Sensitivity::kInsensitive;
  int max_check_attempts = 3;  ///< consecutive anomalous samples before an alert opens, 1-10
};

/// How seldom one normal host reaches an alert_score: the logarithm of the return time, straight
/// between the knots and, with `slope`, beyond the last. Below the first it is that of the first.
/// Strictly increasing from there on, so that an alert_score, its return time and its severity are
/// one scale.
struct ReturnCurve {
  std::vector<double> alert_scores;      ///< of the knots, strictly ascending
  std::vector<double> log_return_times;  ///< log host-days, strictly ascending
  double slope = 0;  ///< of the log return time per alert_score beyond the last knot, > 1e-5
};

constexpr int kSensitivities = 3;

/// What one sensitivity and number of attempts comes to on the role's own history.
struct HistoryRecord {
  double threshold_low = 0;  ///< 95 % interval of the alert_score that alerts
  double threshold_high = 0;
  std::int64_t alerts = 0;  ///< that would have opened: real incidents and false alarms alike
};

/// What training learned about alert_scores on held-out time of normal hosts.
struct Calibration {
  bool ready = false;            ///< false: severity is not to be trusted, alerts never open
  std::string not_ready_reason;  ///< what is missing, for people
  double typical_score = 0;      ///< nats, within kLargestScore; median score of a sample
  double score_scale = 1;        ///< of what is above the typical score; not 1 in edited models
  double memory_seconds = 0;     ///< time constant of the alert_score's memory; 0: none
  double interval_seconds = 0;   ///< usual time between two samples of a host; 0: none is usual
  double span_host_days = 0;     ///< held-out time behind the numbers
  std::vector<ReturnCurve>
      curves;  ///< [n-1]: of the minimum of n successive alert_scores, n = 1..10
  std::vector<HistoryRecord> history;  ///< [sensitivity * 10 + n - 1]; empty when edited
};

/// Null when the model has none.
const HistoryRecord* history_record(const Calibration& calibration, Sensitivity sensitivity,
                                    int attempts);

/// Usual intervals between the samples of the slowest host whose clock is its own: a sample stands
/// for at most so many, an hour of the usual five minutes.
constexpr double kSlowestClock = 12;

/// Seconds between two samples of a host above which there is a gap: a few usual intervals, or as
/// many times what lay `apart` the two before, where that is more: each host has its own clock,
/// and one of up to twelve usual intervals is as good as the usual. Infinity when no interval is
/// usual.
double longest_gap(const Calibration& calibration, double apart = 0);

/// The logarithm of the return time, in host-days, of an alert_score.
double log_return_time(const ReturnCurve& curve, double alert_score);

/// The alert_score of the logarithm of a return time, in host-days: the inverse of
/// log_return_time from its first knot on.
double alert_score_of(const ReturnCurve& curve, double log_return_time);

/// Host-days between two times that one normal host has `attempts` successive alert_scores this
/// high. 0 when not calibrated.
double return_time(const Calibration& calibration, int attempts, double alert_score);

/// The alert_score that `attempts` successive samples reach once in `return_time` host-days;
/// infinity when not ready.
double alert_threshold(const Calibration& calibration, int attempts, double return_time);

/// 0-100, from host-days: 0 = an hour, 25 = a week, 50 = 30 days, 75 = a year, 100 = ten years;
/// linear in the logarithm between these, clamped.
double severity_of_return_time(double return_time);

/// Of one sample's alert_score; NaN stays NaN.
double severity_at(const Calibration& calibration, double alert_score);

/// Host-days at which the severity is reached; inverse of severity_of_return_time.
double return_time_of_severity(double severity);

/// The severity from which a sensitivity alerts.
constexpr double severity_of(Sensitivity sensitivity) {
  switch (sensitivity) {
    case Sensitivity::kSensitive:
      return 25;
    case Sensitivity::kNormal:
      return 50;
    case Sensitivity::kInsensitive:
      break;
  }
  return 75;
}

std::string_view name(Sensitivity sensitivity);
Result<Sensitivity> parse_sensitivity(std::string_view text);

/// Checks ranges and order of all numbers. Errors: invalid_argument, not_finite.
Result<void> validate(const Calibration& calibration);

/// Errors: invalid_argument.
Result<void> validate(const AlertSettings& settings);

}  // namespace rolemix

#endif  // ROLEMIX_MODEL_CALIBRATION_H_
