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

/// What an alert_score is.
enum class AlertStatistic : std::uint8_t {
  kMeanOfLogs,  ///< mean of log1p(excess) of the samples as they are; models of format version 1
  kLogOfMean,   ///< log1p of the mean excess, of what is unusual for the role and for the host
};

/// When alerts open. Both levels use the severity scale: sensitive 25, normal 50, insensitive 75.
struct AlertSettings {
  Sensitivity warning = Sensitivity::kNormal;
  Sensitivity critical = Sensitivity::kInsensitive;
  int max_check_attempts = 3;  ///< consecutive anomalous samples before an alert opens, 1-10
};

/// Tail of the peaks above a threshold: a generalised Pareto distribution (Coles 2001, eq. 4.2), of
/// models since format version 2 the exponential one.
struct Tail {
  double threshold = 0;  ///< alert_score
  double rate = 0;       ///< declustered peaks above the threshold per host-day, > 0
  double scale = 0;      ///< > 0
  double shape = 0;      ///< >= 0; 0 is the exponential distribution
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
  AlertStatistic statistic = AlertStatistic::kLogOfMean;
  double typical_score = 0;     ///< nats; median score of a sample
  double score_scale = 1;       ///< of what is above the typical score; not 1 in edited models
  double memory_seconds = 0;    ///< time constant of the alert_score's memory
  double interval_seconds = 0;  ///< usual time between two samples of a host
  double span_host_days = 0;    ///< held-out time behind the numbers
  /// Below a tail's threshold: return times in host-days, ascending, and the alert_scores of these,
  /// not descending: by attempts, or once for all of them (format version 1).
  std::vector<double> bulk_alert_scores;
  std::vector<double> bulk_return_times;
  /// [n-1]: the alert_score that a normal host reaches once in 30 host-days, by what it reaches
  /// twice a day: more is no longer normal, however often the history has it. Empty: nothing is
  /// known of that (format version 1).
  std::vector<double> normal_levels;
  std::vector<Tail> tails;  ///< [n-1]: of the minimum of n successive alert_scores, n = 1..10
  std::vector<HistoryRecord> history;  ///< [sensitivity * 10 + n - 1]; empty in older models
};

/// Null when the model has none.
const HistoryRecord* history_record(const Calibration& calibration, Sensitivity sensitivity,
                                    int attempts);

/// Seconds between two samples of a host above which there is a gap: a few usual intervals;
/// infinity when no interval is usual.
double longest_gap(const Calibration& calibration);

/// Host-days between two times that one normal host has `attempts` successive alert_scores this
/// high. 0 when not calibrated.
double return_time(const Calibration& calibration, int attempts, double alert_score);

/// The alert_score above which a tail's peaks come once in `return_time` host-days; at least the
/// tail's threshold.
double level_of(const Tail& tail, double return_time);

/// The alert_score that `attempts` successive samples reach once in `return_time` host-days;
/// infinity when not ready.
double alert_threshold(const Calibration& calibration, int attempts, double return_time);

/// 0-100, from host-days: 0 = an hour, 25 = a week, 50 = 30 days, 75 = a year, 100 = ten years;
/// linear in the logarithm between these, clamped.
double severity_of_return_time(double return_time);

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
