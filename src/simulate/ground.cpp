#include "simulate/ground.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rolemix::simulation {
namespace {

constexpr double kHour = 3600;
constexpr double kDay = 86400;
constexpr double kMarginIntervals = 12;  // what an alert's memory and its closing take
constexpr double kShortest = 24;         // intervals of a stretch that is worth its dirt
constexpr int kAttempts = 40;

}  // namespace

Ground::Ground(Simulation simulation, const SimulateOptions& options)
    : simulation_(std::move(simulation)),
      interval_(options.interval),
      period_{options.start, options.start + options.days * kDay},
      seed_(2 * options.seed + (options.role == "db" ? 1 : 0)) {
  const SampleTable& table = simulation_.table;
  const std::size_t hosts = table.hosts.size();
  ends_.resize(hosts);
  for (std::size_t row = 0; row < table.host.size(); ++row) {
    ends_[static_cast<std::size_t>(table.host[row])] = static_cast<Index>(row) + 1;
  }
  for (std::size_t h = 1; h < hosts; ++h) ends_[h] = std::max(ends_[h], ends_[h - 1]);
  const double margin = std::max(kHour, kMarginIntervals * interval_);
  incidents_.resize(hosts);
  taken_.resize(hosts);
  answers_.resize(hosts);
  for (const Incident& incident : simulation_.incidents) {
    for (std::size_t h = 0; h < hosts; ++h) {
      if (!incident.host.empty() && incident.host != table.hosts[h]) continue;
      incidents_[h].push_back({incident.from - margin, incident.to + margin});
    }
  }
  removed_.resize(table.host.size());
}

Variates Ground::random(DirtKind kind) const {
  return {seed_, Stream::kDirt, static_cast<std::int64_t>(kind)};
}

int Ground::count(double host_days) const {
  const double all = static_cast<double>(hosts()) * (period_.to - period_.from) / kDay;
  return std::max(1, static_cast<int>(std::floor(all / host_days + 0.5)));
}

std::vector<std::size_t> Ground::some_hosts(double share, Variates& random,
                                            const std::vector<std::size_t>& avoid) const {
  std::vector<std::pair<double, std::size_t>> keys;
  for (std::size_t h = 0; h < hosts(); ++h) {
    const double key = random.uniform();
    if (std::ranges::find(avoid, h) == avoid.end()) keys.emplace_back(key, h);
  }
  std::ranges::sort(keys);
  const double wanted = std::max(1.0, std::floor(share * static_cast<double>(hosts()) + 0.5));
  keys.resize(std::min(keys.size(), static_cast<std::size_t>(wanted)));
  std::vector<std::size_t> some;
  some.reserve(keys.size());
  for (const auto& key : keys) some.push_back(key.second);
  return some;
}

Span Ground::clean_stretch(std::optional<std::size_t> host) const {
  Span stretch = period_;
  for (std::size_t h = 0; h < hosts(); ++h) {
    if (host && h != *host) continue;
    for (const Span& incident : incidents_[h]) stretch.to = std::min(stretch.to, incident.from);
  }
  if (stretch.to - stretch.from < kShortest * interval_) return {period_.from, period_.from};
  stretch.to = period_.from + interval_ * std::floor((stretch.to - period_.from) / interval_);
  return stretch;
}

bool Ground::is_free(std::size_t host, const Span& span, bool anywhere) const {
  const auto touches = [&](const Span& other) { return span.touches(other, 0); };
  return (anywhere || std::ranges::none_of(incidents_[host], touches)) &&
         std::ranges::none_of(taken_[host], touches) && !rows(host, span).empty();
}

std::optional<Span> Ground::take(std::optional<std::size_t> host, double seconds,
                                 Variates& random) {
  return take(host.value_or(0), host ? *host + 1 : hosts(), seconds, false, random);
}

std::optional<Span> Ground::take_anywhere(std::size_t host, double seconds, Variates& random) {
  return take(host, host + 1, seconds, true, random);
}

