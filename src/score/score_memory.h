// What is remembered of one host between samples, and what that makes of its scores.
// docs/alerts.md says why.
#ifndef ROLEMIX_SCORE_SCORE_MEMORY_H_
#define ROLEMIX_SCORE_SCORE_MEMORY_H_

#include <cstddef>

#include "model/calibration.h"

namespace rolemix {

/// Most samples whose evidence is remembered, however close together they come.
constexpr std::size_t kMostRemembered = 1024;

/// What a host's alert_score remembers between samples.
struct ScoreMemory {
  double slow = 0;       ///< weighted mean of the excess over the typical score, nats
  double fast = 0;       ///< the same over a fifth of the time
  double timestamp = 0;  ///< of the last sample, epoch seconds
  bool started = false;
};

/// The next alert_score of a host, from the score of its sample (completed, nats): how far such
/// scores have been above the typical one of late. Weights fall with time, and time without samples
/// counts as normal.
double update(ScoreMemory& memory, const Calibration& calibration, double timestamp, double score);

}  // namespace rolemix

#endif  // ROLEMIX_SCORE_SCORE_MEMORY_H_
