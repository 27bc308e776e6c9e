#include "table/sample_table.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "base/escape.h"
#include "base/sort_indices.h"
#include "table/name_index.h"
#include "table/timestamp.h"

namespace rolemix {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::string count(Index number, std::string_view noun) {
  return std::to_string(number) + ' ' + std::string(noun);
}

Result<void> validate_sizes(const TableView& table) {
  const Index rows = table.rows();
  const Index metrics = std::ssize(table.metrics);
  if (metrics != table.values.cols()) {
    return fail(ErrorCode::kShapeMismatch, "values: expected " + count(metrics, "columns") +
                                               ", one per metric, got " +
                                               std::to_string(table.values.cols()));
  }
  if (std::ssize(table.host) != rows) {
    return fail(ErrorCode::kShapeMismatch, "host: expected " + count(rows, "entries") +
                                               ", one per row, got " +
                                               std::to_string(table.host.size()));
  }
  if (std::ssize(table.timestamps) != rows) {
    return fail(ErrorCode::kShapeMismatch, "timestamps: expected " + count(rows, "entries") +
                                               ", one per row, got " +
                                               std::to_string(table.timestamps.size()));
  }
  return {};
}

// Rows are numbered by std::int32_t.
Result<void> validate_row_count(const TableView& table) {
  constexpr std::size_t kMaxRows = std::numeric_limits<std::int32_t>::max();
  if (table.host.size() <= kMaxRows) return {};
  return fail(ErrorCode::kInvalidArgument, "host: expected at most " + std::to_string(kMaxRows) +
                                               " rows, got " + std::to_string(table.host.size()));
}

Result<void> validate_names(std::span<const std::string> names, const std::string& what) {
  NameIndex seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string where = what + '[' + std::to_string(i) + "]: ";
    if (names[i].empty()) {
      return fail(ErrorCode::kInvalidArgument, where + "expected a name, got \"\"");
    }
    const auto first = static_cast<std::size_t>(seen.find_or_add(names[i]));
    if (first != i) {
      return fail(ErrorCode::kInvalidArgument, where + "expected a name other than that of " +
                                                   what + '[' + std::to_string(first) + "], got " +
                                                   in_quotes(names[i]));
    }
  }
  return {};
}

Result<void> validate_rows(const TableView& table) {
  for (std::size_t row = 0; row < table.host.size(); ++row) {
    if (table.host[row] < 0 || table.host[row] >= std::ssize(table.hosts)) {
      return fail(ErrorCode::kInvalidArgument, "host[" + std::to_string(row) +
                                                   "]: expected an index into " +
                                                   count(std::ssize(table.hosts), "hosts") +
                                                   ", got " + std::to_string(table.host[row]));
    }
    if (!std::isfinite(table.timestamps[row])) {
      return fail(ErrorCode::kNotFinite,
                  "timestamps[" + std::to_string(row) +
                      "]: expected a finite number of seconds, got " +
                      (std::isnan(table.timestamps[row]) ? "NaN" : "an infinity"));
    }
  }
  return {};
}

Result<void> validate_values(const TableView& table) {
  const double* value = table.values.data();  // all of them lie together
  const double* end = value + table.values.size();
  if (std::none_of(value, end, [](double number) { return std::isinf(number); })) return {};
  for (Index row = 0; row < table.rows(); ++row) {
    for (Index metric = 0; metric < table.values.cols(); ++metric) {
      if (!std::isinf(table.values(row, metric))) continue;
      return fail(ErrorCode::kNotFinite, "row " + std::to_string(row) + ", metric " +
                                             in_quotes(table.metrics[metric]) +
                                             ": expected a finite number or NaN, got an infinity");
    }
  }
  return {};
}

// Hosts by name, without those that have no row.
std::vector<HostRows> group_by_host(const TableView& table) {
  std::vector<std::int32_t> by_name(table.hosts.size());
  std::iota(by_name.begin(), by_name.end(), 0);
  sort_indices(by_name,
               [&](std::int32_t a, std::int32_t b) { return table.hosts[a] < table.hosts[b]; });
  std::vector<HostRows> groups(table.hosts.size());
  std::vector<std::int32_t> place(table.hosts.size());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i].host = by_name[i];
    place[by_name[i]] = static_cast<std::int32_t>(i);
  }
  for (std::size_t row = 0; row < table.host.size(); ++row) {
    groups[place[table.host[row]]].rows.push_back(static_cast<std::int32_t>(row));
  }
  std::erase_if(groups, [](const HostRows& group) { return group.rows.empty(); });
  return groups;
}

