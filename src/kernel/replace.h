// The kernel's arithmetic, continued: metrics on the sides that their detection directions ignore
// go to where they would be likeliest. Included only by the files that are each compiled for one
// instruction set.
#ifndef ROLEMIX_KERNEL_REPLACE_H_
#define ROLEMIX_KERNEL_REPLACE_H_

#include "kernel/weights.h"

namespace rolemix {
namespace {  // NOLINT(cert-dcl59-cpp,google-build-namespaces): one copy per instruction set

constexpr double kRounding = 1e-9;  // of logarithms, more than there is

/// One metric of one vector of samples given the others, of the components that can be seen: the
/// logarithms of their densities at their means, the highest of all being 0.
struct Peaks {
  int count = 0;
  Lanes log_height[kMostParts];
  Lanes mean[kMostParts];
  double inverse_deviation[kMostParts];

  Lanes exponent(int k, Lanes y) const {
    const Lanes z = (y - mean[k]) * inverse_deviation[k];
    return log_height[k] - 0.5 * z * z;
  }
};

/// At y, times as much as the highest peak.
ROLEMIX_ONE_COPY Lanes density(const Peaks& peaks, Lanes y) {
  Lanes sum = Lanes{};
  for (int k = 0; k < peaks.count; ++k) {
    const Lanes exponent = peaks.exponent(k, y);
    const Mask visible = exponent > all(-kNegligible);
    if (any(visible)) {
      sum += from_bits(visible & bits(exp(exponent)));
    }
  }
  return sum;
}

/// Whether the density at y may be as much as the highest peak, in any lane: e^-t is less than
/// 1 / (1 + t + t^2 / 2 + t^3 / 6 + t^4 / 24).
ROLEMIX_ONE_COPY bool may_be_likeliest(const Peaks& peaks, Lanes y) {
  Lanes sum = Lanes{};
  for (int k = 0; k < peaks.count; ++k) {
    const Lanes t = -peaks.exponent(k, y);
    sum += 1 / (1 + t * (1 + t * (1. / 2 + t * (1. / 6 + t * (1. / 24)))));
  }
  return any(sum > all(1 - kRounding));
}

/// The mean of a component, given the others, that is likeliest, where x lies on its ignored side
/// and is less likely, else x. The mean of the whole mixture may lie between two states, where no
/// host ever is.
ROLEMIX_ONE_COPY Lanes replaced(const PackedMixture& mixture, const ExplainScratch& scratch, int d,
                                int v, double direction) {
  const Lanes x = lane_at(scratch.x, d, v);
  Lanes log_height[kMostParts];  // relative to the density of the mixture at x
  Lanes mean[kMostParts];
  Lanes highest = all(-__builtin_inf());
  Mask ignored = Mask{};
  for (int k = 0; k < mixture.components; ++k) {
    const int at = k * mixture.dimensions + d;
    const Lanes u = lane_at(scratch.u, at, v);
    ignored |= direction * u < Lanes{};
    mean[k] = x - u * mixture.deviations[at];
    log_height[k] = log_weight_of(scratch, k, v) + mixture.half_log_precisions[at];
    highest = larger(highest, log_height[k]);
  }
  if (!any(ignored)) {
    return x;
  }
  Peaks peaks;
  for (int k = 0; k < mixture.components; ++k) {
    const Lanes relative = log_height[k] - highest;
    if (any(relative > all(-kNegligible))) {
      peaks.log_height[peaks.count] = relative;
      peaks.mean[peaks.count] = mean[k];
      peaks.inverse_deviation[peaks.count++] =
          mixture.inverse_deviations[k * mixture.dimensions + d];
    }
  }
  int likely[kMostParts];
  int count = 0;
  for (int k = 0; k < mixture.components; ++k) {
    if (may_be_likeliest(peaks, mean[k])) {
      likely[count++] = k;
    }
  }
  Lanes likeliest = count == 1 ? mean[likely[0]] : x;
  Lanes most = Lanes{};
  for (int i = 0; count > 1 && i < count; ++i) {
    const Lanes here = density(peaks, mean[likely[i]]);
    likeliest = select(here > most, mean[likely[i]], likeliest);
    most = larger(here, most);
  }
  ignored = direction * (x - likeliest) < Lanes{};
  // The likeliest mean is at least as likely as the highest peak: as a rule more than x by far.
  if (!any(ignored & (highest <= all(kRounding)))) {
    return select(ignored, likeliest, x);
  }
  if (count == 1) {
    most = density(peaks, likeliest);
  }
  return select(ignored & (most > exp(-highest)), likeliest, x);
}

/// Puts every metric that lies on its ignored side (below its likeliest mean given the others where
/// the direction is 1, above it where -1) on that mean, if that is likelier. Samples whose
/// log_likelihood, (N), is further than kFarLog below the mixture's peak are left to the caller.
ROLEMIX_ONE_COPY void replace_blocks(const PackedMixture& mixture, const double* directions,
                                     double* rows, long count, double* work,
                                     double* log_likelihood) {
  const int dimensions = mixture.dimensions;
  const ExplainScratch scratch(mixture, work);
  for (long first = 0; first < count; first += kBlock) {
    const int here = samples_in_block(first, count);
    double* block = rows + first * dimensions;
    transpose(block, here, dimensions, scratch.x);
    compare_components(mixture, scratch);
    copy_out(scratch.results, here, log_likelihood + first);
    for (int d = 0; d < dimensions; ++d) {
      if (directions[d] == 0) {
        continue;
      }
      weigh_components(mixture, scratch, d);
      for (int v = 0; v < kVectors; ++v) {
        store(scratch.results + v * kLanes, replaced(mixture, scratch, d, v, directions[d]));
      }
      for (int lane = 0; lane < here; ++lane) {
        block[lane * dimensions + d] = scratch.results[lane];
      }
    }
  }
}

}  // namespace
}  // namespace rolemix

#endif  // ROLEMIX_KERNEL_REPLACE_H_
