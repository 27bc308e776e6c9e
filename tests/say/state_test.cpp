#include "say/state.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

/// Two states of two metrics: the second is in the last tenth of the weights and far higher in the
/// second metric.
RoleModel two_states() {
  RoleModel model;
  model.role = "a:b";
  model.metrics.resize(2);
  model.metrics[0].name = "load1";
  model.metrics[1].name = "disk.writes";
  model.metrics[1].unit = "1/s";
  model.metrics[1].tolerance = 10;
  model.weights = Vector{{0.9, 0.1}};
  model.means = Matrix{{3, 2}, {3, 34}};
  model.covariances = {Matrix::Identity(2, 2), Matrix::Identity(2, 2)};
  model.state_times.resize(2);
  return model;
}

void set_hours(RoleModel& model, const std::vector<Index>& second) {
  model.state_times[0].by_hour = Vector::Ones(kHoursOfDay);
  for (const Index hour : second) {
    model.state_times[0].by_hour[hour] = 0;
    model.state_times[1].by_hour[hour] = 1;
  }
}

void set_days(RoleModel& model, const std::vector<Index>& second) {
  model.state_times[0].by_weekday = Vector::Ones(kDaysOfWeek);
  for (const Index day : second) {
    model.state_times[0].by_weekday[day] = 0;
    model.state_times[1].by_weekday[day] = 1;
  }
}

TEST(State, IsNamedByTheMetricsThatDifferMost) {
  EXPECT_EQ(state_name(two_states(), 1), "disk.writes high (340 /s)");
  const StateDescription description = describe_state(two_states(), 1);
  ASSERT_EQ(description.metrics.size(), 1U);
  EXPECT_EQ(description.metrics[0].metric, 1);
  EXPECT_TRUE(description.metrics[0].high);
  EXPECT_DOUBLE_EQ(description.metrics[0].value, 340);
}

TEST(State, LikeTheWholeRoleIsCloseToTheAverage) {
  EXPECT_EQ(state_name(two_states(), 0), "close to the average");
}

TEST(State, ThatIsTheOnlyOneNeedsNoName) {
  RoleModel model = two_states();
  model.weights = Vector::Ones(1);
  model.means = model.means.topRows(1).eval();
  model.covariances.pop_back();
  model.state_times.pop_back();
  EXPECT_EQ(state_name(model, 0), "the only state");
}

TEST(State, OfCertainHoursIsNamedByThem) {
  RoleModel model = two_states();
  set_hours(model, {1, 2, 3});
  EXPECT_EQ(describe_state(model, 1).when, "01:00-04:00 UTC");
  EXPECT_EQ(describe_state(model, 0).when, "");
}

TEST(State, AroundMidnightHasOneSpanOfHours) {
  RoleModel model = two_states();
  set_hours(model, {22, 23, 0, 1});
  EXPECT_EQ(describe_state(model, 1).when, "22:00-02:00 UTC");
}

TEST(State, SpreadOverTheDayHasNoHours) {
  RoleModel model = two_states();
  set_hours(model, {0, 3, 6, 9, 12, 15, 18, 21});
  EXPECT_EQ(describe_state(model, 1).when, "");
}

std::string two_digits(Index hour) { return (hour < 10 ? "0" : "") + std::to_string(hour); }

/// The fewest hours in a row, up to half a day, that hold four fifths of the time.
std::string naive_hours(const Vector& by_hour) {
  std::vector<double> twice(by_hour.begin(), by_hour.end());
  twice.insert(twice.end(), by_hour.begin(), by_hour.end());
  for (Index length = 1; length <= 12; ++length) {
    std::vector<double> held;
    for (Index first = 0; first < kHoursOfDay; ++first) {
      const auto begin = twice.begin() + first;
      held.push_back(std::accumulate(begin, begin + length, 0.0));
    }
    const auto most = std::ranges::max_element(held);
    if (*most >= 0.8 * by_hour.sum()) {
      const Index first = most - held.begin();
      return two_digits(first) + ":00-" + two_digits((first + length) % 24) + ":00 UTC";
    }
  }
  return "";
}

