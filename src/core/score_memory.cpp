#include "core/score_memory.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace rolemix {
namespace {

constexpr double kSpan = 86400;         // of the level, seconds
constexpr double kStep = 1800;          // between the samples that make it
constexpr double kLeastHistory = 3600;  // before there is a level
constexpr double kFastShare = 0.2;      // of the slow memory's time
constexpr double kFastWeight = 1.5;     // the fast memory bounds the slow one this many times over

bool is_due(const HostLevel& level, double time) {
  return level.times.empty() || time >= level.times.back() + kStep;
}

void add(HostLevel& level, double time, const VectorRef& sample) {
  level.times.push_back(time);
  level.samples.insert(level.samples.end(), sample.begin(), sample.end());
}

/// Whether anything was too old.
bool forget(HostLevel& level, double time, Index dimensions) {
  const auto kept = std::ranges::upper_bound(level.times, time - kSpan);
  const std::ptrdiff_t old = kept - level.times.begin();
  level.times.erase(level.times.begin(), kept);
  level.samples.erase(level.samples.begin(), level.samples.begin() + old * dimensions);
  return old > 0;
}

/// (D) median of what is known, less the role's; 0 where nothing is.
Vector shift_of(const HostLevel& level, const Vector& medians) {
  Vector shift = Vector::Zero(medians.size());
  std::vector<double> known;
  for (Index d = 0; d < medians.size(); ++d) {
    known.clear();
    for (std::size_t i = static_cast<std::size_t>(d); i < level.samples.size();
         i += static_cast<std::size_t>(medians.size())) {
      if (!std::isnan(level.samples[i])) {
        known.push_back(level.samples[i]);
      }
    }
    if (!known.empty() && !std::isnan(medians[d])) {
      const auto middle = known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2);
      std::ranges::nth_element(known, middle);
      shift[d] = *middle - medians[d];
    }
  }
  return shift;
}

/// An exponentially weighted mean takes in a sample that stands for `sampled` seconds, `elapsed`
/// seconds after the one before.
double averaged(double mean, double value, double elapsed, double sampled, double time_constant) {
  return mean * std::exp(-elapsed / time_constant) - value * std::expm1(-sampled / time_constant);
}

}  // namespace

Matrix level_shifts(HostLevel& level, const std::vector<double>& times, const MatrixRef& samples,
                    const Vector& medians) {
  const Index dimensions = medians.size();
  if (level.samples.size() != level.times.size() * static_cast<std::size_t>(dimensions)) {
    level = {};  // it is another model's
  }
  Matrix shifts = Matrix::Zero(samples.rows(), dimensions);
  Vector shift = Vector::Zero(dimensions);
  bool changed = true;
  for (Index i = 0; i < samples.rows(); ++i) {
    const double time = times[static_cast<std::size_t>(i)];
    changed |= forget(level, time, dimensions);
    if (!level.times.empty() && time - level.times.front() >= kLeastHistory) {
      if (changed) {
        shift = shift_of(level, medians);
        changed = false;
      }
      shifts.row(i) = shift.transpose();
    }
    if (is_due(level, time) && !samples.row(i).array().isNaN().all()) {
      add(level, time, samples.row(i).transpose());
      changed = true;
    }
  }
  return shifts;
}

double update(ScoreMemory& memory, const Calibration& calibration, double timestamp, double score) {
  const bool of_logs = calibration.statistic == AlertStatistic::kMeanOfLogs;
  const double above = std::max(0.0, score - calibration.typical_score) * calibration.score_scale;
  const double excess = of_logs ? std::log1p(above) : above;
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
  return of_logs ? memory.slow : std::log1p(std::min(memory.slow, kFastWeight * memory.fast));
}

}  // namespace rolemix
