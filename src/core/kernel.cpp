#include "core/kernel.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/kernel_targets.h"
#include "core/linear_algebra.h"

namespace rolemix {
namespace {

struct Target {
  void (*score)(const PackedMixture&, const double*, long, double*, const KernelScores&);
  void (*explain)(const PackedMixture&, const double*, long, double*, const KernelConditionals&);
};

Target target(InstructionSet set) {
#if defined(__x86_64__)
  switch (set) {
    case InstructionSet::kAvx512:
      return {kernel_avx512::score, kernel_avx512::explain};
    case InstructionSet::kAvx2:
      return {kernel_avx2::score, kernel_avx2::explain};
    case InstructionSet::kBaseline:
      break;
  }
#else
  (void)set;
#endif
  return {kernel_baseline::score, kernel_baseline::explain};
}

/// The rows of a lower triangular matrix in panels, each column by column.
void pack_lower(const Matrix& lower, std::vector<double>& packed) {
  const Index dimensions = lower.rows();
  for (Index row = 0; row < dimensions; row += kPanel) {
    const Index end = std::min<Index>(row + kPanel, dimensions);
    for (Index column = 0; column < end; ++column) {
      for (Index r = std::max(row, column); r < end; ++r) {
        packed.push_back(lower(r, column));
      }
    }
  }
}

/// The same of its transpose.
void pack_upper(const Matrix& lower, std::vector<double>& packed) {
  const Index dimensions = lower.rows();
  for (Index row = 0; row < dimensions; row += kPanel) {
    const Index end = std::min<Index>(row + kPanel, dimensions);
    for (Index column = row; column < dimensions; ++column) {
      for (Index r = row; r < std::min(column + 1, end); ++r) {
        packed.push_back(lower(column, r));
      }
    }
  }
}

/// Doubles of scratch memory: blocks of samples by metric, by component and by both.
std::size_t work_size(const PackedMixture& mixture) {
  const auto dimensions = static_cast<std::size_t>(mixture.dimensions);
  const auto components = static_cast<std::size_t>(mixture.components);
  return kMostBlock * (3 * dimensions + 2 * components + 3 + components * dimensions);
}

}  // namespace

std::vector<InstructionSet> instruction_sets() {
  std::vector<InstructionSet> sets = {InstructionSet::kBaseline};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
    sets.push_back(InstructionSet::kAvx2);
    if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0) {
      sets.push_back(InstructionSet::kAvx512);
    }
  }
#endif
  return sets;
}

std::string_view name(InstructionSet set) {
  switch (set) {
    case InstructionSet::kBaseline:
      return "baseline";
    case InstructionSet::kAvx2:
      return "avx2";
    case InstructionSet::kAvx512:
      break;
  }
  return "avx512";
}

Kernel::Kernel(GaussianMixture mixture, InstructionSet set)
    : mixture_(std::move(mixture)), set_(set) {
  const Index dimensions = mixture_.dimensions();
  for (Index k = 0; k < mixture_.components(); ++k) {
    const Matrix inverse = mixture_.inverse_factor(k);
    pack_lower(inverse, lower_);
    pack_upper(inverse, upper_);
    log_peaks_.push_back(mixture_.log_peak(k));
    for (Index d = 0; d < dimensions; ++d) {
      means_.push_back(mixture_.means()(k, d));
      const double precision = mixture_.precision(k)(d, d);
      standard_deviations_.push_back(1 / std::sqrt(precision));
      half_log_precisions_.push_back(0.5 * std::log(precision));
    }
  }
}

PackedMixture Kernel::packed() const {
  const int dimensions = static_cast<int>(mixture_.dimensions());
  return {dimensions,
          static_cast<int>(mixture_.components()),
          dimensions * (dimensions + 1) / 2,
          means_.data(),
          lower_.data(),
          upper_.data(),
          log_peaks_.data(),
          standard_deviations_.data(),
          half_log_precisions_.data()};
}

void Kernel::score(const double* samples, Index count, Vector& log_likelihood) const {
  const PackedMixture mixture = packed();
  std::vector<double> work(work_size(mixture));
  log_likelihood.resize(count);
  target(set_).score(mixture, samples, count, work.data(), {log_likelihood.data(), nullptr});
}

BatchScores Kernel::score(const Matrix& samples) const {
  assert(samples.cols() == mixture_.dimensions());
  const PackedMixture mixture = packed();
  std::vector<double> work(work_size(mixture));
  BatchScores scores = {Vector(samples.rows()), Matrix(mixture_.components(), samples.rows())};
  target(set_).score(mixture, samples.data(), samples.rows(), work.data(),
                     {scores.log_likelihood.data(), scores.responsibilities.data()});
  return scores;
}

BatchConditionals Kernel::explain(const Matrix& samples) const {
  assert(samples.cols() == mixture_.dimensions());
  const PackedMixture mixture = packed();
  std::vector<double> work(work_size(mixture));
  const Index rows = samples.rows();
  const Index dimensions = samples.cols();
  BatchConditionals result = {Vector(rows), Matrix(dimensions, rows), Matrix(dimensions, rows),
                              Matrix(dimensions, rows)};
  target(set_).explain(mixture, samples.data(), rows, work.data(),
                       {result.log_likelihood.data(), result.mean.data(), result.variance.data(),
                        result.surprise.data()});
  const double far = mixture_.log_peak_bound() - kFarLog;
  for (Index row = 0; row < rows; ++row) {
    if (result.log_likelihood[row] > far) {
      continue;
    }
    const Vector x = samples.row(row).transpose();
    const std::vector<UnivariateMixture> others = mixture_.conditionals(x);
    for (Index d = 0; d < dimensions; ++d) {
      result.mean(d, row) = rolemix::mean(others[d]);
      result.variance(d, row) = rolemix::variance(others[d]);
      result.surprise(d, row) = std::exp(log_two_sided_tail(others[d], x[d]));
    }
  }
  return result;
}

}  // namespace rolemix
