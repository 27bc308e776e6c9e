// What the kernel's arithmetic works on: plain data, the same for every instruction set.
#ifndef ROLEMIX_CORE_KERNEL_PACKED_H_
#define ROLEMIX_CORE_KERNEL_PACKED_H_

namespace rolemix {

/// Rows of a factor that are multiplied together.
constexpr int kPanel = 4;

/// Most samples in a block, of all instruction sets.
constexpr int kMostBlock = 32;

/// Samples whose score is further than this above its lowest possible value, in nats, are left to
/// the plain mixture code: weights and tails relative to one another are then still ordinary
/// numbers.
constexpr double kFarLog = 600;

/// A mixture of K components of D metrics. The factor L⁻¹ of each (Σ = L Lᵀ) stands in panels of
/// kPanel rows (what is left over in panels of 2 and 1), each column by column, without the zeros;
/// L⁻ᵀ likewise.
struct PackedMixture {
  int dimensions;
  int components;
  int factor_size;          ///< D (D + 1) / 2
  const double* means;      ///< (K, D)
  const double* lower;      ///< (K, factor_size), of L⁻¹
  const double* upper;      ///< (K, factor_size), of L⁻ᵀ
  const double* log_peaks;  ///< (K) log π_k N_k(μ_k)
  const double*
      standard_deviations;  ///< (K, D) of each metric given the others, Λ_dd^-½ with Λ = Σ⁻¹
  const double* half_log_precisions;  ///< (K, D) ½ log Λ_dd
};

/// Where scores go; N samples.
struct KernelScores {
  double* log_likelihood;    ///< (N) nats
  double* responsibilities;  ///< (K, N) or null
};

/// Where the distributions of every metric given the others go, metric after metric: (D, N) each.
struct KernelConditionals {
  double* log_likelihood;  ///< (N) nats
  double* mean;
  double* variance;
  double* surprise;  ///< two-sided tail probability of what was observed
};

}  // namespace rolemix

#endif  // ROLEMIX_CORE_KERNEL_PACKED_H_
