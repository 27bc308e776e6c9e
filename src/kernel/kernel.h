// The mixture over batches: packed factors, samples side by side in vectors as wide as the machine
// has them. Says what `mixture` says, which is its oracle, many times faster.
#ifndef ROLEMIX_KERNEL_KERNEL_H_
#define ROLEMIX_KERNEL_KERNEL_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/matrix.h"
#include "kernel/packed.h"
#include "mixture/detection_direction.h"
#include "mixture/mixture.h"

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
  std::vector<int> state;   ///< (N) most responsible component
  Matrix responsibilities;  ///< (K, N); empty unless asked for
};

/// Of N samples every metric on its own, (D, N) each.
struct TypicalSurprises {
  Matrix log_surprise;
  Matrix cdf;
};

enum class Responsibilities : std::uint8_t { kLeftOut, kGiven };

/// Of N samples the distribution of every metric given the others, and on its own.
struct BatchExplanations {
  BatchScores scores;
  std::array<Matrix, kExplanationFields> fields;  ///< (D, N) each

  const Matrix& operator[](ExplanationField field) const { return fields[field]; }
};

/// Mixture components as the kernel takes them.
class PackedFactors {
 public:
  /// One more component: its mean (D), its L⁻¹ (D, D) lower triangular with Σ = L Lᵀ, and
  /// log π_k N_k(μ_k).
  void add(const VectorRef& mean, const Matrix& inverse_factor, double log_peak);

  /// What explaining everything takes besides, component by component in the same order.
  void add_whitening(double weight, const Vector& variances, const Matrix& whitening);

  PackedMixture packed() const;

 private:
  int dimensions_ = 0;
  std::vector<double> means_;
  std::vector<double> lower_;
  std::vector<double> upper_;
  std::vector<double> log_peaks_;
  std::vector<double> deviations_;
  std::vector<double> inverse_deviations_;
  std::vector<double> half_log_precisions_;
  std::vector<double> weights_;
  std::vector<double> log_weights_;
  std::vector<double> own_inverse_deviations_;
  std::vector<double> whitening_;
};

/// samples: N rows of D in model units, complete, at most kLargestValue in size.
void score_batch(const PackedMixture& mixture, const double* samples, Index count,
                 Responsibilities responsibilities, BatchScores& out,
                 InstructionSet set = instruction_sets().back());

/// Sums over weighted rows, about a point μ.
struct Moments {
  explicit Moments(Index dimensions)
      : first(Vector::Zero(dimensions)), second(Matrix::Zero(dimensions, dimensions)) {}

  double mass = 0;  ///< Σ r
  Vector first;     ///< (D) Σ r (x - μ)
  Matrix second;    ///< (D, D) Σ r (x - μ) (x - μ)ᵀ, its lower triangle
};

/// Adds N rows of D, complete, with shares r (N) in 0 ... 1 and the point μ (D). Shares below
/// kLeastShare count for nothing.
void add_moments(const double* samples, const double* shares, Index count, const double* mean,
                 Moments& moments, InstructionSet set = instruction_sets().back());

/// A mixture, packed.
class Kernel {
 public:
  explicit Kernel(GaussianMixture mixture, InstructionSet set = instruction_sets().back());

  /// samples as for score_batch().
  void score(const double* samples, Index count, Responsibilities responsibilities,
             BatchScores& out) const;

  /// samples as for score_batch(); observed: the same as they were measured, where that differs, or
  /// null. Needs set_whitening().
  void explain(const double* samples, const double* observed, Index count,
               BatchExplanations& out) const;

  /// The first kSurpriseFields alone; the others are left empty.
  void surprises(const double* samples, Index count, BatchExplanations& out) const;

  /// samples as for score_batch().
  void typical(const double* samples, Index count, TypicalSurprises& out) const;

  /// For each component a matrix (D, D) whose product with x - μ_k is shared out among the metrics.
  void set_whitening(std::vector<Matrix> whitening);
  bool has_whitening() const { return !whitening_.empty(); }

  /// replace_ignored() for each sample.
  void replace_ignored(const std::vector<DetectionDirection>& directions, double* samples,
                       Index count) const;

  const GaussianMixture& mixture() const { return mixture_; }

 private:
  using ExplainBatch = void (*)(const PackedMixture&, const double*, const double*, long, double*,
                                const KernelScores&, double* const*);
  void run(ExplainBatch batch, const double* samples, const double* observed, Index count,
           int wanted_fields, BatchExplanations& out) const;
  void explain_far(const VectorRef& x, const VectorRef& observed, Index row, int wanted_fields,
                   BatchExplanations& out) const;

  GaussianMixture mixture_;
  PackedFactors factors_;
  std::vector<Matrix> whitening_;
  InstructionSet set_;
};

}  // namespace rolemix

#endif  // ROLEMIX_KERNEL_KERNEL_H_
