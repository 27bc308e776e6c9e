#include "explain/agreement.h"

#include <gtest/gtest.h>

#include "explain/naive.h"
#include "fuzz/use_model.h"
#include "model/varied_model.h"

namespace rolemix {
namespace {

constexpr Index kRows = 24;

/// Calls test(model, samples) for models of all shapes.
template <typename Test>
void for_varied_models(std::uint64_t seed, int models, Test test) {
  Random random(seed);
  for (int i = 0; i < models; ++i) {
    const RoleModel model = varied_model(random, random_shape(random));
    test(model, varied_samples(random, model, kRows));
  }
}

class ScoresOf : public testing::TestWithParam<InstructionSet> {};

TEST_P(ScoresOf, all_samples_are_those_of_the_plain_mixture) {
  Differences differences;
  for_varied_models(1, 80, [&](const RoleModel& model, const Matrix& samples) {
    const Naive naive(model);
    Scorer scorer = Scorer::create(model, GetParam()).value();
    Explainer explainer(scorer);
    Agreement agreement(naive, differences);
    const SampleScores scores = scorer.score_rows(samples);
    const std::vector<Explanation> explanations = explainer.explain_rows(samples);
    for (Index row = 0; row < samples.rows(); ++row) {
      const Vector values = samples.row(row).transpose();
      agreement.compare(
          values, naive(values),
          {{scores.anomaly_score[row], scores.completed_score[row], scores.state[row]},
           explanations[row]});
    }
  });
  EXPECT_TRUE(differences.above.empty())
      << differences.above.size() << " differences; " << differences.above.front();
}

TEST_P(ScoresOf, finite_samples_are_finite_and_explained) {
  for_varied_models(2, 60, [&](const RoleModel& model, const Matrix& samples) {
    Scorer scorer = Scorer::create(model, GetParam()).value();
    Explainer explainer(scorer);
    for (Index row = 0; row < samples.rows(); ++row) {
      EXPECT_EQ(wrong_with(scorer, explainer, samples.row(row).transpose()), "");
    }
  });
}

INSTANTIATE_TEST_SUITE_P(, ScoresOf, testing::ValuesIn(instruction_sets()),
                         [](const auto& tested) { return std::string(name(tested.param)); });

// ---- the comparison itself

/// How many numbers are above the bound when `change` has been made to one of two equal results.
template <typename Change>
std::size_t differences_after(Change change) {
  Random random(3);
  const RoleModel model = varied_model(random, {3, 2, 10, 1, false, false});
  const Naive naive(model);
  const Vector values = random_values(random, model);
  SampleResult changed = naive(values);
  change(changed);
  Differences differences;
  Agreement(naive, differences).compare(values, naive(values), changed);
  return differences.above.size();
}

TEST(Agreement, is_full_where_nothing_differs) {
  EXPECT_EQ(differences_after([](SampleResult&) {}), 0);
}

TEST(Agreement, notices_every_field) {
  EXPECT_GT(differences_after([](SampleResult& r) { r.score.anomaly_score *= 1 + 1e-10; }), 0);
  EXPECT_GT(differences_after([](SampleResult& r) { r.score.completed_score *= 1 + 1e-10; }), 0);
  EXPECT_GT(differences_after([](SampleResult& r) { r.score.state = 1 - r.score.state; }), 0);
  EXPECT_GT(differences_after([](SampleResult& r) { r.explanation.responsibilities[1] += 1e-9; }),
            0);
  EXPECT_GT(differences_after([](SampleResult& r) {
              std::swap(r.explanation.ranking[0], r.explanation.ranking[2]);
            }),
            0);
  EXPECT_GT(differences_after([](SampleResult& r) {
              Reason& reason = r.explanation.metrics[1].reason;
              reason = reason == Reason::kNone ? Reason::kBoth : Reason::kNone;
            }),
            0);
  EXPECT_GT(differences_after([](SampleResult& r) {
              Direction& direction = r.explanation.metrics[1].direction;
              direction = direction == Direction::kAbove ? Direction::kBelow : Direction::kAbove;
            }),
            0);
  for (double MetricExplanation::* const number :
       {&MetricExplanation::observed, &MetricExplanation::expected, &MetricExplanation::low,
        &MetricExplanation::high, &MetricExplanation::typical_low, &MetricExplanation::typical_high,
        &MetricExplanation::surprise, &MetricExplanation::typical_surprise,
        &MetricExplanation::contribution, &MetricExplanation::blame}) {
    EXPECT_GT(differences_after([&](SampleResult& r) { r.explanation.metrics[1].*number += 1e-6; }),
              0);
    EXPECT_GT(differences_after([&](SampleResult& r) {
                r.explanation.metrics[1].*number = std::numeric_limits<double>::quiet_NaN();
              }),
              0);
  }
}

}  // namespace
}  // namespace rolemix
