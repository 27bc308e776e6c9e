#include "explain/similar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::IsEmpty;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// ---- two explanations

/// blames (D) signed by direction, those above 0 in size of metrics outside a range.
Explanation explanation_of(const Vector& blames, const Vector& responsibilities) {
  Explanation explanation;
  explanation.responsibilities = responsibilities;
  for (const double blame : blames) {
    MetricExplanation metric;
    metric.blame = std::abs(blame);
    metric.direction = blame > 0 ? Direction::kAbove : Direction::kBelow;
    metric.reason = blame == 0 ? Reason::kNone : Reason::kUnusualValue;
    explanation.metrics.push_back(metric);
  }
  return explanation;
}

Vector random_shares(Random& random, Index size) {
  Vector shares(size);
  for (double& share : shares) {
    share = -std::log(1 - random.uniform());
  }
  return shares / shares.sum();
}

/// With some metrics inside their ranges.
Vector random_blames(Random& random, Index size) {
  Vector blames = random_normals(random, size, 1);
  for (double& blame : blames) {
    blame = random.uniform() < 0.3 ? 0 : blame;
  }
  blames[random_index(random, size)] = 1;
  return blames;
}

TEST(Similarity, is_symmetric_and_a_share) {
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    const Index dimensions = 1 + random_index(random, 6);
    const Index components = 1 + random_index(random, 4);
    const Explanation a =
        explanation_of(random_blames(random, dimensions), random_shares(random, components));
    const Explanation b =
        explanation_of(random_blames(random, dimensions), random_shares(random, components));
    EXPECT_EQ(similarity(a, b), similarity(b, a));
    EXPECT_GE(similarity(a, b), 0);
    EXPECT_LE(similarity(a, b), 1 + 1e-12);
  }
}

TEST(Similarity, is_1_for_itself_at_any_scale) {
  Random random(2);
  for (int i = 0; i < 100; ++i) {
    const Vector blames = random_blames(random, 1 + random_index(random, 6));
    const Vector shares = random_shares(random, 1 + random_index(random, 4));
    EXPECT_NEAR(similarity(explanation_of(blames, shares), explanation_of(1e-3 * blames, shares)),
                1, 1e-12);
  }
}

TEST(Similarity, is_of_the_angle_between_patterns_in_one_state) {
  const Vector state = Vector::Ones(1);
  for (const double angle : {0.0, 0.3, 1.0, 1.5, 2.0, 3.0}) {
    const Vector turned = Eigen::Vector2d(std::cos(angle), std::sin(angle));
    EXPECT_NEAR(
        similarity(explanation_of(Eigen::Vector2d(5, 0), state), explanation_of(turned, state)),
        std::max(0.0, std::cos(angle)), 1e-12)
        << angle;
  }
}

TEST(Similarity, halves_without_a_common_state_and_in_between_follows_what_they_share) {
  Random random(3);
  const Vector blames = Eigen::Vector3d(1, -2, 0.5);
  const auto of_states = [&](const Vector& a, const Vector& b) {
    return similarity(explanation_of(blames, a), explanation_of(blames, b));
  };
  EXPECT_NEAR(of_states(Eigen::Vector2d(1, 0), Eigen::Vector2d(0, 1)), 0.5, 1e-12);
  for (int i = 0; i < 100; ++i) {
    const Vector a = random_shares(random, 4);
    const Vector b = random_shares(random, 4);
    const double total_variation = 0.5 * (a - b).cwiseAbs().sum();
    EXPECT_NEAR(of_states(a, b), 1 - 0.5 * total_variation, 1e-12);
  }
}

TEST(Similarity, does_not_see_metrics_inside_their_ranges) {
  const Vector state = Vector::Ones(1);
  Explanation a = explanation_of(Eigen::Vector3d(1, 0, 0), state);
  const Explanation b = explanation_of(Eigen::Vector3d(3, 0, 0), state);
  a.metrics[1].blame = 0.9;
  EXPECT_NEAR(similarity(a, b), 1, 1e-12);
}

TEST(Similarity, is_0_where_nothing_is_outside_a_range) {
  const Vector state = Vector::Ones(1);
  const Explanation something = explanation_of(Vector::Ones(1), state);
  const Explanation nothing = explanation_of(Vector::Zero(1), state);
  EXPECT_EQ(similarity(something, nothing), 0);
  EXPECT_EQ(similarity(nothing, nothing), 0);
  EXPECT_EQ(similarity(explanation_of(Vector(), state), explanation_of(Vector(), state)), 0);
}

TEST(Similarity, of_one_metric_is_that_of_its_direction) {
  const Vector state = Vector::Ones(1);
  const auto of = [&](double a, double b) {
    return similarity(explanation_of(Vector::Constant(1, a), state),
                      explanation_of(Vector::Constant(1, b), state));
  };
  EXPECT_NEAR(of(0.2, 7), 1, 1e-12);
  EXPECT_EQ(of(0.2, -7), 0);
}

// ---- moments of a table

/// Three metrics about 0, and a state apart in the third.
class SimilarMoments : public testing::Test {
 protected:
  static RoleModel model() {
    return plain_model({Eigen::Vector2d(0.5, 0.5),
                        Matrix{{0, 0, 0}, {0, 0, 30}},
                        {Matrix::Identity(3, 3), Matrix::Identity(3, 3)}});
  }

  std::vector<SimilarMoment> moments(std::int32_t row, std::size_t limit = 3) {
    const Explanation here = explain(explainer_, samples_, {row}).front();
    return similar_moments(explainer_, samples_, scores_, row, here, limit);
  }

