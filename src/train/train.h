// SampleTable -> RoleModel, and a report of what was done on the way.
#ifndef ROLEMIX_TRAIN_TRAIN_H_
#define ROLEMIX_TRAIN_TRAIN_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "model/role_model.h"
#include "table/notice.h"
#include "table/sample_table.h"
#include "train/select.h"

namespace rolemix {

/// A tolerance as people state it.
struct ToleranceRule {
  double value = 0;       ///< in the metric's unit; a fraction when is_share
  bool is_share = false;  ///< of full_scale when that is given, else of the metric's median size
};

/// What is known of one metric before training.
struct MetricRule {
  std::string unit;
  double full_scale = std::numeric_limits<double>::quiet_NaN();
  std::optional<ToleranceRule> tolerance;
  DetectionDirection detection_direction = DetectionDirection::kBoth;
  Transform transform = Transform::kIdentity;
  bool center_by_host = false;  ///< measured from the host's own level
  bool drop = false;
  bool from_preset = false;  ///< nobody expects the data to have it
};

struct TrainOptions {
  std::string role;                           ///< service:role
  std::map<std::string, MetricRule> metrics;  ///< by name
  double default_tolerance = 0.03;  ///< share of the robust range, where no tolerance is stated
  double from = -std::numeric_limits<double>::infinity();  ///< epoch seconds, inclusive
  double to = std::numeric_limits<double>::infinity();     ///< epoch seconds, exclusive
  std::vector<std::pair<double, double>> exclude;          ///< periods [from, to) to leave out
  int min_components = 1;
  int max_components = 8;
  std::uint64_t seed = 1;
  int threads = 1;  ///< at most; the model is the same for any number
  AlertSettings alert_settings;
  std::string version;        ///< of rolemix, for the provenance
  std::string config_digest;  ///< of the configuration, for the provenance
};

Result<void> validate(const TrainOptions& options);

struct DroppedMetric {
  std::string name;
  std::string reason;
};

/// What a person should know about a training run. Not needed to use the model.
struct TrainReport {
  // These add up to what was read: outside, repeated, left out, unmeasured, trimmed, used.
  std::int64_t rows_read = 0;
  std::int64_t rows_outside = 0;     ///< outside from, to or inside exclude
  std::int64_t rows_incomplete = 0;  ///< with a missing metric, or a centred one without a level:
                                     ///< fitted by the others
  std::int64_t rows_trimmed = 0;     ///< too far from all others to say what is normal
  std::int64_t rows_used = 0;
  std::int64_t rows_repeated = 0;    ///< that are the sample of another row
  std::int64_t rows_left_out = 0;    ///< of wrong clocks, or of hosts that are left out
  std::int64_t rows_unmeasured = 0;  ///< without any value that is used
  std::vector<DroppedMetric> dropped;
  std::vector<Candidate> candidates;  ///< by number of components
  int iterations = 0;
  bool converged = false;
  std::vector<Notice> notices;
};

struct TrainResult {
  RoleModel model;
  TrainReport report;
};

/// Told the step ("choosing the number of components") and how much of it is done, 0..1.
using Progress = std::function<void(const std::string& step, double done)>;

/// Learns a role. The same table (in any row order), options and seed give the same model.
/// Errors: invalid_argument, too_few_samples, not_positive_definite.
Result<TrainResult> train(const SampleTable& table, const TrainOptions& options,
                          const Progress& progress);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_TRAIN_H_
