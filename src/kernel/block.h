// The kernel's arithmetic: one block of samples, lanes side by side, against packed factors.
// Included only by the files that are each compiled for one instruction set.
#ifndef ROLEMIX_KERNEL_BLOCK_H_
#define ROLEMIX_KERNEL_BLOCK_H_

#include "kernel/lanes.h"
#include "kernel/packed.h"

namespace rolemix {
namespace {  // NOLINT(cert-dcl59-cpp,google-build-namespaces): one copy per instruction set

// A tile of kPanel rows of a factor by kVectors vectors of samples is summed in registers: 16 of
// AVX-512's 32, 8 of the other sets' 16.
constexpr int kVectors = kLanes == 8 ? 4 : 2;
constexpr int kBlock = kLanes * kVectors;
static_assert(kBlock <= kMostBlock);

// Components that are lighter than the heaviest by this many nats cannot be seen in a sum.
constexpr double kNegligible = 46;

/// Calls with each of 0 ... Count - 1, as constants: so that no compiler leaves what they index in
/// memory.
template <int Count, typename Body>
[[gnu::always_inline]] inline void unrolled(const Body& body) {
  if constexpr (Count > 0) {
    unrolled<Count - 1>(body);
    body.template operator()<Count - 1>();
  }
}

/// sums[r][v] += Σ_j factor[j][r] x[j][v] for j in [begin, end).
template <int Rows>
inline const double* add_products(const double* factor, const double* x, int begin, int end,
                                  Lanes (&sums)[Rows][kVectors]) {
  for (int j = begin; j < end; ++j, factor += Rows) {
    Lanes values[kVectors];
    for (int v = 0; v < kVectors; ++v) {
      values[v] = load(x + j * kBlock + v * kLanes);
    }
    for (int r = 0; r < Rows; ++r) {
      const Lanes entry = all(factor[r]);
      for (int v = 0; v < kVectors; ++v) {
        sums[r][v] += entry * values[v];
      }
    }
  }
  return factor;
}

/// The rows [row, row + Rows) of L⁻¹ x.
template <int Rows>
inline const double* lower_panel(const double* factor, const double* x, int row,
                                 Lanes (&sums)[Rows][kVectors]) {
  for (auto& sum : sums) {
    for (Lanes& lanes : sum) {
      lanes = Lanes{};
    }
  }
  factor = add_products<Rows>(factor, x, 0, row, sums);
  unrolled<Rows>([&]<int Column>() {
    for (int v = 0; v < kVectors; ++v) {
      const Lanes value = load(x + (row + Column) * kBlock + v * kLanes);
      unrolled<Rows - Column>(
          [&]<int Below>() { sums[Column + Below][v] += factor[Below] * value; });
    }
    factor += Rows - Column;
  });
  return factor;
}

/// The rows [row, row + Rows) of L⁻ᵀ z.
template <int Rows>
inline const double* upper_panel(const double* factor, const double* z, int row, int dimensions,
                                 Lanes (&sums)[Rows][kVectors]) {
  for (auto& sum : sums) {
    for (Lanes& lanes : sum) {
      lanes = Lanes{};
    }
  }
  unrolled<Rows>([&]<int Column>() {
    for (int v = 0; v < kVectors; ++v) {
      const Lanes value = load(z + (row + Column) * kBlock + v * kLanes);
      unrolled<Column + 1>([&]<int Above>() { sums[Above][v] += factor[Above] * value; });
    }
    factor += Column + 1;
  });
  return add_products<Rows>(factor, z, row + Rows, dimensions, sums);
}

template <int Rows, bool Keep>
inline const double* lower_rows(const double* factor, const double* x, int row, double* z,
                                Lanes (&squares)[kVectors]) {
  Lanes sums[Rows][kVectors];
  factor = lower_panel<Rows>(factor, x, row, sums);
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      squares[v] += sums[r][v] * sums[r][v];
      if constexpr (Keep) {
        store(z + (row + r) * kBlock + v * kLanes, sums[r][v]);
      }
    }
  }
  return factor;
}

