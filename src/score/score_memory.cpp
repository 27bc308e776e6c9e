#include "score/score_memory.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rolemix {
namespace {

constexpr double kFastShare = 0.2;   // of the slow memory's time
constexpr double kFastWeight = 1.5;  // the fast memory bounds the slow one this many times over

// How many times the excess of severity 100 a sample counts for: trouble that lasts keeps its
// height, and no longer than a few samples after its end an alert.
constexpr double kMostBeyondScale = 10;

/// Nats above the typical score.
double excess_of(const Calibration& calibration, double score) {
  return std::max(0.0, score - calibration.typical_score) * calibration.score_scale;
}

/// Exponentially weighted means take in a sample that stands for `sampled` seconds, `elapsed`
/// seconds after the one before.
Decay decay_of(double elapsed, double sampled, const Calibration& calibration) {
  const double slow_time = calibration.memory_seconds;
  const double fast_time = kFastShare * slow_time;
  Decay decay{elapsed,
              sampled,
              std::exp(-elapsed / slow_time),
              std::expm1(-sampled / slow_time),
              std::exp(-elapsed / fast_time),
              std::expm1(-sampled / fast_time),
              std::numeric_limits<double>::infinity()};
  if (!calibration.curves.empty()) {
    const double highest =
        alert_score_of(calibration.curves.front(), std::log(return_time_of_severity(100)));
    const double at_once = std::min(-decay.slow_taken, -kFastWeight * decay.fast_taken);
    decay.most_excess = kMostBeyondScale * std::expm1(highest) / at_once;
  }
  return decay;
}

/// What a sample counts for, with that of the one before it.
double borne_out(ScoreMemory& memory, double excess) {
  if (memory.started && memory.alone) {
    // The first sample, too, counts for no more than this one bears out.
    const double kept = memory.excess > 0 ? std::min(1.0, kMostGrowth * excess / memory.excess) : 1;
    memory.slow *= kept;
    memory.fast *= kept;
  }
  return memory.started ? std::min(excess, kMostGrowth * memory.excess) : excess;
}

template <typename Counts>
double take(ScoreMemory& memory, const Calibration& calibration, double timestamp, double score,
            Decay& decay, const Counts& counts) {
  double excess = excess_of(calibration, score);
  // Without a usual interval a sample has no weight in the memory.
  if (calibration.memory_seconds <= 0 || calibration.interval_seconds <= 0) {
    memory.slow = memory.fast = excess;
  } else {
    const double elapsed =
        memory.started ? timestamp - memory.timestamp : std::numeric_limits<double>::infinity();
    const bool after_gap = !(elapsed <= longest_gap(calibration));
    const double sampled = after_gap ? calibration.interval_seconds : elapsed;
    if (elapsed != decay.elapsed || sampled != decay.sampled) {
      decay = decay_of(elapsed, sampled, calibration);
    }
    excess = std::min(excess, decay.most_excess);
    const double counted = counts(memory, excess);
    memory.slow = memory.slow * decay.slow_kept - counted * decay.slow_taken;
    memory.fast = memory.fast * decay.fast_kept - counted * decay.fast_taken;
  }
  memory.excess = excess;
  memory.alone = !memory.started;
  memory.timestamp = timestamp;
  memory.started = true;
  return std::log1p(std::min(memory.slow, kFastWeight * memory.fast));
}

}  // namespace

double update(ScoreMemory& memory, const Calibration& calibration, double timestamp, double score) {
  Decay decay;
  return update(memory, calibration, timestamp, score, decay);
}

double update(ScoreMemory& memory, const Calibration& calibration, double timestamp, double score,
              Decay& decay) {
  return take(memory, calibration, timestamp, score, decay, borne_out);
}

double update_in_full(ScoreMemory& memory, const Calibration& calibration, double timestamp,
                      double score) {
  Decay decay;
  return take(memory, calibration, timestamp, score, decay,
              [](const ScoreMemory&, double excess) { return excess; });
}

}  // namespace rolemix
