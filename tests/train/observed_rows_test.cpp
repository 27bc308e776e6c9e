#include "train/observed_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace rolemix {
namespace {

using testing::ElementsAre;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(ObservedRows, UseCompleteSamplesWhereTheyAre) {
  const Matrix samples = Matrix::Constant(3, 2, 1);
  const ObservedRows rows = observed_rows(samples);
  EXPECT_EQ(rows.complete, samples.data());
  EXPECT_EQ(rows.count(), 3);
  EXPECT_TRUE(rows.gap_blocks.empty());
}

TEST(ObservedRows, AreCompleteOrSortedByWhatTheyLack) {
  Matrix samples(6, 2);
  samples << 1, kNan, 2, 3, kNan, 4, 5, kNan, kNan, kNan, 6, 7;
  const ObservedRows rows = observed_rows(samples);
  EXPECT_THAT(rows.complete_order, ElementsAre(1, 5));
  EXPECT_THAT(rows.gap_order, ElementsAre(2, 0, 3));
  ASSERT_EQ(rows.gap_blocks.size(), 1U);
  ASSERT_EQ(rows.gap_blocks[0].runs.size(), 2U);
  EXPECT_THAT(rows.gap_blocks[0].runs[1].missing, ElementsAre(1));
  EXPECT_EQ(rows.gap_blocks[0].runs[1].first, 1);
  EXPECT_EQ(rows.gap_blocks[0].runs[1].count, 2);
  EXPECT_EQ(rows.gaps(1, 0), 1);
}

TEST(ObservedRows, WithGapsAreSplitWhereBlocksEnd) {
  Matrix samples = Matrix::Constant(kBlockRows + 10, 2, 1);
  samples.col(0).setConstant(kNan);
  const ObservedRows rows = observed_rows(samples);
  ASSERT_EQ(rows.gap_blocks.size(), 2U);
  EXPECT_EQ(rows.gap_blocks[1].first, kBlockRows);
  EXPECT_EQ(rows.gap_blocks[1].runs[0].first, 0);
  EXPECT_EQ(rows.gap_blocks[1].runs[0].count, 10);
}

TEST(ObservedRows, AreCopiedFromPartsOfWiderRows) {
  Matrix wide(2, 3);
  wide << 1, 2, 3, 4, 5, 6;
  const ObservedRows rows = observed_rows(wide.leftCols(2));
  EXPECT_THAT(std::vector<double>(rows.complete, rows.complete + 4), ElementsAre(1, 2, 4, 5));
}

TEST(ObservedRows, CanBeNone) { EXPECT_EQ(observed_rows(Matrix(0, 3)).count(), 0); }

}  // namespace
}  // namespace rolemix
