#include "samples/other_units.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace rolemix {
namespace {

UsualValues usual_of(const MetricSpec& metric) {
  return {metric.usual_low, metric.median, metric.usual_high};
}

/// What goes on with the unit of the samples before, else what changed among these.
std::optional<UnitSpan> span_of(std::span<const double> values, const UsualValues& usual,
                                double before, std::string_view unit) {
  if (before > 0) {
    Index end = 0;
    while (end < std::ssize(values) &&
           (!tells_unit(values[end]) || is_of_other_unit(values[end], usual, before))) {
      ++end;
    }
    if (end > 0) {
      return UnitSpan{0, end, before};
    }
  }
  return span_of_other_unit(values, usual, unit);
}

/// A metric's spans on hosts, in order of the hosts.
using HostSpans = std::vector<std::pair<std::size_t, UnitSpan>>;

std::vector<double> values_of(const TableView& table, Index column, const HostTable& host) {
  std::vector<double> values;
  for (const std::int32_t row : host.rows) {
    values.push_back(table.values(row, column));
  }
  return values;
}

HostSpans spans_of(const MetricSpec& metric, Index d, const TableView& table, Index column,
                   std::span<const HostTable> hosts) {
  const UsualValues usual = usual_of(metric);
  HostSpans spans;
  for (std::size_t h = 0; h < hosts.size(); ++h) {
    const double before = hosts[h].units.empty() ? 0 : hosts[h].units[d];
    // Of most hosts no value is copied: none is where the role never was.
    const bool is_usual = std::ranges::all_of(hosts[h].rows, [&](std::int32_t row) {
      const double value = table.values(row, column);
      return !(value < usual.low || value > usual.high);  // NaN: missing
    });
    if (is_usual && before == 0) {
      continue;
    }
    if (const auto span = span_of(values_of(table, column, hosts[h]), usual, before, metric.unit)) {
      spans.emplace_back(h, *span);
    }
  }
  return spans;
}

/// Of one metric those of a factor, if they are believed: where most hosts are in that unit at
/// once, also what others show in it then. A standby that takes over has changed in more than its
/// unit.
void take(const MetricSpec& metric, Index d, double factor, const HostSpans& all,
          const TableView& table, Index column, std::span<const HostTable> hosts,
          FoundUnits& found) {
  UnitChange change{
      metric.name, factor, {}, hosts.size(), std::numeric_limits<double>::infinity(), 0};
  const auto time = [&](std::size_t h, Index i) { return table.timestamps[hosts[h].rows[i]]; };
  bool goes_on = false;
  std::size_t count = 0;
  double latest_begin = -change.from;
  double earliest_end = change.from;
  double latest_end = -change.from;
  for (const auto& [h, span] : all) {
    if (span.factor == factor) {
      ++count;
      latest_begin = std::max(latest_begin, time(h, span.begin));
      earliest_end = std::min(earliest_end, time(h, span.end - 1));
      latest_end = std::max(latest_end, time(h, span.end - 1));
      change.from = std::min(change.from, time(h, span.begin));
      goes_on |= !hosts[h].units.empty() && hosts[h].units[d] == factor;
    }
  }
  const std::size_t at_once = latest_begin <= earliest_end ? count : 1;
  if (!goes_on && !is_believed(factor, at_once, hosts.size())) {
    return;
  }
  auto known = all.begin();
  for (std::size_t h = 0; h < hosts.size(); ++h) {
    UnitSpan span;
    if (known != all.end() && known->first == h) {
      span = (known++)->second;
    } else if (are_most(at_once, hosts.size())) {
      span = span_of_unit(values_of(table, column, hosts[h]), usual_of(metric), factor);
    }
    if (span.end == 0 || span.factor != factor || time(h, span.end - 1) < change.from ||
        time(h, span.begin) > latest_end) {
      continue;
    }
    found.spans.push_back({h, d, span});
    change.hosts.emplace_back(hosts[h].name);
    for (Index i = span.begin; i < span.end; ++i) {
      change.values += tells_unit(table.values(hosts[h].rows[i], column)) ? 1 : 0;
    }
  }
  found.changes.push_back(std::move(change));
}

}  // namespace

FoundUnits find_other_units(const RoleModel& model, const TableView& table,
                            std::span<const Index> columns, std::span<const HostTable> hosts) {
  FoundUnits found;
  for (Index d = 0; d < std::ssize(columns); ++d) {
    const MetricSpec& metric = model.metrics[d];
    if (columns[d] < 0 || !usual_of(metric).tell()) {
      continue;
    }
    const HostSpans spans = spans_of(metric, d, table, columns[d], hosts);
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const double factor = spans[i].second.factor;
      bool is_first = true;
      for (std::size_t before = 0; before < i; ++before) {
        is_first &= spans[before].second.factor != factor;
      }
      if (is_first) {
        take(metric, d, factor, spans, table, columns[d], hosts, found);
      }
    }
  }
  return found;
}

}  // namespace rolemix
