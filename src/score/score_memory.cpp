#include "score/score_memory.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace rolemix {
namespace {

constexpr double kSpan = 86400;         // of the level, seconds
constexpr double kStep = 1800;          // of which the first sample counts
constexpr double kLeastHistory = 3600;  // before there is a level
constexpr double kFastShare = 0.2;      // of the slow memory's time
constexpr double kFastWeight = 1.5;     // the fast memory bounds the slow one this many times over

bool is_due(const KeptRows& level, double time) {
  // By the clock, so that it does not matter when a table begins.
  return level.times.empty() || std::floor(time / kStep) > std::floor(level.times.back() / kStep);
}

/// The known numbers of each metric in a level, sorted, for medians of what changes by a row at a
/// time.
class SortedLevel {
 public:
  SortedLevel(const KeptRows& level, Index dimensions)
      : sorted_(static_cast<std::size_t>(dimensions)) {
    for (std::size_t i = 0; i < level.values.size(); ++i) {
      insert(i % sorted_.size(), level.values[i]);
    }
  }

  void insert(std::size_t metric, double value) {
    if (!std::isnan(value)) {
      std::vector<double>& numbers = sorted_[metric];
      numbers.insert(std::ranges::lower_bound(numbers, value), value);
    }
  }

  void erase(std::size_t metric, double value) {
    if (!std::isnan(value)) {
      std::vector<double>& numbers = sorted_[metric];
      numbers.erase(std::ranges::lower_bound(numbers, value));
    }
  }

  /// (D) the upper medians less the role's; NaN where either is not known.
  Vector shift(const Vector& medians) const {
    Vector shift(medians.size());
    for (Index d = 0; d < shift.size(); ++d) {
      const std::vector<double>& numbers = sorted_[static_cast<std::size_t>(d)];
      shift[d] = numbers.empty() ? std::numeric_limits<double>::quiet_NaN()
                                 : numbers[numbers.size() / 2] - medians[d];
    }
    return shift;
  }

 private:
  std::vector<std::vector<double>> sorted_;  // (D)
};

/// Whether anything of the sample was measured.
bool add(KeptRows& level, SortedLevel& sorted, double time, const MatrixRef& samples, Index row) {
  bool measured = false;
  for (Index d = 0; d < samples.cols(); ++d) {
    measured |= !std::isnan(samples(row, d));
  }
  for (Index d = 0; measured && d < samples.cols(); ++d) {
    level.values.push_back(samples(row, d));
    sorted.insert(static_cast<std::size_t>(d), samples(row, d));
  }
  if (measured) {
    level.times.push_back(time);
  }
  return measured;
}

/// Whether anything was too old.
bool forget(KeptRows& level, SortedLevel& sorted, double time, Index dimensions) {
  std::ptrdiff_t old = 0;
  while (old < std::ssize(level.times) && level.times[old] <= time - kSpan) {
    for (Index d = 0; d < dimensions; ++d) {
      sorted.erase(static_cast<std::size_t>(d), level.values[old * dimensions + d]);
    }
    ++old;
  }
  if (old > 0) {
    level.times.erase(level.times.begin(), level.times.begin() + old);
    level.values.erase(level.values.begin(), level.values.begin() + old * dimensions);
  }
  return old > 0;
}

/// An exponentially weighted mean takes in a sample that stands for `sampled` seconds, `elapsed`
/// seconds after the one before.
double averaged(double mean, double value, double elapsed, double sampled, double time_constant) {
  return mean * std::exp(-elapsed / time_constant) - value * std::expm1(-sampled / time_constant);
}

}  // namespace

Matrix level_shifts(KeptRows& level, const std::vector<double>& times, const MatrixRef& samples,
                    const Vector& medians) {
  const Index dimensions = medians.size();
  if (level.values.size() != level.times.size() * static_cast<std::size_t>(dimensions)) {
    level = {};  // it is another model's
  }
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  Matrix shifts = Matrix::Constant(samples.rows(), dimensions, kNaN);
  SortedLevel sorted(level, dimensions);
  Vector shift;
  bool changed = true;
  for (Index i = 0; i < samples.rows(); ++i) {
    const double time = times[static_cast<std::size_t>(i)];
    changed |= forget(level, sorted, time, dimensions);
    if (!level.times.empty() && time - level.times.front() >= kLeastHistory) {
      if (changed) {
        shift = sorted.shift(medians);
        changed = false;
      }
      for (Index d = 0; d < dimensions; ++d) {
        shifts(i, d) = shift[d];
      }
    }
    changed |= is_due(level, time) && add(level, sorted, time, samples, i);
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
