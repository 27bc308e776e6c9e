// The kernel's arithmetic, continued: the distributions of single metrics, given the others and on
// their own. Included only by the files that are each compiled for one instruction set.
#ifndef ROLEMIX_CORE_KERNEL_EXPLAIN_H_
#define ROLEMIX_CORE_KERNEL_EXPLAIN_H_

#include "core/kernel_weights.h"

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

inline Lanes log_weight_of(const ExplainScratch& scratch, int k, int v) {
  return smaller(lane_at(scratch.log_weights, k, v), all(kMostLogWeight));
}

/// Lane by lane, so that no sample's numbers depend on those beside it.
inline Mask is_visible(Lanes log_weight, double half_log_precision) {
  return log_weight > all(-kNegligible - half_log_precision);
}

template <bool Keep>
inline Sums sum_normals(const PackedMixture& mixture, const ExplainScratch& scratch, int d, int v,
                        Normals& normals) {
  const Lanes x = lane_at(scratch.x, d, v);
  Sums sums = {};
  normals.count = 0;
  for (int k = 0; k < mixture.components; ++k) {
    const int at = k * mixture.dimensions + d;
    const Lanes log_weight = log_weight_of(scratch, k, v);
    const Mask visible = is_visible(log_weight, mixture.half_log_precisions[at]);
    if (!any(visible)) {
      continue;
    }
    const Lanes weight = from_bits(visible & bits(exp(log_weight)));
    const Lanes u = lane_at(scratch.u, at, v);
    const double deviation = mixture.deviations[at];
    const Lanes residual = u * deviation;
    sums.weight += weight;
    sums.residual += weight * residual;
    sums.square += weight * (residual * residual + deviation * deviation);
    const Lanes bell = lane_at(scratch.responsibilities, k, v) * deviation;
    add_tails(sums, u, weight, from_bits(visible & bits(bell * scaled_tail(u))));
    if constexpr (Keep) {
      normals.weight[normals.count] = weight;
      normals.mean[normals.count] = x - residual;
      normals.deviation[normals.count] = deviation;
      normals.inverse_deviation[normals.count++] = mixture.inverse_deviations[at];
    }
  }
  return sums;
}

