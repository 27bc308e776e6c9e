#include "simulate/simulate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <set>
#include <string>

#include "simulate/incidents_csv.h"
#include "simulated_week.h"
#include "table/csv_writer.h"

namespace rolemix {
namespace {

using ::testing::HasSubstr;

std::uint64_t fnv1a(const std::string& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

TEST(Simulate, GivesTheSameBytesForTheSameSeed) {
  const SimulateOptions options{.hosts = 4, .days = 2, .interval = 300, .seed = 9};
  const Simulation a = make(options);
  const Simulation b = make(options);
  EXPECT_EQ(to_csv(a.table), to_csv(b.table));
  EXPECT_EQ(incidents_csv(a.incidents), incidents_csv(b.incidents));
  EXPECT_EQ(a.config_yaml, b.config_yaml);
}

TEST(Simulate, GivesOtherDataForAnotherSeedOrRole) {
  SimulateOptions options{.hosts = 4, .days = 2, .interval = 300, .seed = 9};
  const Simulation a = make(options);
  options.seed = 10;
  const Simulation b = make(options);
  EXPECT_NE(to_csv(a.table), to_csv(b.table));
  EXPECT_NE(incidents_csv(a.incidents), incidents_csv(b.incidents));
  options.role = "db";
  EXPECT_NE(incidents_csv(b.incidents), incidents_csv(make(options).incidents));
}

// The number changes with every change of the simulator, never with the compiler or the platform.
TEST(Simulate, GivesTheSameBytesOnEveryPlatform) {
  const Simulation simulation = make({.hosts = 4, .days = 2, .interval = 600, .seed = 3});
  EXPECT_EQ(fnv1a(to_csv(simulation.table)), 1184742385765540770u);
}

TEST(Simulate, HasAnEvenGridWithShortGapsOnly) {
  const SampleTable& table = week().table;
  ASSERT_TRUE(validate(table).has_value());
  EXPECT_EQ(table.hosts.size(), 12u);
  EXPECT_EQ(table.metrics.size(), 19u);
  EXPECT_GT(table.rows(), 12 * 7 * 1440 * 0.995);
  EXPECT_LT(table.rows(), 12 * 7 * 1440);
  for (std::size_t i = 1; i < table.timestamps.size(); ++i) {
    if (table.host[i] != table.host[i - 1]) continue;
    const double step = table.timestamps[i] - table.timestamps[i - 1];
    EXPECT_EQ(std::fmod(step, 60), 0);
    EXPECT_LE(step, 480);
    // Differences of counters are missing in the first sample after a gap.
    const auto row = static_cast<Index>(i);
    EXPECT_TRUE(step == 60 || std::isnan(table.values(row, column(table, "disk.reads.iops"))));
    EXPECT_FALSE(std::isnan(table.values(row, column(table, "cpu.user.pct"))));
  }
}

void expect_sane(const SampleTable& table) {
  const Index cpu = column(table, "cpu.user.pct");
  for (Index i = 0; i < table.rows(); ++i) {
    EXPECT_LE(table.values.row(i).segment(cpu, 4).sum(), 100 + 1e-9);
  }
  for (std::size_t d = 0; d < table.metrics.size(); ++d) {
    const std::string& metric = table.metrics[d];
    const bool percent = metric.ends_with(".pct");
    const bool whole = metric.ends_with(".bytes") || metric.starts_with("procs.");
    for (Index i = 0; i < table.rows(); ++i) {
      const double value = table.values(i, static_cast<Index>(d));
      if (std::isnan(value)) continue;
      ASSERT_GE(value, 0) << metric;
      if (percent) {
        ASSERT_LE(value, 100) << metric;
        ASSERT_EQ(value, std::round(value * 100) / 100) << metric;
      }
      if (whole) {
        ASSERT_EQ(value, std::round(value)) << metric;
      }
      if (metric == "memory.used.bytes") {
        ASSERT_LE(value, kMemoryBytes);
      }
    }
  }
}

TEST(Simulate, KeepsValuesPhysicallySane) {
  expect_sane(week().table);
  expect_sane(make({.role = "db", .interval = 300, .seed = 5}).table);
  expect_sane(make({.hosts = 1, .days = 2, .interval = 10}).table);
  expect_sane(make({.hosts = 3, .days = 9, .interval = 3600}).table);
}

TEST(Simulate, HasTheCleanPartThatItWouldHaveWithoutIncidents) {
  SimulateOptions options{.interval = 300, .seed = 2};
  const Simulation with = make(options);
  options.clean_days = options.days;
  const Simulation without = make(options);
  ASSERT_EQ(with.table.rows(), without.table.rows());
  const double until = clean_until(options);
  for (Index i = 0; i < with.table.rows(); ++i) {
    if (with.table.timestamps[static_cast<std::size_t>(i)] >= until) continue;
    for (Index d = 0; d < with.table.values.cols(); ++d) {
      const double a = with.table.values(i, d);
      const double b = without.table.values(i, d);
      ASSERT_TRUE(a == b || (std::isnan(a) && std::isnan(b)));
    }
  }
}

TEST(Simulate, HasAPassiveHostThatSwapsOnceWithItsPartner) {
  const SampleTable& table = week().table;
  const Index requests = column(table, "requests.rate");
  const Index cpu = column(table, "cpu.user.pct");
  const Index received = column(table, "interface.rx.bytes");
  for (const std::string host : {"shop-web-ha1", "shop-web-ha2"}) {
    int swaps = 0;
    bool before = false;
    bool first = true;
    for (const Index i : rows(table, host, 0, 1e12)) {
      if (std::isnan(table.values(i, requests))) continue;
      const bool passive = table.values(i, requests) == 0;
      if (!first && passive != before) ++swaps;
      before = passive;
      first = false;
      if (!passive) continue;
      EXPECT_LT(table.values(i, cpu), 15);
      EXPECT_GT(table.values(i, received), 20'000);
    }
    EXPECT_EQ(swaps, 1) << host;
  }
}

TEST(Simulate, BacksUpEachHostAtNightOneAfterTheOther) {
  const SampleTable& table = week().table;
  const Index reads = column(table, "disk.reads.iops");
  std::set<double> begins;
  for (const std::string& host : table.hosts) {
    const double night = SimulateOptions{}.start + 2 * kDay;
    double first = 0;
    int samples = 0;
    for (const Index i : rows(table, host, night, night + 6 * 3600)) {
      if (!(table.values(i, reads) > 200)) continue;
      if (first == 0) first = table.timestamps[static_cast<std::size_t>(i)];
      ++samples;
    }
    EXPECT_GE(first - night, 2 * 3600) << host;
    EXPECT_LE(first - night, 3 * 3600 + 180) << host;
    EXPECT_GE(samples, 12) << host;
    EXPECT_LE(samples, 30) << host;
    begins.insert(first);
  }
  EXPECT_EQ(begins.size(), table.hosts.size());
}

TEST(Simulate, NamesWhatIsWrongWithItsOptions) {
  const auto message = [](const SimulateOptions& options) {
    const auto simulation = simulate(options);
    EXPECT_FALSE(simulation.has_value());
    if (simulation) return std::string();
    EXPECT_EQ(simulation.error().code, ErrorCode::kInvalidArgument);
    return simulation.error().message;
  };
  EXPECT_THAT(message({.role = "mail"}), HasSubstr("role: expected web or db, got 'mail'"));
  EXPECT_THAT(message({.hosts = 0}), HasSubstr("hosts: expected 1 to 1000, got 0"));
  EXPECT_THAT(message({.hosts = 1001}), HasSubstr("hosts"));
  EXPECT_THAT(message({.days = 0.5}), HasSubstr("days: expected 1 to 400, got 0.5"));
  EXPECT_THAT(message({.days = std::nan("")}), HasSubstr("days"));
  EXPECT_THAT(message({.interval = 9}), HasSubstr("interval: expected 10 to 3600 seconds, got 9"));
  EXPECT_THAT(message({.interval = 3601}), HasSubstr("interval"));
  EXPECT_THAT(message({.start = -1}), HasSubstr("start"));
  EXPECT_THAT(message({.start = 0.5}), HasSubstr("start"));
  EXPECT_THAT(message({.clean_days = 8}),
              HasSubstr("clean_days: expected at most days (7), got 8"));
  EXPECT_THAT(message({.clean_days = std::nan("")}), HasSubstr("clean_days"));
  EXPECT_THAT(message({.hosts = 1000, .days = 400}), HasSubstr("at most 20000000 samples"));
}

TEST(Simulate, NamesEveryMetricInTheConfiguration) {
  for (const std::string role : {"web", "db"}) {
    const Simulation simulation = make({.role = role, .days = 1, .interval = 3600});
    EXPECT_THAT(simulation.config_yaml, HasSubstr(std::string("role: shop:").append(role)));
    for (const std::string& metric : simulation.table.metrics) {
      EXPECT_THAT(simulation.config_yaml,
                  HasSubstr(std::string("\n  ").append(metric).append(": {")));
    }
  }
}

}  // namespace
}  // namespace rolemix
