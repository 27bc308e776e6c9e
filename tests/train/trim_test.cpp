#include "train/trim.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

/// How many of 1000 rows are left when the first `far` lie this far away, each elsewhere.
std::size_t left_of(Index far, double distance) {
  Random random(1);
  Matrix samples = 3 * random_normals(random, 1000, 4);
  for (Index i = 0; i < far; ++i) {
    samples(i, i % 4) += distance * (i % 8 < 4 ? 1 : -1);
  }
  std::vector<Index> rows(1000);
  std::iota(rows.begin(), rows.end(), 0);
  MixtureFit fit = start_from_k_means(samples, 1, 1);
  fit_trimmed(samples, {}, rows, fit);
  return rows.size();
}

TEST(FitTrimmed, LeavesOutTheFewRowsThatAreFar) { EXPECT_EQ(left_of(4, 1e4), 996); }

TEST(FitTrimmed, KeepsWhatIsOnlyUnusual) { EXPECT_EQ(left_of(4, 20), 1000); }

TEST(FitTrimmed, KeepsAllWhereFarRowsAreMany) { EXPECT_EQ(left_of(200, 1e4), 1000); }

}  // namespace
}  // namespace rolemix
