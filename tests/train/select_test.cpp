#include "train/select.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;

/// Components of one spread at these places of a line, of equal weight.
MixtureFit fit_at(const std::vector<double>& places, double deviation = 1) {
  const auto components = static_cast<Index>(places.size());
  MixtureFit fit;
  fit.weights = Vector::Constant(components, 1.0 / static_cast<double>(components));
  fit.means = Matrix::Zero(components, 2);
  for (Index k = 0; k < components; ++k) {
    fit.means(k, 0) = places[k];
  }
  fit.covariances.assign(components, deviation * deviation * Matrix::Identity(2, 2));
  fit.unclipped_covariances = fit.covariances;
  return fit;
}

TEST(SeparateStates, AreApartByDeviationsOfTheirMeans) {
  // On a line of unit spread the measure is the distance itself.
  EXPECT_EQ(separate_states(fit_at({0, 4.3})).count, 1);
  EXPECT_EQ(separate_states(fit_at({0, 4.5})).count, 2);
  EXPECT_EQ(separate_states(fit_at({0, 8.7}, 2)).count, 1);
  EXPECT_EQ(separate_states(fit_at({0, 8.9}, 2)).count, 2);
}

TEST(SeparateStates, AreMadeOfComponentsThatOverlapOneAfterTheOther) {
  const States states = separate_states(fit_at({0, 7, 20, 3.5}));
  EXPECT_EQ(states.count, 2);
  EXPECT_THAT(states.of_component, ElementsAre(0, 0, 1, 0));
}

TEST(SeparateStates, SeeTwoWidthsAtOnePlaceAsOne) {
  MixtureFit fit = fit_at({0, 0});
  fit.covariances[1] *= 100;
  EXPECT_EQ(separate_states(fit).count, 1);
}

TEST(SeparateStates, LeaveOutWhatIsLight) {
  MixtureFit fit = fit_at({0, 100});
  fit.weights << 0.995, 0.005;
  const States states = separate_states(fit);
  EXPECT_EQ(states.count, 1);
  EXPECT_THAT(states.of_component, ElementsAre(0, -1));
}

TEST(RecurringComponents, AreThoseThatMostHostsAndDaysHave) {
  const MixtureFit fit = fit_at({0, 50});
  const auto second_recurs = [&](auto in_second) {
    std::vector<HostDay> host_days;
    std::vector<double> values;
    for (int host = 0; host < 4; ++host) {
      for (int day = 0; day < 10; ++day) {
        for (int i = 0; i < 20; ++i) {
          host_days.push_back({host, day});
          values.insert(values.end(), {in_second(host, day, i) ? 50.0 : 0.0, 0.0});
        }
      }
    }
    const std::vector<bool> recurring = recurring_components(
        Eigen::Map<Matrix>(values.data(), std::ssize(host_days), 2), host_days, fit);
    EXPECT_TRUE(recurring[0]);
    return recurring[1];
  };
  EXPECT_TRUE(second_recurs([](int, int, int i) { return i == 3; })) << "an hour each day";
  EXPECT_FALSE(second_recurs([](int, int day, int) { return day == 3; })) << "one day";
  EXPECT_FALSE(second_recurs([](int host, int, int i) { return host == 0 && i < 10; }))
      << "one host";
}

TEST(KeepComponents, ForgetsTheRowsThatComeFromTheOthers) {
  Matrix samples = Matrix::Zero(5, 2);
  samples.col(0) << 0, 50, 1, 100, std::nan("");
  samples(4, 1) = std::nan("");  // tells nothing
  FittedRows fitted{fit_at({0, 50, 100}), {0, 1, 2, 3, 4}};
  keep_components(samples, {true, false, true}, fitted);
  EXPECT_THAT(fitted.rows, ElementsAre(0, 2, 3));
  EXPECT_THAT(fitted.fit.means.col(0), ElementsAre(0, 100));
  EXPECT_THAT(fitted.fit.weights, ElementsAre(0.5, 0.5));
  EXPECT_EQ(fitted.fit.covariances.size(), 2);
}

/// Steps that answer by the number of components. Components beyond `recurring` do not recur.
SelectionSteps steps_of(const std::map<int, std::vector<double>>& places,
                        const std::map<int, double>& peaks, int recurring = 8) {
  return {
      .start = [places](int components) { return FittedRows{fit_at(places.at(components)), {}}; },
      .fit = [](FittedRows fitted) { return fitted; },
      .recurring =
          [recurring](const FittedRows& fitted) {
            std::vector<bool> result(fitted.fit.weights.size(), true);
            for (std::size_t k = recurring; k < result.size(); ++k) {
              result[k] = false;
            }
            return result;
          },
      .keep =
          [](const FittedRows& fitted, const std::vector<bool>& components) {
            std::vector<double> kept;
            for (std::size_t k = 0; k < components.size(); ++k) {
              if (components[k]) {
                kept.push_back(fitted.fit.means(static_cast<Index>(k), 0));
              }
            }
            return FittedRows{fit_at(kept), {}};
          },
      .usual_peak =
          [peaks](const FittedRows& fitted) {
            return peaks.at(static_cast<int>(fitted.fit.weights.size()));
          }};
}