/// On the hosts in [begin, end).
std::optional<Span> Ground::take(std::size_t begin, std::size_t end, double seconds, bool anywhere,
                                 Variates& random) {
  const double length = std::max(1.0, std::floor(seconds / interval_ + 0.5));
  const double all = std::floor((period_.to - period_.from) / interval_);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const double first = std::floor(random.uniform() * (all - length));
    const double from = period_.from + interval_ * std::max(0.0, first);
    const Span span{from, from + interval_ * length};
    bool fits = true;
    for (std::size_t h = begin; h < end && fits; ++h) fits = is_free(h, span, anywhere);
    if (!fits) continue;
    for (std::size_t h = begin; h < end; ++h) taken_[h].push_back(span);
    return span;
  }
  return std::nullopt;
}

std::optional<Index> Ground::take_reading(std::size_t host, std::size_t metric, Variates& random) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto span = take(host, interval_, random);
    if (!span) return std::nullopt;
    const Index row = rows(host, *span).front();
    const double value = simulation_.table.values(row, static_cast<Index>(metric));
    if (!std::isnan(value) && value != 0) return row;
    taken_[host].pop_back();
  }
  return std::nullopt;
}

std::vector<Index> Ground::rows(std::size_t host, const Span& span) const {
  const auto times = simulation_.table.timestamps.begin();
  const auto begin = times + (host == 0 ? 0 : ends_[host - 1]);
  std::vector<Index> found;
  for (auto at = std::lower_bound(begin, times + ends_[host], span.from);
       at != times + ends_[host] && *at < span.to; ++at) {
    if (!removed_[at - times]) found.push_back(at - times);
  }
  return found;
}

void Ground::rename(std::size_t host, double from, const std::string& name) {
  SampleTable& table = simulation_.table;
  const std::string before = table.hosts[host];
  const auto index = static_cast<std::int32_t>(table.hosts.size());
  table.hosts.push_back(name);
  answers_.push_back(answers_[host]);
  for (Index row = host == 0 ? 0 : ends_[host - 1]; row < ends_[host]; ++row) {
    if (table.timestamps[row] >= from) table.host[row] = index;
  }
  for (Incident& incident : simulation_.incidents) {
    if (incident.host == before && incident.from >= from) incident.host = name;
  }
  for (Dirt& dirt : dirt_) {
    if (dirt.host == before && dirt.from >= from) dirt.host = name;
  }
}

Answer& Ground::answer(std::size_t host) {
  std::optional<Answer>& answer = answers_[host];
  if (!answer) answer.emplace(std::vector<double>(simulation_.table.metrics.size(), 0), false);
  return answer.value();
}

void Ground::record(DirtKind kind, std::optional<std::size_t> host, const std::string& metric,
                    const Span& span, std::string description) {
  dirt_.push_back({kind, host ? simulation_.table.hosts[*host] : "", metric, span.from, span.to,
                   std::move(description)});
}

DirtySimulation Ground::finish() && {
  SampleTable& table = simulation_.table;
  for (const auto& [row, seconds] : ahead_) table.timestamps[row] += seconds;
  std::vector<std::vector<std::int32_t>> by_host(table.hosts.size());
  const auto add = [&](Index row) {
    by_host[static_cast<std::size_t>(table.host[row])].push_back(static_cast<std::int32_t>(row));
  };
  for (Index row = 0; row < table.rows(); ++row) {
    if (!removed_[row]) add(row);
    if (const auto again = repeated_.find(row); again != repeated_.end()) {
      std::ranges::for_each(again->second, add);
    }
  }
  std::vector<std::int32_t> order;
  for (const auto& rows : by_host) order.insert(order.end(), rows.begin(), rows.end());
  table = select_rows(table, order);
  std::ranges::stable_sort(dirt_, {}, &Dirt::from);
  return {std::move(simulation_), std::move(dirt_), std::move(answers_)};
}

}  // namespace rolemix::simulation
