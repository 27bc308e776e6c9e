#include "train/counter.h"

#include <cstddef>
#include <optional>
#include <span>

#include "samples/unit_change.h"

namespace rolemix {

bool only_grows(const Vector& values, const TrainingRows& rows) {
  bool found = false;
  for (std::size_t row = 0; row < rows.host.size();) {
    const std::size_t first = row;
    while (row < rows.host.size() && rows.host[row] == rows.host[first]) {
      ++row;
    }
    const std::optional<bool> grows =
        counts_up(std::span(values.data() + first, values.data() + row));
    if (grows && !*grows) {
      return false;
    }
    found |= grows.has_value();
  }
  return found;
}

}  // namespace rolemix
