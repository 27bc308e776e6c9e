#include "explain/normal_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "explain/naive.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Metrics = std::vector<Index>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

NormalSet find(const RoleModel& model, const Vector& sample, double bound) {
  auto scorer = Scorer::create(model);
  EXPECT_TRUE(scorer) << scorer.error().message;
  return normal_set(*scorer, sample, bound);
}

RoleModel independent(Index dimensions) {
  return plain_model(
      {Vector::Ones(1), Matrix::Zero(1, dimensions), {Matrix::Identity(dimensions, dimensions)}});
}

/// Of a model of independent metrics with mean 0, its score with all at their means.
double lowest_score(Index dimensions) {
  return 0.5 * std::log(2 * std::numbers::pi) * static_cast<double>(dimensions);
}

/// The sample with some metrics at their joint expectation: the mean of
/// GaussianMixture::conditional given the other measured metrics that are not on their ignored
/// side.
Vector naive_completion(const Naive& naive, const Vector& sample, const Metrics& set) {
  Vector given = sample;
  const Vector scored = naive.scored_sample(sample);
  for (Index d = 0; d < sample.size(); ++d) {
    if (scored[d] != sample[d] || std::ranges::count(set, d)) {
      given[d] = kNaN;
    }
  }
  const GaussianMixture rest = naive.mixture().conditional(given).value();
  const Vector expected = rest.means().transpose() * rest.weights();
  const Metrics missing = missing_dimensions(given);
  Vector result = sample;
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (std::ranges::count(set, missing[i])) {
      result[missing[i]] = expected[static_cast<Index>(i)];
    }
  }
  return result;
}

double naive_score(const Naive& naive, const Vector& sample, const Metrics& set) {
  const Vector x = set.empty() ? sample : naive_completion(naive, sample, set);
  return naive(x).score.completed_score;
}

struct Best {
  Metrics set;
  double score = kInfinity;
  double next = kInfinity;  ///< of the second best
};

/// The lowest score of the sets with `size` of the measured metrics.
Best naive_best(const Naive& naive, const Vector& sample, int size) {
  const Metrics observed = observed_dimensions(sample);
  Best best;
  for (std::uint32_t bits = 0; bits < (1U << observed.size()); ++bits) {
    if (std::popcount(bits) != size) {
      continue;
    }
    Metrics set;
    for (std::size_t i = 0; i < observed.size(); ++i) {
      if ((bits >> i & 1U) != 0) {
        set.push_back(observed[i]);
      }
    }
    const double score = naive_score(naive, sample, set);
    if (score < best.score) {
      best = {set, score, best.score};
    } else {
      best.next = std::min(best.next, score);
    }
  }
  return best;
}

/// Whether all of a search's decisions are clear of rounding.
bool is_close(double a, double b) { return std::abs(a - b) < 1e-8 * (1 + std::abs(a)); }

/// Checks one search against trying all sets. Returns the size of the set, -1 when it is not clear.
int check(const RoleModel& model, const Vector& sample, double bound) {
  const Naive naive(model);
  const NormalSet actual = find(model, sample, bound);
  const int observed = static_cast<int>(observed_dimensions(sample).size());
  const auto size = static_cast<int>(actual.metrics.size());
  EXPECT_EQ(actual.found, actual.completed_score <= bound);
  EXPECT_TRUE(std::ranges::is_sorted(actual.metrics));
  EXPECT_EQ(actual.values.size(), size);
  if (size > 0) {
    const Vector expected = naive_completion(naive, sample, actual.metrics);
    const double tolerance = 1e-9 * (1 + sample(observed_dimensions(sample)).cwiseAbs().maxCoeff());
    for (int i = 0; i < size; ++i) {
      EXPECT_NEAR(actual.values[i], expected[actual.metrics[i]], tolerance);
    }
  }
  for (int smaller = 0; smaller <= std::min(3, observed); ++smaller) {
    const Best best = naive_best(naive, sample, smaller);
    if (is_close(best.score, bound) || is_close(best.score, best.next)) {
      return -1;
    }
    if (best.score <= bound) {
      EXPECT_EQ(actual.metrics, best.set);
      EXPECT_NEAR(actual.completed_score, best.score, 1e-8 * (1 + std::abs(best.score)));
      EXPECT_TRUE(actual.exact);
      return size;
    }
  }
  EXPECT_GE(size, std::min(4, observed));
  EXPECT_TRUE(actual.found || size == observed);
  for (int smaller = 0; actual.exact && smaller < size; ++smaller) {
    EXPECT_GT(naive_best(naive, sample, smaller).score, bound);
  }
  return size;
}

