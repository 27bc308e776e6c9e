// The kernel's arithmetic, continued: the distributions of single metrics, given the others and on
// their own. Included only by the files that are each compiled for one instruction set.
#ifndef ROLEMIX_CORE_KERNEL_EXPLAIN_H_
#define ROLEMIX_CORE_KERNEL_EXPLAIN_H_

#include "core/kernel_weights.h"

namespace rolemix {
namespace {  // NOLINT(cert-dcl59-cpp,google-build-namespaces): one copy per instruction set

/// One component of a metric's distribution given the others. Weights are relative to p(x), which
/// is what makes a tail cost no exponential of its own:
/// weight Φ(-|u|) = r sd exp(u² / 2) Φ(-|u|).
struct Part {
  Lanes weight;
  Lanes log_weight;
  Lanes responsibility;
  Lanes u;  // (x - mean) / deviation
  double deviation;
};

/// Those that can be seen.
struct Parts {
  int count;
  Part part[kMostParts];
};

ROLEMIX_ONE_COPY void gather(const PackedMixture& mixture, const ExplainScratch& scratch, int d,
                             int v, Parts& parts) {
  parts.count = 0;
  for (int k = 0; k < mixture.components; ++k) {
    const int at = k * mixture.dimensions + d;
    const Lanes u = lane_at(scratch.u, at, v);
    const double half_log_precision = mixture.half_log_precisions[at];
    const Lanes log_weight = smaller(lane_at(scratch.log_weights, k, v), all(kMostLogWeight));
    // Lane by lane, so that no sample's numbers depend on those beside it.
    const Mask visible = log_weight > all(-kNegligible - half_log_precision);
    if (any(visible)) {
      parts.part[parts.count++] = {from_bits(visible & bits(exp(log_weight))), log_weight,
                                   lane_at(scratch.responsibilities, k, v), u,
                                   mixture.standard_deviations[at]};
    }
  }
}

struct Moments {
  Lanes weight;    // Σ weight
  Lanes residual;  // Σ weight (x - mean) / Σ weight
  Lanes square;    // Σ weight ((x - mean)² + sd²) / Σ weight
};

inline Moments moments(const Parts& parts) {
  Moments sums = {};
  for (int i = 0; i < parts.count; ++i) {
    const Part& part = parts.part[i];
    const Lanes residual = part.u * part.deviation;
    sums.weight += part.weight;
    sums.residual += part.weight * residual;
    sums.square += part.weight * (residual * residual + part.deviation * part.deviation);
  }
  const Lanes inverse = 1 / sums.weight;
  sums.residual *= inverse;
  sums.square *= inverse;
  return sums;
}

/// P(X <= x) and P(X >= x), times the weight.
struct Tails {
  Lanes below;
  Lanes above;
};

/// outer: the tail on the side on which z lies, times the weight.
inline void add(Tails& tails, Lanes z, Lanes weight, Lanes outer) {
  const Lanes inner = weight - outer;
  const Mask is_below = z < Lanes{};
  tails.below += select(is_below, outer, inner);
  tails.above += select(is_below, inner, outer);
}

inline Tails tails_at_x(const Parts& parts) {
  Tails tails = {};
  for (int i = 0; i < parts.count; ++i) {
    const Part& part = parts.part[i];
    Lanes outer = Lanes{};
    if (any(part.responsibility > Lanes{})) {
      outer = part.responsibility * part.deviation * scaled_tail(absolute(part.u));
    }
    add(tails, part.u, part.weight, outer);
  }
  return tails;
}

/// At x + moved.
ROLEMIX_ONE_COPY Tails tails_elsewhere(const Parts& parts, Lanes moved) {
  Tails tails = {};
  for (int i = 0; i < parts.count; ++i) {
    const Part& part = parts.part[i];
    const Lanes z = part.u + moved / part.deviation;
    const Lanes outer = exp(part.log_weight - 0.5 * z * z) * scaled_tail(absolute(z));
    add(tails, z, part.weight, select(part.weight > Lanes{}, outer, Lanes{}));
  }
  return tails;
}

/// The parts as distributions of the metric, their weights summing to 1; lane by lane 0 where they
/// are at most kInvisible.
struct Normals {
  int count;
  Lanes weight[kMostParts];
  Lanes mean[kMostParts];
  double deviation[kMostParts];
};

ROLEMIX_ONE_COPY void normalise(const Parts& parts, Lanes x, Lanes weight, Normals& normals) {
  const Lanes inverse = 1 / weight;
  normals.count = 0;
  for (int i = 0; i < parts.count; ++i) {
    const Part& part = parts.part[i];
    const Lanes share = part.weight * inverse;
    const Mask visible = share > all(kInvisible);
    if (any(visible)) {
      normals.weight[normals.count] = from_bits(visible & bits(share));
      normals.mean[normals.count] = x - part.u * part.deviation;
      normals.deviation[normals.count++] = part.deviation;
    }
  }
}

/// Σ weight / sd exp(-½ ((x - mean) / sd)²), a density but for a constant.
inline Lanes density(const Normals& normals, Lanes x) {
  Lanes sum = Lanes{};
  for (int i = 0; i < normals.count; ++i) {
    const Lanes z = (x - normals.mean[i]) / normals.deviation[i];
    sum += normals.weight[i] * exp(-0.5 * z * z) / normals.deviation[i];
  }
  return sum;
}

/// The root of the distribution function, side 1, or of its complement, side -1, at kRangeTail:
/// Newton's method kept inside a bracket, as quantile() of univariate_mixture.cpp.
ROLEMIX_ONE_COPY Lanes range_end(const Normals& normals, double side) {
  constexpr double kClose = 1e-14 * kRangeTail;
  constexpr double kDensityScale = 0.3989422804014327;  // (2π)^-½
  constexpr int kMostSteps = 200;
  // As if both were low ends: y = side x.
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
  Lanes step = high - low;
  Mask active = low < high;
  for (int i = 0; i < kMostSteps && any(active); ++i) {
    Lanes probability = Lanes{};
    Lanes slope = Lanes{};
    for (int part = 0; part < normals.count; ++part) {
      const Lanes z = (y - side * normals.mean[part]) / normals.deviation[part];
      const Lanes bell = exp(-0.5 * z * z) * normals.weight[part];
      const Lanes outer = bell * scaled_tail(absolute(z));
      probability += select(z < Lanes{}, outer, normals.weight[part] - outer);
      slope += bell * (kDensityScale / normals.deviation[part]);
    }
    const Lanes error = probability - kRangeTail;
    low = select(error < Lanes{}, y, low);
    high = select(error < Lanes{}, high, y);
    const Lanes newton = -error / slope;
    const Mask inside =
        (y + newton > low) & (y + newton < high) & (2 * absolute(newton) < absolute(step));
    step = select(inside, newton, 0.5 * (high - low) + low - y);
    const Mask close = absolute(error) <= all(kClose);
    const Mask moves = active & (y + step != y) & ~(close & ~inside);
    y = select(moves, y + step, y);
    active = moves & ~close;
  }
  return side * y;
}

ROLEMIX_ONE_COPY Lanes log_surprise(const Tails& tails, Lanes inverse_weight) {
  const Lanes least = 2 * smaller(tails.below, tails.above) * inverse_weight;
  return smaller(log(least), Lanes{});
}

/// One metric on its own. A log_typical_surprise below -kFarLog is left to the caller.
ROLEMIX_ONE_COPY void typical(const PackedMixture& mixture, Lanes x, int d, double* to, int v) {
  Tails tails = {};
  for (int k = 0; k < mixture.components; ++k) {
    const int at = k * mixture.dimensions + d;
    const Lanes z = (x - mixture.means[at]) / mixture.own_deviations[at];
    const Lanes log_bell = mixture.log_weights[k] - 0.5 * z * z;
    Lanes outer = Lanes{};
    const Mask visible = log_bell > all(-kFarLog - kNegligible);
    if (any(visible)) {
      outer = from_bits(visible & bits(exp(log_bell))) * scaled_tail(absolute(z));
    }
    add(tails, z, all(mixture.weights[k]), outer);
  }
  store(to + v * kLanes, log_surprise(tails, all(1)));
  store(to + kBlock + v * kLanes, tails.below);
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

/// One metric of one vector of samples into results, a row for each of KernelExplanations' fields
/// from mean to typical_cdf.
inline void explain_metric(const PackedMixture& mixture, const ExplainScratch& scratch,
                           const double* observed, int d, int v, bool everything, Parts& parts,
                           Normals& normals) {
  const auto put = [&](int row, Lanes value) {
    store(scratch.results + row * kBlock + v * kLanes, value);
  };
  const Lanes x = lane_at(scratch.x, d, v);
  gather(mixture, scratch, d, v, parts);
  const Moments sums = moments(parts);
  put(0, x - sums.residual);
  put(1, sums.square - sums.residual * sums.residual);
  const Lanes seen = lane_at(observed, d, v);
  const bool moved = any(seen != x);
  const Tails tails = moved ? tails_elsewhere(parts, seen - x) : tails_at_x(parts);
  const Lanes inverse = 1 / sums.weight;
  put(2, log_surprise(tails, inverse));
  if (everything) {
    put(3, tails.below * inverse);
    normalise(parts, x, sums.weight, normals);
    put(4, range_end(normals, 1));
    put(5, range_end(normals, -1));
    typical(mixture, seen, d, scratch.results + 6 * kBlock, v);
  }
}

/// For rows (N, D), complete, the distribution of every metric given the others and what it says of
/// `observed`, (N, D) or null for the rows themselves. Samples whose log_likelihood is further than
/// kFarLog below the mixture's peak are left to the caller.
void explain_blocks(const PackedMixture& mixture, const double* rows, const double* observed,
                    long count, double* work, const KernelScores& scores,
                    const KernelExplanations& out) {
  const int dimensions = mixture.dimensions;
  const ExplainScratch scratch(mixture, work);
  const bool everything = out.share != nullptr;
  double* const fields[] = {out.mean, out.variance, out.log_surprise,         out.cdf,
                            out.low,  out.high,     out.log_typical_surprise, out.typical_cdf};
  Parts parts;
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
    for (int d = 0; d < dimensions; ++d) {
      weigh_components(mixture, scratch, d);
      for (int v = 0; v < kVectors; ++v) {
        explain_metric(mixture, scratch, seen, d, v, everything, parts, normals);
      }
      for (int field = 0; field < (everything ? 8 : 3); ++field) {
        copy_out(scratch.results + field * kBlock, here, fields[field] + d * count + first);
      }
    }
    if (everything) {
      share_out(mixture, scratch);
      for (int d = 0; d < dimensions; ++d) {
        copy_out(scratch.shares + d * kBlock, here, out.share + d * count + first);
      }
    }
  }
}

/// Puts every metric that lies on its ignored side (below its likeliest mean given the others where
/// the direction is 1, above it where -1) on that mean, if that is likelier. Samples whose
/// log_likelihood, (N), is further than kFarLog below the mixture's peak are left to the caller.
void replace_blocks(const PackedMixture& mixture, const double* directions, double* rows,
                    long count, double* work, double* log_likelihood) {
  const int dimensions = mixture.dimensions;
  const ExplainScratch scratch(mixture, work);
  Parts parts;
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
        const Lanes x = lane_at(scratch.x, d, v);
        gather(mixture, scratch, d, v, parts);
        normalise(parts, x, moments(parts).weight, normals);
        Lanes likeliest = x;
        Lanes most = Lanes{};
        for (int i = 0; i < normals.count; ++i) {
          const Lanes there = density(normals, normals.mean[i]);
          const Mask more = (there > most) & (normals.weight[i] > Lanes{});
          likeliest = select(more, normals.mean[i], likeliest);
          most = select(more, there, most);
        }
        const Mask ignored =
            (directions[d] * (x - likeliest) < Lanes{}) & (most > density(normals, x));
        store(scratch.results + v * kLanes, select(ignored, likeliest, x));
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
