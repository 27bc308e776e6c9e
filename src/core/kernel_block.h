// The kernel's arithmetic: one block of samples, lanes side by side, against packed factors.
// Included only by the files that are each compiled for one instruction set.
#ifndef ROLEMIX_CORE_KERNEL_BLOCK_H_
#define ROLEMIX_CORE_KERNEL_BLOCK_H_

#include "core/kernel_lanes.h"
#include "core/kernel_packed.h"

namespace rolemix {
namespace {  // NOLINT(cert-dcl59-cpp,google-build-namespaces): one copy per instruction set

// A tile of kPanel rows of a factor by kVectors vectors of samples is summed in registers: 16 of
// AVX-512's 32, 8 of the other sets' 16.
constexpr int kVectors = kLanes == 8 ? 4 : 2;
constexpr int kBlock = kLanes * kVectors;
static_assert(kBlock <= kMostBlock);

// Components that are lighter than the heaviest by this many nats cannot be seen in a sum.
constexpr double kNegligible = 46;

/// sums[r][v] += Σ_j factor[j][r] x[j][v] for j in [begin, end).
template <int Rows>
inline const double* add_products(const double* factor, const double* x, int begin, int end,
                                  Lanes (&sums)[Rows][kVectors]) {
  for (int j = begin; j < end; ++j, factor += Rows) {
    for (int v = 0; v < kVectors; ++v) {
      const Lanes value = load(x + j * kBlock + v * kLanes);
      for (int r = 0; r < Rows; ++r) {
        sums[r][v] += factor[r] * value;
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
  for (int j = 0; j < Rows; ++j) {
    for (int v = 0; v < kVectors; ++v) {
      const Lanes value = load(x + (row + j) * kBlock + v * kLanes);
      for (int r = j; r < Rows; ++r) {
        sums[r][v] += factor[r - j] * value;
      }
    }
    factor += Rows - j;
  }
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
  for (int j = 0; j < Rows; ++j) {
    for (int v = 0; v < kVectors; ++v) {
      const Lanes value = load(z + (row + j) * kBlock + v * kLanes);
      for (int r = 0; r <= j; ++r) {
        sums[r][v] += factor[r] * value;
      }
    }
    factor += j + 1;
  }
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
      Lanes lanes;
      for (int lane = 0; lane < kLanes; ++lane) {
        lanes[lane] = from[lane][d];
      }
      store(x + d * kBlock + v * kLanes, lanes);
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

/// What log-sum-exp of the logs (K) of π_k N_k(x) gives.
struct ComponentSum {
  Lanes largest;  // of the logs
  Lanes state;    // the component that has it
  Lanes sum;      // Σ_k exp(log - largest)
};

/// Leaves exp(log - largest) in place of the logs.
ROLEMIX_ONE_COPY ComponentSum sum_components(double* logs, int components, int v) {
  ComponentSum result = {lane_at(logs, 0, v), Lanes{}, Lanes{}};
  for (int k = 1; k < components; ++k) {
    const Lanes here = lane_at(logs, k, v);
    const Mask more = here > result.largest;
    result.largest = select(more, here, result.largest);
    result.state = select(more, all(k), result.state);
  }
  for (int k = 0; k < components; ++k) {
    const Lanes below = lane_at(logs, k, v) - result.largest;
    const Mask visible = below > all(-kNegligible);
    Lanes share = Lanes{};
    if (any(visible)) {
      share = from_bits(visible & bits(exp(below)));
      result.sum += share;
    }
    store(logs + k * kBlock + v * kLanes, share);
  }
  return result;
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

/// Of the logs (K) log likelihood and state into results, two rows; responsibilities, where wanted,
/// in place of the logs.
ROLEMIX_ONE_COPY void finish_scores(double* logs, int components, bool wanted, double* results) {
  for (int v = 0; v < kVectors; ++v) {
    const ComponentSum total = sum_components(logs, components, v);
    store(results + v * kLanes, total.largest + log(total.sum));
    store(results + kBlock + v * kLanes, total.state);
    const Lanes scale = 1 / total.sum;
    for (int k = 0; wanted && k < components; ++k) {
      store(logs + k * kBlock + v * kLanes, lane_at(logs, k, v) * scale);
    }
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

#endif  // ROLEMIX_CORE_KERNEL_BLOCK_H_
