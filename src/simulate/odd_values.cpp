// Dirt in values: the samples come, and say something else than what was measured.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "simulate/pieces.h"
#include "simulate/role.h"

namespace rolemix::simulation {
namespace {

constexpr double kHour = 3600;
constexpr double kDay = 86400;
constexpr double kMebibyte = 1024.0 * 1024.0;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Host-days to one piece of a kind.
constexpr double kDaysToOutlier = 1;
constexpr double kDaysToSentinel = 2;
constexpr double kDaysToReset = 7;
constexpr double kDaysToZeros = 4;
constexpr double kDaysToHole = 2;  // of the host with partial answers

constexpr int kMostSentinels = 12;  // in a row

std::size_t any(std::size_t count, Variates& random) {
  return static_cast<std::size_t>(random.uniform() * static_cast<double>(count));
}

double& value(Ground& ground, Index row, std::size_t metric) {
  return ground.table().values(row, static_cast<Index>(metric));
}

/// A float of the agent's, in MiB to two decimals.
void to_mebibytes(Ground& ground, std::size_t host, const Span& span, std::size_t metric) {
  for (const Index row : ground.rows(host, span)) {
    double& bytes = value(ground, row, metric);
    bytes = std::floor(bytes / kMebibyte * 100 + 0.5) / 100;
  }
}

/// Of the samples before a row and of the row; 0 where it has none.
double mean_until(Ground& ground, std::size_t host, Index row, std::size_t metric) {
  double sum = 0;
  double count = 0;
  for (const Index i : ground.rows(host, {ground.period().from, ground.time(row) + 1})) {
    const double x = value(ground, i, metric);
    if (std::isnan(x) || x < 0) continue;
    sum += x;
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

}  // namespace

void put_units(Ground& ground) {
  Variates random = ground.random(DirtKind::kUnits);
  const std::string memory(kMetrics[kMemoryUsed].name);
  for (const std::size_t host : ground.some_hosts(0, random)) {
    const Span span = ground.clean_stretch(host);
    if (span.from == span.to) continue;
    to_mebibytes(ground, host, span, kMemoryUsed);
    ground.record(DirtKind::kUnits, host, memory, span,
                  "The agent of this host is set up to send MiB, those of the others send bytes.");
  }
  const Span clean = ground.clean_stretch(std::nullopt);
  if (clean.from == clean.to) return;
  const double share = random.uniform(0.7, 0.9);
  const double intervals = std::floor(share * (clean.to - clean.from) / ground.interval());
  const Span span{clean.from + ground.interval() * intervals, clean.to};
  for (std::size_t h = 0; h < ground.hosts(); ++h) to_mebibytes(ground, h, span, kSent);
  ground.record(DirtKind::kUnits, std::nullopt, std::string(kMetrics[kSent].name), span,
                "A release of the agent sends MiB/s instead of bytes/s, until it is taken back.");
}

void put_partial(Ground& ground) {
  Variates random = ground.random(DirtKind::kPartial);
  for (const std::size_t host : ground.some_hosts(0.125, random)) {
    ground.answer(host).is_partial = true;
    ground.record(DirtKind::kPartial, host, "", ground.period(),
                  "One of the servers behind the query did not answer: isPartial, and a warning.");
    const int holes = std::max(1, ground.count(kDaysToHole) / static_cast<int>(ground.hosts()));
    for (int i = 0; i < holes; ++i) {
      const auto span = ground.take(host, kHour * random.uniform(2, 6), random);
      if (!span) continue;
      const std::size_t first = any(kMetricCount, random);
      const std::size_t third = kMetricCount / 3;
      for (const Index row : ground.rows(host, *span)) {
        for (std::size_t d = 0; d < third; ++d) {
          value(ground, row, (first + d) % kMetricCount) = kMissing;
        }
      }
      ground.record(DirtKind::kPartial, host, "", *span,
                    fmt::format("{} series, from {} on, have a hole: their server did not answer.",
                                third, kMetrics[first].name));
    }
  }
}

void put_zeros(Ground& ground) {
  Variates random = ground.random(DirtKind::kZeros);
  for (int i = ground.count(kDaysToZeros); i > 0; --i) {
    const std::size_t host = any(ground.hosts(), random);
    const auto span = ground.take(host, kHour * random.uniform(0.3, 3), random);
    if (!span) continue;
    for (const Index row : ground.rows(host, *span)) ground.table().values.row(row).setZero();
    ground.record(DirtKind::kZeros, host, "", *span,
                  "No sample arrived; zeros were filled in for every metric.");
  }
}

void put_sentinels(Ground& ground) {
  Variates random = ground.random(DirtKind::kSentinels);
  for (int i = ground.count(kDaysToSentinel); i > 0; --i) {
    const std::size_t host = any(ground.hosts(), random);
    const std::size_t metric = any(kMetricCount, random);
    const double sentinel = random.uniform() < 0.5 ? -1 : 999'999;
    const double length = 1 + std::floor(kMostSentinels * random.uniform());
    const auto span = ground.take(host, length * ground.interval(), random);
    if (!span) continue;
    for (const Index row : ground.rows(host, *span)) value(ground, row, metric) = sentinel;
    ground.record(DirtKind::kSentinels, host, std::string(kMetrics[metric].name), *span,
                  fmt::format("Nothing was measured, which the agent says by {}.", sentinel));
  }
}

void put_resets(Ground& ground) {
  Variates random = ground.random(DirtKind::kResets);
  for (int i = ground.count(kDaysToReset); i > 0; --i) {
    const std::size_t host = any(ground.hosts(), random);
    const double days_up = random.uniform(3, 40);
    const auto row = ground.take_reading(host, kReceived, random);
    if (!row) continue;
    for (std::size_t d = 0; d < kMetricCount; ++d) {
      double& difference = value(ground, *row, d);
      if (!kMetrics[d].counter || std::isnan(difference)) continue;
      // What was counted before is taken from what was counted since.
      const double counted = mean_until(ground, host, *row, d) * days_up * kDay;
      difference -= std::floor(counted / ground.interval() + 0.5);
    }
    const double at = ground.time(*row);
    ground.record(DirtKind::kResets, host, "", {at, at + ground.interval()},
                  fmt::format("The host was started again after {:.0f} days: differences of "
                              "counters are far below 0.",
                              days_up));
  }
}

void put_outliers(Ground& ground) {
  Variates random = ground.random(DirtKind::kOutliers);
  for (int i = ground.count(kDaysToOutlier); i > 0; --i) {
    const std::size_t host = any(ground.hosts(), random);
    const std::size_t metric = any(kMetricCount, random);
    const std::size_t form = any(3, random);
    const auto row = ground.take_reading(host, metric, random);
    if (!row) continue;
    double& reading = value(ground, *row, metric);
    const double before = reading;
    reading = form == 0 ? 0x1p64 : form == 1 ? 1e6 * before : -before;
    const double at = ground.time(*row);
    ground.record(DirtKind::kOutliers, host, std::string(kMetrics[metric].name),
                  {at, at + ground.interval()},
                  fmt::format("One reading of {}, {}, instead of {}.", reading,
                              form == 0   ? "a counter of 64 bits that went below 0"
                              : form == 1 ? "a million times too large"
                                          : "with the wrong sign",
                              before));
  }
}

}  // namespace rolemix::simulation
