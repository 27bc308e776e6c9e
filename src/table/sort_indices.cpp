#include "table/sort_indices.h"

#include <algorithm>

namespace rolemix {

void sort_indices(std::vector<std::int32_t>& indices, IndexOrder before, const void* order) {
  const auto less = [&](std::int32_t a, std::int32_t b) {
    return before(order, a, b) || (a < b && !before(order, b, a));
  };
  // Samples mostly come in order of time.
  if (!std::ranges::is_sorted(indices, less)) {
    std::ranges::make_heap(indices, less);
    std::ranges::sort_heap(indices, less);
  }
}

}  // namespace rolemix
