#include "score/score_memory.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rolemix {
namespace {

constexpr double kFastShare = 0.2;   // of the slow memory's time
constexpr double kFastWeight = 1.5;  // the fast memory bounds the slow one this many times over

/// An exponentially weighted mean takes in a sample that stands for `sampled` seconds, `elapsed`
/// seconds after the one before.
double averaged(double mean, double value, double elapsed, double sampled, double time_constant) {
  return mean * std::exp(-elapsed / time_constant) - value * std::expm1(-sampled / time_constant);
}

}  // namespace

double update(ScoreMemory& memory, const Calibration& calibration, double timestamp, double score) {
  const double excess = std::max(0.0, score - calibration.typical_score) * calibration.score_scale;
  // Without a usual interval a sample has no weight in the memory.
  if (calibration.memory_seconds <= 0 || calibration.interval_seconds <= 0) {
    memory.slow = memory.fast = excess;
  } else {
    const double elapsed =
        memory.started ? timestamp - memory.timestamp : std::numeric_limits<double>::infinity();
    const bool after_gap = !(elapsed <= longest_gap(calibration));
    const double sampled = after_gap ? calibration.interval_seconds : elapsed;
    const double slow_time = calibration.memory_seconds;
    memory.slow = averaged(memory.slow, excess, elapsed, sampled, slow_time);
    memory.fast = averaged(memory.fast, excess, elapsed, sampled, kFastShare * slow_time);
  }
  memory.timestamp = timestamp;
  memory.started = true;
  return std::log1p(std::min(memory.slow, kFastWeight * memory.fast));
}

}  // namespace rolemix
