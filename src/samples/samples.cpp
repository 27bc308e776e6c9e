#include "samples/samples.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <utility>

#include "base/sort_indices.h"
#include "model/units.h"
#include "samples/other_units.h"
#include "table/far_rows.h"
#include "table/name_index.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The index of the host of this name in by_name, or where it belongs.
std::vector<std::int32_t>::const_iterator place_of_name(const Samples& samples,
                                                        std::string_view name) {
  return std::ranges::lower_bound(
      samples.by_name, name, {},
      [&](std::int32_t host) -> const std::string& { return samples.hosts[host].name; });
}

std::int32_t find_or_add(const RoleModel& model, const std::string& name, HostState before,
                         Samples& samples) {
  const auto place = place_of_name(samples, name);
  if (place != samples.by_name.end() && samples.hosts[*place].name == name) {
    return *place;
  }
  const auto host = static_cast<std::int32_t>(samples.hosts.size());
  samples.by_name.insert(place, host);
  HostSamples& added = samples.hosts.emplace_back();
  added.name = name;
  added.level = HostLevel(model.metrics, before.level);
  added.before = std::move(before);
  return host;
}

/// Room for more elements, at least as many as there are: a table of one row after another costs
/// no more than all at once.
template <typename T>
void make_room(std::size_t more, std::vector<T>& elements) {
  if (elements.capacity() - elements.size() < more) {
    elements.reserve(elements.size() + std::max(elements.size(), more));
  }
}

/// Level of the host's next samples, whose times and numbers are there.
void follow_level(const RoleModel& model, HostSamples& host) {
  const std::size_t dimensions = model.metrics.size();
  make_room(host.times.size() - host.level_of.size(), host.level_of);
  for (std::size_t i = host.level_of.size(); i < host.times.size(); ++i) {
    const double time = host.times[i];
    if (!host.level.advance(time)) {
      host.level_of.push_back(-1);
    } else {
      if (host.levels.empty() || host.level.version() != host.level_version) {
        host.levels.resize(host.levels.size() + dimensions);
        host.level.medians(host.levels.data() + host.levels.size() - dimensions);
        host.level_version = host.level.version();
      }
      host.level_of.push_back(static_cast<std::int32_t>(host.levels.size() / dimensions) - 1);
    }
    host.level.add(model.metrics, time, host.numbers.data() + i * dimensions);
  }
}

/// Of each of the model's metrics the table's column, -1 for one that it lacks.
Result<std::vector<Index>> columns_of(const RoleModel& model, const TableView& table) {
  NameIndex known;
  for (const std::string& metric : table.metrics) {
    known.find_or_add(metric);
  }
  std::vector<Index> columns;
  for (const MetricSpec& metric : model.metrics) {
    columns.push_back(known.find(metric.name));
  }
  if (std::ranges::all_of(columns, [](Index column) { return column < 0; })) {
    return fail(ErrorCode::kInvalidArgument,
                "the table has none of the model's " + std::to_string(columns.size()) +
                    " metrics (the first is " + model.metrics.front().name + ")");
  }
  return columns;
}

/// Finds the metrics of which nobody has a value, and those that some hosts lack.
void find_missing(const RoleModel& model, const TableView& table, const std::vector<Index>& columns,
                  const std::vector<HostRows>& hosts, Samples& samples) {
  samples.missing_metrics.clear();
  samples.lacking.clear();
  for (std::size_t d = 0; d < columns.size(); ++d) {
    LackingHosts lacking{model.metrics[d].name, {}, hosts.size()};
    for (const HostRows& host : hosts) {
      if (columns[d] < 0 ||
          std::ranges::all_of(
              host.rows,
              [&](std::int32_t row) { return std::isnan(table.values(row, columns[d])); })) {
        lacking.hosts.push_back(table.hosts[host.host]);
      }
    }
    if (lacking.hosts.size() == hosts.size() && (columns[d] < 0 || !hosts.empty())) {
      samples.missing_metrics.push_back(lacking.metric);
    } else if (!lacking.hosts.empty()) {
      samples.lacking.push_back(std::move(lacking));
    }
  }
}

/// Of each host one entry, whatever number of tables it is in.
void note(FarSamples far, Samples& samples) {
  const auto known = std::ranges::find_if(samples.far, [&](const FarSamples& of) {
    return of.host == far.host && of.done == far.done;
  });
  if (known == samples.far.end()) {
    samples.far.push_back(std::move(far));
  } else {
    known->count += far.count;
    known->time = far.time;
  }
}

