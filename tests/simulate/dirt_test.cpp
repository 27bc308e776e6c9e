#include "simulate/dirt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "simulate/answer_json.h"
#include "simulate/dirt_csv.h"
#include "simulate/incidents_csv.h"
#include "simulated_week.h"
#include "table/csv_writer.h"
#include "table/prometheus.h"

namespace rolemix {
namespace {

using ::testing::HasSubstr;

const SimulateOptions kOptions{.hosts = 8, .days = 6, .interval = 600, .seed = 4};

const Simulation& clean() {
  static const Simulation simulation = make(kOptions);
  return simulation;
}

DirtySimulation dirty(const std::vector<std::string>& kinds) {
  return make_dirty(clean(), kOptions, *parse_dirt_kinds(kinds));
}

std::vector<std::string> all_kinds() {
  std::vector<std::string> names;
  const auto kinds = parse_dirt_kinds({});
  for (const DirtKind kind : *kinds) names.emplace_back(name(kind));
  return names;
}

/// Host, time, metric -> value; of rows that come twice the first. NaN is no value.
using Values = std::map<std::tuple<std::string, double, std::string>, double>;

Values values_of(const SampleTable& table) {
  Values values;
  for (Index i = 0; i < table.rows(); ++i) {
    for (std::size_t d = 0; d < table.metrics.size(); ++d) {
      const double value = table.values(i, static_cast<Index>(d));
      if (std::isnan(value)) continue;
      values.insert({{table.hosts[table.host[i]], table.timestamps[i], table.metrics[d]}, value});
    }
  }
  return values;
}

/// Where two differ.
std::set<Values::key_type> differences(const Values& a, const Values& b) {
  std::set<Values::key_type> keys;
  for (const auto& [one, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    for (const auto& [key, value] : *one) {
      const auto found = other->find(key);
      if (found == other->end() || found->second != value) keys.insert(key);
    }
  }
  return keys;
}

bool covers(const Dirt& piece, const Values::key_type& key) {
  const auto& [host, time, metric] = key;
  return (piece.host.empty() || piece.host == host) &&
         (piece.metric.empty() || piece.metric == metric) && piece.from <= time && time < piece.to;
}

std::uint64_t fnv1a(const std::string& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

TEST(Dirt, OfNoKindChangesNothing) {
  const DirtySimulation none = make_dirty(clean(), kOptions, {});
  EXPECT_EQ(to_csv(none.simulation.table), to_csv(clean().table));
  EXPECT_EQ(incidents_csv(none.simulation.incidents), incidents_csv(clean().incidents));
  EXPECT_TRUE(none.dirt.empty());
}

// The number changes with every change of the simulator, never with the compiler or the platform.
TEST(Dirt, IsTheSameOnEveryPlatform) {
  const DirtySimulation all = dirty({});
  EXPECT_EQ(fnv1a(to_csv(all.simulation.table) + dirt_csv(all.dirt)), 12931038839716994591u);
}

TEST(Dirt, IsOfTheKindsThatAreAskedFor) {
  for (const std::string& kind : all_kinds()) {
    const DirtySimulation some = dirty({kind});
    EXPECT_FALSE(some.dirt.empty()) << kind;
    for (const Dirt& piece : some.dirt) EXPECT_EQ(name(piece.kind), kind);
  }
}

TEST(Dirt, IsOnRecordWhereverValuesDiffer) {
  const Values before = values_of(clean().table);
  for (const std::string kind :
       {"intervals", "gaps", "units", "partial", "zeros", "sentinels", "resets", "outliers"}) {
    const DirtySimulation some = dirty({kind});
    const auto keys = differences(before, values_of(some.simulation.table));
    EXPECT_FALSE(keys.empty()) << kind;
    for (const auto& key : keys) {
      ASSERT_TRUE(
          std::ranges::any_of(some.dirt, [&](const Dirt& piece) { return covers(piece, key); }))
          << kind << ' ' << std::get<0>(key) << ' ' << std::get<1>(key);
    }
    for (const Dirt& piece : some.dirt) {
      EXPECT_TRUE(std::ranges::any_of(keys, [&](const auto& key) { return covers(piece, key); }))
          << kind << ": " << piece.description << " changes nothing";
    }
  }
}

TEST(Dirt, HidesNoIncident) {
  for (const std::string kind : {"intervals", "gaps", "units", "zeros", "sentinels", "resets",
                                 "outliers", "ahead", "partial"}) {
    const DirtySimulation some = dirty({kind});
    const auto keys = differences(values_of(clean().table), values_of(some.simulation.table));
    for (const Incident& incident : clean().incidents) {
      for (const auto& [host, time, metric] : keys) {
        if (!incident.host.empty() && incident.host != host) continue;
        EXPECT_FALSE(incident.from - 3600 <= time && time < incident.to + 3600)
            << kind << ", " << incident.kind;
      }
    }
  }
}

TEST(Dirt, HasOutliersThatStandAlone) {
  const DirtySimulation some = dirty({"outliers"});
  const Values before = values_of(clean().table);
  const Values after = values_of(some.simulation.table);
  std::set<int> forms;
  for (const Dirt& piece : some.dirt) {
    EXPECT_EQ(piece.to - piece.from, kOptions.interval);
    const double was = before.at({piece.host, piece.from, piece.metric});
    const double is = after.at({piece.host, piece.from, piece.metric});
    EXPECT_TRUE(is == 0x1p64 || is == 1e6 * was || is == -was) << is;
    forms.insert(is == 0x1p64 ? 0 : is < 0 ? 1 : 2);
  }
  EXPECT_EQ(forms.size(), 3u);
}

TEST(Dirt, HasSentinelsZerosAndResets) {
  const auto expect = [](const char* kind, auto is_such) {
    const DirtySimulation some = dirty({kind});
    const Values after = values_of(some.simulation.table);
    for (const auto& key : differences(values_of(clean().table), after)) {
      EXPECT_TRUE(is_such(std::get<2>(key), after.at(key))) << kind << ' ' << after.at(key);
    }
  };
  expect("sentinels", [](auto&, double x) { return x == -1 || x == 999'999; });
  expect("zeros", [](auto&, double x) { return x == 0; });
  expect("resets", [](const std::string& metric, double x) {
    return x < 0 && (metric.ends_with(".rate") || metric.ends_with(".iops") ||
                     metric.starts_with("interface.") || metric == "disk.util.pct");
  });
}

TEST(Dirt, ChangesUnitsByAFactorOnOneHostAndForAWhileOnAll) {
  const DirtySimulation some = dirty({"units"});
  const Values before = values_of(clean().table);
  const Values after = values_of(some.simulation.table);
  std::set<std::string> hosts;
  for (const auto& key : differences(before, after)) {
    EXPECT_NEAR(after.at(key) * 1048576, before.at(key), 0.005 * 1048576 + 1);
    if (std::get<2>(key) == "memory.used.bytes") hosts.insert(std::get<0>(key));
  }
  EXPECT_EQ(hosts.size(), 1u);
  EXPECT_EQ(some.dirt.back().host, "");
}

TEST(Dirt, LeavesEveryFifthSampleOfSlowHosts) {
  const DirtySimulation some = dirty({"intervals"});
  EXPECT_EQ(some.dirt.size(), 2u);
  for (const Dirt& piece : some.dirt) {
    const auto left = rows(some.simulation.table, piece.host, piece.from, piece.to);
    const auto all = rows(clean().table, piece.host, piece.from, piece.to);
    EXPECT_NEAR(static_cast<double>(left.size()), static_cast<double>(all.size()) / 5, 10);
    for (const Index row : left) {
      EXPECT_EQ(
          std::fmod(some.simulation.table.timestamps[row] - piece.from, 5 * kOptions.interval), 0);
    }
  }
}

TEST(Dirt, LeavesNothingInGaps) {
  const DirtySimulation some = dirty({"gaps"});
  EXPECT_TRUE(std::ranges::any_of(some.dirt, [](const Dirt& piece) { return piece.host.empty(); }));
  for (const Dirt& piece : some.dirt) {
    EXPECT_GE(piece.to - piece.from, 3600 - kOptions.interval);
    EXPECT_TRUE(rows(some.simulation.table, piece.host, piece.from, piece.to).empty());
  }
}

TEST(Dirt, GoesOnUnderAnotherName) {
  const DirtySimulation some = dirty({"renames"});
  ASSERT_EQ(some.dirt.size(), 1u);
  const Dirt& piece = some.dirt.front();
  const std::string before = piece.host.substr(0, piece.host.find(".internal"));
  const SampleTable& table = some.simulation.table;
  EXPECT_EQ(table.rows(), clean().table.rows());
  EXPECT_TRUE(rows(table, before, piece.from, 1e12).empty());
  EXPECT_TRUE(rows(table, piece.host, 0, piece.from).empty());
  EXPECT_EQ(rows(table, piece.host, 0, 1e12).size(),
            rows(clean().table, before, piece.from, 1e12).size());
  for (std::size_t i = 0; i < clean().incidents.size(); ++i) {
    const Incident& was = clean().incidents[i];
    const bool is_renamed = was.host == before && was.from >= piece.from;
    EXPECT_EQ(some.simulation.incidents[i].host, is_renamed ? piece.host : was.host);
  }
}

TEST(Dirt, HasAFewRowsYearsAhead) {
  const DirtySimulation some = dirty({"ahead"});
  const SampleTable& table = some.simulation.table;
  const double end = kOptions.start + kOptions.days * kDay;
  const auto ahead = rows(table, "", end + 360 * kDay, 1e12);
  EXPECT_GE(ahead.size(), 1u);
  EXPECT_LE(ahead.size(), 3u);
  EXPECT_EQ(table.rows(), clean().table.rows());
  EXPECT_EQ(rows(table, "", 0, end).size() + ahead.size(), clean().table.timestamps.size());
}

TEST(Dirt, HasRowsThatComeTwiceAndSayTheSame) {
  const DirtySimulation some = dirty({"repeats"});
  std::size_t again = 0;
  for (const Dirt& piece : some.dirt) {
    const auto found = rows(some.simulation.table, piece.host, piece.from, piece.to);
    again += found.size() / 2;
    EXPECT_EQ(found.size(), 2 * rows(clean().table, piece.host, piece.from, piece.to).size());
  }
  EXPECT_EQ(some.simulation.table.rows(), clean().table.rows() + static_cast<Index>(again));
  EXPECT_TRUE(differences(values_of(clean().table), values_of(some.simulation.table)).empty());
}

/// What a reader makes of the answers of all hosts that have one.
SampleTable read_answers(const DirtySimulation& of) {
  std::vector<SampleTable> tables;
  const SampleTable& table = of.simulation.table;
  for (std::size_t h = 0; h < table.hosts.size(); ++h) {
    if (!of.answers[h]) continue;
    std::vector<std::int32_t> mine;
    for (std::int32_t row = 0; row < table.rows(); ++row) {
      if (table.host[row] == static_cast<std::int32_t>(h)) mine.push_back(row);
    }
    auto read = parse_prometheus(answer_json(select_rows(table, mine), *of.answers[h]), "a.json");
    EXPECT_TRUE(read.has_value()) << read.error().message;
    tables.push_back(*std::move(read));
  }
  auto merged = merge(std::move(tables));
  EXPECT_TRUE(merged.has_value()) << merged.error().message;
  return *std::move(merged);
}

TEST(Dirt, StampsMetricsOfAnAnswerSecondsApart) {
  const DirtySimulation some = dirty({"shifts"});
  EXPECT_TRUE(differences(values_of(clean().table), values_of(some.simulation.table)).empty());
  const SampleTable read = read_answers(some);
  EXPECT_EQ(read.hosts.size(), 2u);
  ASSERT_EQ(read.notices.size(), 1u);
  EXPECT_EQ(read.notices[0].code, "rows_joined");
  const Values before = values_of(clean().table);
  for (const auto& [key, value] : values_of(read)) {
    const auto found = before.lower_bound({std::get<0>(key), std::get<1>(key) - 60, ""});
    ASSERT_NE(found, before.end());
    const double time = std::get<1>(found->first);
    ASSERT_EQ(before.at({std::get<0>(key), time, std::get<2>(key)}), value);
  }
}

TEST(Dirt, SaysThatAnAnswerIsPartial) {
  const DirtySimulation some = dirty({"partial"});
  const SampleTable read = read_answers(some);
  ASSERT_EQ(read.notices.size(), 2u);
  EXPECT_EQ(read.notices[0].code, "answer_partial");
  EXPECT_EQ(read.notices[1].code, "answer_warning");
  EXPECT_EQ(some.dirt.front().from, kOptions.start);
  EXPECT_GT(some.dirt.size(), 2u);
}

TEST(Dirt, FindsPlacesInSmallAndCoarseRolesToo) {
  for (const SimulateOptions& options :
       {SimulateOptions{.hosts = 1, .days = 1, .interval = 3600},
        SimulateOptions{.hosts = 2, .days = 1, .interval = 10, .clean_days = 0},
        SimulateOptions{.hosts = 3, .days = 9, .interval = 1800, .clean_days = 0}}) {
    const auto made = make_dirty(make(options), options, *parse_dirt_kinds({}));
    EXPECT_TRUE(validate(made.simulation.table).has_value());
    EXPECT_GT(made.dirt.size(), 3u);
  }
}

TEST(Dirt, NamesTheKindsThereAre) {
  const auto wrong = parse_dirt_kinds({"gaps", "mud"});
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(wrong.error().message,
              HasSubstr("dirty: expected some of intervals, gaps, units, partial, zeros"));
  EXPECT_THAT(wrong.error().message, HasSubstr("got \"mud\""));
  EXPECT_EQ(parse_dirt_kinds({})->size(), 12u);
  EXPECT_EQ(parse_dirt_kinds({"zeros", "gaps", "gaps"})->size(), 2u);
}

TEST(Dirt, IsWrittenAsCsv) {
  EXPECT_EQ(dirt_csv({{DirtKind::kUnits, "", "a,b", 1791158400, 1791158700, "MiB, so"}}),
            "kind,host,metric,from,to,description\n"
            "units,,\"a,b\",1791158400,1791158700,\"MiB, so\"\n");
}

}  // namespace
}  // namespace rolemix
