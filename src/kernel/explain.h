// The kernel's arithmetic, continued: the distributions of single metrics, given the others and on
// their own. Included only by the files that are each compiled for one instruction set.
#ifndef ROLEMIX_KERNEL_EXPLAIN_H_
#define ROLEMIX_KERNEL_EXPLAIN_H_

#include "kernel/weights.h"

namespace rolemix {
namespace {  // NOLINT(cert-dcl59-cpp,google-build-namespaces): one copy per instruction set

/// The components of one metric's distribution given the others, of one vector of samples.
struct Normals {
  int count;
  Lanes weight[kMostParts];
  Lanes mean[kMostParts];
  double deviation[kMostParts];
  double inverse_deviation[kMostParts];
};

/// What is summed over them. Weights are relative to p(x), which is what makes a tail cost no
/// exponential of its own: weight Φ(-|u|) = r sd exp(u² / 2) Φ(-|u|).
struct Sums {
  Lanes weight;
  Lanes residual;  // Σ weight (x - mean)
  Lanes square;    // Σ weight ((x - mean)² + sd²)
  Lanes below;     // Σ weight P(X <= x)
  Lanes above;     // Σ weight P(X >= x)
};

/// outer: the tail on the side on which z lies, times the weight.
inline void add_tails(Sums& sums, Lanes z, Lanes weight, Lanes outer) {
  const Lanes inner = weight - outer;
  const Mask is_below = z < Lanes{};
  sums.below += select(is_below, outer, inner);
  sums.above += select(is_below, inner, outer);
}

/// Lane by lane, so that no sample's numbers depend on those beside it.
inline Mask is_visible(Lanes log_weight, double half_log_precision) {
  return log_weight > all(-kNegligible - half_log_precision);
}

/// The sums, and with Keep the normals, of a block of samples.
template <bool Keep>
ROLEMIX_ONE_COPY void sum_normals(const PackedMixture& mixture, const ExplainScratch& scratch,
                                  int d, Normals (&normals)[kVectors], Sums (&sums)[kVectors]) {
  const Several<kVectors> x = row_at(scratch.x, d);
  for (Sums& sum : sums) {
    sum = Sums{};
  }
  int count = 0;
  for (int k = 0; k < mixture.components; ++k) {
    const int at = k * mixture.dimensions + d;
    const auto log_weight = each<kVectors>([&](int v) { return log_weight_of(scratch, k, v); });
    Mask visible[kVectors];
    for (int v = 0; v < kVectors; ++v) {
      visible[v] = is_visible(log_weight[v], mixture.half_log_precisions[at]);
    }
    if (!any(visible)) {
      continue;
    }
    const double deviation = mixture.deviations[at];
    const Several<kVectors> u = row_at(scratch.u, at);
    const Several<kVectors> exponential = exp(log_weight);
    const Several<kVectors> tail = scaled_tail(u);
    for (int v = 0; v < kVectors; ++v) {
      const Lanes weight = from_bits(visible[v] & bits(exponential[v]));
      const Lanes residual = u[v] * deviation;
      sums[v].weight += weight;
      sums[v].residual += weight * residual;
      sums[v].square += weight * (residual * residual + deviation * deviation);
      const Lanes bell = lane_at(scratch.responsibilities, k, v) * deviation;
      add_tails(sums[v], u[v], weight, from_bits(visible[v] & bits(bell * tail[v])));
      if constexpr (Keep) {
        normals[v].weight[count] = weight;
        normals[v].mean[count] = x[v] - residual;
        normals[v].deviation[count] = deviation;
        normals[v].inverse_deviation[count] = mixture.inverse_deviations[at];
      }
    }
    ++count;
  }
  for (Normals& these : normals) {
    these.count = count;
  }
}

/// The tails at x + moved instead.
ROLEMIX_ONE_COPY void move_tails(const PackedMixture& mixture, const ExplainScratch& scratch, int d,
                                 int v, Lanes moved, Sums& sums) {
  sums.below = sums.above = Lanes{};
  for (int k = 0; k < mixture.components; ++k) {
    const int at = k * mixture.dimensions + d;
    const Lanes log_weight = log_weight_of(scratch, k, v);
    const Mask visible = is_visible(log_weight, mixture.half_log_precisions[at]);
    const Lanes z = lane_at(scratch.u, at, v) + moved * mixture.inverse_deviations[at];
    add_tails(sums, z, from_bits(visible & bits(exp(log_weight))),
              from_bits(visible & bits(exp(log_weight - 0.5 * z * z) * scaled_tail(z))));
  }
}

/// Makes the weights sum to 1, and leaves out what is lighter than kInvisible.
ROLEMIX_ONE_COPY void normalise(Normals& normals, Lanes inverse_weight) {
  int count = 0;
  for (int i = 0; i < normals.count; ++i) {
    const Lanes share = normals.weight[i] * inverse_weight;
    const Mask visible = share > all(kInvisible);
    if (any(visible)) {
      normals.weight[count] = from_bits(visible & bits(share));
      normals.mean[count] = normals.mean[i];
      normals.deviation[count] = normals.deviation[i];
      normals.inverse_deviation[count++] = normals.inverse_deviation[i];
    }
  }
  normals.count = count;
}

/// The two ends of a range: the low one, and the high one of X as the low one of -X.
using Ends = Several<2>;
constexpr double kSides[] = {1, -1};

/// Probabilities P(±X <= y), their slopes and the slopes' slopes.
struct Curve {
  Ends probability;
  Ends slope;
  Ends bend;
};

ROLEMIX_ONE_COPY Curve curve_at(const Normals& normals, const Ends& y) {
  constexpr double kDensityScale = 0.3989422804014327;  // (2π)^-½
  Curve curve = {};
  for (int i = 0; i < normals.count; ++i) {
    const Lanes weight = normals.weight[i];
    const double inverse = normals.inverse_deviation[i];
    const Ends z =
        each<2>([&](int end) { return (y[end] - kSides[end] * normals.mean[i]) * inverse; });
    const Ends bell = exp(each<2>([&](int end) { return -0.5 * z[end] * z[end]; }));
    const Ends tail = scaled_tail(z);
    for (int end = 0; end < 2; ++end) {
      const Lanes height = bell[end] * weight;
      const Lanes outer = height * tail[end];
      curve.probability[end] += select(z[end] < Lanes{}, outer, weight - outer);
      const Lanes slope = height * (kDensityScale * inverse);
      curve.slope[end] += slope;
      curve.bend[end] -= slope * z[end] * inverse;
    }
  }
  return curve;
}

/// Between these the ends are, and where they would be with the heaviest component alone.
struct Bracket {
  Ends low;
  Ends high;
  Ends start;
};

inline Bracket bracket(const Normals& normals) {
  Bracket result;
  for (int end = 0; end < 2; ++end) {
    Lanes low = all(__builtin_inf());
    Lanes high = all(-__builtin_inf());
    Lanes heaviest = Lanes{};
    Lanes start = Lanes{};
    for (int i = 0; i < normals.count; ++i) {
      const Lanes here = kSides[end] * normals.mean[i] - kRangeDeviations * normals.deviation[i];
      const Mask visible = normals.weight[i] > Lanes{};
      low = select(visible, smaller(low, here), low);
      high = select(visible, larger(high, here), high);
      const Mask heavier = normals.weight[i] > heaviest;
      heaviest = select(heavier, normals.weight[i], heaviest);
      start = select(heavier, here, start);
    }
    result.low[end] = low;
    result.high[end] = high;
    result.start[end] = start;
  }
  return result;
}

/// The roots of the distribution function and of its complement at kRangeTail: Halley's method kept
/// inside a bracket, with bisections where a step leaves it or is not half of the one before (Press
/// et al. 2007, section 9.4).
ROLEMIX_ONE_COPY Ends range_ends(const Normals& normals) {
  constexpr double kClose = 1e-14 * kRangeTail;
  constexpr int kMostSteps = 200;
  auto [low, high, y] = bracket(normals);
  Ends before = each<2>([&](int end) { return high[end] - low[end]; });
  Mask active[] = {low[0] < high[0], low[1] < high[1]};
  for (int i = 0; i < kMostSteps && any(active[0] | active[1]); ++i) {
    const Curve curve = curve_at(normals, y);
    for (int end = 0; end < 2; ++end) {
      const Lanes here = y[end];
      const Lanes slope = curve.slope[end];
      const Lanes error = curve.probability[end] - kRangeTail;
      low[end] = select(error < Lanes{}, here, low[end]);
      high[end] = select(error < Lanes{}, high[end], here);
      const Lanes halley = -2 * error * slope / (2 * slope * slope - error * curve.bend[end]);
      const Mask inside = (here + halley > low[end]) & (here + halley < high[end]) &
                          (2 * absolute(halley) < absolute(before[end]));
      const Lanes step = select(inside, halley, 0.5 * (high[end] - low[end]) + low[end] - here);
      // Closer than this the probability is rounding noise, which must not send the search
      // elsewhere.
      const Mask close = absolute(error) <= all(kClose);
      const Mask moves = active[end] & (here + step != here) & ~(close & ~inside);
      y[end] = select(moves, here + step, here);
      before[end] = step;
      active[end] = moves & ~close;
    }
  }
  return each<2>([&](int end) { return kSides[end] * y[end]; });
}

inline Lanes log_surprise(const Sums& sums, Lanes inverse_weight) {
  return smaller(log(2 * smaller(sums.below, sums.above) * inverse_weight), Lanes{});
}

/// One metric on its own, log surprise and distribution function. A log surprise below -kFarLog is
/// no more than that.
ROLEMIX_ONE_COPY void typical(const PackedMixture& mixture, Lanes x, int d, double* to, int v) {
  Sums sums = {};
  for (int k = 0; k < mixture.components; ++k) {
    const int at = k * mixture.dimensions + d;
    const Lanes z = (x - mixture.means[at]) * mixture.own_inverse_deviations[at];
    add_tails(sums, z, all(mixture.weights[k]),
              exp(mixture.log_weights[k] - 0.5 * z * z) * scaled_tail(z));
  }
  store(to + v * kLanes, log_surprise(sums, all(1)));
  store(to + kBlock + v * kLanes, sums.below);
}

template <int Rows>
inline const double* whiten_rows(const double* factor, const ExplainScratch& scratch, int row,
                                 int dimensions, const double* responsibilities) {
  Lanes sums[Rows][kVectors] = {};
  factor = add_products<Rows>(factor, scratch.offset, 0, dimensions, sums);
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      double* share = scratch.shares + (row + r) * kBlock + v * kLanes;
      store(share, load(share) + lane_at(responsibilities, 0, v) * sums[r][v] * sums[r][v]);
    }
  }
  return factor;
}

