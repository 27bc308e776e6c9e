#include "base/sort_indices.h"

#include <algorithm>
#include <cstddef>

namespace rolemix {

void sort_indices(std::vector<std::int32_t>& indices, IndexOrder before, const void* order) {
  const auto less = [&](std::int32_t a, std::int32_t b) {
    return before(order, a, b) || (a < b && !before(order, b, a));
  };
  // Samples come in order of time, or of many hosts one after the other: what is in order already
  // is merged (natural merge sort, Knuth 1998, section 5.2.4).
  std::vector<std::ptrdiff_t> ends;
  for (auto end = indices.begin(); end != indices.end(); ends.push_back(end - indices.begin())) {
    end = std::is_sorted_until(end, indices.end(), less);
  }
  std::vector<std::int32_t> merged(ends.size() > 1 ? indices.size() : 0);
  while (ends.size() > 1) {
    auto from = indices.begin();
    auto to = merged.begin();
    for (std::size_t i = 0; i < ends.size(); i += 2) {
      const auto middle = indices.begin() + ends[i];
      const auto end = indices.begin() + ends[std::min(i + 1, ends.size() - 1)];
      to = std::merge(from, middle, middle, end, to, less);
      ends[i / 2] = end - indices.begin();
      from = end;
    }
    ends.resize((ends.size() + 1) / 2);
    indices.swap(merged);
  }
}

}  // namespace rolemix
