// Rows sorted out for EM: those in which nothing is missing, and the others by what they lack.
#ifndef ROLEMIX_TRAIN_OBSERVED_ROWS_H_
#define ROLEMIX_TRAIN_OBSERVED_ROWS_H_

#include <vector>

#include "base/matrix.h"

namespace rolemix {

/// Rows that are worked on together.
constexpr Index kBlockRows = 512;

/// Rows in a row that lack the same metrics.
struct GapRun {
  Index first = 0;  ///< within the block
  Index count = 0;
  std::vector<Index> missing;  ///< ascending
};

struct GapBlock {
  Index first = 0;  ///< in `gaps`
  Index count = 0;
  std::vector<GapRun> runs;
};

struct ObservedRows {
  Index dimensions = 0;
  const double* complete = nullptr;   ///< rows of D; within the samples where those have no gap
  std::vector<Index> complete_order;  ///< where each complete row stood; empty: where it stands
  Index complete_count = 0;
  Matrix gaps;                   ///< (N, D) rows of which something is missing, but not all
  std::vector<Index> gap_order;  ///< where each stood
  std::vector<GapBlock> gap_blocks;
  Matrix copied;  ///< what `complete` points to, where the samples could not be used as they are

  Index count() const { return complete_count + gaps.rows(); }
  Index complete_blocks() const { return (complete_count + kBlockRows - 1) / kBlockRows; }
};

/// samples (N, D), NaN where missing; they must outlive the result. Rows of which nothing is known
/// are left out.
ObservedRows observed_rows(const MatrixRef& samples);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_OBSERVED_ROWS_H_
