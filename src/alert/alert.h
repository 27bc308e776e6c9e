// Alerts: a fold over scored samples. (AlertState, scored sample) -> AlertState, and what happened.
#ifndef ROLEMIX_ALERT_ALERT_H_
#define ROLEMIX_ALERT_ALERT_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "explain/finding.h"
#include "model/calibration.h"
#include "model/role_model.h"
#include "score/score.h"

namespace rolemix {

enum class AlertLevel : std::uint8_t { kWarning, kCritical };
enum class AlertScope : std::uint8_t { kHost, kRole };

/// One alert of one host, or of most hosts of the role together. It starts as a warning or as
/// critical, and a warning can become critical.
struct Alert {
  std::string alert_id;  ///< as of make_alert_id
  AlertScope scope = AlertScope::kHost;
  std::vector<std::string> hosts;           ///< one; of a role's alert all that took part, by name
  AlertLevel level = AlertLevel::kWarning;  ///< of a role's alert the highest of its hosts
  double started_at = 0;  ///< epoch seconds; first anomalous sample, or since when most hosts are
  double opened_at = 0;   ///< the sample that made it the Nth in a row
  double closed_at =
      std::numeric_limits<double>::quiet_NaN();  ///< first of N normal samples in a row; NaN: open
  double last_sample_at = 0;                     ///< of the host, or of any host; until closed
  int samples = 0;           ///< from started_at until closed_at; of a role's alert the evaluations
                             ///< from opened_at on
  double severity = 0;       ///< 0-100, largest
  double anomaly_score = 0;  ///< nats, largest
  std::string worst_host;    ///< the host with the largest anomaly_score
  double worst_at = 0;       ///< timestamp of that sample
  std::optional<Finding> finding;  ///< of the worst sample, as of find_alerts
};

/// alert_score from which a sample counts as anomalous, and the settings they follow from.
struct AlertThresholds {
  double warning = 0;
  double critical = 0;
  int attempts = 3;
};

/// Seconds without a sample after which a host that comes back starts afresh: an hour, or its
/// longest gap where that is more.
double longest_silence(const Calibration& calibration, double apart = 0);

AlertThresholds alert_thresholds(const Calibration& calibration, const AlertSettings& settings);

/// A sample as score() gives it.
struct ScoredSample {
  double timestamp = 0;
  double anomaly_score = 0;
  double alert_score = 0;
};

enum class AlertChange : std::uint8_t { kOpened, kEscalated, kClosed };

struct AlertEvent {
  AlertChange change;
  Alert alert;  ///< as it is then
};

/// How an open alert of a host is told of.
enum class AlertReport : std::uint8_t {
  kPending,   ///< not yet: the role's next evaluation decides
  kReported,  ///< on its own
  kFolded,    ///< as part of the role's alert, or of the one that was
};

/// What is remembered of one host between samples.
struct HostAlertState {
  std::string host;
  HostState carried;  ///< for whoever goes on with the host's samples; not used by the fold
  double last_at = std::numeric_limits<double>::quiet_NaN();  ///< NaN: no score yet
  double last_score = 0;                                      ///< anomaly_score then, nats
  double apart = 0;            ///< seconds between it and the one before; 0: there was none
  double counted_at = 0;       ///< the last one that counted as an attempt; meaningful with recent
  std::vector<double> recent;  ///< alert_scores since the last gap, at most `attempts`: of each
                               ///< attempt the smallest
  int anomalous = 0;           ///< successive attempts at or above the warning threshold, and above
                               ///< what it has got used to, unless an alert is open
  int normal = 0;              ///< the same below the threshold, while an alert is open or what is
                               ///< above it is the host's level
  int normal_samples = 0;      ///< with those that came too soon to count
  bool used_to = false;        ///< it was above the threshold for half a day: that is its level
  double first_normal_at = 0;
  double habituation = 0;  ///< how far above the threshold the next alert opens, at last_at
  Alert current;  ///< of the samples at or above the threshold so far, whether or not it has got
                  ///< used to them, and of an open alert; meaningful while it has samples
  bool open = false;
  AlertReport report = AlertReport::kPending;
  bool joined = false;   ///< takes part in the role's open alert, or did
  int waited = 0;        ///< evaluations of the role that put the report off
  bool awaited = false;  ///< a sample is expected at the grid time under way
  bool watched = false;  ///< among AlertState::watched
};

/// What is remembered of a role between samples; all that is needed to go on.
struct AlertState {
  std::vector<HostAlertState> hosts;  ///< by name
  std::vector<std::int32_t>
      watched;           ///< indices of those that the role's evaluations look at: they
                         ///< sent of late, have an open alert or take part in the role's
  std::size_t last = 0;  ///< place of the one whose sample came last
  double tick = std::numeric_limits<double>::lowest();  ///< grid time under way, in usual intervals
  double latest = 0;                                    ///< latest timestamp of any host
  int awaited = 0;                                      ///< hosts that are awaited
  bool settled = true;  ///< the grid time under way has been evaluated
  Alert current;        ///< the role's; meaningful when open
  bool open = false;
  int normal = 0;  ///< successive evaluations that found not most hosts alerting
  double first_normal_at = 0;
  std::string model_id;  ///< of the model that the state was read from a file of; else empty
};

/// Whether the host's `current` is an alert, or may become one.
inline bool is_under_way(const HostAlertState& state) { return state.current.samples > 0; }

/// Takes one host's next sample in: one that is not later than its last is passed over. The host
/// alone, as if its role had no other: at most an alert that closes and one that opens. Of samples
/// on one side of the threshold that come more often than in training, one counts as an attempt
/// about as often as there.
std::vector<AlertEvent> update(HostAlertState& state, const Calibration& calibration,
                               const AlertThresholds& thresholds, const ScoredSample& sample);

/// The host's open alert begins anew with its last sample, which is anomalous.
void begin_anew(HostAlertState& state, const Calibration& calibration,
                const AlertThresholds& thresholds);

/// The role's grid time of a timestamp, in usual intervals.
double tick_of(const Calibration& calibration, double timestamp);

/// Makes room for hosts, by name, that are to come: together they take no longer than one.
void expect_hosts(AlertState& state, const std::vector<std::string>& names);

/// Takes the role's next sample in. Samples come in order of time. What comes later never changes
/// an event.
std::vector<AlertEvent> update(AlertState& state, const RoleModel& model,
                               const AlertThresholds& thresholds, std::string_view host,
                               const ScoredSample& sample);

/// Tells of what still waits for other hosts, when no more samples come.
std::vector<AlertEvent> settle(AlertState& state, const RoleModel& model,
                               const AlertThresholds& thresholds);

/// The hosts' names, separated by `;`.
std::string host_names(const Alert& alert);

std::string_view name(AlertChange change);
std::string_view name(AlertLevel level);
std::string_view name(AlertScope scope);

}  // namespace rolemix

#endif  // ROLEMIX_ALERT_ALERT_H_
