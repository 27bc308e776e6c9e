// The kernel over many rows as a program would use it: explanations in chunks that stay in cache.
#ifndef ROLEMIX_BENCH_CHUNKS_H_
#define ROLEMIX_BENCH_CHUNKS_H_

#include <vector>

#include "core/kernel.h"

namespace rolemix::bench {

constexpr Index kChunk = 512;

inline std::vector<Matrix> split(const Matrix& samples) {
  std::vector<Matrix> chunks;
  for (Index row = 0; row + kChunk <= samples.rows(); row += kChunk) {
    chunks.emplace_back(samples.middleRows(row, kChunk));
  }
  return chunks;
}

/// first and count are multiples of kChunk. The sum is for those who wonder whether anything was
/// computed.
inline double explain_chunks(const Kernel& kernel, const std::vector<Matrix>& chunks, Index first,
                             Index count) {
  double sum = 0;
  for (Index i = first / kChunk; i < (first + count) / kChunk; ++i) {
    sum += kernel.explain(chunks[i]).surprise(0, 0);
  }
  return sum;
}

}  // namespace rolemix::bench

#endif  // ROLEMIX_BENCH_CHUNKS_H_
