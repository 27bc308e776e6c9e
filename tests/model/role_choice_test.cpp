#include "model/role_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;
using testing::IsEmpty;

using Names = std::vector<std::string>;

Names named(char prefix, int count) {
  Names names;
  for (int i = 0; i < count; ++i) {
    names.push_back(prefix + std::to_string(i));
  }
  return names;
}

Names joined(Names first, const Names& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

const Names kCommon = named('c', 6);
const Names kWeb = joined(kCommon, named('w', 4));
const Names kDb = joined(kCommon, named('d', 4));
const Names kAll = joined(kWeb, named('d', 4));

/// A table of two samples a host, the first of which has no value; `measured`: the metrics of each
/// host that have one.
SampleTable table_of(const std::vector<std::pair<std::string, Names>>& measured) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  SampleTable table;
  table.metrics = kAll;
  const auto rows = static_cast<Index>(2 * measured.size());
  table.values = Matrix::Constant(rows, std::ssize(kAll), kNaN);
  for (const auto& [host, metrics] : measured) {
    const auto number = static_cast<std::int32_t>(table.hosts.size());
    table.hosts.push_back(host);
    table.host.insert(table.host.end(), 2, number);
    table.timestamps.insert(table.timestamps.end(), {60, 120});
    for (const std::string& metric : metrics) {
      table.values(2 * number + 1, std::ranges::find(kAll, metric) - kAll.begin()) = 1;
    }
  }
  return table;
}

Names first(const Names& names, int count) { return {names.begin(), names.begin() + count}; }

TEST(ChooseRoles, AHostGoesToTheRoleOfWhoseMetricsItHasTheMost) {
  const SampleTable table = table_of({{"w1", kWeb}, {"d1", kDb}, {"d2", first(kDb, 8)}});
  const RoleChoice choice = choose_roles({{kWeb, {}}, {kDb, {}}}, table);
  EXPECT_THAT(choice.hosts, ElementsAre(ElementsAre("w1"), ElementsAre("d1", "d2")));
  EXPECT_THAT(choice.ambiguous, IsEmpty());
  EXPECT_THAT(choice.left_out, IsEmpty());
}

TEST(ChooseRoles, AHostThatFitsSeveralAlikeIsAmongThoseOfEachAndNamed) {
  const SampleTable table = table_of({{"x", kCommon}, {"w1", kWeb}, {"y", kCommon}});
  const RoleChoice choice = choose_roles({{kWeb, {}}, {kDb, {}}}, table);
  EXPECT_THAT(choice.hosts, ElementsAre(ElementsAre("x", "w1", "y"), ElementsAre("x", "y")));
  EXPECT_THAT(choice.ambiguous, ElementsAre(FieldsAre(ElementsAre("x", "y"), ElementsAre(0, 1))));
  EXPECT_THAT(choice.left_out, IsEmpty());
}

TEST(ChooseRoles, NeitherMoreMetricsNorALargerShareAloneDecides) {
  const SampleTable table = table_of({{"some", first(kWeb, 9)}, {"whole", kWeb}});
  const RoleChoice choice = choose_roles({{first(kCommon, 2), {}}, {kWeb, {}}}, table);
  EXPECT_THAT(choice.hosts, ElementsAre(ElementsAre("some"), ElementsAre("some", "whole")));
  EXPECT_THAT(choice.ambiguous, ElementsAre(FieldsAre(ElementsAre("some"), ElementsAre(0, 1))));
}

TEST(ChooseRoles, AHostWithLessThanHalfIsLeftOutUnlessAllAreSo) {
  const Names few = first(kCommon, 4);  // of 10
  const Names half = first(kWeb, 5);
  const std::vector<RoleCandidate> web = {{kWeb, {}}};
  RoleChoice choice = choose_roles(web, table_of({{"w1", kWeb}, {"x", few}, {"y", half}}));
  EXPECT_THAT(choice.hosts, ElementsAre(ElementsAre("w1", "y")));
  EXPECT_THAT(choice.left_out, ElementsAre("x"));
  choice = choose_roles(web, table_of({{"x", few}, {"y", few}}));
  EXPECT_THAT(choice.hosts, ElementsAre(ElementsAre("x", "y")));
  EXPECT_THAT(choice.left_out, IsEmpty());
}

TEST(ChooseRoles, HostsThatARoleNamesAreItsOwnAndNoOthers) {
  const RoleCandidate own = {kCommon, Names{"w1", "gone"}};
  const SampleTable table = table_of({{"w1", kWeb}, {"w2", kWeb}});
  RoleChoice choice = choose_roles({own, {kWeb, {}}}, table);
  EXPECT_THAT(choice.hosts, ElementsAre(ElementsAre("w1"), ElementsAre("w2")));
  EXPECT_THAT(choice.left_out, IsEmpty());
  choice = choose_roles({own}, table);
  EXPECT_THAT(choice.hosts, ElementsAre(ElementsAre("w1")));
  EXPECT_THAT(choice.left_out, IsEmpty());
}

TEST(ChooseRoles, AHostWithoutARowIsOfNoRole) {
  SampleTable table = table_of({{"w1", kWeb}});
  table.hosts.push_back("gone");
  const RoleChoice choice = choose_roles({{kWeb, {}}, {kDb, Names{"gone"}}}, table);
  EXPECT_THAT(choice.hosts, ElementsAre(ElementsAre("w1"), IsEmpty()));
  EXPECT_THAT(choice.left_out, IsEmpty());
}

}  // namespace
}  // namespace rolemix
