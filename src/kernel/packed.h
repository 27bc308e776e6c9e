// What the kernel's arithmetic works on: plain data, the same for every instruction set.
#ifndef ROLEMIX_KERNEL_PACKED_H_
#define ROLEMIX_KERNEL_PACKED_H_

namespace rolemix {

/// Rows of a factor that are multiplied together.
constexpr int kPanel = 4;

/// Most samples in a block, of all instruction sets.
constexpr int kMostBlock = 32;

/// Most components of a mixture.
constexpr int kMostParts = 64;

/// Samples whose score is further than this above its lowest possible value, in nats, are left to
/// the plain mixture code: weights and tails relative to one another are then still ordinary
/// numbers. A component's log weight given the others is at most this and the log of a deviation,
/// which is at most 1e25.
constexpr double kFarLog = 500;
constexpr double kMostLogWeight = 600;

/// What lies outside a central 95 % range on each side, and where that is in a normal distribution,
/// in standard deviations from the middle.
constexpr double kRangeTail = 0.025;
constexpr double kRangeDeviations = 1.959963984540054;

/// Components of one metric that are lighter than this cannot be seen in a range.
constexpr double kInvisible = 1e-15;

/// A mixture of K components of D metrics. The factor L⁻¹ of each (Σ = L Lᵀ) stands in panels of
/// kPanel rows (what is left over in panels of 2 and 1), each column by column, without the zeros;
/// L⁻ᵀ likewise.
struct PackedMixture {
  int dimensions;
  int components;
  int factor_size;           ///< D (D + 1) / 2
  const double* means;       ///< (K, D)
  const double* lower;       ///< (K, factor_size), of L⁻¹
  const double* upper;       ///< (K, factor_size), of L⁻ᵀ
  const double* log_peaks;   ///< (K) log π_k N_k(μ_k)
  const double* deviations;  ///< (K, D) of each metric given the others, Λ_dd^-½ with Λ = Σ⁻¹
  const double* inverse_deviations;      ///< (K, D)
  const double* half_log_precisions;     ///< (K, D) ½ log Λ_dd
  const double* weights;                 ///< (K) π_k
  const double* log_weights;             ///< (K) log π_k
  const double* own_inverse_deviations;  ///< (K, D) of each metric on its own, Σ_dd^-½
  const double* whitening;               ///< (K, D * D), in panels as the factors; or null
};

/// Where scores go; N samples.
struct KernelScores {
  double* log_likelihood;    ///< (N) nats
  int* state;                ///< (N) most responsible component
  double* responsibilities;  ///< (K, N) or null
};

/// Rows that are multiplied together in sums of products: they stay in the nearest cache.
constexpr int kMomentRows = 128;
constexpr int kMomentPadding = 8;

/// Rows of a smaller share than this of a component cannot be seen in its moments: what they add to
/// the log likelihood is this share of their own.
constexpr double kLeastShare = 1e-17;

/// N rows and how much of each belongs to one component.
struct MomentRows {
  int dimensions;
  long count;
  const double* samples;  ///< (N, D)
  const double* shares;   ///< (N) r
  const double* mean;     ///< (D) μ
};

/// Where sums over rows go.
struct KernelMoments {
  double* mass;    ///< Σ r
  double* first;   ///< (D) Σ r (x - μ)
  double* second;  ///< (D, D) Σ r (x - μ) (x - μ)ᵀ, its lower triangle
};

/// What is said of one metric of one sample; model units.
enum ExplanationField {
  kMean,         ///< given the others
  kVariance,     ///< given the others
  kLogSurprise,  ///< log two-sided tail probability of what was observed, given the others
  kCdf,          ///< P(X <= observed), given the others
  kLow,          ///< central 95 % range given the others
  kHigh,
  kLogTypicalSurprise,  ///< of the metric on its own
  kTypicalCdf,
  kShare,  ///< Σ_k r_k w_kd², where w_k = whitening_k (x - μ_k)
};
constexpr int kSurpriseFields = 3;  ///< the first
constexpr int kExplanationFields = 9;

}  // namespace rolemix

#endif  // ROLEMIX_KERNEL_PACKED_H_
