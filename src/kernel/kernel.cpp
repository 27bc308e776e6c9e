#include "kernel/kernel.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "kernel/targets.h"

namespace rolemix {
namespace {

struct Target {
  void (*score)(const PackedMixture&, const double*, long, double*, const KernelScores&);
  void (*explain)(const PackedMixture&, const double*, const double*, long, double*,
                  const KernelScores&, double* const*);
  void (*surprises)(const PackedMixture&, const double*, const double*, long, double*,
                    const KernelScores&, double* const*);
  void (*typical)(const PackedMixture&, const double*, long, double*, double*, double*);
  void (*replace_ignored)(const PackedMixture&, const double*, double*, long, double*, double*);
  void (*add_moments)(const MomentRows&, double*, const KernelMoments&);
};

Target target(InstructionSet set) {
#if defined(__x86_64__)
  switch (set) {
    case InstructionSet::kAvx512:
      return {kernel_avx512::score,   kernel_avx512::explain,         kernel_avx512::surprises,
              kernel_avx512::typical, kernel_avx512::replace_ignored, kernel_avx512::add_moments};
    case InstructionSet::kAvx2:
      return {kernel_avx2::score,   kernel_avx2::explain,         kernel_avx2::surprises,
              kernel_avx2::typical, kernel_avx2::replace_ignored, kernel_avx2::add_moments};
    case InstructionSet::kBaseline:
      break;
  }
#else
  (void)set;
#endif
  return {kernel_baseline::score,   kernel_baseline::explain,         kernel_baseline::surprises,
          kernel_baseline::typical, kernel_baseline::replace_ignored, kernel_baseline::add_moments};
}

/// A matrix in panels of rows, each column by column; of a triangular one without the zeros.
enum class Shape : std::uint8_t { kLower, kUpper, kFull };

template <typename Entry>
void pack(Index size, Shape shape, const Entry& entry, std::vector<double>& packed) {
  Index end = 0;
  for (Index row = 0; row < size; row = end) {
    const Index left = size - row;
    end = row + (left >= kPanel ? kPanel : left >= 2 ? 2 : 1);
    const Index last = shape == Shape::kLower ? end : size;
    for (Index column = shape == Shape::kUpper ? row : 0; column < last; ++column) {
      const Index from = shape == Shape::kLower ? std::max(row, column) : row;
      const Index to = shape == Shape::kUpper ? std::min(column + 1, end) : end;
      for (Index r = from; r < to; ++r) {
        packed.push_back(entry(r, column));
      }
    }
  }
}

/// Scratch memory. It begins where a cache line does: a vector that straddles two takes twice as
/// long to load.
class Work {
 public:
  explicit Work(std::size_t size) : memory_(size + kLine) {}

  /// Blocks of samples by metric, by component and by both.
  explicit Work(const PackedMixture& mixture) : Work(size(mixture)) {}

  double* data() {
    const std::size_t past = reinterpret_cast<std::uintptr_t>(memory_.data()) / sizeof(double);
    return memory_.data() + (kLine - past % kLine) % kLine;
  }

 private:
  static constexpr std::size_t kLine = 8;  // doubles

  static std::size_t size(const PackedMixture& mixture) {
    const auto dimensions = static_cast<std::size_t>(mixture.dimensions);
    const auto components = static_cast<std::size_t>(mixture.components);
    return kMostBlock *
           (5 * dimensions + 3 * components + kExplanationFields + 1 + components * dimensions);
  }