TEST(State, IsNamedByTheFewestHoursThatHoldFourFifthsOfItsTime) {
  Random random(1);
  int named = 0;
  for (int i = 0; i < 500; ++i) {
    RoleModel model = two_states();
    Vector& second = model.state_times[1].by_hour;
    const double spread = 3 * random.uniform();
    const double center = 24 * random.uniform();
    for (Index hour = 0; hour < kHoursOfDay; ++hour) {
      const double apart = std::abs(std::remainder(static_cast<double>(hour) - center, 24));
      second[hour] = std::exp(-apart / (1 + 4 * spread)) * (0.7 + 0.3 * random.uniform());
    }
    model.state_times[0].by_hour = 1 - second.array();
    for (const Index state : {0, 1}) {
      const std::string expected = naive_hours(model.state_times[state].by_hour);
      EXPECT_EQ(describe_state(model, state).when, expected);
      named += !expected.empty();
    }
  }
  EXPECT_GT(named, 100);
  EXPECT_LT(named, 900);
}

TEST(State, IsDescribedByTheThreeMetricsThatDifferMostByHalfADeviationOrMore) {
  Random random(2);
  std::vector<int> sizes(4);
  for (int i = 0; i < 200; ++i) {
    const Parameters parameters = random_parameters(random, 3, 1 + random_index(random, 6));
    const GaussianMixture mixture = parameters.mixture();
    for (Index state = 0; state < 3; ++state) {
      Vector distance(mixture.dimensions());
      std::vector<Index> expected;
      for (Index d = 0; d < distance.size(); ++d) {
        const UnivariateMixture whole = mixture.marginal_of(d);
        distance[d] = (parameters.means(state, d) - mean(whole)) / std::sqrt(variance(whole));
        if (std::abs(distance[d]) >= 0.5) {
          expected.push_back(d);
        }
      }
      std::ranges::sort(expected, {}, [&](Index d) { return -std::abs(distance[d]); });
      expected.resize(std::min<std::size_t>(3, expected.size()));
      const StateDescription actual = describe_state(plain_model(parameters), state);
      ASSERT_EQ(actual.metrics.size(), expected.size());
      ++sizes[expected.size()];
      for (std::size_t place = 0; place < expected.size(); ++place) {
        EXPECT_EQ(actual.metrics[place].metric, expected[place]);
        EXPECT_EQ(actual.metrics[place].high, distance[expected[place]] > 0);
        EXPECT_NEAR(actual.metrics[place].value, parameters.means(state, expected[place]), 1e-12);
      }
    }
  }
  EXPECT_GT(std::ranges::min(sizes), 10);
}

TEST(State, OfCertainDaysIsNamedByThem) {
  RoleModel model = two_states();
  set_hours(model, {8, 9, 10});
  set_days(model, {5, 6});
  EXPECT_EQ(describe_state(model, 1).when, "weekends 08:00-11:00 UTC");
  EXPECT_EQ(describe_state(model, 0).when, "weekdays");
  set_days(model, {6});
  model.state_times[1].by_weekday[5] = 0;
  EXPECT_EQ(describe_state(model, 1).when, "Sundays 08:00-11:00 UTC");
}

TEST(State, HasNoDaysWhereTheHistoryDoesNotHoldThemAll) {
  RoleModel model = two_states();
  set_days(model, {5, 6});
  model.state_times[0].by_weekday[2] = 0;  // no Wednesday was seen
  EXPECT_EQ(describe_state(model, 1).when, "");
}

TEST(State, IsNamedInJapaneseToo) {
  RoleModel model = two_states();
  set_hours(model, {8, 9, 10});
  set_days(model, {5, 6});
  EXPECT_EQ(state_name(model, 1, Language::kJapanese),
            "週末 08:00〜11:00 UTC: disk.writes 高 (340 /s)");
  EXPECT_EQ(state_name(model, 0, Language::kJapanese), "平日: 平均に近い");
  RoleModel mondays = two_states();
  set_days(mondays, {0});
  EXPECT_EQ(describe_state(mondays, 1, Language::kJapanese).when, "月曜");
}

}  // namespace
}  // namespace rolemix
