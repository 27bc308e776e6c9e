#include "train/select.h"

#include <gtest/gtest.h>

#include "core/random_model.h"
#include "random.h"

namespace rolemix {
namespace {

/// Rows of `states` well separated states that take turns, and their folds: blocks of 40 rows.
Selection select_from(int states, std::uint64_t seed) {
  constexpr Index kRows = 2000;
  Random random(seed);
  Matrix samples = 3 * random_normals(random, kRows, 3);
  std::vector<int> fold;
  for (Index i = 0; i < kRows; ++i) {
    samples.row(i).array() += 25.0 * static_cast<double>(i / 10 % states);
    fold.push_back(static_cast<int>(i / 40) % kSelectionFolds);
  }
  return select_components(samples, fold, 1, 6, seed, [](double) {});
}

TEST(Select, FindsTheNumberOfStates) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    EXPECT_EQ(select_from(1, seed).components, 1);
    EXPECT_EQ(select_from(2, seed).components, 2);
    EXPECT_EQ(select_from(3, seed).components, 3);
  }
}

TEST(Select, StopsWhenMoreComponentsNoLongerHelp) {
  EXPECT_LT(select_from(1, 1).candidates.size(), 6U);
}

TEST(Select, AShortEpisodeIsNotAState) {
  Random random(9);
  Matrix samples = 3 * random_normals(random, 2000, 3);
  samples.middleRows(300, 12).array() += 60;  // 0.6 % of the time
  std::vector<int> fold;
  for (int i = 0; i < 2000; ++i) {
    fold.push_back(i / 40 % kSelectionFolds);
  }
  const Selection selection = select_components(samples, fold, 1, 4, 1, [](double) {});
  EXPECT_EQ(selection.components, 1);
}

TEST(Select, ReportsProgressFromZeroToOne) {
  Random random(3);
  const Matrix samples = random_normals(random, 200, 2);
  std::vector<int> fold;
  for (int i = 0; i < 200; ++i) {
    fold.push_back(i / 10 % kSelectionFolds);
  }
  std::vector<double> told;
  select_components(samples, fold, 1, 3, 1, [&](double done) { told.push_back(done); });
  EXPECT_EQ(told.front(), 0);
  EXPECT_EQ(told.back(), 1);
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
}

}  // namespace
}  // namespace rolemix
