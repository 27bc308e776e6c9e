// The kernel's arithmetic, continued: metrics on the sides that their detection directions ignore
// go to where they would be likeliest. Included only by the files that are each compiled for one
// instruction set.
#ifndef ROLEMIX_CORE_KERNEL_REPLACE_H_
#define ROLEMIX_CORE_KERNEL_REPLACE_H_

#include "core/kernel_explain.h"

namespace rolemix {
namespace {  // NOLINT(cert-dcl59-cpp,google-build-namespaces): one copy per instruction set

/// No less than the density: e^-y <= 1 / (1 + y), without the exponentials.
inline Lanes density_bound(const Normals& normals, Lanes x) {
  Lanes sum = Lanes{};
  for (int i = 0; i < normals.count; ++i) {
    const Lanes z = (x - normals.mean[i]) * normals.inverse_deviation[i];
    sum += normals.weight[i] * normals.inverse_deviation[i] / (1 + 0.5 * z * z);
  }
  return sum;
}

/// The mean of a component, given the others, that is likeliest, where x lies on its ignored side
/// and is less likely, else x. The mean of the whole mixture may lie between two states, where no
/// host ever is. Mostly it is that of the heaviest component, which bounds tell without a density.
ROLEMIX_ONE_COPY Lanes replaced(const PackedMixture& mixture, const ExplainScratch& scratch, int d,
                                int v, double direction, const Normals& normals) {
  const Lanes x = lane_at(scratch.x, d, v);
  if (normals.count == 0) {
    return x;
  }
  int heaviest = 0;
  for (int i = 1; i < normals.count; ++i) {
    heaviest = normals.weight[i][0] > normals.weight[heaviest][0] ? i : heaviest;
  }
  const auto mean_of = [&](int k) {
    const int at = k * mixture.dimensions + d;
    return x - lane_at(scratch.u, at, v) * mixture.deviations[at];
  };
  const int own = normals.component[heaviest];
  Lanes likeliest = mean_of(own);
  Lanes most =
      normals.weight[heaviest] * normals.inverse_deviation[heaviest];  // no more than it is
  bool is_exact = false;
  for (int k = 0; k < mixture.components; ++k) {
    const Lanes mean = mean_of(k);
    if (k == own || !any(density_bound(normals, mean) > most)) {
      continue;
    }
    if (!is_exact) {
      most = density(normals, likeliest);
      is_exact = true;
    }
    const Lanes there = density(normals, mean);
    likeliest = select(there > most, mean, likeliest);
    most = larger(there, most);
  }
  Mask ignored = direction * (x - likeliest) < Lanes{};
  if (any(ignored & (density_bound(normals, x) >= most))) {
    ignored &= (is_exact ? most : density(normals, likeliest)) > density(normals, x);
  }
  return select(ignored, likeliest, x);
}

/// Puts every metric that lies on its ignored side (below its likeliest mean given the others where
/// the direction is 1, above it where -1) on that mean, if that is likelier. Samples whose
/// log_likelihood, (N), is further than kFarLog below the mixture's peak are left to the caller.
ROLEMIX_ONE_COPY void replace_blocks(const PackedMixture& mixture, const double* directions,
                                     double* rows, long count, double* work,
                                     double* log_likelihood) {
  const int dimensions = mixture.dimensions;
  const ExplainScratch scratch(mixture, work);
  Normals normals[kVectors];
  Sums sums[kVectors];
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
      sum_normals<true>(mixture, scratch, d, normals, sums);
      for (int v = 0; v < kVectors; ++v) {
        normalise(normals[v], 1 / sums[v].weight);
        store(scratch.results + v * kLanes,
              replaced(mixture, scratch, d, v, directions[d], normals[v]));
      }
      for (int lane = 0; lane < here; ++lane) {
        block[lane * dimensions + d] = scratch.results[lane];
      }
    }
  }
}

}  // namespace
}  // namespace rolemix

#endif  // ROLEMIX_CORE_KERNEL_REPLACE_H_
