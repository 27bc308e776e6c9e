#include "base/sort_indices.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace rolemix {
namespace {

using testing::ElementsAre;

TEST(SortIndices, sorts_like_a_stable_sort_of_ascending_indices) {
  std::mt19937_64 random(1);
  for (const int size : {0, 1, 2, 3, 10, 100, 1000}) {
    std::vector<int> keys(size);
    for (int& key : keys) {
      key = static_cast<int>(random() % 10);
    }
    std::vector<std::int32_t> expected(size);
    std::iota(expected.begin(), expected.end(), 0);
    std::vector<std::int32_t> indices = expected;
    const auto before = [&](std::int32_t a, std::int32_t b) { return keys[a] < keys[b]; };
    std::ranges::stable_sort(expected, before);
    sort_indices(indices, before);
    EXPECT_EQ(indices, expected);
    std::ranges::reverse(indices);
    sort_indices(indices, before);
    EXPECT_EQ(indices, expected);
  }
}

TEST(SortIndices, orders_indices_that_are_alike_by_number) {
  std::vector<std::int32_t> indices = {2, 0, 1};
  sort_indices(indices, [](std::int32_t, std::int32_t) { return false; });
  EXPECT_THAT(indices, ElementsAre(0, 1, 2));
}

}  // namespace
}  // namespace rolemix
