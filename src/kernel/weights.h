// The kernel's arithmetic, continued: what each component weighs, given all metrics and given all
// but one. Included only by the files that are each compiled for one instruction set.
#ifndef ROLEMIX_KERNEL_WEIGHTS_H_
#define ROLEMIX_KERNEL_WEIGHTS_H_

#include "kernel/block.h"

namespace rolemix {
namespace {  // NOLINT(cert-dcl59-cpp,google-build-namespaces): one copy per instruction set

// Squared residual from which a component's density without the metric is computed on its own, as
// in mixture.cpp: the difference of two large numbers has no digits left.
constexpr double kFarSquare = 1000;

// More than what is lost, for each of the squares.
constexpr double kLost = 1e-8;

/// Scratch, and rows for what is known of all components and metrics at once.
struct ExplainScratch : Scratch {
  double* responsibilities;  // (K)
  double* observed;          // (D) as measured, where that is not x
  double* shares;            // (D)
  double* log_weights;       // (K) of a metric's components given the others, relative to p(x)
  double* log_likelihood;
  double* u;  // (K, D) residuals

  ExplainScratch(const PackedMixture& mixture, double* work)
      : Scratch(mixture, work),
        responsibilities(results + kExplanationFields * kBlock),
        observed(responsibilities + mixture.components * kBlock),
        shares(observed + mixture.dimensions * kBlock),
        log_weights(shares + mixture.dimensions * kBlock),
        log_likelihood(log_weights + mixture.components * kBlock),
        u(log_likelihood + kBlock) {}
};

/// u_d = Λ_dd^-½ (Λ (x - μ))_d, the distance of every metric from its mean given the others, in
/// standard deviations (Rasmussen & Williams 2006, eq. 5.12).
inline void residuals(const PackedMixture& mixture, int k, const double* z, double* u) {
  const int dimensions = mixture.dimensions;
  upper_product(mixture.upper + k * mixture.factor_size, z, dimensions, u);
  const double* deviations = mixture.deviations + k * dimensions;
  for (int d = 0; d < dimensions; ++d) {
    for (int v = 0; v < kVectors; ++v) {
      store(u + d * kBlock + v * kLanes, lane_at(u, d, v) * deviations[d]);
    }
  }
}

/// Of the rows in x: residuals, responsibilities and, in logs, their logarithms; log likelihood and
/// state in results.
ROLEMIX_ONE_COPY void compare_components(const PackedMixture& mixture,
                                         const ExplainScratch& scratch) {
  const int components = mixture.components;
  for (int k = 0; k < components; ++k) {
    log_density<true>(mixture, k, scratch);
    residuals(mixture, k, scratch.z, scratch.u + k * mixture.dimensions * kBlock);
  }
  for (int i = 0; i < components * kBlock; i += kLanes) {
    store(scratch.responsibilities + i, load(scratch.logs + i));
  }
  finish_scores(scratch.responsibilities, components, true, scratch.results);
  for (int v = 0; v < kVectors; ++v) {
    store(scratch.log_likelihood + v * kLanes, lane_at(scratch.results, 0, v));
  }
  for (int k = 0; k < components; ++k) {
    for (int v = 0; v < kVectors; ++v) {
      store(scratch.logs + k * kBlock + v * kLanes,
            lane_at(scratch.logs, k, v) - lane_at(scratch.results, 0, v));
    }
  }
}

/// |L_k⁻¹ (x - μ_k)|² with metric d on its mean given the others.
ROLEMIX_ONE_COPY void squares_without(const PackedMixture& mixture, const ExplainScratch& scratch,
                                      int k, int d, Lanes (&squares)[kVectors]) {
  const int dimensions = mixture.dimensions;
  const int at = k * dimensions + d;
  subtract_mean(scratch.x, mixture.means + k * dimensions, dimensions, scratch.offset);
  for (int v = 0; v < kVectors; ++v) {
    const Lanes residual = lane_at(scratch.u, at, v) * mixture.deviations[at];
    store(scratch.offset + d * kBlock + v * kLanes, lane_at(scratch.offset, d, v) - residual);
  }
  lower_product<kOneCopy>(mixture.lower + k * mixture.factor_size, scratch.offset, dimensions,
                          scratch.z, squares);
}

/// log_weights: log π_k N_k(x without d) - log p(x), but for what is the same for all components.
ROLEMIX_ONE_COPY void weigh_components(const PackedMixture& mixture, const ExplainScratch& scratch,
                                       int d) {
  for (int k = 0; k < mixture.components; ++k) {
    const int at = k * mixture.dimensions + d;
    const double half_log_precision = mixture.half_log_precisions[at];
    double* log_weights = scratch.log_weights + k * kBlock;
    Mask far[kVectors];
    for (int v = 0; v < kVectors; ++v) {
      const Lanes u = lane_at(scratch.u, at, v);
      const Lanes log_weight = lane_at(scratch.logs, k, v) + 0.5 * u * u - half_log_precision;
      store(log_weights + v * kLanes, log_weight);
      far[v] = (u * u >= all(kFarSquare)) &
               (log_weight > all(-kNegligible - half_log_precision) - kLost * u * u);
    }
    if (!any(far)) {
      continue;
    }
    Lanes squares[kVectors];
    squares_without(mixture, scratch, k, d, squares);
    for (int v = 0; v < kVectors; ++v) {
      const Lanes log_weight = mixture.log_peaks[k] - 0.5 * squares[v] - half_log_precision -
                               lane_at(scratch.log_likelihood, 0, v);
      store(log_weights + v * kLanes, select(far[v], log_weight, lane_at(log_weights, 0, v)));
    }
  }
}

inline Lanes log_weight_of(const ExplainScratch& scratch, int k, int v) {
  return smaller(lane_at(scratch.log_weights, k, v), all(kMostLogWeight));
}

}  // namespace
}  // namespace rolemix

#endif  // ROLEMIX_KERNEL_WEIGHTS_H_
