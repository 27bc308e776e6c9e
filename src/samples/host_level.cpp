#include "samples/host_level.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "model/units.h"

namespace rolemix {
namespace {

constexpr double kSpan = 86400;         // of the level, seconds
constexpr double kStep = 1800;          // of which the first sample counts
constexpr double kLeastHistory = 3600;  // before there is a level
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

HostLevel::HostLevel(const std::vector<MetricSpec>& metrics, KeptRows kept)
    : sorted_(metrics.size()) {
  if (kept.values.size() != kept.times.size() * metrics.size()) {
    return;
  }
  for (std::size_t i = 0; i < kept.times.size(); ++i) {
    add(metrics, kept.times[i], kept.values.data() + i * metrics.size());
  }
}

bool HostLevel::advance(double time) {
  const std::size_t dimensions = sorted_.size();
  std::size_t old = 0;
  while (old < kept_.times.size() && kept_.times[old] <= time - kSpan) {
    for (std::size_t d = 0; d < dimensions; ++d) {
      if (const double number = transformed_[old * dimensions + d]; !std::isnan(number)) {
        sorted_[d].erase(std::ranges::lower_bound(sorted_[d], number));
      }
    }
    ++old;
  }
  if (old > 0) {
    const auto first = [&](std::vector<double>& from, std::size_t count) {
      from.erase(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(count));
    };
    first(kept_.times, old);
    first(kept_.values, old * dimensions);
    first(transformed_, old * dimensions);
    ++version_;
  }
  return !kept_.times.empty() && time - kept_.times.front() >= kLeastHistory;
}

void HostLevel::add(const std::vector<MetricSpec>& metrics, double time, const double* values) {
  // By the clock, so that it does not matter when a table begins.
  if (!kept_.times.empty() && std::floor(time / kStep) <= std::floor(kept_.times.back() / kStep)) {
    return;
  }
  const double* end = values + metrics.size();
  if (std::all_of(values, end, [](double value) { return std::isnan(value); })) {
    return;  // nothing was measured
  }
  kept_.times.push_back(time);
  kept_.values.insert(kept_.values.end(), values, end);
  for (std::size_t d = 0; d < metrics.size(); ++d) {
    const double number = transformed(metrics[d], values[d]);
    transformed_.push_back(number);
    if (!std::isnan(number)) {
      sorted_[d].insert(std::ranges::lower_bound(sorted_[d], number), number);
    }
  }
  ++version_;
}

void HostLevel::medians(double* result) const {
  for (const std::vector<double>& numbers : sorted_) {
    *result++ = numbers.empty() ? kNaN : numbers[numbers.size() / 2];
  }
}

Matrix levels_of(const std::vector<double>& times, const MatrixRef& values) {
  const std::vector<MetricSpec> as_they_are(static_cast<std::size_t>(values.cols()));
  HostLevel level(as_they_are, {});
  Matrix levels = Matrix::Constant(values.rows(), values.cols(), kNaN);
  for (Index i = 0; i < values.rows(); ++i) {
    const double time = times[static_cast<std::size_t>(i)];
    if (level.advance(time)) {
      level.medians(levels.row(i).data());
    }
    const Vector row = values.row(i).transpose();
    level.add(as_they_are, time, row.data());
  }
  return levels;
}

}  // namespace rolemix
