#include "mixture/detection_direction.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using Directions = std::vector<DetectionDirection>;
constexpr auto kBoth = DetectionDirection::kBoth;
constexpr auto kAbove = DetectionDirection::kAbove;
constexpr auto kBelow = DetectionDirection::kBelow;

Directions random_directions(Random& random, Index size) {
  Directions directions(size);
  std::ranges::generate(directions,
                        [&] { return static_cast<DetectionDirection>(random_index(random, 3)); });
  return directions;
}

/// A sample of a random mixture with a metric far off, and a direction of each metric.
struct Case {
  Parameters parameters;
  Directions directions;
  Vector x;
};

Case random_case(Random& random) {
  const Index dimensions = 1 + random_index(random, 6);
  Case result{random_parameters(random, 1 + random_index(random, 4), dimensions),
              random_directions(random, dimensions),
              {}};
  result.x = random_sample(random, result.parameters);
  result.x[random_index(random, dimensions)] += 5 * random_normal(random);
  return result;
}

Vector replaced(const Case& c) {
  return replace_ignored(c.parameters.mixture(), c.directions, c.x);
}

Vector with(Vector x, Index d, double value) {
  x[d] = value;
  return x;
}

/// One metric, two states of deviation 1.
double replaced(DetectionDirection direction, double first, double second, double x,
                double weight = 0.5) {
  const Parameters parameters = {Eigen::Vector2d(weight, 1 - weight),
                                 Eigen::Vector2d(first, second),
                                 {Matrix::Identity(1, 1), Matrix::Identity(1, 1)}};
  return replace_ignored(parameters.mixture(), {direction}, Vector::Constant(1, x))[0];
}

TEST(OnIgnoredSide, is_the_side_that_is_not_watched_without_the_center) {
  for (const double value : {-1.0, 0.0, 1.0}) {
    EXPECT_FALSE(on_ignored_side(kBoth, value, 0));
    EXPECT_EQ(on_ignored_side(kAbove, value, 0), value < 0);
    EXPECT_EQ(on_ignored_side(kBelow, value, 0), value > 0);
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(on_ignored_side(kAbove, nan, 0) || on_ignored_side(kBelow, nan, 0));
}

TEST(ReplaceIgnored, clamps_a_metric_of_one_state_to_its_mean) {
  const GaussianMixture mixture =
      Parameters{Vector::Ones(1), Matrix::Constant(1, 1, 3), {Matrix::Identity(1, 1)}}.mixture();
  for (const double value : {-40.0, 2.0, 3.0, 4.0, 1e6}) {
    const Vector x = Vector::Constant(1, value);
    EXPECT_EQ(replace_ignored(mixture, {kBoth}, x)[0], value);
    EXPECT_EQ(replace_ignored(mixture, {kAbove}, x)[0], std::max(value, 3.0));
    EXPECT_EQ(replace_ignored(mixture, {kBelow}, x)[0], std::min(value, 3.0));
  }
}

TEST(ReplaceIgnored, takes_the_likeliest_state_and_never_a_value_between_states) {
  EXPECT_EQ(replaced(kAbove, 0, 100, 95, 0.4), 100);
  EXPECT_EQ(replaced(kAbove, 0, 100, 5, 0.4), 100) << "that state is likelier";
  EXPECT_EQ(replaced(kAbove, 0, 100, 95, 0.6), 95) << "it lies above the likelier state";
  EXPECT_EQ(replaced(kBelow, 0, 100, 95, 0.6), 0);
}

TEST(ReplaceIgnored, leaves_a_value_that_is_likelier_than_every_mean) {
  // Two states this close have their mode in the middle.
  EXPECT_EQ(replaced(kBelow, 0, 1, 0.5, 0.51), 0.5);
  EXPECT_EQ(replaced(kBelow, 0, 1, 1.5, 0.51), 0);
  EXPECT_EQ(replaced(kAbove, 0, 1, 0.5, 0.49), 0.5);
}

TEST(ReplaceIgnored, does_to_each_metric_what_its_conditional_says) {
  Random random(1);
  int changed = 0;
  for (int i = 0; i < 300; ++i) {
    const Case c = random_case(random);
    const Vector actual = replaced(c);
    for (Index d = 0; d < c.x.size(); ++d) {
      const double nan = std::numeric_limits<double>::quiet_NaN();
      const UnivariateMixture others =
          c.parameters.mixture().conditional(with(c.x, d, nan))->marginal_of(0);
      const double likeliest = *std::ranges::max_element(
          others.means, {}, [&](double mean) { return log_density(others, mean); });
      const bool ignored = (c.directions[d] == kAbove && c.x[d] < likeliest) ||
                           (c.directions[d] == kBelow && c.x[d] > likeliest);
      const bool likelier = log_density(others, likeliest) > log_density(others, c.x[d]);
      EXPECT_NEAR(actual[d], ignored && likelier ? likeliest : c.x[d], 1e-9);
      changed += actual[d] != c.x[d];
    }
  }
  EXPECT_GT(changed, 100);
}

TEST(ReplaceIgnored, makes_a_sample_likelier_by_each_metric_that_it_replaces) {
  Random random(2);
  for (int i = 0; i < 300; ++i) {
    const Case c = random_case(random);
    const GaussianMixture mixture = c.parameters.mixture();
    const Vector actual = replaced(c);
    for (Index d = 0; d < c.x.size(); ++d) {
      if (actual[d] != c.x[d]) {
        EXPECT_GT(mixture.log_likelihood(with(c.x, d, actual[d])), mixture.log_likelihood(c.x));
      }
    }
  }
}

TEST(ReplaceIgnored, turns_with_the_sign_of_all) {
  Random random(3);
  for (int i = 0; i < 100; ++i) {
    Case c = random_case(random);
    const Vector expected = -replaced(c);
    c.parameters.means *= -1;
    c.x *= -1;
    for (DetectionDirection& direction : c.directions) {
      direction = direction == kAbove ? kBelow : direction == kBelow ? kAbove : kBoth;
    }
    EXPECT_TRUE(replaced(c).isApprox(expected, 1e-12));
  }
}

TEST(ReplaceIgnored, changes_nothing_where_both_sides_are_watched) {
  Random random(4);
  Case c = random_case(random);
  std::ranges::fill(c.directions, kBoth);
  EXPECT_EQ(replaced(c), c.x);
}

TEST(DetectionDirections, have_the_names_by_which_they_are_read) {
  for (const DetectionDirection direction : {kBoth, kAbove, kBelow}) {
    EXPECT_EQ(parse_detection_direction(name(direction)).value(), direction);
  }
  for (const char* wrong : {"", "Above", "up", "above "}) {
    const auto direction = parse_detection_direction(wrong);
    ASSERT_FALSE(direction);
    EXPECT_EQ(direction.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace rolemix
