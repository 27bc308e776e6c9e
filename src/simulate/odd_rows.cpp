// Dirt in rows: samples that do not come, come twice, late, from the future, or under another name.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "simulate/pieces.h"
#include "simulate/role.h"

namespace rolemix::simulation {
namespace {

constexpr double kHour = 3600;
constexpr double kDay = 86400;
constexpr double kYear = 365 * kDay;

constexpr double kSlower = 5;     // times the interval
constexpr double kDaysToGap = 3;  // host-days to one
constexpr double kDaysToRepeat = 2;

// Of answers: how far metrics are apart, of the interval, and in seconds; and queries to a host.
constexpr double kMostDelay = 0.3;
constexpr double kMostDelaySeconds = 40;
constexpr std::size_t kQueries = 4;

std::vector<std::size_t> hosts_with_answers(Ground& ground) {
  std::vector<std::size_t> found;
  for (std::size_t h = 0; h < ground.hosts(); ++h) {
    if (ground.has_answer(h)) found.push_back(h);
  }
  return found;
}

}  // namespace

void put_intervals(Ground& ground) {
  Variates random = ground.random(DirtKind::kIntervals);
  for (const std::size_t host : ground.some_hosts(0.25, random)) {
    const Span span = ground.clean_stretch(host);
    if (span.from == span.to) continue;
    for (const Index row : ground.rows(host, span)) {
      const double intervals = (ground.time(row) - span.from) / ground.interval();
      if (std::fmod(intervals, kSlower) != 0) ground.remove(row);
    }
    ground.record(DirtKind::kIntervals, host, "", span,
                  fmt::format("The agent reports every {:.0f} s, the others every {:.0f} s.",
                              kSlower * ground.interval(), ground.interval()));
  }
}

void put_gaps(Ground& ground) {
  Variates random = ground.random(DirtKind::kGaps);
  const auto put = [&](std::optional<std::size_t> host, double hours, std::string_view why) {
    const auto span = ground.take(host, hours * kHour, random);
    if (!span) return;
    for (std::size_t h = 0; h < ground.hosts(); ++h) {
      if (host && h != *host) continue;
      for (const Index row : ground.rows(h, *span)) ground.remove(row);
    }
    ground.record(DirtKind::kGaps, host, "", *span, std::string(why));
  };
  put(std::nullopt, random.uniform(1, 3), "The monitoring system was down.");
  for (int i = ground.count(kDaysToGap); i > 0; --i) {
    const auto host =
        static_cast<std::size_t>(random.uniform(0, static_cast<double>(ground.hosts())));
    put(host, random.uniform(1, 6), "The agent was not running.");
  }
}

void put_ahead(Ground& ground) {
  Variates random = ground.random(DirtKind::kAhead);
  for (const std::size_t host : ground.some_hosts(0.125, random)) {
    const double rows = 1 + std::floor(3 * random.uniform());
    const double years = 1 + std::floor(9 * random.uniform());
    const auto span = ground.take(host, rows * ground.interval(), random);
    if (!span) continue;
    for (const Index row : ground.rows(host, *span)) ground.set_ahead(row, years * kYear);
    ground.record(
        DirtKind::kAhead, host, "", *span,
        fmt::format("The host's clock was {} times 365 days ahead after a start.", years));
  }
}

void put_shifts(Ground& ground) {
  Variates random = ground.random(DirtKind::kShifts);
  for (const std::size_t host : ground.some_hosts(0.25, random, hosts_with_answers(ground))) {
    std::vector<double>& delays = ground.answer(host).delays;
    const double most = std::min(kMostDelay * ground.interval(), kMostDelaySeconds);
    std::vector<double> queries(kQueries, 0);
    for (std::size_t q = 1; q < kQueries; ++q) {
      queries[q] = queries[q - 1] + 1 + std::floor(random.uniform() * most / kQueries);
    }
    for (std::size_t d = 0; d < delays.size(); ++d) {
      delays[d] = queries[d * kQueries / delays.size()];
    }
    ground.record(DirtKind::kShifts, host, "", ground.period(),
                  fmt::format("Asked for in {} queries, the metrics are up to {:.0f} s apart.",
                              kQueries, queries.back()));
  }
}

void put_repeats(Ground& ground) {
  Variates random = ground.random(DirtKind::kRepeats);
  const auto hosts = ground.some_hosts(0.25, random, hosts_with_answers(ground));
  if (hosts.empty()) return;
  for (int i = std::max(1, ground.count(kDaysToRepeat) / 4); i > 0; --i) {
    const std::size_t host = hosts[random.bits() % hosts.size()];
    const auto span = ground.take_anywhere(host, kHour * random.uniform(0.5, 2), random);
    if (!span) continue;
    ground.repeat(ground.rows(host, *span));
    ground.record(DirtKind::kRepeats, host, "", *span,
                  "Two exports overlap: these rows come twice, and say the same.");
  }
}

void put_renames(Ground& ground) {
  Variates random = ground.random(DirtKind::kRenames);
  for (const std::size_t host : ground.some_hosts(0.125, random)) {
    const Span clean = ground.clean_stretch(host);
    if (clean.from == clean.to) continue;
    const double share = random.uniform(0.3, 0.7);
    const double intervals = std::floor(share * (clean.to - clean.from) / ground.interval());
    const double at = clean.from + ground.interval() * intervals;
    const std::string before = ground.table().hosts[host];
    const std::string after = before + ".internal";
    ground.record(DirtKind::kRenames, host, "", {at, ground.period().to},
                  fmt::format("From here on the host is {}.", after));
    ground.rename(host, at, after);
  }
}

}  // namespace rolemix::simulation