std::string duplicate_timestamp(const TableView& table, std::int32_t host, std::int32_t first,
                                std::int32_t second) {
  static const RowOrigins kUnknown;
  const RowOrigins& origins = table.origins == nullptr ? kUnknown : *table.origins;
  const double timestamp = table.timestamps[first];
  const std::string when = std::abs(timestamp) < 1e15 ? " at " + shown_time(timestamp) : "";
  return origins.place(second) + ": host " + in_quotes(table.hosts[host]) +
         ": expected one sample per timestamp, got another" + when + " than " +
         origins.place(first) +
         "; where clocks went back to winter time, give timestamps in UTC; where two hosts have "
         "one "
         "name, tell them apart";
}

/// Whether two rows have the same values, and lack the same.
bool same_values(const TableView& table, std::int32_t a, std::int32_t b) {
  for (Index d = 0; d < table.values.cols(); ++d) {
    const double x = table.values(a, d);
    const double y = table.values(b, d);
    if (x != y && !(std::isnan(x) && std::isnan(y))) return false;
  }
  return true;
}

/// Takes rows out that repeat the one before. What is wrong when one differs from it; else nothing.
std::string take_repeated_out(const TableView& table, HostRows& group) {
  std::size_t kept = 0;
  for (std::size_t i = 1; i < group.rows.size(); ++i) {
    const std::int32_t first = group.rows[kept];
    const std::int32_t row = group.rows[i];
    if (table.timestamps[first] != table.timestamps[row]) {
      group.rows[++kept] = row;
    } else if (same_values(table, first, row)) {
      group.repeated.push_back({row, first});
    } else {
      return duplicate_timestamp(table, group.host, first, row);
    }
  }
  group.rows.resize(kept + 1);
  return "";
}

// For every metric its column in the table, -1 for one that the table lacks.
std::vector<Index> find_columns(const SampleTable& table, const std::vector<std::string>& metrics) {
  NameIndex known;
  for (const std::string& metric : table.metrics) known.find_or_add(metric);
  std::vector<Index> columns;
  columns.reserve(metrics.size());
  for (const std::string& metric : metrics) columns.push_back(known.find(metric));
  return columns;
}

// Writes the given columns of `from` into the rows of `to` that start at `first`; -1 gives NaN.
void copy_columns(const Matrix& from, const std::vector<Index>& columns, Index first, Matrix& to) {
  for (Index row = 0; row < from.rows(); ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      to(first + row, static_cast<Index>(i)) = columns[i] < 0 ? kMissing : from(row, columns[i]);
    }
  }
}

/// Seconds between each sample of a host and the next.
std::vector<double> gaps_of(const std::vector<double>& times) {
  std::vector<double> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) gaps.push_back(times[i] - times[i - 1]);
  return gaps;
}

/// Of two in the middle the smaller one; 0 of none.
double lower_median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + (std::ssize(values) - 1) / 2;
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

Result<void> check_table_size(std::size_t rows, std::size_t metrics, std::uint64_t most_bytes) {
  if (table_bytes(rows, metrics) <= most_bytes) return {};
  return fail(ErrorCode::kTooLarge, "expected a table of at most " + size_text(most_bytes) +
                                        " (8 bytes x rows x (metrics + 2)), got 8 x " +
                                        std::to_string(rows) + " x (" + std::to_string(metrics) +
                                        " + 2)");
}

TableView::TableView(const SampleTable& table)
    : metrics(table.metrics),
      hosts(table.hosts),
      host(table.host),
      timestamps(table.timestamps),
      values(table.values.data(), table.values.rows(), table.values.cols(),
             {table.values.cols(), 1}),
      origins(&table.origins) {}

TableView::TableView(std::span<const std::string> metric_names,
                     std::span<const std::string> host_names,
                     std::span<const std::int32_t> host_indices, std::span<const double> times,
                     const double* columns)
    : metrics(metric_names),
      hosts(host_names),
      host(host_indices),
      timestamps(times),
      values(columns, std::ssize(times), std::ssize(metric_names), {1, std::ssize(times)}) {}

SampleTable table_of(const TableView& view) {
  return {{view.metrics.begin(), view.metrics.end()},
          {view.hosts.begin(), view.hosts.end()},
          {view.host.begin(), view.host.end()},
          {view.timestamps.begin(), view.timestamps.end()},
          view.values,
          {},
          view.origins == nullptr ? RowOrigins() : *view.origins};
}

Result<void> validate(const TableView& table) {
  if (const auto sizes = validate_sizes(table); !sizes) return sizes;
  if (const auto rows = validate_row_count(table); !rows) return rows;
  if (const auto metrics = validate_names(table.metrics, "metrics"); !metrics) return metrics;
  if (const auto hosts = validate_names(table.hosts, "hosts"); !hosts) return hosts;
  if (const auto rows = validate_rows(table); !rows) return rows;
  return validate_values(table);
}

