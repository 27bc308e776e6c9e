#include "train/k_means.h"

#include <gtest/gtest.h>

#include <limits>

#include "model/random_model.h"

namespace rolemix {
namespace {

double inertia_of(const Matrix& points, const Matrix& centres) {
  double sum = 0;
  for (Index i = 0; i < points.rows(); ++i) {
    sum += (centres.rowwise() - points.row(i)).rowwise().squaredNorm().minCoeff();
  }
  return sum;
}

TEST(KMeans, FindsClustersThatLieApart) {
  Random random(1);
  Matrix points = random_normals(random, 900, 3);
  for (Index i = 0; i < points.rows(); ++i) {
    points.row(i).array() += 20.0 * static_cast<double>(i % 3);
  }
  const Clusters clusters = k_means(points, 3, 1);
  EXPECT_NEAR(clusters.inertia, inertia_of(points, clusters.centres), 1e-8);
  EXPECT_NEAR(clusters.inertia / (900 * 3), 1, 0.1);
}

TEST(KMeans, OfOneClusterIsTheMean) {
  Random random(2);
  const Matrix points = random_normals(random, 700, 2);
  const Clusters clusters = k_means(points, 1, 1);
  EXPECT_LT((clusters.centres - points.colwise().mean()).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(KMeans, RepeatsPointsWhereThereAreFewerThanClusters) {
  const Matrix points = Matrix::Constant(2, 2, 5);
  const Clusters clusters = k_means(points, 4, 1);
  EXPECT_EQ(clusters.centres, Matrix::Constant(4, 2, 5));
  EXPECT_EQ(clusters.inertia, 0);
}

}  // namespace
}  // namespace rolemix
