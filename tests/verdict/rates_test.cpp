#include "verdict/rates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace rolemix {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::FieldsAre;
using testing::IsEmpty;

constexpr VerdictName kTrue = VerdictName::kTrueAlarm;
constexpr VerdictName kFalse = VerdictName::kFalseAlarm;
constexpr VerdictName kUnsure = VerdictName::kUnsure;

const std::vector<std::string> kAlerts = {"a", "b", "c", "d", "e", "f"};

TEST(VerdictRates, AreOfTheAlertsGivenAndTheKindThatCoversMostComesFirst) {
  const std::vector<Verdict> records = {
      {"1", "a", kFalse, "backup", 10}, {"2", "b", kFalse, "deploy", 11},
      {"3", "c", kFalse, "deploy", 12}, {"4", "d", kFalse, "", 13},
      {"5", "e", kTrue, "traffic", 14}, {"6", "elsewhere", kFalse, "deploy", 15}};
  const VerdictRates rates = verdict_rates(kAlerts, records);
  EXPECT_EQ(rates.alerts, 6);
  EXPECT_EQ(rates.true_alarms, 1);
  EXPECT_EQ(rates.false_alarms, 4);
  EXPECT_EQ(rates.unsure, 0);
  EXPECT_EQ(rates.elsewhere, 1);
  EXPECT_DOUBLE_EQ(rates.false_alarm_rate, 4. / 5);
  EXPECT_THAT(rates.kinds,
              ElementsAre(FieldsAre("deploy", 2, DoubleEq(.5)), FieldsAre("", 1, DoubleEq(.25)),
                          FieldsAre("backup", 1, DoubleEq(.25))));
}

TEST(VerdictRates, TheNewestWordCountsWhateverTheOrder) {
  const std::vector<Verdict> records = {{"2", "a", kTrue, "", 20},
                                        {"1", "a", kFalse, "deploy", 10},
                                        {"3", "b", kFalse, "deploy", 10},
                                        {"4", "b", kUnsure, "", 10}};
  const VerdictRates rates = verdict_rates(kAlerts, records);
  EXPECT_EQ(rates.true_alarms, 1);
  EXPECT_EQ(rates.false_alarms, 0);
  EXPECT_EQ(rates.unsure, 1) << "of one time the larger uid";
  EXPECT_THAT(rates.kinds, IsEmpty());
}

TEST(VerdictRates, WithoutATrueOrFalseAlarmThereIsNoRate) {
  EXPECT_TRUE(std::isnan(verdict_rates({}, {}).false_alarm_rate));
  EXPECT_TRUE(std::isnan(verdict_rates(kAlerts, {{"1", "a", kUnsure, "", 1}}).false_alarm_rate));
}

TEST(VerdictRates, AnAlertCountsOnce) {
  const VerdictRates rates = verdict_rates({"a", "a"}, {{"1", "a", kTrue, "", 1}});
  EXPECT_EQ(rates.alerts, 1);
  EXPECT_EQ(rates.true_alarms, 1);
  EXPECT_EQ(rates.false_alarm_rate, 0);
}

}  // namespace
}  // namespace rolemix