/// shares[d] = Σ_k r_k w_kd².
ROLEMIX_ONE_COPY void share_out(const PackedMixture& mixture, const ExplainScratch& scratch) {
  const int dimensions = mixture.dimensions;
  for (int i = 0; i < dimensions * kBlock; i += kLanes) {
    store(scratch.shares + i, Lanes{});
  }
  for (int k = 0; k < mixture.components; ++k) {
    const double* responsibilities = scratch.responsibilities + k * kBlock;
    Lanes most = Lanes{};
    for (int v = 0; v < kVectors; ++v) {
      most = larger(most, lane_at(responsibilities, 0, v));
    }
    if (!any(most > Lanes{})) {
      continue;
    }
    subtract_mean(scratch.x, mixture.means + k * dimensions, dimensions, scratch.offset);
    const double* factor = mixture.whitening + static_cast<long>(k) * dimensions * dimensions;
    int row = 0;
    for (; row + kPanel <= dimensions; row += kPanel) {
      factor = whiten_rows<kPanel>(factor, scratch, row, dimensions, responsibilities);
    }
    if (row + 2 <= dimensions) {
      factor = whiten_rows<2>(factor, scratch, row, dimensions, responsibilities);
      row += 2;
    }
    if (row < dimensions) {
      whiten_rows<1>(factor, scratch, row, dimensions, responsibilities);
    }
  }
}

