#include "core/kernel.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/kernel_targets.h"

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

/// Rows in the next panel when `left` are left.
Index panel_of(Index left) { return left >= kPanel ? kPanel : left >= 2 ? 2 : left; }

/// The rows of a lower triangular matrix in panels, each column by column.
void pack_lower(const Matrix& lower, std::vector<double>& packed) {
  Index end = 0;
  for (Index row = 0; row < lower.rows(); row = end) {
    end = row + panel_of(lower.rows() - row);
    for (Index column = 0; column < end; ++column) {
      for (Index r = std::max(row, column); r < end; ++r) {
        packed.push_back(lower(r, column));
      }
    }
  }
}

/// The same of its transpose.
void pack_upper(const Matrix& lower, std::vector<double>& packed) {
  Index end = 0;
  for (Index row = 0; row < lower.rows(); row = end) {
    end = row + panel_of(lower.rows() - row);
    for (Index column = row; column < lower.rows(); ++column) {
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

void PackedFactors::add(const VectorRef& mean, const Matrix& inverse_factor, double log_peak) {
  dimensions_ = static_cast<int>(mean.size());
  means_.insert(means_.end(), mean.begin(), mean.end());
  pack_lower(inverse_factor, lower_);
  pack_upper(inverse_factor, upper_);
  log_peaks_.push_back(log_peak);
  for (Index d = 0; d < mean.size(); ++d) {
    double precision = 0;  // Λ = L⁻ᵀ L⁻¹
    for (Index i = d; i < mean.size(); ++i) {
      precision += inverse_factor(i, d) * inverse_factor(i, d);
    }
    standard_deviations_.push_back(1 / std::sqrt(precision));
    half_log_precisions_.push_back(0.5 * std::log(precision));
  }
}

PackedMixture PackedFactors::packed() const {
  return {dimensions_,
          static_cast<int>(log_peaks_.size()),
          dimensions_ * (dimensions_ + 1) / 2,
          means_.data(),
          lower_.data(),
          upper_.data(),
          log_peaks_.data(),
          standard_deviations_.data(),
          half_log_precisions_.data()};
}

void score_batch(const PackedMixture& mixture, const double* samples, Index count, BatchScores& out,
                 InstructionSet set) {
  std::vector<double> work(work_size(mixture));
  out.log_likelihood.resize(count);
  out.responsibilities.resize(mixture.components, count);
  target(set).score(mixture, samples, count, work.data(),
                    {out.log_likelihood.data(), out.responsibilities.data()});
}

Kernel::Kernel(GaussianMixture mixture, InstructionSet set)
    : mixture_(std::move(mixture)), set_(set) {
  for (Index k = 0; k < mixture_.components(); ++k) {
    factors_.add(mixture_.means().row(k).transpose(), mixture_.inverse_factor(k),
                 mixture_.log_peak(k));
  }
}

void Kernel::score(const double* samples, Index count, BatchScores& out) const {
  score_batch(factors_.packed(), samples, count, out, set_);
}

void Kernel::explain(const double* samples, Index count, BatchConditionals& out) const {
  const PackedMixture packed = factors_.packed();
  const Index dimensions = mixture_.dimensions();
  std::vector<double> work(work_size(packed));
  out.log_likelihood.resize(count);
  out.mean.resize(dimensions, count);
  out.variance.resize(dimensions, count);
  out.surprise.resize(dimensions, count);
  target(set_).explain(
      packed, samples, count, work.data(),
      {out.log_likelihood.data(), out.mean.data(), out.variance.data(), out.surprise.data()});
  const double far = mixture_.log_peak_bound() - kFarLog;
  for (Index row = 0; row < count; ++row) {
    if (out.log_likelihood[row] > far) {
      continue;
    }
    const Eigen::Map<const Vector> x(samples + row * dimensions, dimensions);
    const std::vector<UnivariateMixture> others = mixture_.conditionals(x);
    for (Index d = 0; d < dimensions; ++d) {
      out.mean(d, row) = mean(others[d]);
      out.variance(d, row) = variance(others[d]);
      out.surprise(d, row) = std::exp(log_two_sided_tail(others[d], x[d]));
    }
  }
}

}  // namespace rolemix