/// Values that are in another unit are missing. h: of the host in `units`.
void leave_out(const FoundUnits& units, std::size_t h, Index first, HostSamples& host) {
  const auto dimensions = host.dimensions();
  host.units.clear();
  for (const auto& [of, d, span] : units.spans) {
    if (of != h) {
      continue;
    }
    const auto tells = [&](Index i) { return tells_unit(host.numbers[i * dimensions + d]); };
    for (Index i = first + span.begin; i < first + span.end; ++i) {
      if (tells(i)) {
        host.numbers[i * dimensions + d] = kNaN;
      }
    }
    Index next = first + span.end;
    while (next < host.size() && !tells(next)) {
      ++next;
    }
    if (next == host.size()) {
      host.units.resize(static_cast<std::size_t>(dimensions));
      host.units[d] = span.factor;
    }
  }
}

/// Later rows of the table become samples of the host.
void add_rows(const RoleModel& model, const TableView& table, const std::vector<Index>& columns,
              std::span<const std::int32_t> rows, const FoundUnits& units, std::size_t h,
              HostSamples& host) {
  const std::size_t dimensions = columns.size();
  const Index before = host.size();
  make_room(rows.size() * dimensions, host.numbers);
  make_room(rows.size(), host.times);
  for (const std::int32_t row : rows) {
    host.times.push_back(table.timestamps[row]);
  }
  // Some rows at a time: columns lie far apart, and so do rows.
  constexpr std::size_t kRows = 64;
  std::vector<double> block(std::min(kRows, rows.size()) * dimensions, kNaN);
  const double* values = table.values.data();
  for (std::size_t first = 0; first < rows.size(); first += kRows) {
    const auto some = rows.subspan(first, std::min(kRows, rows.size() - first));
    for (std::size_t d = 0; d < dimensions; ++d) {
      if (columns[d] < 0) {
        continue;
      }
      const double* column = values + columns[d] * table.values.colStride();
      for (std::size_t i = 0; i < some.size(); ++i) {
        block[i * dimensions + d] = column[some[i] * table.values.rowStride()];
      }
    }
    const auto size = static_cast<std::ptrdiff_t>(some.size() * dimensions);
    host.numbers.insert(host.numbers.end(), block.begin(), block.begin() + size);
  }
  if (!units.spans.empty() || !host.units.empty()) {
    leave_out(units, h, before, host);
  }
  follow_level(model, host);
}

}  // namespace

Matrix HostSamples::shifts(const RoleModel& model, Index first, Index count) const {
  const Index dimensions = model.dimensions();
  const Vector role = medians(model);
  Matrix result(count, dimensions);
  for (Index i = 0; i < count; ++i) {
    const std::int32_t own = level_of[first + i];
    if (own < 0) {
      result.row(i).setConstant(kNaN);
    } else if (i > 0 && own == level_of[first + i - 1]) {
      result.row(i) = result.row(i - 1);
    } else {
      for (Index d = 0; d < dimensions; ++d) {
        result(i, d) = in_tolerances(model.metrics[d], levels[own * dimensions + d]) - role[d];
      }
    }
  }
  return result;
}

Index HostSamples::first_from(double time) const {
  return std::ranges::lower_bound(times, time) - times.begin();
}

Index HostSamples::at(double time) const {
  const Index first = first_from(time);
  return first < size() && times[first] == time ? first : -1;
}

const HostSamples* Samples::find(std::string_view name) const {
  const auto place = place_of_name(*this, name);
  if (place == by_name.end() || hosts[*place].name != name || hosts[*place].size() == 0) {
    return nullptr;
  }
  return &hosts[*place];
}

std::vector<std::vector<double>> Samples::times() const {
  std::vector<std::vector<double>> times;
  for (const HostSamples& host : hosts) {
    if (host.size() > 0) {
      times.push_back(host.times);
    }
  }
  return times;
}

