// The kernel's arithmetic, continued: weighted sums of rows and of their products. Included only by
// the files that are each compiled for one instruction set.
#ifndef ROLEMIX_KERNEL_MOMENTS_H_
#define ROLEMIX_KERNEL_MOMENTS_H_

#include "kernel/lanes.h"
#include "kernel/packed.h"

namespace rolemix {
namespace {  // NOLINT(cert-dcl59-cpp,google-build-namespaces): one copy per instruction set

// A tile of the products is summed in registers: 24 of AVX-512's 32, 8 of the other sets' 16.
constexpr int kTileRows = kLanes == 8 ? 8 : 4;
constexpr int kTileVectors = kLanes == 8 ? 3 : 2;
static_assert(kTileRows % kLanes == 0 && kMomentPadding % kTileRows == 0);

/// to[n] = √r_n (x_n - μ), of the rows that count; how many those are.
inline int weighted_rows(const MomentRows& rows, long first, int count, int stride, double* to,
                         const KernelMoments& out) {
  const int dimensions = rows.dimensions;
  int kept = 0;
  for (long n = first; n < first + count; ++n) {
    const double share = rows.shares[n];
    if (!(share > kLeastShare)) {
      continue;
    }
    const double root = __builtin_sqrt(share);
    const double* row = rows.samples + n * dimensions;
    double* weighted = to + static_cast<long>(kept++) * stride;
    *out.mass += share;
    for (int d = 0; d < dimensions; ++d) {
      weighted[d] = root * (row[d] - rows.mean[d]);
      out.first[d] += root * weighted[d];
    }
    for (int d = dimensions; d < stride; ++d) {
      weighted[d] = 0;
    }
  }
  return kept;
}

/// sums[i][j] += Σ_n rows[n][i] rows[n][j] for i in [row, row + Rows), j in Vectors from `column`.
template <int Rows, int Vectors>
ROLEMIX_ONE_COPY void add_tile(const double* rows, int count, int stride, int row, int column,
                               double* sums) {
  Lanes tile[Rows][Vectors] = {};
  for (int n = 0; n < count; ++n, rows += stride) {
    Lanes values[Vectors];
    for (int v = 0; v < Vectors; ++v) {
      values[v] = load(rows + column + v * kLanes);
    }
    for (int r = 0; r < Rows; ++r) {
      const Lanes entry = all(rows[row + r]);
      for (int v = 0; v < Vectors; ++v) {
        tile[r][v] += entry * values[v];
      }
    }
  }
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < Vectors; ++v) {
      double* to = sums + (row + r) * stride + column + v * kLanes;
      store(to, load(to) + tile[r][v]);
    }
  }
}

/// The tiles of these rows up to the diagonal.
template <int Rows>
inline void add_panel(const double* rows, int count, int stride, int row, double* sums) {
  int column = 0;
  const int end = (row + Rows + kLanes - 1) / kLanes * kLanes;
  for (; column + kTileVectors * kLanes <= end; column += kTileVectors * kLanes) {
    add_tile<Rows, kTileVectors>(rows, count, stride, row, column, sums);
  }
  if (kTileVectors > 2 && column + 2 * kLanes <= end) {
    add_tile<Rows, 2>(rows, count, stride, row, column, sums);
    column += 2 * kLanes;
  }
  if (column < end) {
    add_tile<Rows, 1>(rows, count, stride, row, column, sums);
  }
}

inline void add_products_of_rows(const double* rows, int count, int dimensions, int stride,
                                 double* sums) {
  int row = 0;
  for (; row + kTileRows / 2 < dimensions; row += kTileRows) {
    add_panel<kTileRows>(rows, count, stride, row, sums);
  }
  if (row < dimensions) {
    add_panel<kTileRows / 2>(rows, count, stride, row, sums);
  }
}

/// work: kMomentRows + D rows of D, each padded to a multiple of kMomentPadding.
void add_moments_of_blocks(const MomentRows& rows, double* work, const KernelMoments& out) {
  const int dimensions = rows.dimensions;
  const int stride = (dimensions + kTileRows - 1) / kTileRows * kTileRows;
  double* sums = work + kMomentRows * stride;
  for (int i = 0; i < stride * stride; ++i) {
    sums[i] = 0;
  }
  for (long first = 0; first < rows.count; first += kMomentRows) {
    const long left = rows.count - first;
    const int here = left < kMomentRows ? static_cast<int>(left) : kMomentRows;
    const int kept = weighted_rows(rows, first, here, stride, work, out);
    add_products_of_rows(work, kept, dimensions, stride, sums);
  }
  for (int i = 0; i < dimensions; ++i) {
    for (int j = 0; j <= i; ++j) {
      out.second[i * dimensions + j] += sums[i * stride + j];
    }
  }
}

}  // namespace
}  // namespace rolemix

#endif  // ROLEMIX_KERNEL_MOMENTS_H_