const std::map<int, std::vector<double>> kPlaces = {{1, {0}},
                                                    {2, {0, 10}},
                                                    {3, {0, 10, 12}},
                                                    {4, {0, 10, 20, 30}},
                                                    {5, {0, 10, 20, 30, 31}},
                                                    {6, {0, 10, 20, 30, 31, 32}}};

TEST(SelectComponents, TakesStatesThatExplainThePeaks) {
  const auto steps = steps_of(kPlaces, {{1, 4}, {2, 3}, {4, 2.5}, {5, 2.5}});
  const Selection selection = select_components(1, 6, steps);
  EXPECT_EQ(selection.fitted.fit.weights.size(), 2);
  ASSERT_EQ(selection.candidates.size(), 5) << "three more that do not help end the search";
  EXPECT_EQ(selection.candidates[2].states, 2);
  EXPECT_TRUE(std::isnan(selection.candidates[2].usual_peak)) << "no more states than before";
  EXPECT_TRUE(selection.candidates[1].chosen);
}

TEST(SelectComponents, GoesOnWhileThereIsMoreToExplain) {
  const auto steps = steps_of(kPlaces, {{1, 4}, {2, 3}, {4, 2}});
  EXPECT_EQ(select_components(1, 6, steps).fitted.fit.weights.size(), 4);
}

TEST(SelectComponents, KeepsOneWhereTheStatesDoNotRecur) {
  const auto steps = steps_of(kPlaces, {}, 1);
  EXPECT_EQ(select_components(1, 6, steps).fitted.fit.weights.size(), 1);
}

TEST(SelectComponents, LeavesOutStatesThatDoNotRecur) {
  auto steps = steps_of(kPlaces, {{2, 4}, {3, 2}, {4, 3.9}}, 3);
  EXPECT_EQ(select_components(2, 4, steps).fitted.fit.weights.size(), 2)
      << "a quarter of all is no incident";
  steps.start = [start = steps.start](int components) {
    FittedRows rows = start(components);
    rows.fit.weights.tail(1) *= 0.2;
    rows.fit.weights /= rows.fit.weights.sum();
    return rows;
  };
  const Selection selection = select_components(2, 4, steps);
  EXPECT_EQ(selection.fitted.fit.weights.size(), 3);
  const Candidate& chosen = selection.candidates[2];
  EXPECT_TRUE(chosen.chosen);
  EXPECT_EQ(chosen.states, 4);
  EXPECT_EQ(chosen.recurring, 3);
}

TEST(SelectComponents, ComparesTheBestWithoutWhatWasLeftOut) {
  // Four components, of which the last is an incident that holds the peaks of two down: without its
  // rows they are as high as can be.
  auto steps = steps_of(kPlaces, {{2, 2}, {3, 1.9}}, 3);
  steps.start = [start = steps.start](int components) {
    FittedRows rows = start(components);
    rows.rows = {1, 2, 3};
    rows.fit.weights.tail(1) *= 0.2;
    rows.fit.weights /= rows.fit.weights.sum();
    return rows;
  };
  steps.usual_peak = [](const FittedRows& fitted) {
    const bool without = fitted.rows.empty();  // as keep leaves them
    return fitted.fit.weights.size() == 3 ? 1.9 : without ? 4.0 : 2.0;
  };
  EXPECT_EQ(select_components(2, 4, steps).fitted.fit.weights.size(), 3);
}

TEST(SelectComponents, LeavesNoFewerThanTheLeast) {
  auto steps = steps_of(kPlaces, {{3, 4}, {4, 2}}, 2);
  steps.start = [start = steps.start](int components) {
    FittedRows rows = start(components);
    rows.fit.weights.tail(components - 2) *= 0.05;
    rows.fit.weights /= rows.fit.weights.sum();
    return rows;
  };
  EXPECT_GE(select_components(3, 4, steps).fitted.fit.weights.size(), 3);
}

TEST(SelectComponents, BeginsWithTheLeast) {
  const auto steps = steps_of(kPlaces, {{3, 4}, {4, 3.9}, {5, 3.9}, {6, 3.9}});
  EXPECT_EQ(select_components(3, 6, steps).fitted.fit.weights.size(), 3);
  EXPECT_EQ(select_components(5, 5, steps).fitted.fit.weights.size(), 5);
}

}  // namespace
}  // namespace rolemix
