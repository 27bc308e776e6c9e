#include "train/far_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kPerDay = 288;
constexpr int kDays = 20;

/// One host, a sample in 5 minutes.
TrainingRows days() {
  TrainingRows rows;
  for (int i = 0; i < kPerDay * kDays; ++i) {
    rows.host.push_back(0);
    rows.timestamps.push_back(300.0 * i);
    rows.table_row.push_back(i);
  }
  rows.hosts = 1;
  return rows;
}

/// From 40 to 60.
Vector usual() {
  Vector values(kPerDay * kDays);
  for (Index i = 0; i < values.size(); ++i) values[i] = 50 + 10 * std::sin(static_cast<double>(i));
  return values;
}

TEST(FarValues, AreThoseBeyondFiveHundredTimesTheReachOfTheRest) {
  Vector values = usual();
  values[10] = 0x1p64;
  values[20] = 50 + 490 * 10;
  values[30] = 50 + 510 * 10;
  values[40] = -1e6;
  values[50] = kNaN;
  EXPECT_THAT(far_values(values, days()), ElementsAre(10, 30, 40));
  EXPECT_THAT(far_values(usual(), days()), IsEmpty());
  EXPECT_THAT(far_values(Vector::Constant(kPerDay * kDays, 3), days()), IsEmpty());
  EXPECT_THAT(far_values(Vector::Constant(kPerDay * kDays, kNaN), days()), IsEmpty());
}

TEST(FarValues, AreNoneOfWhatRecursOrTakesLong) {
  Vector weekly = usual();
  for (Index i = 100; i < weekly.size(); i += 7 * kPerDay) weekly[i] = 1e6;
  EXPECT_THAT(far_values(weekly, days()), IsEmpty()) << "on three of twenty days";
  Vector once = usual();
  once.segment(100, 57).setConstant(1e6);
  EXPECT_EQ(far_values(once, days()).size(), 57u);
  once.segment(100, 58).setConstant(1e6);
  EXPECT_THAT(far_values(once, days()), IsEmpty()) << "more than a hundredth";
}

TEST(FarValues, AreSoOnManyDaysWhereNothingElseIsBelowZero) {
  Vector resets = usual();
  for (Index i = 100; i < resets.size(); i += kPerDay) resets[i] = -1e6;
  EXPECT_EQ(far_values(resets, days()).size(), static_cast<std::size_t>(kDays));
  Vector differences = usual().array() - 50;
  for (Index i = 100; i < resets.size(); i += kPerDay) differences[i] = -1e6;
  EXPECT_THAT(far_values(differences, days()), IsEmpty());
}

TEST(FarValues, AreJudgedByTheUsualMoveOfWhatHardlyMoves) {
  Vector values = Vector::Constant(kPerDay * kDays, 0);
  for (Index i = 0; i < 20; ++i) values[100 * i] = 1 + static_cast<double>(i % 3);
  values[55] = 1e6;
  EXPECT_THAT(far_values(values, days()), ElementsAre(55));
}

TEST(Sentinels, AreOneNegativeValueThatComesAgain) {
  Vector values = usual();
  values[10] = values[11] = -1;
  EXPECT_THAT(sentinels(values, days()), IsEmpty()) << "twice tells nothing";
  values[12] = -1;
  values[40] = -48.25;
  EXPECT_THAT(sentinels(values, days()), ElementsAre(10, 11, 12));
  values[500] = values[1000] = -1;
  EXPECT_THAT(sentinels(values, days()), IsEmpty()) << "on three of twenty days";
  const Vector differences = usual().array() - 50;
  EXPECT_THAT(sentinels(differences, days()), IsEmpty());
}

TEST(ZeroRows, AreZeroInMetricsThatHardlyEverAre) {
  Matrix values = Matrix::Constant(100, 3, 5);
  values.col(2).setZero();
  values.row(7).setZero();
  values.row(8) << 0, kNaN, 0;
  values.row(9) << 0, 0, kNaN;
  values.row(10) << 0, 1, 0;
  EXPECT_THAT(zero_rows(values), ElementsAre(7, 9)) << "of one metric a 0 tells nothing";
  values.topRows(20).setZero();
  EXPECT_THAT(zero_rows(values), IsEmpty()) << "a state of the host";
  EXPECT_THAT(zero_rows(Matrix::Constant(5, 3, kNaN)), IsEmpty());
}

}  // namespace
}  // namespace rolemix