  /// What the header promises, by looking at every pair of rows.
  std::vector<SimilarMoment> naive_moments(std::int32_t row, std::size_t limit) {
    std::vector<std::int32_t> all(table_.rows());
    std::iota(all.begin(), all.end(), 0);
    const std::vector<Explanation> explanations = explain(explainer_, samples_, all);
    const auto is_better = [&](std::int32_t other, std::int32_t than) {
      return table_.host[other] == table_.host[than] &&
             std::abs(table_.timestamps[other] - table_.timestamps[than]) <= 3600 &&
             std::tuple(-scores_.alert_score[other], table_.timestamps[other]) <
                 std::tuple(-scores_.alert_score[than], table_.timestamps[than]);
    };
    std::vector<SimilarMoment> found;
    for (const std::int32_t candidate : all) {
      const double alike = similarity(explanations[row], explanations[candidate]);
      if (table_.timestamps[candidate] + 3600 <= table_.timestamps[row] &&
          scores_.severity[candidate] >= 25 && alike >= 0.7 &&
          std::ranges::none_of(all, [&](auto other) { return is_better(other, candidate); })) {
        found.push_back({candidate, table_.hosts[table_.host[candidate]],
                         table_.timestamps[candidate], scores_.severity[candidate], alike});
      }
    }
    std::ranges::sort(found, {}, [](const SimilarMoment& moment) {
      return std::tuple(-moment.similarity, moment.row);
    });
    found.resize(std::min(found.size(), limit));
    return found;
  }

  /// Samples of some hosts in no order, ten minutes and multiples of these apart; scores of few
  /// different heights.
  void make_table(Random& random) {
    std::vector<Row> rows;
    for (const char* host : {"a", "b", "c"}) {
      for (int i = 0; i < 60; ++i) {
        Vector values = random_normals(random, 3, 1);
        values[2] += random.uniform() < 0.3 ? 30 : 0;
        values[random_index(random, 3)] += random.uniform() < 0.5 ? 8 : -8;
        if (random.uniform() < 0.7) {
          rows.push_back({host, 600.0 * i, with_some_gap(random, values)});
        }
      }
    }
    for (std::size_t i = rows.size(); i > 1; --i) {
      std::swap(rows[i - 1], rows[random_index(random, static_cast<Index>(i))]);
    }
    take(rows);
    for (Index row = 0; row < table_.rows(); ++row) {
      scores_.alert_score[row] = 0.5 * static_cast<double>(random_index(random, 5));
      scores_.severity[row] = random.uniform() < 0.3 ? 24.9 : 25;
    }
  }

  static Vector with_some_gap(Random& random, Vector values) {
    if (random.uniform() < 0.1) {
      values[random_index(random, 3)] = kNaN;
    }
    return values;
  }

  /// Every row severe, and as bad as any other.
  void take(const std::vector<Row>& rows) {
    table_ = table_of(scorer_.model(), rows);
    samples_ = samples_of(scorer_.model(), table_).value();
    scores_.alert_score.assign(rows.size(), 1);
    scores_.severity.assign(rows.size(), 60);
  }

  Scorer scorer_ = Scorer::create(model()).value();
  Explainer explainer_{scorer_};
  SampleTable table_;
  Samples samples_;
  TableScores scores_;
};

TEST_F(SimilarMoments, are_those_that_trying_every_row_finds) {
  Random random(4);
  std::size_t found = 0;
  for (int i = 0; i < 60; ++i) {
    make_table(random);
    for (int j = 0; j < 8; ++j) {
      const auto row = static_cast<std::int32_t>(random_index(random, table_.rows()));
      const std::size_t limit = 1 + random_index(random, 5);
      const std::vector<SimilarMoment> expected = naive_moments(row, limit);
      const std::vector<SimilarMoment> actual = moments(row, limit);
      ASSERT_EQ(actual.size(), expected.size());
      for (std::size_t place = 0; place < actual.size(); ++place) {
        EXPECT_EQ(actual[place].row, expected[place].row);
        EXPECT_NEAR(actual[place].similarity, expected[place].similarity, 1e-12);
      }
      found += actual.size();
    }
  }
  EXPECT_GT(found, 100U);
}

TEST_F(SimilarMoments, are_at_least_an_hour_earlier) {
  const Vector high = Eigen::Vector3d(9, 0, 0);
  for (const double before : {3599.0, 3600.0}) {
    take({{"a", 0, high}, {"b", before, high}});
    EXPECT_EQ(moments(1).size(), before < 3600 ? 0 : 1) << before;
  }
}

TEST_F(SimilarMoments, are_the_first_of_equals_within_an_hour) {
  const Vector high = Eigen::Vector3d(9, 0, 0);
  for (const double apart : {3600.0, 3601.0}) {
    take({{"a", 0, high}, {"a", apart, high}, {"b", 20000, high}});
    const std::vector<SimilarMoment> found = moments(2);
    ASSERT_EQ(found.size(), apart > 3600 ? 2 : 1);
    EXPECT_EQ(found.front().row, 0);
  }
}

TEST_F(SimilarMoments, of_a_table_of_one_row_or_without_values_are_none) {
  take({{"a", 0, Eigen::Vector3d(9, 0, 0)}});
  EXPECT_THAT(moments(0), IsEmpty());
  const Vector nothing = Vector::Constant(3, kNaN);
  take({{"a", 0, nothing}, {"a", 7200, nothing}});
  EXPECT_THAT(moments(1), IsEmpty());
}

}  // namespace
}  // namespace rolemix