/// A sample of the model in model units with up to `moved` metrics far off.
Vector moved_sample(Random& random, const RoleModel& model, Index moved, double deviations) {
  Vector x = random_sample(random, {model.weights, model.means, model.covariances});
  for (Index i = 0; i < moved; ++i) {
    const Index d = random_index(random, x.size());
    x[d] += deviations * random_normal(random) * std::sqrt(model.covariances[0](d, d));
  }
  return x;
}

/// Searches for random models, checked against trying all sets; how many ended at each size.
std::vector<int> check_random(std::uint64_t seed, bool gaps, bool directions) {
  Random random(seed);
  std::vector<int> sizes(7);
  for (int i = 0; i < 400; ++i) {
    RoleModel model = plain_model(
        random_parameters(random, 1 + random_index(random, 3), 1 + random_index(random, 6)));
    for (MetricSpec& metric : model.metrics) {
      metric.detection_direction =
          static_cast<DetectionDirection>(directions ? random_index(random, 3) : 0);
    }
    Vector sample = moved_sample(random, model, 1 + random_index(random, 9), i % 3 == 0 ? 40 : 6);
    if (gaps) {
      sample = with_gaps(random, sample);
    }
    if (observed_dimensions(sample).empty()) {
      continue;
    }
    const double least = naive_best(Naive(model), sample, 1).score;
    const double at_most = -validated_mixture(model)->log_peak_bound() + 8;
    const int size = check(model, sample, random.uniform() < 0.3 ? least + 0.5 : at_most);
    if (size >= 0) {
      ++sizes[size];
    }
  }
  EXPECT_GT(std::accumulate(sizes.begin(), sizes.end(), 0), 300);
  return sizes;
}

TEST(NormalSet, is_that_of_trying_all_sets) {
  const std::vector<int> sizes = check_random(1, false, false);
  for (std::size_t size = 0; size < 5; ++size) {
    EXPECT_GT(sizes[size], 4) << size;
  }
}

TEST(NormalSet, is_that_of_trying_all_sets_of_samples_with_gaps) {
  const std::vector<int> sizes = check_random(2, true, false);
  EXPECT_GT(*std::min_element(sizes.begin(), sizes.begin() + 4), 4);
}

TEST(NormalSet, is_that_of_trying_all_sets_with_detection_directions) {
  const std::vector<int> sizes = check_random(3, false, true);
  EXPECT_GT(*std::min_element(sizes.begin(), sizes.begin() + 4), 4);
}

TEST(NormalSet, is_that_of_trying_all_sets_with_directions_and_gaps) {
  const std::vector<int> sizes = check_random(4, true, true);
  EXPECT_GT(*std::min_element(sizes.begin(), sizes.begin() + 4), 4);
}

TEST(NormalSet, is_empty_when_the_sample_is_normal) {
  const NormalSet result = find(independent(3), Eigen::Vector3d(1, 0, -1), lowest_score(3) + 1.1);
  EXPECT_TRUE(result.found);
  EXPECT_TRUE(result.exact);
  EXPECT_THAT(result.metrics, IsEmpty());
  EXPECT_EQ(result.values.size(), 0);
  EXPECT_NEAR(result.completed_score, lowest_score(3) + 1, 1e-12);
}

TEST(NormalSet, of_a_sample_without_metrics_is_not_found) {
  const NormalSet result = find(independent(2), Vector::Constant(2, kNaN), 100);
  EXPECT_FALSE(result.found);
  EXPECT_FALSE(result.exact);
  EXPECT_THAT(result.metrics, IsEmpty());
  EXPECT_TRUE(std::isnan(result.completed_score));
}

