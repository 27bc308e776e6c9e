// The mixture over batches: packed factors, samples side by side in vectors as wide as the machine
// has them. Says what `mixture` says, which is its oracle, many times faster.
#ifndef ROLEMIX_CORE_KERNEL_H_
#define ROLEMIX_CORE_KERNEL_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/kernel_packed.h"
#include "core/mixture.h"
#include "matrix.h"

namespace rolemix {

/// Which processors the arithmetic is compiled for.
enum class InstructionSet : std::uint8_t {
  kBaseline,  ///< every x86-64, and WebAssembly's simd128
  kAvx2,      ///< with FMA
  kAvx512,    ///< F and DQ, with FMA
};

/// Those that this machine has, best last.
std::vector<InstructionSet> instruction_sets();

std::string_view name(InstructionSet set);

/// Scores of N samples.
struct BatchScores {
  Vector log_likelihood;    ///< (N) nats
  Matrix responsibilities;  ///< (K, N)
};

/// Of N samples the distribution of every metric given the others, in model units.
struct BatchConditionals {
  Vector log_likelihood;  ///< (N) nats
  Matrix mean;            ///< (D, N)
  Matrix variance;        ///< (D, N)
  Matrix surprise;        ///< (D, N) two-sided tail probability of what was observed
};

/// Mixture components as the kernel takes them.
class PackedFactors {
 public:
  /// One more component: its mean (D), its L⁻¹ (D, D) lower triangular with Σ = L Lᵀ, and
  /// log π_k N_k(μ_k).
  void add(const VectorRef& mean, const Matrix& inverse_factor, double log_peak);

  PackedMixture packed() const;

 private:
  int dimensions_ = 0;
  std::vector<double> means_;
  std::vector<double> lower_;
  std::vector<double> upper_;
  std::vector<double> log_peaks_;
  std::vector<double> standard_deviations_;
  std::vector<double> half_log_precisions_;
};

/// samples: N rows of D in model units, complete, at most kLargestValue in size.
void score_batch(const PackedMixture& mixture, const double* samples, Index count, BatchScores& out,
                 InstructionSet set = instruction_sets().back());

/// A mixture, packed.
class Kernel {
 public:
  explicit Kernel(GaussianMixture mixture, InstructionSet set = instruction_sets().back());

  /// samples as for score_batch().
  void score(const double* samples, Index count, BatchScores& out) const;
  void explain(const double* samples, Index count, BatchConditionals& out) const;

  const GaussianMixture& mixture() const { return mixture_; }

 private:
  GaussianMixture mixture_;
  PackedFactors factors_;
  InstructionSet set_;
};

}  // namespace rolemix

#endif  // ROLEMIX_CORE_KERNEL_H_
