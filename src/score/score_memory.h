// What is remembered of one host between samples, and what that makes of its scores.
// docs/alerts.md says why.
#ifndef ROLEMIX_SCORE_SCORE_MEMORY_H_
#define ROLEMIX_SCORE_SCORE_MEMORY_H_

#include <vector>

#include "base/matrix.h"
#include "model/calibration.h"

namespace rolemix {

/// Something of each metric that is kept of some of a host's samples.
struct KeptRows {
  std::vector<double> times;   ///< (n) epoch seconds, ascending
  std::vector<double> values;  ///< (n, D), NaN = missing
};

/// Most samples whose evidence is remembered, however close together they come.
constexpr std::size_t kMostRemembered = 1024;

/// What a host's alert_score remembers between samples.
struct ScoreMemory {
  double slow = 0;       ///< weighted mean of the excess, or of its logarithm (AlertStatistic)
  double fast = 0;       ///< the same over a fifth of the time
  double timestamp = 0;  ///< of the last sample, epoch seconds
  bool started = false;
  /// The host's last day: the first sample of each half-hour of the clock, in model units.
  KeptRows level;
};

/// How far the host's own level of late, the median of its last day, lies from the role's median,
/// for each of its samples, in order of time: (n, D), NaN where the host has less than an hour of
/// history or none of the metric. Each sample then becomes part of the level. times (n) epoch
/// seconds; samples (n, D) and medians (D) in model units.
Matrix level_shifts(KeptRows& level, const std::vector<double>& times, const MatrixRef& samples,
                    const Vector& medians);

/// The next alert_score of a host, from the score of its sample (completed, nats): how far such
/// scores have been above the typical one of late. Weights fall with time, and time without samples
/// counts as normal.
double update(ScoreMemory& memory, const Calibration& calibration, double timestamp, double score);

}  // namespace rolemix

#endif  // ROLEMIX_SCORE_SCORE_MEMORY_H_
