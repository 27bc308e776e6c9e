#include "train/membership.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/random.h"
#include "mixture/mixture.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

MixtureFit two_components() {
  MixtureFit fit;
  fit.weights = Vector::Constant(2, 0.5);
  fit.means = Matrix::Zero(2, 3);
  fit.means.row(1).setConstant(20);
  Matrix covariance = 4 * Matrix::Identity(3, 3);
  covariance(0, 1) = covariance(1, 0) = 3;
  fit.covariances.assign(2, covariance);
  fit.unclipped_covariances = fit.covariances;
  return fit;
}

std::vector<Index> all_rows(const Matrix& samples) {
  std::vector<Index> rows(samples.rows());
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

TEST(Memberships, MeasureTheDistanceInWhatWasObserved) {
  Random random(1);
  Matrix samples = 10 * random_normals(random, 2000, 3).array() + 10;
  for (Index i = 0; i < samples.rows(); i += 3) {
    samples(i, i % 3) = kNaN;
    samples(i, (i + i / 3) % 3) = kNaN;
  }
  const MixtureFit fit = two_components();
  const auto mixture = GaussianMixture::create(fit.weights, fit.means, fit.covariances);
  const std::vector<Membership> found = memberships(samples, all_rows(samples), fit);
  for (Index i = 0; i < samples.rows(); ++i) {
    const Vector sample = samples.row(i).transpose();
    Index component = 0;
    mixture->responsibilities(sample).maxCoeff(&component);
    const std::vector<Index> observed = observed_dimensions(sample);
    const Vector offset = (sample - fit.means.row(component).transpose())(observed);
    const Matrix covariance = fit.covariances[component](observed, observed);
    const double square = offset.dot(covariance.inverse() * offset);
    EXPECT_EQ(found[i].component, component);
    EXPECT_EQ(found[i].observed, std::ssize(observed));
    EXPECT_NEAR(found[i].squared_distance, square, 1e-9 * (1 + square));
  }
}

TEST(Memberships, AreOfTheRowsAskedForInTheirOrder) {
  Matrix samples = Matrix::Zero(3, 3);
  samples.row(1).setConstant(20);
  const std::vector<Membership> found = memberships(samples, {2, 1}, two_components());
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(found[0].component, 0);
  EXPECT_EQ(found[1].component, 1);
}

TEST(Memberships, KnowNothingOfARowWithoutMetrics) {
  const Matrix samples = Matrix::Constant(1, 3, kNaN);
  const std::vector<Membership> found = memberships(samples, {0}, two_components());
  EXPECT_EQ(found[0].component, -1);
  EXPECT_EQ(found[0].squared_distance, 0);
}

TEST(Memberships, AreNoneOfWhatIsNoMixture) {
  MixtureFit fit = two_components();
  fit.covariances[1].setZero();
  EXPECT_TRUE(memberships(Matrix::Zero(1, 3), {0}, fit).empty());
}

}  // namespace
}  // namespace rolemix