TEST(NormalSet, is_all_that_was_measured_when_nothing_gets_there) {
  Vector sample = Vector::Constant(6, 1);
  sample[4] = kNaN;
  const NormalSet result = find(independent(6), sample, lowest_score(6) - 1);
  EXPECT_FALSE(result.found);
  EXPECT_FALSE(result.exact);
  EXPECT_THAT(result.metrics, ElementsAre(0, 1, 2, 3, 5));
  EXPECT_LT(result.values.cwiseAbs().maxCoeff(), 1e-12);
}

TEST(NormalSet, of_all_metrics_is_the_mean_of_the_mixture) {
  Random random(5);
  const Parameters parameters = random_parameters(random, 3, 5);
  const NormalSet result = find(plain_model(parameters), Vector::Constant(5, 1e6), -kInfinity);
  const Vector mean = parameters.means.transpose() * parameters.weights;
  EXPECT_LT((result.values - mean).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(NormalSet, of_five_metrics_far_off_is_all_five) {
  for (const double far : {40.0, 1e6, 1e50}) {
    Vector sample = Vector::Constant(7, far);
    sample[1] = 0.5;
    sample[4] = -0.5;
    const NormalSet result = find(independent(7), sample, lowest_score(7) + 1);
    EXPECT_THAT(result.metrics, ElementsAre(0, 2, 3, 5, 6));
    EXPECT_TRUE(result.found);
    EXPECT_TRUE(result.exact);  // none of them can be left out
    EXPECT_NEAR(result.completed_score, lowest_score(7) + 0.25, 1e-12);
  }
}

TEST(NormalSet, of_many_metrics_a_little_off_grows_one_by_one) {
  Vector sample(8);
  sample << 3, 3.01, 0.1, 3.02, 3.03, 0.2, 3.04, 3.05;
  // Each of the six may stay as it is when the five others are at 0.
  const NormalSet result = find(independent(8), sample, lowest_score(8) + 0.5 * 9.4);
  EXPECT_THAT(result.metrics, ElementsAre(1, 3, 4, 6, 7));
  EXPECT_TRUE(result.found);
  EXPECT_FALSE(result.exact);
}

TEST(NormalSet, of_more_metrics_than_are_searched_in_threes) {
  Vector sample = Vector::Zero(70);
  sample[3] = 1.5;
  sample[40] = 1.52;
  sample[66] = 1.51;
  const double bound = lowest_score(70) + 1.2;  // any one of them may stay as it is
  EXPECT_THAT(find(independent(70), sample, bound).metrics, ElementsAre(40, 66));
  EXPECT_TRUE(find(independent(70), sample, bound).exact);
  sample[10] = 1.53;
  EXPECT_THAT(find(independent(70), sample, bound).metrics, ElementsAre(10, 40, 66));
  EXPECT_FALSE(find(independent(70), sample, bound).exact);
  sample[66] = 40;
  EXPECT_THAT(find(independent(70), sample, bound).metrics, ElementsAre(10, 40, 66));
  EXPECT_TRUE(find(independent(70), sample, bound).exact);  // all sets with 66
}

TEST(NormalSet, of_three_metrics_is_not_exact_when_the_search_ended_early) {
  Random random(5);
  int early = 0;
  for (int i = 0; i < 20; ++i) {
    RoleModel model = plain_model(random_parameters(random, 2, 40));
    for (MetricSpec& metric : model.metrics) {
      metric.detection_direction = DetectionDirection::kAbove;
    }
    const Vector sample = moved_sample(random, model, 3, 8);
    const NormalSet result = find(model, sample, -validated_mixture(model)->log_peak_bound() + 20);
    early += result.found && !result.exact && result.metrics.size() <= 3 ? 1 : 0;
  }
  EXPECT_GT(early, 0);
}

TEST(NormalSet, of_a_heavy_model_ends_early_and_is_found_all_the_same) {
  Random random(5);
  RoleModel model = plain_model(random_parameters(random, 16, 64));
  for (MetricSpec& metric : model.metrics) {
    metric.detection_direction = DetectionDirection::kAbove;
  }
  const Vector sample = moved_sample(random, model, 12, 30);
  const NormalSet result = find(model, sample, -validated_mixture(model)->log_peak_bound() + 60);
  EXPECT_TRUE(result.found);
  EXPECT_FALSE(result.exact);
  EXPECT_GE(result.metrics.size(), 12U);
  const NormalSet never = find(model, sample, -validated_mixture(model)->log_peak_bound() - 1);
  EXPECT_FALSE(never.found);
  EXPECT_EQ(never.metrics.size(), 64U);
}

TEST(NormalSet, mends_a_broken_relation_by_one_of_its_metrics) {
  Matrix covariance(2, 2);
  covariance << 100, 99, 99, 100;
  const RoleModel model = plain_model({Vector::Ones(1), Matrix::Zero(1, 2), {covariance}});
  const NormalSet result = find(model, Eigen::Vector2d(1, 15), 6);
  EXPECT_THAT(result.metrics, ElementsAre(1));
  EXPECT_NEAR(result.values[0], 0.99, 1e-12);
}

TEST(NormalSet, does_not_follow_a_metric_on_its_ignored_side) {
  // Metric 1 is far below, which nobody minds: metric 0 is to be as if it were not known.
  Matrix covariance(2, 2);
  covariance << 100, 90, 90, 100;
  RoleModel model = plain_model({Vector::Ones(1), Matrix::Zero(1, 2), {covariance}});
  model.metrics[1].detection_direction = DetectionDirection::kAbove;
  const NormalSet result = find(model, Eigen::Vector2d(60, -60), 7);
  EXPECT_THAT(result.metrics, ElementsAre(0));
  EXPECT_NEAR(result.values[0], 0, 1e-12);
}

TEST(NormalSet, may_put_a_metric_on_its_ignored_side) {
  // Two states: metric 1 says which, and metric 0, which may be low, is 0 in one and 10 in the
  // other. At 6 it is far too high in the first and low in the second: with 1 at 10 nobody minds.
  // Metrics 2 and 3 are a little off. More sets have metric 0, which look better, than are scored
  // at once; those with 1 have to be scored nevertheless.
  Matrix means = Matrix::Zero(2, 18);
  means(1, 0) = means(1, 1) = 10;
  std::vector<Matrix> covariances(2, Matrix::Identity(18, 18));
  covariances[0](4, 4) = 4;  // so that the first state is less likely at its best
  RoleModel model = plain_model({Eigen::Vector2d(0.5, 0.5), means, covariances});
  model.metrics[0].detection_direction = DetectionDirection::kAbove;
  Vector sample = Vector::Zero(18);
  sample[0] = 6;
  sample[2] = sample[3] = 2;
  const double second = lowest_score(18) - std::log(0.5);
  const NormalSet result = find(model, sample, second + 1.8);
  EXPECT_THAT(result.metrics, ElementsAre(1, 2, 3));
  EXPECT_NEAR(result.completed_score, second, 1e-3);
  EXPECT_TRUE(result.exact);
}

TEST(NormalSet, does_not_depend_on_the_order_of_metrics) {
  Random random(6);
  for (int i = 0; i < 100; ++i) {
    const RoleModel model = plain_model(random_parameters(random, 2, 7));
    const Vector sample = moved_sample(random, model, 1 + random_index(random, 5), 8);
    Metrics order(7);
    std::iota(order.begin(), order.end(), 0);
    for (Index last = 6; last > 0; --last) {
      std::swap(order[last], order[random_index(random, last + 1)]);
    }
    RoleModel other = model;
    other.means = model.means(Eigen::all, order);
    for (Matrix& covariance : other.covariances) {
      covariance = Matrix(covariance(order, order));
    }
    const double bound = -validated_mixture(model)->log_peak_bound() + 4;
    const NormalSet expected = find(model, sample, bound);
    const NormalSet actual = find(other, Vector(sample(order)), bound);
    EXPECT_NEAR(actual.completed_score, expected.completed_score, 1e-9);
    EXPECT_EQ(actual.exact, expected.exact);
    ASSERT_EQ(actual.metrics.size(), expected.metrics.size());
    for (Index place = 0; place < actual.values.size(); ++place) {
      const auto same = std::ranges::find(expected.metrics, order[actual.metrics[place]]);
      ASSERT_NE(same, expected.metrics.end());
      EXPECT_NEAR(actual.values[place], expected.values[same - expected.metrics.begin()], 1e-9);
    }
  }
}

}  // namespace
}  // namespace rolemix
