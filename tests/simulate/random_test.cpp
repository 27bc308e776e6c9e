#include "simulate/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace rolemix::simulation {
namespace {

struct Moments {
  double mean;
  double deviation;
};

Moments moments(const std::function<double()>& draw, int count = 200'000) {
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < count; ++i) {
    const double value = draw();
    sum += value;
    squares += value * value;
  }
  const double mean = sum / count;
  return {mean, std::sqrt(squares / count - mean * mean)};
}

TEST(SimulateRandom, ExpAndLogAreThoseOfTheLibraryToTheLastPlaces) {
  for (double x = -40; x < 40; x += 0.0371) {
    EXPECT_NEAR(portable_exp(x) / std::exp(x), 1, 1e-15) << x;
    EXPECT_NEAR(portable_log(std::exp(x)), x, 1e-14 * std::max(1.0, std::abs(x))) << x;
  }
  EXPECT_EQ(portable_exp(0), 1);
  EXPECT_EQ(portable_log(1), 0);
  EXPECT_EQ(portable_exp(-1e9), 0);
}

TEST(SimulateRandom, VariatesHaveTheMomentsOfTheirDistributions) {
  Variates random(1, Stream::kServer);
  const Moments uniform = moments([&] { return random.uniform(2, 4); });
  EXPECT_NEAR(uniform.mean, 3, 0.005);
  EXPECT_NEAR(uniform.deviation, 2 / std::sqrt(12), 0.005);
  const Moments normal = moments([&] { return random.normal(); });
  EXPECT_NEAR(normal.mean, 0, 0.01);
  EXPECT_NEAR(normal.deviation, 1, 0.01);
  const Moments exponential = moments([&] { return random.exponential(); });
  EXPECT_NEAR(exponential.mean, 1, 0.01);
  EXPECT_NEAR(exponential.deviation, 1, 0.02);
  for (const double mean : {0.0, 0.3, 5.0, 39.0, 60.0}) {
    const Moments poisson = moments([&] { return random.poisson(mean); }, 50'000);
    EXPECT_NEAR(poisson.mean, mean, 0.1);
    EXPECT_NEAR(poisson.deviation, std::sqrt(mean), 0.1);
  }
}

TEST(SimulateRandom, AWanderKeepsItsDeviationAtEveryStep) {
  for (const double step : {10.0, 60.0}) {
    Variates random(2, Stream::kDemand);
    Wander wander(3, 120, step, random);
    const Moments values = moments([&] { return wander.next(random); });
    EXPECT_NEAR(values.mean, 0, 0.15);
    EXPECT_NEAR(values.deviation, 3, 0.1);
  }
}

TEST(SimulateRandom, StreamsDifferByPurposeAndByIndex) {
  const std::uint64_t one = Variates(1, Stream::kHost, 0).bits();
  EXPECT_EQ(one, Variates(1, Stream::kHost, 0).bits());
  EXPECT_NE(one, Variates(1, Stream::kHost, 1).bits());
  EXPECT_NE(one, Variates(1, Stream::kDay, 0).bits());
  EXPECT_NE(one, Variates(2, Stream::kHost, 0).bits());
}

}  // namespace
}  // namespace rolemix::simulation