namespace {

/// As append; `done`: with what is not believed.
Result<std::vector<std::int32_t>> append(const RoleModel& model, const TableView& table,
                                         FarTime done, Samples& samples) {
  std::vector<Notice> left_out;
  auto by_host = rows_by_host(table, done == FarTime::kKept ? nullptr : &left_out);
  if (!by_host) {
    return std::unexpected(by_host.error());
  }
  const auto columns = columns_of(model, table);
  if (!columns) {
    return std::unexpected(columns.error());
  }
  samples.left_out_hosts = std::move(left_out);
  find_missing(model, table, *columns, *by_host, samples);
  auto believed = believed_rows(table, *by_host, model.calibration.interval_seconds);
  for (std::size_t h = 0; h < believed.size(); ++h) {
    if (FarSamples far = far_samples(table, (*by_host)[h], believed[h], done); far.count > 0) {
      note(std::move(far), samples);
    }
  }
  std::vector<HostTable> taken(believed.size());
  for (std::size_t h = 0; h < believed.size(); ++h) {
    std::span<const std::int32_t> later = (*by_host)[h].rows;
    if (done == FarTime::kLeftOut) {
      later = believed[h];
    }
    taken[h] = {table.hosts[(*by_host)[h].host], later, {}};
    if (later.empty()) {
      continue;
    }
    const HostSamples& host =
        samples.hosts[find_or_add(model, table.hosts[(*by_host)[h].host], {}, samples)];
    const double last = host.size() > 0 ? host.times.back() : host.before.last_at;
    while (!later.empty() && table.timestamps[later.front()] <= last) {
      later = later.subspan(1);
    }
    samples.passed_over += static_cast<std::int64_t>(taken[h].rows.size() - later.size());
    taken[h].rows = later;
    taken[h].units = host.units;
  }
  FoundUnits units = find_other_units(model, table, *columns, taken);
  samples.unit_changes = std::move(units.changes);
  std::vector<Samples::Place> places(static_cast<std::size_t>(table.rows()), {-1, 0});
  for (std::size_t h = 0; h < taken.size(); ++h) {
    const std::span<const std::int32_t> later = taken[h].rows;
    if (later.empty()) {
      continue;
    }
    const std::int32_t place = find_or_add(model, table.hosts[(*by_host)[h].host], {}, samples);
    HostSamples& host = samples.hosts[place];
    auto sample = static_cast<std::int32_t>(host.size());
    for (const std::int32_t row : later) {
      places[row] = {place, sample++};
    }
    host.rows.resize(static_cast<std::size_t>(sample));
    add_rows(model, table, *columns, later, units, h, host);
    for (const RepeatedRow& repeated : (*by_host)[h].repeated) {
      places[repeated.row] = places[repeated.first];
    }
  }
  std::vector<RepeatedRow> repeated;
  for (const HostRows& host : *by_host) {
    repeated.insert(repeated.end(), host.repeated.begin(), host.repeated.end());
  }
  *by_host = {};  // of large tables the memory is needed
  // Rows are numbered in the order in which they came, whichever host they are of.
  std::vector<std::int32_t> row_of(places.size(), -1);
  make_room(places.size(), samples.places);
  for (std::size_t row = 0; row < places.size(); ++row) {
    if (places[row].host >= 0) {
      row_of[row] = samples.rows();
      samples.hosts[places[row].host].rows[places[row].sample] = row_of[row];
      samples.places.push_back(places[row]);
    }
  }
  for (const auto& [row, first] : repeated) {
    if (places[row].host >= 0) {
      samples.hosts[places[row].host].rows[places[row].sample] = row_of[first];
      samples.repeated.push_back({row_of[row], row_of[first]});
    }
  }
  return row_of;
}

}  // namespace

Result<Samples> samples_of(const RoleModel& model, const TableView& table) {
  Samples samples;
  if (auto rows = append(model, table, FarTime::kKept, samples); !rows) {
    return std::unexpected(rows.error());
  }
  return samples;
}

namespace {

/// The last time that is believed; -infinity of an empty table.
double last_time(const TableView& table, const std::vector<HostRows>& hosts, double interval) {
  double last = -std::numeric_limits<double>::infinity();
  for (const auto& rows : believed_rows(table, hosts, interval)) {
    last = rows.empty() ? last : std::max(last, table.timestamps[rows.back()]);
  }
  return last;
}

}  // namespace

Result<Samples> samples_of(const RoleModel& model, const TableView& table,
                           const HostStates& before) {
  const double interval = model.calibration.interval_seconds;
  std::vector<Notice> left_out;  // append says so
  const auto by_host = before.empty() ? std::vector<HostRows>() : rows_by_host(table, &left_out);
  if (!by_host) {
    return std::unexpected(by_host.error());
  }
  const double latest = last_time(table, *by_host, interval) + far_time(interval);
  const auto far =
      std::ranges::count_if(before, [&](const auto& host) { return host.second.last_at > latest; });
  const bool few = 3 * far <= std::ssize(before);  // as of believed_rows
  Samples samples;
  for (const auto& [name, state] : before) {
    const bool is_far = std::isfinite(latest) && state.last_at > latest;
    // The level of the last day is that of a sample, or of some of half an hour.
    if (is_far && (few || state.level.times.size() <= 1)) {
      samples.far.push_back({name, 1, state.last_at, FarTime::kForgotten});
    } else {
      find_or_add(model, name, state, samples);
    }
  }
  if (auto rows = append(model, table, samples); !rows) {
    return std::unexpected(rows.error());
  }
  return samples;
}

