#include "train/parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace rolemix {
namespace {

TEST(ForEachChunk, WorksOnEachChunkOnce) {
  for (const int threads : {-1, 0, 1, 2, 7}) {
    for (const Index count : {0, 1, 5, 1000}) {
      std::vector<int> calls(count);
      for_each_chunk(count, threads, [&](Index i) { ++calls[i]; });
      EXPECT_EQ(std::ranges::count(calls, 1), count) << threads << " threads";
    }
  }
}

}  // namespace
}  // namespace rolemix
