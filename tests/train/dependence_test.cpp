#include "train/dependence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;

double rounded(double value, double step) { return step * std::round(value / step); }

/// cpu user, system, idle; memory used, free; and two that go their own ways.
Matrix host(Index rows, double step) {
  Random random(3);
  Matrix values = random_normals(random, rows, 7);
  for (Index i = 0; i < rows; ++i) {
    const double user = 30 + 8 * values(i, 0);
    const double system = 6 + values(i, 1);
    const double used = 5e9 + 3e8 * values(i, 2);
    values(i, 0) = rounded(user, step);
    values(i, 1) = rounded(system, step);
    values(i, 2) = rounded(100 - user - system, step);
    values(i, 3) = used;
    values(i, 4) = 8e9 - used;
  }
  return values;
}

TEST(FindOriginal, NamesAnEqualMetricAmongTheCandidates) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const Matrix values{{1, 2, 1, 2, 1}, {3, kNaN, 3, kNaN, 3}, {5, 6, 5, 6.5, 5}};
  EXPECT_EQ(find_original(values, 2, {0, 1})->metric, 0);
  EXPECT_EQ(find_original(values, 4, {1, 2})->metric, 2);
  EXPECT_FALSE(find_original(values, 3, {0, 1, 2})) << "they differ in one sample of three";
  EXPECT_FALSE(find_original(values, 2, {}));
}

TEST(FindOriginal, LooksPastOneOddSampleAmongThousands) {
  Random random(1);
  Matrix values = random_normals(random, 2000, 1).replicate(1, 2);
  values(7, 1) = 0x1p64;
  ASSERT_TRUE(find_original(values, 1, {0}));
  EXPECT_EQ(find_original(values, 1, {0})->different, 1);
  values(8, 1) = 0;
  EXPECT_FALSE(find_original(values, 1, {0}));
}

TEST(FindConstantSums, FindsThePartsOfTheCpuAndOfTheMemory) {
  for (const double step : {1e-9, 0.01}) {
    const auto sums = find_constant_sums(host(2000, step));
    ASSERT_EQ(sums.size(), 2) << step;
    const bool cpu_first = sums[0].metrics.size() == 3;
    EXPECT_THAT(sums[cpu_first ? 0 : 1].metrics, ElementsAre(0, 1, 2));
    EXPECT_NEAR(sums[cpu_first ? 0 : 1].sum, 100, 0.01);
    EXPECT_THAT(sums[cpu_first ? 1 : 0].metrics, ElementsAre(3, 4));
    EXPECT_NEAR(sums[cpu_first ? 1 : 0].sum, 8e9, 10);
  }
}

TEST(FindConstantSums, FindsNoneWhereTheSumMoves) {
  Matrix values = host(2000, 0.01);
  values.col(2) += 0.2 * values.col(5);
  values.col(4) *= 1.1;
  EXPECT_TRUE(find_constant_sums(values).empty());
}

TEST(FindConstantSums, PassesOverConstantsAndShortTables) {
  Matrix values = host(2000, 0.01);
  values.col(5).setConstant(7);
  EXPECT_EQ(find_constant_sums(values).size(), 2);
  EXPECT_TRUE(find_constant_sums(values.topRows(1)).empty());
  EXPECT_TRUE(find_constant_sums(Matrix(0, 3)).empty());
}

}  // namespace
}  // namespace rolemix
