#include "train/blame_scale.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

constexpr Index kRows = 2000;  // of a host

GaussianMixture standard(Index dimensions) {
  return GaussianMixture::create(Vector::Ones(1), Matrix::Zero(1, dimensions),
                                 {Matrix::Identity(dimensions, dimensions)})
      .value();
}

/// So many hosts of standard normal values.
Matrix normal_rows(int hosts, Index dimensions, std::uint64_t seed = 1) {
  Random random(seed);
  Matrix samples(hosts * kRows, dimensions);
  for (double& value : samples.reshaped()) {
    value = random_normal(random);
  }
  return samples;
}

std::vector<std::int32_t> hosts_of(const Matrix& samples) {
  std::vector<std::int32_t> hosts;
  for (Index i = 0; i < samples.rows(); ++i) {
    hosts.push_back(static_cast<std::int32_t>(i / kRows));
  }
  return hosts;
}

double scale_of(const Matrix& samples) {
  return blame_scales(samples, hosts_of(samples), standard(1))[0];
}

TEST(BlameScales, are_one_where_the_mixture_is_right) {
  const Matrix samples = normal_rows(3, 4);
  for (const double scale : blame_scales(samples, hosts_of(samples), standard(4))) {
    EXPECT_NEAR(scale, 1, 0.15);
  }
}

TEST(BlameScales, are_as_defined) {
  Matrix samples = 1.7 * normal_rows(1, 1);
  std::vector<double> nats;
  for (const double x : samples.col(0)) {
    nats.push_back(-std::log(std::erfc(std::abs(x) / std::sqrt(2))));
  }
  std::ranges::sort(nats);
  const double most = nats[std::lround(0.999 * (kRows - 1))];
  double mean = 0;
  for (const double each : nats) {
    mean += std::min(each, most) / kRows;
  }
  EXPECT_NEAR(scale_of(samples),
              std::max(mean, nats[std::lround(0.995 * (kRows - 1))] / std::log(200)), 1e-9);
}

TEST(BlameScales, hold_what_comes_again_and_again_and_not_what_came_once) {
  Matrix samples = normal_rows(1, 1);
  const double before = scale_of(samples);
  samples(700, 0) = 1e5;
  EXPECT_NEAR(scale_of(samples), before, 0.02);
  for (Index i = 0; i < kRows; i += 100) {
    samples(i, 0) = 30;  // 453 nats, of one in 100
  }
  EXPECT_NEAR(scale_of(samples), 453 / std::log(200), 2);
}

TEST(BlameScales, are_of_the_middle_host) {
  Matrix samples = normal_rows(5, 1);
  const double before = scale_of(samples);
  samples.topRows(2 * kRows) *= 100;
  EXPECT_NEAR(scale_of(samples), before, 0.15);
  samples.middleRows(2 * kRows, kRows) *= 100;
  EXPECT_GT(scale_of(samples), 100 * before);
}

TEST(BlameScales, are_never_less_than_a_quarter) {
  EXPECT_EQ(scale_of(Matrix::Zero(kRows, 1)), 0.25);
  EXPECT_EQ(scale_of(Matrix::Constant(kRows, 1, std::numeric_limits<double>::quiet_NaN())), 1)
      << "of what was not measured";
}

}  // namespace
}  // namespace rolemix
