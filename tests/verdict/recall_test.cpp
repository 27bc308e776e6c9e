#include "verdict/recall.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace rolemix {
namespace {

using testing::ElementsAre;

AlertPeriod alert(std::vector<std::string> hosts, double from,
                  double to = std::numeric_limits<double>::quiet_NaN()) {
  return {std::move(hosts), from, to};
}

TEST(Recall, AnAlertIsAboutAnIncidentOfOneOfItsHostsAtItsTime) {
  const std::vector<LabelledIncident> incidents = {{"a", 1000, 2000}, {"b", 5000, 6000}};
  const Recall recall =
      recall_of({alert({"a"}, 1500, 1800), alert({"b"}, 1500, 1800), alert({"a", "b"}, 5500, 7000),
                 alert({"a"}, 100, 999), alert({"a"}, 100, 1000), alert({"b"}, 100)},
                incidents);
  EXPECT_THAT(recall.incident_of, ElementsAre(0, -1, 1, -1, 0, 1)) << "the last one is open";
  EXPECT_EQ(recall.caught, 2);
  EXPECT_EQ(recall.false_alarms, 2);
}

TEST(Recall, WhatAnIncidentLeavesBehindIsPartOfItForAQuarterOfAnHour) {
  const std::vector<LabelledIncident> incidents = {{"a", 1000, 2000}};
  const Recall recall = recall_of({alert({"a"}, 2900), alert({"a"}, 2901)}, incidents);
  EXPECT_THAT(recall.incident_of, ElementsAre(0, -1));
}

TEST(Recall, OneAlertCatchesAllThatItIsAbout) {
  const std::vector<LabelledIncident> incidents = {{"a", 1000, 2000}, {"a", 3000, 4000}};
  const Recall recall = recall_of({alert({"a"}, 1500, 3500)}, incidents);
  EXPECT_THAT(recall.incident_of, ElementsAre(0));
  EXPECT_EQ(recall.caught, 2);
}

TEST(Recall, NothingIsCaughtWithoutAlerts) {
  const Recall recall = recall_of({}, {{"a", 1000, 2000}});
  EXPECT_EQ(recall.caught, 0);
  EXPECT_EQ(recall.false_alarms, 0);
}

}  // namespace
}  // namespace rolemix