/// The tails at x + moved instead.
ROLEMIX_SMALL void move_tails(const PackedMixture& mixture, const ExplainScratch& scratch, int d,
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
ROLEMIX_SMALL void normalise(Normals& normals, Lanes inverse_weight) {
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

/// Σ weight / sd exp(-½ ((x - mean) / sd)²), a density but for a constant.
inline Lanes density(const Normals& normals, Lanes x) {
  Lanes sum = Lanes{};
  for (int i = 0; i < normals.count; ++i) {
    const Lanes z = (x - normals.mean[i]) * normals.inverse_deviation[i];
    sum += normals.weight[i] * normals.inverse_deviation[i] * exp(-0.5 * z * z);
  }
  return sum;
}

/// Probability P(Y <= y), its slope and the slope's slope, as if of a low end: Y = side X.
struct Curve {
  Lanes probability;
  Lanes slope;
  Lanes bend;
};

ROLEMIX_SMALL Curve curve_at(const Normals& normals, double side, Lanes y) {
  constexpr double kDensityScale = 0.3989422804014327;  // (2π)^-½
  Curve curve = {};
  for (int i = 0; i < normals.count; ++i) {
    const Lanes z = (y - side * normals.mean[i]) * normals.inverse_deviation[i];
    const Lanes bell = exp(-0.5 * z * z) * normals.weight[i];
    const Lanes outer = bell * scaled_tail(z);
    curve.probability += select(z < Lanes{}, outer, normals.weight[i] - outer);
    const Lanes slope = bell * (kDensityScale * normals.inverse_deviation[i]);
    curve.slope += slope;
    curve.bend -= slope * z * normals.inverse_deviation[i];
  }
  return curve;
}

/// The root of the distribution function, side 1, or of its complement, side -1, at kRangeTail:
/// Halley's method kept inside a bracket, with bisections where a step leaves it or is not half of
/// the one before (Press et al. 2007, section 9.4).
ROLEMIX_SMALL Lanes range_end(const Normals& normals, double side) {
  constexpr double kClose = 1e-14 * kRangeTail;
  constexpr int kMostSteps = 200;
  Lanes low = all(__builtin_inf());
  Lanes high = all(-__builtin_inf());
  Lanes heaviest = Lanes{};
  Lanes y = Lanes{};
  for (int i = 0; i < normals.count; ++i) {
    const Lanes end = side * normals.mean[i] - kRangeDeviations * normals.deviation[i];
    const Mask visible = normals.weight[i] > Lanes{};
    low = select(visible, smaller(low, end), low);
    high = select(visible, larger(high, end), high);
    const Mask heavier = normals.weight[i] > heaviest;
    heaviest = select(heavier, normals.weight[i], heaviest);
    y = select(heavier, end, y);
  }
  Lanes before = high - low;
  Mask active = low < high;
  for (int i = 0; i < kMostSteps && any(active); ++i) {
    const Curve curve = curve_at(normals, side, y);
    const Lanes error = curve.probability - kRangeTail;
    low = select(error < Lanes{}, y, low);
    high = select(error < Lanes{}, high, y);
    const Lanes halley =
        -2 * error * curve.slope / (2 * curve.slope * curve.slope - error * curve.bend);
    const Mask inside =
        (y + halley > low) & (y + halley < high) & (2 * absolute(halley) < absolute(before));
    const Lanes step = select(inside, halley, 0.5 * (high - low) + low - y);
    // Closer than this the probability is rounding noise, which must not send the search elsewhere.
    const Mask close = absolute(error) <= all(kClose);
    const Mask moves = active & (y + step != y) & ~(close & ~inside);
    y = select(moves, y + step, y);
    before = step;
    active = moves & ~close;
  }
  return side * y;
}

inline Lanes log_surprise(const Sums& sums, Lanes inverse_weight) {
  return smaller(log(2 * smaller(sums.below, sums.above) * inverse_weight), Lanes{});
}

/// One metric on its own, log surprise and distribution function. A log surprise below -kFarLog is
/// no more than that.
ROLEMIX_SMALL void typical(const PackedMixture& mixture, Lanes x, int d, double* to, int v) {
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
ROLEMIX_SMALL void share_out(const PackedMixture& mixture, const ExplainScratch& scratch) {
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
                           const double* observed, int d, int v, Normals& normals) {
  const auto put = [&](int field, Lanes value) {
    store(scratch.results + field * kBlock + v * kLanes, value);
  };
  const Lanes x = lane_at(scratch.x, d, v);
  const Lanes seen = lane_at(observed, d, v);
  Sums sums = sum_normals<Everything>(mixture, scratch, d, v, normals);
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
    put(kLow, range_end(normals, 1));
    put(kHigh, range_end(normals, -1));
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
  Normals normals;
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
      for (int v = 0; v < kVectors; ++v) {
        explain_metric<Everything>(mixture, scratch, seen, d, v, normals);
      }
      for (int field = 0; field < (Everything ? kExplanationFields : kSurpriseFields); ++field) {
        copy_out(scratch.results + field * kBlock, here, fields[field] + d * count + first);
      }
    }
  }
}

/// The mean of a component, given the others, that is likeliest, where x lies on its ignored side
/// and is less likely, else x. The mean of the whole mixture may lie between two states, where no
/// host ever is.
ROLEMIX_SMALL Lanes replaced(const PackedMixture& mixture, const ExplainScratch& scratch, int d,
                             int v, double direction, const Normals& normals) {
  const Lanes x = lane_at(scratch.x, d, v);
  Lanes likeliest = x;
  Lanes most = Lanes{};
  for (int k = 0; k < mixture.components; ++k) {
    const int at = k * mixture.dimensions + d;
    const Lanes mean = x - lane_at(scratch.u, at, v) * mixture.deviations[at];
    const Lanes there = density(normals, mean);
    likeliest = select(there > most, mean, likeliest);
    most = larger(there, most);
  }
  const Mask ignored = (direction * (x - likeliest) < Lanes{}) & (most > density(normals, x));
  return select(ignored, likeliest, x);
}

/// Puts every metric that lies on its ignored side (below its likeliest mean given the others where
/// the direction is 1, above it where -1) on that mean, if that is likelier. Samples whose
/// log_likelihood, (N), is further than kFarLog below the mixture's peak are left to the caller.
ROLEMIX_SMALL void replace_blocks(const PackedMixture& mixture, const double* directions,
                                  double* rows, long count, double* work, double* log_likelihood) {
  const int dimensions = mixture.dimensions;
  const ExplainScratch scratch(mixture, work);
  Normals normals;
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
        const Sums sums = sum_normals<true>(mixture, scratch, d, v, normals);
        normalise(normals, 1 / sums.weight);
        store(scratch.results + v * kLanes,
              replaced(mixture, scratch, d, v, directions[d], normals));
      }
      for (int lane = 0; lane < here; ++lane) {
        block[lane * dimensions + d] = scratch.results[lane];
      }
    }
  }
}

}  // namespace
}  // namespace rolemix

#endif  // ROLEMIX_CORE_KERNEL_EXPLAIN_H_