/// squares[v] = |L⁻¹ x|²; with Keep also z = L⁻¹ x.
template <bool Keep>
ROLEMIX_ONE_COPY void lower_product(const double* factor, const double* x, int dimensions,
                                    double* z, Lanes (&squares)[kVectors]) {
  for (Lanes& square : squares) {
    square = Lanes{};
  }
  int row = 0;
  for (; row + kPanel <= dimensions; row += kPanel) {
    factor = lower_rows<kPanel, Keep>(factor, x, row, z, squares);
  }
  if (row + 2 <= dimensions) {
    factor = lower_rows<2, Keep>(factor, x, row, z, squares);
    row += 2;
  }
  if (row < dimensions) {
    lower_rows<1, Keep>(factor, x, row, z, squares);
  }
}

template <int Rows>
inline const double* upper_rows(const double* factor, const double* z, int row, int dimensions,
                                double* y) {
  Lanes sums[Rows][kVectors];
  factor = upper_panel<Rows>(factor, z, row, dimensions, sums);
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      store(y + (row + r) * kBlock + v * kLanes, sums[r][v]);
    }
  }
  return factor;
}

/// y = L⁻ᵀ z.
ROLEMIX_ONE_COPY void upper_product(const double* factor, const double* z, int dimensions,
                                    double* y) {
  int row = 0;
  for (; row + kPanel <= dimensions; row += kPanel) {
    factor = upper_rows<kPanel>(factor, z, row, dimensions, y);
  }
  if (row + 2 <= dimensions) {
    factor = upper_rows<2>(factor, z, row, dimensions, y);
    row += 2;
  }
  if (row < dimensions) {
    upper_rows<1>(factor, z, row, dimensions, y);
  }
}

/// Entry i of each.
template <int Count>
inline Lanes gathered(const double* const (&from)[Count], int i) {
  if constexpr (Count == 8) {
    return Lanes{from[0][i], from[1][i], from[2][i], from[3][i],
                 from[4][i], from[5][i], from[6][i], from[7][i]};
  } else if constexpr (Count == 4) {
    return Lanes{from[0][i], from[1][i], from[2][i], from[3][i]};
  } else {
    return Lanes{from[0][i], from[1][i]};
  }
}

/// x[d][lane] = rows[lane][d]; the last row stands in for rows beyond it. Written in whole vectors:
/// they are read as such at once.
ROLEMIX_ONE_COPY void transpose(const double* rows, int count, int dimensions, double* x) {
  for (int v = 0; v < kVectors; ++v) {
    const double* from[kLanes];
    for (int lane = 0; lane < kLanes; ++lane) {
      const int row = v * kLanes + lane;
      from[lane] = rows + static_cast<long>(row < count ? row : count - 1) * dimensions;
    }
    for (int d = 0; d < dimensions; ++d) {
      store(x + d * kBlock + v * kLanes, gathered(from, d));
    }
  }
}

ROLEMIX_ONE_COPY void subtract_mean(const double* x, const double* mean, int dimensions,
                                    double* offset) {
  for (int d = 0; d < dimensions; ++d) {
    for (int v = 0; v < kVectors; ++v) {
      store(offset + d * kBlock + v * kLanes, load(x + d * kBlock + v * kLanes) - mean[d]);
    }
  }
}

inline Lanes lane_at(const double* values, int row, int vector) {
  return load(values + row * kBlock + vector * kLanes);
}

/// The row of values of a whole block.
inline Several<kVectors> row_at(const double* values, int row) {
  return each<kVectors>([&](int v) { return lane_at(values, row, v); });
}

inline void store_row(double* values, int row, const Several<kVectors>& x) {
  for (int v = 0; v < kVectors; ++v) {
    store(values + row * kBlock + v * kLanes, x[v]);
  }
}

inline bool any(const Mask (&masks)[kVectors]) {
  Mask either = {};
  for (const Mask mask : masks) {
    either |= mask;
  }
  return any(either);
}

ROLEMIX_ONE_COPY void copy_out(const double* block, int count, double* to) {
  for (int lane = 0; lane < count; ++lane) {
    to[lane] = block[lane];
  }
}

/// Scratch memory of a block of samples: kBlock numbers in each row.
struct Scratch {
  double* x;       // (D)
  double* offset;  // (D) x - μ_k
  double* z;       // (D) L_k⁻¹ (x - μ_k)
  double* logs;    // (K)
  double* results;

