#include "train/other_units.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "samples/unit_change.h"
#include "train/impossible_values.h"

namespace rolemix {
namespace {

/// Of a host's rows: [first, last).
using HostRange = std::pair<Index, Index>;

std::vector<HostRange> ranges_of_hosts(const TrainingRows& rows) {
  std::vector<HostRange> ranges;
  for (Index i = 0; i < std::ssize(rows.host); ++i) {
    if (i == 0 || rows.host[i] != rows.host[i - 1]) {
      ranges.emplace_back(i, i);
    }
    ranges.back().second = i + 1;
  }
  return ranges;
}

/// Whether all were in the other unit at some time.
bool are_at_once(const TrainingRows& rows, const std::vector<UnitSpan>& spans) {
  double latest_begin = -std::numeric_limits<double>::infinity();
  double earliest_end = std::numeric_limits<double>::infinity();
  for (const UnitSpan& span : spans) {
    latest_begin = std::max(latest_begin, rows.timestamps[span.begin]);
    earliest_end = std::min(earliest_end, rows.timestamps[span.end - 1]);
  }
  return latest_begin <= earliest_end;
}

/// Of a host's values but those from begin to end; else the role's.
UsualValues usual_of_host(std::span<const double> values, Index begin, Index end,
                          const UsualValues& role) {
  std::vector<double> others(values.begin(), values.begin() + begin);
  others.insert(others.end(), values.begin() + end, values.end());
  return usual_values_of_one_unit(others).value_or(role);
}

/// What the hosts without a span show in that unit while the others do. A standby that takes over
/// has changed in more than its unit, and may usually show what its role does not.
void add_other_hosts(const TrainingRows& rows, const std::vector<HostRange>& hosts,
                     std::span<const double> values, const UsualValues& usual,
                     std::vector<UnitSpan>& spans) {
  double from = std::numeric_limits<double>::infinity();
  double to = -from;
  std::set<std::int32_t> known;
  for (const UnitSpan& span : spans) {
    from = std::min(from, rows.timestamps[span.begin]);
    to = std::max(to, rows.timestamps[span.end - 1]);
    known.insert(rows.host[span.begin]);
  }
  for (const auto& [first, last] : hosts) {
    const auto times = std::span(rows.timestamps).subspan(first, last - first);
    const Index begin = std::ranges::lower_bound(times, from) - times.begin();
    const Index end = std::ranges::upper_bound(times, to) - times.begin();
    const auto of_host = values.subspan(first, last - first);
    const UnitSpan span =
        span_of_unit(of_host.subspan(begin, end - begin), usual_of_host(of_host, begin, end, usual),
                     spans.front().factor);
    if (span.end > 0 && !known.contains(rows.host[first])) {
      spans.push_back({first + begin + span.begin, first + begin + span.end, span.factor});
    }
  }
  std::ranges::sort(spans, {}, &UnitSpan::begin);
}

/// spans: one of each host that has one, in rows.
UnitChange change_of(const SampleTable& table, const TrainingRows& rows, const Vector& values,
                     const std::vector<UnitSpan>& spans) {
  UnitChange change;
  change.factor = spans.front().factor;
  change.of = static_cast<std::size_t>(rows.hosts);
  change.from = std::numeric_limits<double>::infinity();
  for (const UnitSpan& span : spans) {
    change.hosts.push_back(table.hosts[table.host[rows.table_row[span.begin]]]);
    change.from = std::min(change.from, rows.timestamps[span.begin]);
    change.values +=
        std::ranges::count_if(values.segment(span.begin, span.end - span.begin), tells_unit);
  }
  return change;
}

}  // namespace

void leave_out_other_units(const SampleTable& table, const TrainingRows& rows,
                           const TrainOptions& options, Matrix& values, TrainReport& report) {
  const std::vector<HostRange> hosts = ranges_of_hosts(rows);
  std::vector<UnitChange> changes;
  for (Index d = 0; d < values.cols(); ++d) {
    const MetricRule rule = rule_of(options, table.metrics[d]);
    const Vector column = values.col(d);
    const auto all = std::span(column.data(), static_cast<std::size_t>(column.size()));
    const std::string unit = unit_of(rule, table.metrics[d]);
    const auto usual = rule.drop ? std::nullopt : usual_values(all);
    if (!usual) {
      continue;
    }
    std::map<double, std::vector<UnitSpan>> by_factor;  // one a host at most
    for (const auto& [first, last] : hosts) {
      if (auto span = span_of_other_unit(all.subspan(first, last - first), *usual, unit)) {
        by_factor[span->factor].push_back({first + span->begin, first + span->end, span->factor});
      }
    }
    for (auto& [factor, spans] : by_factor) {
      const std::size_t at_once = are_at_once(rows, spans) ? spans.size() : 1;
      if (!is_believed(factor, at_once, hosts.size())) {
        continue;
      }
      if (are_most(at_once, hosts.size())) {
        add_other_hosts(rows, hosts, all, *usual, spans);
      }
      changes.push_back(change_of(table, rows, column, spans));
      changes.back().metric = table.metrics[d];
      for (const UnitSpan& span : spans) {
        for (double& value : values.col(d).segment(span.begin, span.end - span.begin)) {
          value = tells_unit(value) ? std::numeric_limits<double>::quiet_NaN() : value;
        }
      }
    }
  }
  for (Notice& said : notices_of(changes)) {
    report.notices.push_back(std::move(said));
  }
}

}  // namespace rolemix