/// One metric of one vector of samples into results, a row for each field.
template <bool Everything>
inline void explain_metric(const PackedMixture& mixture, const ExplainScratch& scratch,
                           const double* observed, int d, int v, Normals& normals, Sums& sums) {
  const auto put = [&](int field, Lanes value) {
    store(scratch.results + field * kBlock + v * kLanes, value);
  };
  const Lanes x = lane_at(scratch.x, d, v);
  const Lanes seen = lane_at(observed, d, v);
  if (any(seen != x)) {
    move_tails(mixture, scratch, d, v, seen - x, sums);
  }
  const Lanes inverse = 1 / sums.weight;
  const Lanes residual = sums.residual * inverse;
  put(kMean, x - residual);
  put(kVariance, sums.square * inverse - residual * residual);
  put(kLogSurprise, log_surprise(sums, inverse));
  if constexpr (Everything) {
    put(kCdf, sums.below * inverse);
    normalise(normals, inverse);
    const Ends ends = range_ends(normals);
    put(kLow, ends[0]);
    put(kHigh, ends[1]);
    typical(mixture, seen, d, scratch.results + kLogTypicalSurprise * kBlock, v);
    put(kShare, lane_at(scratch.shares, d, v));
  }
}

/// For rows (N, D), complete, the distribution of every metric given the others and what it says of
/// `observed`, (N, D) or null for the rows themselves, into fields, (D, N) each: all or, without
/// Everything, the first kSurpriseFields. Samples whose log_likelihood is further
/// than kFarLog below the mixture's peak are left to the caller.
template <bool Everything>
inline void explain_blocks(const PackedMixture& mixture, const double* rows, const double* observed,
                           long count, double* work, const KernelScores& scores,
                           double* const* fields) {
  const int dimensions = mixture.dimensions;
  const ExplainScratch scratch(mixture, work);
  Normals normals[kVectors];
  Sums sums[kVectors];
  for (long first = 0; first < count; first += kBlock) {
    const int here = samples_in_block(first, count);
    transpose(rows + first * dimensions, here, dimensions, scratch.x);
    const double* seen = scratch.x;
    if (observed != nullptr) {
      transpose(observed + first * dimensions, here, dimensions, scratch.observed);
      seen = scratch.observed;
    }
    compare_components(mixture, scratch);
    write_scores(scratch.results, scratch.responsibilities, mixture.components, first, here, count,
                 scores);
    if constexpr (Everything) {
      share_out(mixture, scratch);
    }
    for (int d = 0; d < dimensions; ++d) {
      weigh_components(mixture, scratch, d);
      sum_normals<Everything>(mixture, scratch, d, normals, sums);
      for (int v = 0; v < kVectors; ++v) {
        explain_metric<Everything>(mixture, scratch, seen, d, v, normals[v], sums[v]);
      }
      for (int field = 0; field < (Everything ? kExplanationFields : kSurpriseFields); ++field) {
        copy_out(scratch.results + field * kBlock, here, fields[field] + d * count + first);
      }
    }
  }
}

/// Of rows (N, D), complete, every metric on its own, into log_surprise and below, (D, N) each, as
/// typical() says it.
ROLEMIX_ONE_COPY void typical_blocks(const PackedMixture& mixture, const double* rows, long count,
                                     double* work, double* log_surprise, double* below) {
  const int dimensions = mixture.dimensions;
  const ExplainScratch scratch(mixture, work);
  for (long first = 0; first < count; first += kBlock) {
    const int here = samples_in_block(first, count);
    transpose(rows + first * dimensions, here, dimensions, scratch.x);
    for (int d = 0; d < dimensions; ++d) {
      for (int v = 0; v < kVectors; ++v) {
        typical(mixture, lane_at(scratch.x, d, v), d, scratch.results, v);
      }
      copy_out(scratch.results, here, log_surprise + d * count + first);
      copy_out(scratch.results + kBlock, here, below + d * count + first);
    }
  }
}

}  // namespace
}  // namespace rolemix

#endif  // ROLEMIX_KERNEL_EXPLAIN_H_
