#include "samples/host_level.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

namespace rolemix {
namespace {

constexpr double kSpan = 86400;         // of the level, seconds
constexpr double kStep = 1800;          // of which the first sample counts
constexpr double kLeastHistory = 3600;  // before there is a level

bool is_due(const KeptRows& level, double time) {
  // By the clock, so that it does not matter when a table begins.
  return level.times.empty() || std::floor(time / kStep) > std::floor(level.times.back() / kStep);
}

/// The known numbers of each metric in a level, in model units, sorted, for medians of what changes
/// by a row at a time.
class SortedLevel {
 public:
  SortedLevel(const KeptRows& level, Index dimensions, const RoleModel* model)
      : model_(model), sorted_(static_cast<std::size_t>(dimensions)) {
    for (std::size_t i = 0; i < level.values.size(); ++i) {
      insert(i % sorted_.size(), level.values[i]);
    }
  }

  void insert(std::size_t metric, double value) {
    if (!std::isnan(value)) {
      std::vector<double>& numbers = sorted_[metric];
      const double number = in_units(metric, value);
      numbers.insert(std::ranges::lower_bound(numbers, number), number);
    }
  }

  void erase(std::size_t metric, double value) {
    if (!std::isnan(value)) {
      std::vector<double>& numbers = sorted_[metric];
      const double number = in_units(metric, value);
      numbers.erase(std::ranges::lower_bound(numbers, number));
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
  double in_units(std::size_t metric, double value) const {
    return model_ == nullptr ? value : to_model_units(model_->metrics[metric], value);
  }

  const RoleModel* model_;
  std::vector<std::vector<double>> sorted_;  // (D)
};

/// Whether anything of the sample was measured.
bool add(KeptRows& level, SortedLevel& sorted, double time, const MatrixRef& values, Index row) {
  bool measured = false;
  for (Index d = 0; d < values.cols(); ++d) {
    measured |= !std::isnan(values(row, d));
  }
  for (Index d = 0; measured && d < values.cols(); ++d) {
    level.values.push_back(values(row, d));
    sorted.insert(static_cast<std::size_t>(d), values(row, d));
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

}  // namespace

Matrix level_shifts(KeptRows& level, const std::vector<double>& times, const MatrixRef& values,
                    const Vector& medians, const RoleModel* model) {
  const Index dimensions = medians.size();
  if (level.values.size() != level.times.size() * static_cast<std::size_t>(dimensions)) {
    level = {};  // it is another model's
  }
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  Matrix shifts = Matrix::Constant(values.rows(), dimensions, kNaN);
  SortedLevel sorted(level, dimensions, model);
  Vector shift;
  bool changed = true;
  for (Index i = 0; i < values.rows(); ++i) {
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
    changed |= is_due(level, time) && add(level, sorted, time, values, i);
  }
  return shifts;
}

void center(const RoleModel& model, Matrix& samples, Matrix& shifts) {
  for (Index row = 0; row < shifts.rows(); ++row) {
    for (Index d = 0; d < shifts.cols(); ++d) {
      double& shift = shifts(row, d);
      if (model.metrics[d].center_by_host) {
        samples(row, d) -= std::exchange(shift, 0);
      } else if (std::isnan(shift)) {
        shift = 0;
      }
    }
  }
}

}  // namespace rolemix
