// Sorting of indices, compiled once for all orders.
#ifndef ROLEMIX_BASE_SORT_INDICES_H_
#define ROLEMIX_BASE_SORT_INDICES_H_

#include <cstdint>
#include <vector>

namespace rolemix {

/// `before(order, a, b)`: whether a belongs in front of b; a strict weak order.
using IndexOrder = bool (*)(const void* order, std::int32_t a, std::int32_t b);

void sort_indices(std::vector<std::int32_t>& indices, IndexOrder before, const void* order);

/// Sorts by `before(a, b)`; indices that it does not tell apart come in order of their numbers.
template <typename Before>
void sort_indices(std::vector<std::int32_t>& indices, const Before& before) {
  const IndexOrder call = [](const void* order, std::int32_t a, std::int32_t b) {
    return (*static_cast<const Before*>(order))(a, b);
  };
  sort_indices(indices, call, &before);
}

}  // namespace rolemix

#endif  // ROLEMIX_BASE_SORT_INDICES_H_
