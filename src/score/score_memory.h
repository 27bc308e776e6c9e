// What a host's scores become with what is remembered of it between samples.
// docs/alerts.md says why.
#ifndef ROLEMIX_SCORE_SCORE_MEMORY_H_
#define ROLEMIX_SCORE_SCORE_MEMORY_H_

#include <cstddef>

#include "model/calibration.h"
#include "samples/host_state.h"

namespace rolemix {

/// Most samples whose evidence is remembered, however close together they come.
constexpr std::size_t kMostRemembered = 1024;

/// Of what would be as severe as `sensitive` asks for at once: what a sample counts for alone. With
/// what usual samples are remembered for it stays below that.
constexpr double kAloneShare = 0.5;

/// Of the evidence of a sample to that of the one before, where that is more than a sample counts
/// for alone: real trouble grows as fast.
constexpr double kMostGrowth = 8;

/// How a memory's means change with a sample: the same for all samples that come at one pace.
struct Decay {
  double elapsed = -1;  ///< seconds since the sample before, which it is for
  double sampled = 0;   ///< seconds that the sample stands for
  double slow_kept = 0;
  double slow_taken = 0;
  double fast_kept = 0;
  double fast_taken = 0;
  double alone = 0;        ///< nats that a sample counts for by itself
  double most_excess = 0;  ///< nats that any sample counts for
};

/// The next alert_score of a host, from the score of its sample (completed, nats): how far such
/// scores have been above the typical one of late. Weights fall with time, and time without samples
/// counts as normal. Evidence is bounded: a sample counts for
/// Decay::alone at most, or, where the one before had that much in full, for kMostGrowth times
/// that: one odd sample, however odd, is no alert. The first sample counts in full until the next
/// comes. Nor does a sample count for more than ten times what alone has severity 100: what was
/// before is forgotten within `memory_seconds`.
double update(ScoreMemory& memory, const Calibration& calibration, double timestamp, double score);

/// The same; what was computed for the sample before is used again where it can be.
double update(ScoreMemory& memory, const Calibration& calibration, double timestamp, double score,
              Decay& decay);

/// The same with each sample in full: what calibration goes by, so that thresholds are as high as
/// history goes, odd samples included.
double update_in_full(ScoreMemory& memory, const Calibration& calibration, double timestamp,
                      double score);

}  // namespace rolemix

#endif  // ROLEMIX_SCORE_SCORE_MEMORY_H_
