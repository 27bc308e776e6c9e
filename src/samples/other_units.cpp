#include "samples/other_units.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace rolemix {
namespace {

// A counter is far beyond what its rate ever was; what grows on its own, as a leak does, is not.
constexpr double kCounterAbove = 100;

/// What goes on with the unit of the samples before, else what changed among these.
std::optional<UnitSpan> span_of(std::span<const double> values, const UsualValues& usual,
                                double before) {
  if (before > 0) {
    Index end = 0;
    while (end < std::ssize(values) &&
           (std::isnan(values[end]) || is_of_other_unit(values[end], usual, before))) {
      ++end;
    }
    if (end > 0) {
      return UnitSpan{0, end, before};
    }
  }
  return span_of_other_unit(values, usual);
}

bool is_counter(std::span<const double> values, double usual_high) {
  return counts_up(values).value_or(false) && std::ranges::all_of(values, [&](double value) {
           return !(value < kCounterAbove * usual_high);
         });
}

}  // namespace

FoundUnits find_other_units(const RoleModel& model, const TableView& table,
                            std::span<const Index> columns, std::span<const HostTable> hosts) {
  FoundUnits found;
  found.hosts.resize(hosts.size());
  std::vector<double> values;
  for (std::size_t d = 0; d < columns.size(); ++d) {
    const MetricSpec& metric = model.metrics[d];
    const UsualValues usual = {metric.usual_low, metric.median, metric.usual_high};
    if (columns[d] < 0 || !(metric.usual_high > 0)) {
      continue;
    }
    std::map<double, std::vector<std::pair<std::size_t, UnitSpan>>> by_factor;
    for (std::size_t h = 0; h < hosts.size(); ++h) {
      values.clear();
      for (const std::int32_t row : hosts[h].rows) {
        values.push_back(table.values(row, columns[d]));
      }
      const double before = hosts[h].units.empty() ? 0 : hosts[h].units[d];
      auto span = usual.tell() ? span_of(values, usual, before) : std::nullopt;
      if (!span && is_counter(values, metric.usual_high)) {
        span = UnitSpan{0, std::ssize(values), 0};
      }
      if (span) {
        by_factor[span->factor].emplace_back(h, *span);
      }
    }
    for (const auto& [factor, spans] : by_factor) {
      const bool goes_on = std::ranges::any_of(spans, [&](const auto& of) {
        return !hosts[of.first].units.empty() && hosts[of.first].units[d] == factor && factor > 0;
      });
      if (!goes_on && !is_believed(factor, spans.size(), hosts.size())) {
        continue;
      }
      UnitChange change{metric.name,
                        metric.unit,
                        factor,
                        {},
                        hosts.size(),
                        std::numeric_limits<double>::infinity(),
                        0};
      for (const auto& [h, span] : spans) {
        found.hosts[h].spans.emplace_back(static_cast<Index>(d), span);
        change.hosts.push_back(hosts[h].name);
        change.from = std::min(change.from, table.timestamps[hosts[h].rows[span.begin]]);
        for (Index i = span.begin; i < span.end; ++i) {
          change.values += std::isnan(table.values(hosts[h].rows[i], columns[d])) ? 0 : 1;
        }
      }
      found.changes.push_back(std::move(change));
    }
  }
  return found;
}

}  // namespace rolemix
