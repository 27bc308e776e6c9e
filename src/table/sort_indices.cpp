#include "table/sort_indices.h"

#include <algorithm>

namespace rolemix {

void sort_indices(std::vector<std::int32_t>& indices, IndexOrder before, const void* order) {
  const auto less = [&](std::int32_t a, std::int32_t b) {
    return before(order, a, b) || (a < b && !before(order, b, a));
  };
  // Samples come in order of time, or of many hosts one after the other: what is in order already
  // is merged (natural merge sort, Knuth 1998, section 5.2.4).
  std::vector<std::int32_t> merged;
  while (!std::ranges::is_sorted(indices, less)) {
    merged.resize(indices.size());
    auto to = merged.begin();
    for (auto from = indices.begin(); from != indices.end();) {
      const auto middle = std::is_sorted_until(from, indices.end(), less);
      const auto end = std::is_sorted_until(middle, indices.end(), less);
      to = std::merge(from, middle, middle, end, to, less);
      from = end;
    }
    indices.swap(merged);
  }
}

}  // namespace rolemix
