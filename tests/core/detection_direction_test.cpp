#include "core/detection_direction.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/random_model.h"

namespace rolemix {
namespace {

std::vector<DetectionDirection> random_directions(Random& random, Index count) {
  std::vector<DetectionDirection> directions;
  for (Index d = 0; d < count; ++d) {
    directions.push_back(static_cast<DetectionDirection>(random_index(random, 3)));
  }
  return directions;
}

bool allowed(DetectionDirection direction, double move) {
  switch (direction) {
    case DetectionDirection::kAbove:
      return move >= 0;
    case DetectionDirection::kBelow:
      return move <= 0;
    case DetectionDirection::kBoth:
      break;
  }
  return move == 0;
}

/// Projected coordinate descent: slow, simple, and sure to find the minimum of a convex function
/// over a box.
Vector by_coordinate_descent(const GaussianMixture& mixture, const Vector& x,
                             const std::vector<DetectionDirection>& directions) {
  Vector moved = x;
  for (int sweep = 0; sweep < 20000; ++sweep) {
    for (Index d = 0; d < x.size(); ++d) {
      const Vector y = mixture.precision(0) * (moved - mixture.means().row(0).transpose());
      const double best = moved[d] - y[d] / mixture.precision(0)(d, d);
      moved[d] = allowed(directions[d], best - x[d]) ? best : x[d];
    }
  }
  return moved;
}

TEST(WithoutIgnoredDeviations, finds_the_minimum_that_coordinate_descent_finds) {
  Random random(1);
  for (int trial = 0; trial < 20; ++trial) {
    const Index dimensions = 1 + random_index(random, 6);
    const GaussianMixture mixture = random_parameters(random, 1, dimensions).mixture();
    const Vector x = 5 * random_normals(random, dimensions, 1).col(0);
    const auto directions = random_directions(random, dimensions);
    const Vector expected = by_coordinate_descent(mixture, x, directions);
    const Vector moved = without_ignored_deviations(mixture, x, directions);
    EXPECT_LT((moved - expected).cwiseAbs().maxCoeff(), 1e-7) << trial;
  }
}

TEST(WithoutIgnoredDeviations, moves_only_to_ignored_sides_and_never_to_something_less_likely) {
  Random random(2);
  for (int trial = 0; trial < 500; ++trial) {
    const Index dimensions = 1 + random_index(random, 20);
    const GaussianMixture mixture =
        random_parameters(random, 1 + random_index(random, 5), dimensions).mixture();
    const Vector x =
        std::pow(10, 4 * random.uniform()) * random_normals(random, dimensions, 1).col(0);
    const auto directions = random_directions(random, dimensions);
    const Vector moved = without_ignored_deviations(mixture, x, directions);
    for (Index d = 0; d < dimensions; ++d) {
      EXPECT_TRUE(allowed(directions[d], moved[d] - x[d])) << d;
    }
    EXPECT_GE(mixture.log_likelihood(moved), mixture.log_likelihood(x));
  }
}

TEST(WithoutIgnoredDeviations, takes_a_single_metric_to_its_mean_given_the_others) {
  Random random(3);
  const GaussianMixture mixture = random_parameters(random, 1, 4).mixture();
  const std::vector<DetectionDirection> above = {
      DetectionDirection::kBoth, DetectionDirection::kAbove, DetectionDirection::kBoth,
      DetectionDirection::kBoth};
  Vector x = random_normals(random, 4, 1).col(0);
  const double expected = mean(mixture.conditionals(x)[1]);
  x[1] = expected - 30;
  EXPECT_NEAR(without_ignored_deviations(mixture, x, above)[1], expected, 1e-12);
  x[1] = expected + 30;
  EXPECT_EQ(without_ignored_deviations(mixture, x, above), x);
}

TEST(WithoutIgnoredDeviations, stays_finite_however_far_the_sample_is) {
  Random random(4);
  const GaussianMixture mixture = random_parameters(random, 3, 5).mixture();
  for (const double away : {1e10, 1e30, 1e50}) {
    const Vector x = Vector::Constant(5, -away);
    const std::vector<DetectionDirection> above(5, DetectionDirection::kAbove);
    EXPECT_TRUE(without_ignored_deviations(mixture, x, above).allFinite());
  }
}

}  // namespace
}  // namespace rolemix