  Scratch(const PackedMixture& mixture, double* work)
      : x(work),
        offset(x + mixture.dimensions * kBlock),
        z(offset + mixture.dimensions * kBlock),
        logs(z + mixture.dimensions * kBlock),
        results(logs + mixture.components * kBlock) {}
};

/// logs[k] = log π_k N_k(x); with Keep also z.
template <bool Keep>
inline void log_density(const PackedMixture& mixture, int k, const Scratch& scratch) {
  const int dimensions = mixture.dimensions;
  subtract_mean(scratch.x, mixture.means + k * dimensions, dimensions, scratch.offset);
  Lanes squares[kVectors];
  lower_product<Keep>(mixture.lower + k * mixture.factor_size, scratch.offset, dimensions,
                      scratch.z, squares);
  for (int v = 0; v < kVectors; ++v) {
    store(scratch.logs + k * kBlock + v * kLanes, mixture.log_peaks[k] - 0.5 * squares[v]);
  }
}

/// Of the logs (K) of π_k N_k(x) log likelihood and state into results, two rows, by log-sum-exp;
/// responsibilities, where wanted, in place of the logs.
ROLEMIX_ONE_COPY void finish_scores(double* logs, int components, bool wanted, double* results) {
  Several<kVectors> largest = row_at(logs, 0);
  Several<kVectors> state = {};
  for (int k = 1; k < components; ++k) {
    const Several<kVectors> here = row_at(logs, k);
    for (int v = 0; v < kVectors; ++v) {
      const Mask more = here[v] > largest[v];
      largest[v] = select(more, here[v], largest[v]);
      state[v] = select(more, all(k), state[v]);
    }
  }
  Several<kVectors> sum = {};
  for (int k = 0; k < components; ++k) {
    Several<kVectors> share = row_at(logs, k);  // so far its logarithm
    Mask visible[kVectors];
    for (int v = 0; v < kVectors; ++v) {
      share[v] -= largest[v];
      visible[v] = share[v] > all(-kNegligible);
    }
    if (any(visible)) {
      share = exp(share);
    }
    for (int v = 0; v < kVectors; ++v) {
      share[v] = from_bits(visible[v] & bits(share[v]));
      sum[v] += share[v];
    }
    if (wanted) {
      store_row(logs, k, share);
    }
  }
  for (int v = 0; v < kVectors; ++v) {
    store(results + v * kLanes, largest[v] + log(sum[v]));
    store(results + kBlock + v * kLanes, state[v]);
  }
  const Several<kVectors> scale = each<kVectors>([&](int v) { return 1 / sum[v]; });
  for (int k = 0; wanted && k < components; ++k) {
    const Several<kVectors> share = row_at(logs, k);
    store_row(logs, k, each<kVectors>([&](int v) { return share[v] * scale[v]; }));
  }
}

ROLEMIX_ONE_COPY void write_scores(const double* results, const double* responsibilities,
                                   int components, long first, int here, long count,
                                   const KernelScores& out) {
  copy_out(results, here, out.log_likelihood + first);
  for (int lane = 0; lane < here; ++lane) {
    out.state[first + lane] = static_cast<int>(results[kBlock + lane]);
  }
  for (int k = 0; out.responsibilities != nullptr && k < components; ++k) {
    copy_out(responsibilities + k * kBlock, here, out.responsibilities + k * count + first);
  }
}

/// Samples in the block that begins with the sample `first`.
inline int samples_in_block(long first, long count) {
  return count - first < kBlock ? static_cast<int>(count - first) : kBlock;
}

/// Scores rows (N, D), complete.
void score_blocks(const PackedMixture& mixture, const double* rows, long count, double* work,
                  const KernelScores& out) {
  const int components = mixture.components;
  const Scratch scratch(mixture, work);
  for (long first = 0; first < count; first += kBlock) {
    const int here = samples_in_block(first, count);
    transpose(rows + first * mixture.dimensions, here, mixture.dimensions, scratch.x);
    for (int k = 0; k < components; ++k) {
      log_density<kOneCopy>(mixture, k, scratch);
    }
    finish_scores(scratch.logs, components, out.responsibilities != nullptr, scratch.results);
    write_scores(scratch.results, scratch.logs, components, first, here, count, out);
  }
}

}  // namespace
}  // namespace rolemix

#endif  // ROLEMIX_KERNEL_BLOCK_H_