Result<std::vector<HostRows>> rows_by_host(const TableView& table, std::vector<Notice>* notices) {
  constexpr std::size_t kMostNamed = 10;
  if (const auto rows = validate_row_count(table); !rows) return std::unexpected(rows.error());
  std::vector<HostRows> groups = group_by_host(table);
  std::string first_fault;
  std::size_t faults = 0;
  const auto timestamp = [&](std::int32_t row) { return table.timestamps[row]; };
  for (HostRows& group : groups) {
    sort_indices(group.rows,
                 [&](std::int32_t a, std::int32_t b) { return timestamp(a) < timestamp(b); });
    if (std::ranges::adjacent_find(group.rows, {}, timestamp) == group.rows.end()) continue;
    const std::string fault = take_repeated_out(table, group);
    if (fault.empty()) continue;
    group.rows.clear();
    if (notices == nullptr) return fail(ErrorCode::kInvalidArgument, fault);
    if (first_fault.empty()) first_fault = fault;
    if (++faults <= kMostNamed) {
      notices->push_back(notice("host_left_out", fault + ": the host is left out"));
      notices->back().host = table.hosts[group.host];
      notices->back().left_out = true;
    }
  }
  std::erase_if(groups, [](const HostRows& group) { return group.rows.empty(); });
  if (groups.empty() && faults > 0) {
    return fail(ErrorCode::kInvalidArgument, std::move(first_fault));
  }
  if (faults > kMostNamed) {
    notices->push_back(
        notice("host_left_out", "and so " + std::to_string(faults - kMostNamed) + " more hosts"));
  }
  return groups;
}

SampleTable concatenate(std::vector<SampleTable> tables) {
  if (tables.size() == 1) return std::move(tables.front());
  NameIndex metrics;
  NameIndex hosts;
  Index rows = 0;
  for (const SampleTable& table : tables) {
    for (const std::string& metric : table.metrics) metrics.find_or_add(metric);
    for (const std::string& host : table.hosts) hosts.find_or_add(host);
    rows += table.rows();
  }

  SampleTable all;
  all.metrics = metrics.names();
  all.hosts = hosts.names();
  all.host.reserve(static_cast<std::size_t>(rows));
  all.timestamps.reserve(static_cast<std::size_t>(rows));
  all.values.resize(rows, std::ssize(all.metrics));
  Index first = 0;
  for (SampleTable& table : tables) {
    for (const std::int32_t host : table.host) {
      all.host.push_back(hosts.find(table.hosts[host]));
    }
    all.timestamps.insert(all.timestamps.end(), table.timestamps.begin(), table.timestamps.end());
    std::ranges::move(table.notices, std::back_inserter(all.notices));
    all.origins.append(table.origins, static_cast<std::int32_t>(first));
    copy_columns(table.values, find_columns(table, all.metrics), first, all.values);
    first += table.rows();
    table = {};  // its memory goes back before the next part of `all` is touched
  }
  return all;
}

Matrix select_metrics(const SampleTable& table, const std::vector<std::string>& names,
                      std::vector<std::string>& missing) {
  if (names == table.metrics) return table.values;
  const std::vector<Index> columns = find_columns(table, names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (columns[i] < 0) missing.push_back(names[i]);
  }
  Matrix values(table.rows(), std::ssize(names));
  copy_columns(table.values, columns, 0, values);
  return values;
}

std::vector<std::vector<double>> times_of(const SampleTable& table,
                                          const std::vector<HostRows>& hosts) {
  std::vector<std::vector<double>> times;
  for (const HostRows& host : hosts) {
    std::vector<double>& of_host = times.emplace_back();
    for (const std::int32_t row : host.rows) of_host.push_back(table.timestamps[row]);
  }
  return times;
}

double median_interval(const std::vector<std::vector<double>>& times) {
  std::vector<double> all;
  for (const std::vector<double>& host : times) {
    const std::vector<double> gaps = gaps_of(host);
    all.insert(all.end(), gaps.begin(), gaps.end());
  }
  return lower_median(std::move(all));
}

double host_days(const std::vector<std::vector<double>>& times) {
  constexpr double kDay = 86400;
  constexpr double kGapIntervals = 3;
  double seconds = 0;
  for (const std::vector<double>& host : times) {
    if (host.empty()) continue;
    const std::vector<double> gaps = gaps_of(host);
    const double usual = lower_median(gaps);
    seconds += usual;
    for (const double gap : gaps) {
      seconds += gap > kGapIntervals * usual ? usual : gap;
    }
  }
  return seconds / kDay;
}

SampleTable select_rows(const SampleTable& table, const std::vector<std::int32_t>& rows) {
  SampleTable selected;
  selected.metrics = table.metrics;
  selected.hosts = table.hosts;
  selected.host.reserve(rows.size());
  selected.timestamps.reserve(rows.size());
  for (const std::int32_t row : rows) {
    selected.host.push_back(table.host[row]);
    selected.timestamps.push_back(table.timestamps[row]);
  }
  selected.values.resize(std::ssize(rows), table.values.cols());
  for (Index i = 0; i < selected.rows(); ++i) selected.values.row(i) = table.values.row(rows[i]);
  return selected;
}

}  // namespace rolemix
