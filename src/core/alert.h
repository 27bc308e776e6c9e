// Alerts: a fold over a host's scored samples. (AlertState, sample) -> AlertState, and what
// happened.
#ifndef ROLEMIX_CORE_ALERT_H_
#define ROLEMIX_CORE_ALERT_H_

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/calibration.h"
#include "core/score.h"
#include "error.h"
#include "table/sample_table.h"

namespace rolemix {

enum class AlertLevel : std::uint8_t { kWarning, kCritical };

/// One alert of one host. It starts as a warning or as critical, and a warning can become critical.
struct Alert {
  std::string
      alert_id;  ///< from role, host and started_at: the same for the same data and settings
  std::string host;
  AlertLevel level = AlertLevel::kWarning;
  double started_at = 0;  ///< first anomalous sample, epoch seconds
  double opened_at = 0;   ///< the sample that made it the Nth in a row
  double closed_at =
      std::numeric_limits<double>::quiet_NaN();  ///< first of N normal samples in a row; NaN: open
  int samples = 0;                               ///< from started_at until closed_at
  double severity = 0;                           ///< 0-100, largest
  double anomaly_score = 0;                      ///< nats, largest
  double worst_at = 0;                           ///< timestamp of the largest anomaly_score
  std::vector<std::string> top_metrics;          ///< of the worst sample, most to blame first
  std::string sentence;                          ///< of the worst sample
};

/// alert_score from which a sample counts as anomalous, and the settings they follow from.
struct AlertThresholds {
  double warning = 0;
  double critical = 0;
  int attempts = 3;
};

AlertThresholds alert_thresholds(const Calibration& calibration, const AlertSettings& settings);

/// What is remembered of one host between samples.
struct AlertState {
  std::vector<double> recent;  ///< the last alert_scores, at most `attempts`
  int anomalous = 0;           ///< successive samples at or above the warning threshold
  int normal = 0;              ///< successive samples below it
  double first_normal_at = 0;
  Alert
      current;  ///< of the present run of anomalous samples; meaningful when anomalous > 0 or open
  bool open = false;
};

/// A sample as score_table gives it.
struct ScoredSample {
  double timestamp = 0;
  double anomaly_score = 0;
  double alert_score = 0;
};

enum class AlertEvent : std::uint8_t { kNone, kOpened, kEscalated, kClosed };

/// Takes the host's next sample in; `state.current` is the alert that the event is about. What
/// comes later never changes an event.
AlertEvent update(AlertState& state, const Calibration& calibration,
                  const AlertThresholds& thresholds, const ScoredSample& sample);

/// All alerts of a table, by opened_at, then host. Errors: those of score_table.
Result<std::vector<Alert>> find_alerts(Scorer& scorer, const SampleTable& table,
                                       const TableScores& scores, const AlertSettings& settings);

std::string_view name(AlertLevel level);

}  // namespace rolemix

#endif  // ROLEMIX_CORE_ALERT_H_
