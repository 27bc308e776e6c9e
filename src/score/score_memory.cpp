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
              std::numeric_limits<double>::infinity(),
              std::numeric_limits<double>::infinity()};
  if (!calibration.curves.empty()) {
    // What makes the memory as high in one sample.
    const auto excess_at = [&](double severity) {
      const double alert_score =
          alert_score_of(calibration.curves.front(), std::log(return_time_of_severity(severity)));
      return std::expm1(alert_score) / std::min(-decay.slow_taken, -kFastWeight * decay.fast_taken);
    };
    decay.alone = kAloneShare * excess_at(severity_of(Sensitivity::kSensitive));
    decay.most_excess = kMostBeyondScale * excess_at(100);
  }
  return decay;
}

/// What a sample counts for, with another beside it.
double borne_out(double excess, double other, double alone) {
  return std::min(excess, other >= alone ? kMostGrowth * other : alone);
}

/// The same after what is remembered. The first sample, too, counts for no more than this one bears
/// out.
double borne_out(ScoreMemory& memory, double excess, const Decay& decay) {
  if (!memory.started) {
    return excess;
  }
  if (memory.alone && memory.excess > 0) {
    const double kept = borne_out(memory.excess, excess, decay.alone) / memory.excess;
    memory.slow *= kept;
    memory.fast *= kept;
  }
  return borne_out(excess, memory.excess, decay.alone);
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
    const bool after_gap = !(elapsed <= longest_gap(calibration, memory.apart));
    const double sampled = after_gap ? calibration.interval_seconds : elapsed;
    if (elapsed != decay.elapsed || sampled != decay.sampled) {
      decay = decay_of(elapsed, sampled, calibration);
    }
    excess = std::min(excess, decay.most_excess);
    const double counted = counts(memory, excess, decay);
    memory.slow = memory.slow * decay.slow_kept - counted * decay.slow_taken;
    memory.fast = memory.fast * decay.fast_kept - counted * decay.fast_taken;
  }
  memory.excess = excess;
  memory.alone = !memory.started;
  memory.apart = memory.started ? timestamp - memory.timestamp : 0;
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
  return take(memory, calibration, timestamp, score, decay,
              [](ScoreMemory& of, double excess, const Decay& with) {
                return borne_out(of, excess, with);
              });
}

double update_in_full(ScoreMemory& memory, const Calibration& calibration, double timestamp,
                      double score) {
  Decay decay;
  return take(memory, calibration, timestamp, score, decay,
              [](const ScoreMemory&, double excess, const Decay&) { return excess; });
}

}  // namespace rolemix
