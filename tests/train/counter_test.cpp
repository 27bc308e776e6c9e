#include "train/counter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Two hosts of 200 samples each.
TrainingRows two_hosts() {
  TrainingRows rows;
  rows.host.assign(400, 0);
  std::fill(rows.host.begin() + 200, rows.host.end(), 1);
  rows.hosts = 2;
  return rows;
}

/// What each host has counted at a rate that differs from sample to sample.
Vector counted() {
  Random random(1);
  Vector values(400);
  for (Index i = 0; i < 400; ++i) {
    values[i] = (i % 200 == 0 ? 1e6 : values[i - 1]) + std::abs(random_normal(random));
  }
  return values;
}

TEST(OnlyGrows, IsSoOfACounterWithARestartAndGaps) {
  Vector values = counted();
  EXPECT_TRUE(only_grows(values, two_hosts()));
  values.segment(100, 100).array() -= 1e6;
  values.segment(40, 7).setConstant(kNaN);
  EXPECT_TRUE(only_grows(values, two_hosts()));
}

TEST(OnlyGrows, LooksOnlyAtHostsWhoseValuesChange) {
  Vector values = counted();
  values.tail(200).setConstant(7);
  EXPECT_TRUE(only_grows(values, two_hosts()));
  values.setConstant(7);
  EXPECT_FALSE(only_grows(values, two_hosts()));
  values.setConstant(kNaN);
  EXPECT_FALSE(only_grows(values, two_hosts()));
}

TEST(OnlyGrows, IsNotSoOfAGaugeAtAnyHost) {
  Random random(2);
  Vector values = counted();
  values.tail(200) = random_normals(random, 200, 1).col(0);
  EXPECT_FALSE(only_grows(values, two_hosts()));
  for (Index i = 0; i < 400; ++i) {
    values[i] = std::floor(static_cast<double>(i % 200) / 20);  // a disk that fills by steps
  }
  EXPECT_FALSE(only_grows(values, two_hosts()));
}

}  // namespace
}  // namespace rolemix
