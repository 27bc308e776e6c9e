#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "simulate/simulate.h"
#include "simulated_week.h"

namespace rolemix {
namespace {

TEST(SimulatePlan, HasEveryKindOfIncidentInAWeek) {
  for (const std::string role : {"web", "db"}) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      const Simulation simulation = make({.role = role, .interval = 600, .seed = seed});
      std::map<std::string, bool> kinds;
      for (const Incident& incident : simulation.incidents) {
        kinds[incident.kind] = incident.anomalous;
        EXPECT_FALSE(incident.description.empty());
        for (const std::string& metric : incident.cause_metrics) column(simulation.table, metric);
        EXPECT_FALSE(incident.cause_metrics.empty());
      }
      const std::map<std::string, bool> expected = {
          {"leak", true},          {"disk_full", true},      {"noisy_neighbour", true},
          {"stuck_process", true}, {"network_loss", true},   {"broken_relation", true},
          {"memory_step", false},  {"traffic_spike", false}, {"backup_moved", false}};
      EXPECT_EQ(kinds, expected) << role << " " << seed;
    }
  }
}

void expect_apart(const SimulateOptions& options) {
  const Simulation simulation = make(options);
  const double from =
      options.clean_days < 0 ? clean_until(options) : options.start + options.clean_days * kDay;
  for (std::size_t i = 0; i < simulation.incidents.size(); ++i) {
    const Incident& a = simulation.incidents[i];
    EXPECT_GE(a.from, from) << a.kind;
    EXPECT_LT(a.from, a.to) << a.kind;
    EXPECT_LE(a.to, options.start + options.days * kDay) << a.kind;
    for (std::size_t j = 0; j < i; ++j) {
      const Incident& b = simulation.incidents[j];
      EXPECT_LE(b.from, a.from);
      // A spike reaches the active hosts, a memory step happens on the passive one.
      const bool passive = a.kind == "memory_step" || b.kind == "memory_step";
      if (a.host != b.host && (passive || (!a.host.empty() && !b.host.empty()))) continue;
      EXPECT_GE(a.from, b.to + 7200) << a.kind << " after " << b.kind << " on " << a.host;
    }
  }
}

TEST(SimulatePlan, PutsIncidentsAfterTheCleanPartAndApartOnAHost) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    expect_apart({.interval = 600, .seed = seed});
    expect_apart({.hosts = 2, .days = 4, .interval = 600, .seed = seed});
    expect_apart({.role = "db", .hosts = 5, .days = 21, .interval = 900, .seed = seed});
    expect_apart({.days = 3, .interval = 600, .seed = seed, .clean_days = 0.5});
  }
}

TEST(SimulatePlan, DoesWhatFitsWithFewDaysOrHosts) {
  EXPECT_TRUE(make({.days = 2, .clean_days = 2}).incidents.empty());
  EXPECT_FALSE(make({.days = 1}).incidents.empty());
  const Simulation small = make({.hosts = 1, .days = 2});
  EXPECT_EQ(small.table.hosts.size(), 1u);
  EXPECT_GT(incident(small, "broken_relation").from, clean_until({.days = 2}));
}

TEST(SimulatePlan, BreaksARelationWhileEveryMetricStaysWithinItsUsualRange) {
  const SampleTable& table = week().table;
  const Incident& broken = incident(week(), "broken_relation");
  const std::vector<Index> clean = rows(table, "", 0, clean_until());
  for (Index d = 0; d < table.values.cols(); ++d) {
    const std::vector<double> usual = active_values(table, clean, d);
    const double low = quantile(usual, 0.01);
    const double high = quantile(usual, 0.99);
    for (const double value : active_values(table, rows(table, broken), d)) {
      EXPECT_GE(value, low) << table.metrics[static_cast<std::size_t>(d)];
      EXPECT_LE(value, high) << table.metrics[static_cast<std::size_t>(d)];
    }
  }
  const Line line(table, "requests.rate", "cpu.user.pct");
  EXPECT_GT(median(line.residuals(table, rows(table, broken))), 8 * line.residual);
}

TEST(SimulatePlan, LetsATrafficSpikeFollowTheRelations) {
  const SampleTable& table = week().table;
  const Index requests = column(table, "requests.rate");
  const std::vector<double> usual =
      active_values(table, rows(table, "", 0, clean_until()), requests);
  int by_day = 0;
  for (const Incident& spike : week().incidents) {
    if (spike.kind != "traffic_spike") continue;
    EXPECT_EQ(spike.host, "");
    EXPECT_LT(quantile(active_values(table, rows(table, spike), requests), 1),
              1.2 * quantile(usual, 1));
    const bool at_night = std::fmod(spike.from, kDay) < kDay / 4;
    const double before =
        mean(active_values(table, rows(table, "", spike.from - 1800, spike.from), requests));
    const double highest = quantile(active_values(table, rows(table, spike), requests), 0.9);
    EXPECT_GT(highest, (at_night ? 3 : 1.2) * before);
    if (!at_night) ++by_day;
    for (const std::string metric :
         {"cpu.user.pct", "interface.tx.bytes", "interface.rx.bytes", "tcp.established"}) {
      const Line line(table, "requests.rate", metric);
      EXPECT_LT(std::abs(median(line.residuals(table, rows(table, spike)))), 1.5 * line.residual)
          << metric;
    }
  }
  EXPECT_EQ(by_day, 1);
}

TEST(SimulatePlan, StepsMemoryByLittleOfTheTotalAndManyDeviationsOfTheHost) {
  const SampleTable& table = week().table;
  const Incident& step = incident(week(), "memory_step");
  const Index memory = column(table, "memory.used.bytes");
  std::vector<double> before, after;
  for (const Index i : rows(table, step.host, step.from - kDay, step.from)) {
    before.push_back(table.values(i, memory));
  }
  for (const Index i : rows(table, step)) after.push_back(table.values(i, memory));
  const double size = median(after) - median(before);
  EXPECT_NEAR(size, 40e6, 3e6);
  EXPECT_LT(size, 0.003 * kMemoryBytes);
  EXPECT_GT(size, 12 * deviation(before));
  EXPECT_EQ(step.to, SimulateOptions{}.start + 7 * kDay);
}

TEST(SimulatePlan, MovesWhatEachIncidentIsAbout) {
  const SampleTable& table = week().table;
  const auto highest = [&](const std::string& kind, const std::string& metric) {
    std::vector<double> values;
    for (const Index i : rows(table, incident(week(), kind))) {
      const double value = table.values(i, column(table, metric));
      if (!std::isnan(value)) values.push_back(value);
    }
    return quantile(values, 1);
  };
  EXPECT_GT(highest("leak", "memory.used.bytes"), 0.93 * kMemoryBytes);
  EXPECT_GT(highest("leak", "swap.used.pct"), 20);
  EXPECT_GT(highest("leak", "cpu.iowait.pct"), 8);
  EXPECT_EQ(highest("disk_full", "filesystem.used.pct"), 100);
  EXPECT_GT(highest("noisy_neighbour", "cpu.steal.pct"), 10);
  EXPECT_GT(highest("network_loss", "tcp.retransmits.rate"), 40);
  EXPECT_GT(highest("backup_moved", "disk.reads.iops"), 250);

  const Line line(table, "requests.rate", "cpu.user.pct");
  const double stuck =
      median(line.residuals(table, rows(table, incident(week(), "stuck_process"))));
  EXPECT_NEAR(stuck, 100.0 / 8, 2.5);
}

}  // namespace
}  // namespace rolemix
