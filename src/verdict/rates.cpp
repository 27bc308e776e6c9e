#include "verdict/rates.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>

#include "base/sort_indices.h"

namespace rolemix {
namespace {

/// Distinct ones, in order.
std::vector<std::string> sorted(const std::vector<std::string>& names) {
  std::vector<std::int32_t> order(names.size());
  std::iota(order.begin(), order.end(), 0);
  sort_indices(order, [&](std::int32_t a, std::int32_t b) { return names[a] < names[b]; });
  std::vector<std::string> result;
  for (const std::int32_t i : order) {
    if (result.empty() || result.back() != names[i]) {
      result.push_back(names[i]);
    }
  }
  return result;
}

/// Of the false alarms among some records, by their indices.
std::vector<KindCoverage> coverages(const std::vector<Verdict>& records,
                                    std::vector<std::int32_t> false_alarms) {
  sort_indices(false_alarms,
               [&](std::int32_t a, std::int32_t b) { return records[a].kind < records[b].kind; });
  std::vector<KindCoverage> kinds;
  for (const std::int32_t i : false_alarms) {
    if (kinds.empty() || kinds.back().kind != records[i].kind) {
      kinds.push_back({records[i].kind});
    }
    ++kinds.back().false_alarms;
    kinds.back().coverage = kinds.back().false_alarms / static_cast<double>(false_alarms.size());
  }
  std::vector<std::int32_t> order(kinds.size());
  std::iota(order.begin(), order.end(), 0);
  sort_indices(order, [&](std::int32_t a, std::int32_t b) {
    return kinds[a].false_alarms > kinds[b].false_alarms;
  });
  std::vector<KindCoverage> by_coverage;
  for (const std::int32_t i : order) {
    by_coverage.push_back(kinds[i]);
  }
  return by_coverage;
}

}  // namespace

VerdictRates verdict_rates(const std::vector<std::string>& alert_ids,
                           const std::vector<Verdict>& records) {
  const std::vector<std::string> alerts = sorted(alert_ids);
  VerdictRates rates;
  rates.alerts = static_cast<int>(alerts.size());
  std::vector<std::int32_t> false_alarms;
  for (const std::int32_t i : newest_per_alert(records)) {
    const Verdict& record = records[i];
    if (!std::ranges::binary_search(alerts, record.alert_id)) {
      ++rates.elsewhere;
    } else if (record.verdict == VerdictName::kTrueAlarm) {
      ++rates.true_alarms;
    } else if (record.verdict == VerdictName::kUnsure) {
      ++rates.unsure;
    } else {
      false_alarms.push_back(i);
    }
  }
  rates.false_alarms = static_cast<int>(false_alarms.size());
  const double judged = rates.false_alarms + rates.true_alarms;
  rates.false_alarm_rate =
      judged > 0 ? rates.false_alarms / judged : std::numeric_limits<double>::quiet_NaN();
  rates.kinds = coverages(records, std::move(false_alarms));
  return rates;
}

}  // namespace rolemix