  std::vector<double> memory_;
};

KernelScores prepared(const PackedMixture& mixture, Index count, Responsibilities responsibilities,
                      BatchScores& out) {
  const bool given = responsibilities == Responsibilities::kGiven;
  out.log_likelihood.resize(count);
  out.state.resize(count);
  out.responsibilities.resize(given ? mixture.components : 0, count);
  return {out.log_likelihood.data(), out.state.data(),
          given ? out.responsibilities.data() : nullptr};
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
  const Index dimensions = mean.size();
  dimensions_ = static_cast<int>(dimensions);
  means_.insert(means_.end(), mean.begin(), mean.end());
  pack(dimensions, Shape::kLower, [&](Index i, Index j) { return inverse_factor(i, j); }, lower_);
  pack(dimensions, Shape::kUpper, [&](Index i, Index j) { return inverse_factor(j, i); }, upper_);
  log_peaks_.push_back(log_peak);
  for (Index d = 0; d < dimensions; ++d) {
    double precision = 0;  // Λ = L⁻ᵀ L⁻¹
    for (Index i = d; i < dimensions; ++i) {
      precision += inverse_factor(i, d) * inverse_factor(i, d);
    }
    deviations_.push_back(1 / std::sqrt(precision));
    inverse_deviations_.push_back(std::sqrt(precision));
    half_log_precisions_.push_back(0.5 * std::log(precision));
  }
}

void PackedFactors::add_whitening(double weight, const Vector& variances, const Matrix& whitening) {
  weights_.push_back(weight);
  log_weights_.push_back(std::log(weight));
  for (const double variance : variances) {
    own_inverse_deviations_.push_back(1 / std::sqrt(variance));
  }
  pack(dimensions_, Shape::kFull, [&](Index i, Index j) { return whitening(i, j); }, whitening_);
}

PackedMixture PackedFactors::packed() const {
  return {dimensions_,
          static_cast<int>(log_peaks_.size()),
          dimensions_ * (dimensions_ + 1) / 2,
          means_.data(),
          lower_.data(),
          upper_.data(),
          log_peaks_.data(),
          deviations_.data(),
          inverse_deviations_.data(),
          half_log_precisions_.data(),
          weights_.data(),
          log_weights_.data(),
          own_inverse_deviations_.data(),
          whitening_.data()};
}

void score_batch(const PackedMixture& mixture, const double* samples, Index count,
                 Responsibilities responsibilities, BatchScores& out, InstructionSet set) {
  Work work(mixture);
  target(set).score(mixture, samples, count, work.data(),
                    prepared(mixture, count, responsibilities, out));
}

void add_moments(const double* samples, const double* shares, Index count, const double* mean,
                 Moments& moments, InstructionSet set) {
  const auto dimensions = static_cast<int>(moments.first.size());
  const int stride = (dimensions + kMomentPadding - 1) / kMomentPadding * kMomentPadding;
  Work work(static_cast<std::size_t>(stride) * static_cast<std::size_t>(kMomentRows + stride));
  target(set).add_moments({dimensions, count, samples, shares, mean}, work.data(),
                          {&moments.mass, moments.first.data(), moments.second.data()});
}

Kernel::Kernel(GaussianMixture mixture, InstructionSet set)
    : mixture_(std::move(mixture)), set_(set) {
  assert(mixture_.components() <= kMostParts);
  for (Index k = 0; k < mixture_.components(); ++k) {
    factors_.add(mixture_.means().row(k).transpose(), mixture_.inverse_factor(k),
                 mixture_.log_peak(k));
  }
}

void Kernel::set_whitening(std::vector<Matrix> whitening) {
  assert(!has_whitening());
  whitening_ = std::move(whitening);
  for (Index k = 0; k < mixture_.components(); ++k) {
    factors_.add_whitening(mixture_.weights()[k], mixture_.covariance(k).diagonal(), whitening_[k]);
  }
}

void Kernel::score(const double* samples, Index count, Responsibilities responsibilities,
                   BatchScores& out) const {
  score_batch(factors_.packed(), samples, count, responsibilities, out, set_);
}

void Kernel::explain(const double* samples, const double* observed, Index count,
                     BatchExplanations& out) const {
  assert(has_whitening());
  run(target(set_).explain, samples, observed, count, kExplanationFields, out);
}

void Kernel::surprises(const double* samples, Index count, BatchExplanations& out) const {
  run(target(set_).surprises, samples, nullptr, count, kSurpriseFields, out);
}

void Kernel::typical(const double* samples, Index count, TypicalSurprises& out) const {
  const PackedMixture packed = factors_.packed();
  const Index dimensions = mixture_.dimensions();
  out.log_surprise.resize(dimensions, count);
  out.cdf.resize(dimensions, count);
  Work work(packed);
  target(set_).typical(packed, samples, count, work.data(), out.log_surprise.data(),
                       out.cdf.data());
  for (Index d = 0; d < dimensions; ++d) {
    for (Index row = 0; row < count; ++row) {
      if (out.log_surprise(d, row) < -kFarLog) {
        out.log_surprise(d, row) =
            log_two_sided_tail(mixture_.marginal_of(d), samples[row * dimensions + d]);
      }
    }
  }
}

void Kernel::run(ExplainBatch batch, const double* samples, const double* observed, Index count,
                 int wanted_fields, BatchExplanations& out) const {
  const PackedMixture packed = factors_.packed();
  const Index dimensions = mixture_.dimensions();
  std::array<double*, kExplanationFields> fields;
  for (int field = 0; field < kExplanationFields; ++field) {
    out.fields[field].resize(field < wanted_fields ? dimensions : 0, count);
    fields[field] = out.fields[field].data();
  }
  Work work(packed);
  batch(packed, samples, observed, count, work.data(),
        prepared(packed, count, Responsibilities::kGiven, out.scores), fields.data());
  const double far = mixture_.log_peak_bound() - kFarLog;
  const auto row_of = [&](const double* rows, Index row) {
    return Eigen::Map<const Vector>(rows + row * dimensions, dimensions);
  };
  for (Index row = 0; row < count; ++row) {
    if (!(out.scores.log_likelihood[row] > far)) {
      explain_far(row_of(samples, row), row_of(observed != nullptr ? observed : samples, row), row,
                  wanted_fields, out);
    }
  }
}

void Kernel::explain_far(const VectorRef& x, const VectorRef& observed, Index row,
                         int wanted_fields, BatchExplanations& out) const {
  const std::vector<UnivariateMixture> others = mixture_.complete_conditionals(x);
  for (Index d = 0; d < x.size(); ++d) {
    out.fields[kMean](d, row) = mean(others[d]);
    out.fields[kVariance](d, row) = variance(others[d]);
    out.fields[kLogSurprise](d, row) = log_two_sided_tail(others[d], observed[d]);
    if (wanted_fields > kSurpriseFields) {
      out.fields[kCdf](d, row) = cdf(others[d], observed[d]);
      out.fields[kLow](d, row) = quantile(others[d], kRangeTail);
      out.fields[kHigh](d, row) = quantile(others[d], 1 - kRangeTail);
      const UnivariateMixture own = mixture_.marginal_of(d);
      out.fields[kLogTypicalSurprise](d, row) = log_two_sided_tail(own, observed[d]);
      out.fields[kTypicalCdf](d, row) = cdf(own, observed[d]);
    }
  }
}

void Kernel::replace_ignored(const std::vector<DetectionDirection>& directions, double* samples,
                             Index count) const {
  const PackedMixture packed = factors_.packed();
  const Index dimensions = mixture_.dimensions();
  std::vector<double> signs;
  for (const DetectionDirection direction : directions) {
    signs.push_back(direction == DetectionDirection::kBoth    ? 0
                    : direction == DetectionDirection::kAbove ? 1
                                                              : -1);
  }
  const std::vector<double> given(samples, samples + count * dimensions);
  Work work(packed);
  Vector log_likelihood(count);
  target(set_).replace_ignored(packed, signs.data(), samples, count, work.data(),
                               log_likelihood.data());
  const double far = mixture_.log_peak_bound() - kFarLog;
  for (Index row = 0; row < count; ++row) {
    if (!(log_likelihood[row] > far)) {
      const Eigen::Map<const Vector> x(given.data() + row * dimensions, dimensions);
      Eigen::Map<Vector>(samples + row * dimensions, dimensions) =
          rolemix::replace_ignored(mixture_, directions, x);
    }
  }
}

}  // namespace rolemix