Result<std::vector<std::int32_t>> append(const RoleModel& model, const TableView& table,
                                         Samples& samples) {
  return append(model, table, FarTime::kLeftOut, samples);
}

Samples with_metrics_of(const RoleModel& edited, const RoleModel& model, const Samples& samples) {
  std::vector<std::size_t> columns;
  for (std::size_t d = 0; d < model.metrics.size(); ++d) {
    if (columns.size() < edited.metrics.size() &&
        edited.metrics[columns.size()].name == model.metrics[d].name) {
      columns.push_back(d);
    }
  }
  const auto selected = [&](const std::vector<double>& all) {
    std::vector<double> some;
    some.reserve(all.size() / model.metrics.size() * columns.size());
    for (std::size_t row = 0; row < all.size(); row += model.metrics.size()) {
      for (const std::size_t d : columns) {
        some.push_back(all[row + d]);
      }
    }
    return some;
  };
  Samples result;
  result.by_name = samples.by_name;
  result.places = samples.places;
  result.passed_over = samples.passed_over;
  result.left_out_hosts = samples.left_out_hosts;
  result.far = samples.far;
  result.repeated = samples.repeated;
  const auto of_left = [&](const auto& all, auto name) {
    auto some = all;
    std::erase_if(some, [&](const auto& entry) {
      return std::ranges::find(edited.metrics, std::invoke(name, entry), &MetricSpec::name) ==
             edited.metrics.end();
    });
    return some;
  };
  result.missing_metrics = of_left(samples.missing_metrics, std::identity());
  result.lacking = of_left(samples.lacking, &LackingHosts::metric);
  result.unit_changes = of_left(samples.unit_changes, &UnitChange::metric);
  for (const HostSamples& host : samples.hosts) {
    HostSamples& of_edited = result.hosts.emplace_back();
    of_edited.name = host.name;
    of_edited.rows = host.rows;
    of_edited.times = host.times;
    of_edited.units = host.units.empty() ? host.units : selected(host.units);
    of_edited.numbers = selected(host.numbers);
    of_edited.before = host.before;
    of_edited.before.level.values = selected(host.before.level.values);
    of_edited.before.evidence.values = selected(host.before.evidence.values);
    of_edited.level = HostLevel(edited.metrics, of_edited.before.level);
    follow_level(edited, of_edited);
  }
  return result;
}

namespace {

/// Levels of samples that are gone, but for the last, which may be that of the next sample too.
void drop_unused_levels(HostSamples& host, Index dimensions) {
  Index first = dimensions > 0 ? std::ssize(host.levels) / dimensions - 1 : 0;
  for (const std::int32_t level : host.level_of) {
    first = level < 0 ? first : std::min<Index>(first, level);
  }
  if (first > 0) {
    host.levels.erase(host.levels.begin(), host.levels.begin() + first * dimensions);
    for (std::int32_t& level : host.level_of) {
      level -= level < 0 ? 0 : static_cast<std::int32_t>(first);
    }
  }
}

}  // namespace

void remove_first(const std::vector<Index>& counts, Samples& samples) {
  std::vector<std::int32_t> number(samples.places.size());
  std::vector<Samples::Place> places;
  std::erase_if(samples.repeated, [&](const RepeatedRow& repeated) {
    const auto [host, sample] = samples.places[repeated.row];
    return sample < counts[host];
  });
  for (std::size_t row = 0; row < number.size(); ++row) {
    const auto [host, sample] = samples.places[row];
    const auto left = static_cast<std::int32_t>(sample - counts[host]);
    number[row] = static_cast<std::int32_t>(places.size());
    if (left >= 0) {
      places.push_back({host, left});
    }
  }
  samples.places = std::move(places);
  for (RepeatedRow& repeated : samples.repeated) {
    repeated = {number[repeated.row], number[repeated.first]};
  }
  for (std::size_t h = 0; h < counts.size(); ++h) {
    HostSamples& host = samples.hosts[h];
    const Index dimensions = host.dimensions();
    const auto take = [](auto& from, Index count) {
      from.erase(from.begin(), from.begin() + count);
      from.shrink_to_fit();
    };
    take(host.numbers, counts[h] * dimensions);
    take(host.times, counts[h]);
    take(host.rows, counts[h]);
    take(host.level_of, counts[h]);
    for (std::int32_t& row : host.rows) {
      row = number[row];
    }
    drop_unused_levels(host, dimensions);
  }
}

}  // namespace rolemix
