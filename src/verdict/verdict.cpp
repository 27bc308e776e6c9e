#include "verdict/verdict.h"

#include <algorithm>
#include <numeric>

#include "base/sort_indices.h"

namespace rolemix {

std::vector<std::int32_t> newest_per_alert(const std::vector<Verdict>& records) {
  std::vector<std::int32_t> order(records.size());
  std::iota(order.begin(), order.end(), 0);
  sort_indices(order, [&](std::int32_t i, std::int32_t j) {
    const Verdict& a = records[i];
    const Verdict& b = records[j];
    if (a.alert_id != b.alert_id) {
      return a.alert_id < b.alert_id;
    }
    return a.created > b.created || (a.created == b.created && a.uid > b.uid);
  });
  const auto again = std::ranges::unique(order, [&](std::int32_t i, std::int32_t j) {
    return records[i].alert_id == records[j].alert_id;
  });
  order.erase(again.begin(), again.end());
  return order;
}

}  // namespace rolemix
