#include "score/score_memory.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rolemix {
namespace {

constexpr double kFastShare = 0.2;   // of the slow memory's time
constexpr double kFastWeight = 1.5;  // the fast memory bounds the slow one this many times over

/// Exponentially weighted means take in a sample that stands for `sampled` seconds, `elapsed`
/// seconds after the one before.
Decay decay_of(double elapsed, double sampled, double slow_time) {
  const double fast_time = kFastShare * slow_time;
  return {elapsed,
          sampled,
          std::exp(-elapsed / slow_time),
          std::expm1(-sampled / slow_time),
          std::exp(-elapsed / fast_time),
          std::expm1(-sampled / fast_time)};
}

}  // namespace

double update(ScoreMemory& memory, const Calibration& calibration, double timestamp, double score) {
  Decay decay;
  return update(memory, calibration, timestamp, score, decay);
}

double update(ScoreMemory& memory, const Calibration& calibration, double timestamp, double score,
              Decay& decay) {
  const double excess = std::max(0.0, score - calibration.typical_score) * calibration.score_scale;
  // Without a usual interval a sample has no weight in the memory.
  if (calibration.memory_seconds <= 0 || calibration.interval_seconds <= 0) {
    memory.slow = memory.fast = excess;
  } else {
    const double elapsed =
        memory.started ? timestamp - memory.timestamp : std::numeric_limits<double>::infinity();
    const bool after_gap = !(elapsed <= longest_gap(calibration));
    const double sampled = after_gap ? calibration.interval_seconds : elapsed;
    if (elapsed != decay.elapsed || sampled != decay.sampled) {
      decay = decay_of(elapsed, sampled, calibration.memory_seconds);
    }
    memory.slow = memory.slow * decay.slow_kept - excess * decay.slow_taken;
    memory.fast = memory.fast * decay.fast_kept - excess * decay.fast_taken;
  }
  memory.timestamp = timestamp;
  memory.started = true;
  return std::log1p(std::min(memory.slow, kFastWeight * memory.fast));
}

}  // namespace rolemix
