// Work on several threads where there are any: WebAssembly runs on one.
#ifndef ROLEMIX_TRAIN_PARALLEL_H_
#define ROLEMIX_TRAIN_PARALLEL_H_

#include "base/matrix.h"

#if !defined(__EMSCRIPTEN__)
#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>
#endif

namespace rolemix {

/// Calls work(i) once for each of 0 ... count - 1, in any order, on at most so many threads.
template <typename Work>
void for_each_chunk(Index count, [[maybe_unused]] int threads, const Work& work) {
#if defined(__EMSCRIPTEN__)
  for (Index i = 0; i < count; ++i) {
    work(i);
  }
#else
  std::atomic<Index> next = 0;
  const auto take = [&] {
    for (Index i = next++; i < count; i = next++) {
      work(i);
    }
  };
  std::vector<std::jthread> helpers;
  for (Index i = 1; i < std::min<Index>(threads, count); ++i) {
    helpers.emplace_back(take);
  }
  take();
#endif
}

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_PARALLEL_H_
