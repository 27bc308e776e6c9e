#include "train/observed_rows.h"

#include <algorithm>
#include <cmath>

namespace rolemix {
namespace {

std::vector<Index> missing_in(const MatrixRef& samples, Index row) {
  std::vector<Index> missing;
  for (Index d = 0; d < samples.cols(); ++d) {
    if (std::isnan(samples(row, d))) {
      missing.push_back(d);
    }
  }
  return missing;
}

void sort_by_gaps(const MatrixRef& samples, std::vector<Index>& rows) {
  std::ranges::sort(rows, [&](Index a, Index b) {
    for (Index d = 0; d < samples.cols(); ++d) {
      const bool a_missing = std::isnan(samples(a, d));
      if (a_missing != std::isnan(samples(b, d))) {
        return a_missing;
      }
    }
    return a < b;
  });
}

std::vector<GapBlock> blocks_of(const Matrix& gaps) {
  std::vector<GapBlock> blocks;
  for (Index row = 0; row < gaps.rows(); ++row) {
    if (row % kBlockRows == 0) {
      blocks.push_back({.first = row, .runs = {}});
    }
    GapBlock& block = blocks.back();
    std::vector<Index> missing = missing_in(gaps, row);
    if (block.runs.empty() || block.runs.back().missing != missing) {
      block.runs.push_back({.first = block.count, .count = 0, .missing = std::move(missing)});
    }
    ++block.runs.back().count;
    ++block.count;
  }
  return blocks;
}

}  // namespace

ObservedRows observed_rows(const MatrixRef& samples) {
  ObservedRows rows;
  rows.dimensions = samples.cols();
  for (Index row = 0; row < samples.rows(); ++row) {
    const Index missing = samples.row(row).array().isNaN().count();
    if (missing == 0) {
      rows.complete_order.push_back(row);
    } else if (missing < samples.cols()) {
      rows.gap_order.push_back(row);
    }
  }
  rows.complete_count = static_cast<Index>(rows.complete_order.size());
  if (rows.complete_count == samples.rows() && samples.outerStride() == samples.cols()) {
    rows.complete = samples.data();
    rows.complete_order.clear();
  } else {
    rows.copied = samples(rows.complete_order, Eigen::all);
    rows.complete = rows.copied.data();
  }
  sort_by_gaps(samples, rows.gap_order);
  rows.gaps = samples(rows.gap_order, Eigen::all);
  rows.gap_blocks = blocks_of(rows.gaps);
  return rows;
}

}  // namespace rolemix
