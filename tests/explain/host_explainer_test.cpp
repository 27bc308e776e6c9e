#include "explain/host_explainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "base/random.h"
#include "explain/of_table.h"
#include "model/random_model.h"
#include "model/units.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInterval = 300;
constexpr double kMemory = 1800;  // six intervals

/// Four metrics, of which the first two move together.
class OfAHost : public testing::Test {
 protected:
  OfAHost() {
    Parameters parameters;
    parameters.weights = Vector::Ones(1);
    parameters.means = Eigen::RowVector4d(10, 20, 30, 40);
    Matrix covariance = Matrix::Identity(4, 4);
    covariance(0, 1) = covariance(1, 0) = 0.98;
    parameters.covariances = {covariance};
    model_ = plain_model(parameters);
    model_.calibration.interval_seconds = kInterval;
    model_.calibration.memory_seconds = kMemory;
    for (Index d = 0; d < 4; ++d) {
      model_.metrics[d].median = parameters.means(0, d);
    }
  }

  /// n normal samples.
  Matrix samples(Index n) {
    Random random(5);
    Matrix values(n, 4);
    for (Index i = 0; i < n; ++i) {
      values(i, 0) = 10 + random_normal(random);
      values(i, 1) =
          20 + 0.98 * (values(i, 0) - 10) + std::sqrt(1 - 0.9604) * random_normal(random);
      values(i, 2) = 30 + random_normal(random);
      values(i, 3) = 40 + random_normal(random);
    }
    return values;
  }

  static std::vector<double> times(Index n) {
    std::vector<double> times;
    for (Index i = 0; i < n; ++i) {
      times.push_back(1000 * kInterval + static_cast<double>(i) * kInterval);
    }
    return times;
  }

  HostSamples host(const std::vector<double>& times, const Matrix& values,
                   const HostState& before = {}) {
    const SampleTable table{metric_names(model_),
                            {"a"},
                            std::vector<std::int32_t>(times.size()),
                            times,
                            values,
                            {},
                            {}};
    return samples_of(model_, table, {{"a", before}}).value().hosts.at(0);
  }

  RoleModel model_;
};

TEST_F(OfAHost, blame_is_of_the_most_evidence_of_late_less_by_its_age) {
  Matrix values = samples(80);
  values(77, 2) += 9;
  values(79, 2) += 4;
  values(79, 3) += 6;
  Scorer scorer = Scorer::create(model_).value();
  Explainer explainer(scorer);
  const HostSamples samples = host(times(80), values);
  HostExplainer host(explainer, samples);
  const Explanation last = host.explain(79, 1).front();
  Vector most = Vector::Zero(8);
  for (Index row = 50; row < 80; ++row) {
    const double age = static_cast<double>(79 - row) * kInterval;
    const Explanation alone = explainer.explain(values.row(row).transpose(), host.shift(row));
    const double share = age < 5 * kMemory ? std::exp(-age / kMemory) : 0;
    most = most.cwiseMax(share * evidence_of(alone));
  }
  const Vector roots = merged(most).cwiseSqrt();
  EXPECT_NEAR(last.metrics[3].blame * roots[2], last.metrics[2].blame * roots[3], 1e-12);
  EXPECT_GT(roots[2], roots[3]) << "of late, not of this sample";
}

TEST_F(OfAHost, a_metric_inside_its_ranges_again_is_not_first_and_not_forgotten_at_once) {
  Matrix values = samples(80);
  values(77, 2) += 9;
  values(79, 3) += 6;
  Scorer scorer = Scorer::create(model_).value();
  Explainer explainer(scorer);
  const HostSamples samples = host(times(80), values);
  const Explanation last = HostExplainer(explainer, samples).explain(79, 1).front();
  EXPECT_EQ(last.ranking[0], 3);
  EXPECT_EQ(last.ranking[1], 2);
}

TEST_F(OfAHost, a_part_is_explained_as_in_the_whole) {
  Matrix values = samples(100);
  values(90, 2) += 9;
  values(92, 0) = kNaN;
  values.row(93).setConstant(kNaN);
  Scorer scorer = Scorer::create(model_).value();
  Explainer explainer(scorer);
  const HostSamples samples = host(times(100), values);
  HostExplainer host(explainer, samples);
  const std::vector<Explanation> whole = host.explain(0, 100);
  for (const Index row : {0, 1, 50, 91, 92, 93, 94, 99}) {
    const Explanation part = host.explain(row, 1).front();
    for (Index d = 0; d < 4; ++d) {
      EXPECT_NEAR(part.metrics[d].blame, whole[row].metrics[d].blame, 1e-12) << row << " " << d;
      EXPECT_EQ(part.metrics[d].rank, whole[row].metrics[d].rank);
    }
  }
}

TEST_F(OfAHost, goes_on_from_its_past) {
  Matrix values = samples(400);
  for (const Index odd : {299, 301, 305}) {
    values(odd, 2) += 8;
  }
  Scorer scorer = Scorer::create(model_).value();
  Explainer explainer(scorer);
  const HostSamples samples = host(times(400), values);
  HostExplainer host(explainer, samples);
  for (const Index cut : {1, 2, 300, 303}) {
    const std::vector<double> all = times(400);
    const HostSamples before = this->host({all.begin(), all.begin() + cut}, values.topRows(cut));
    const HostSamples after =
        this->host({all.begin() + cut, all.end()}, values.bottomRows(400 - cut),
                   state_before(explainer, before, before.size(), {}));
    HostExplainer rest(explainer, after);
    for (const Index row : {cut, cut + 1, cut + 5}) {
      const Explanation expected = host.explain(row, 1).front();
      const Explanation actual = rest.explain(row - cut, 1).front();
      for (Index d = 0; d < 4; ++d) {
        EXPECT_EQ(actual.metrics[d].blame, expected.metrics[d].blame) << cut << " " << row;
      }
    }
  }
}

TEST_F(OfAHost, a_level_that_differs_from_the_roles_is_not_to_blame) {
  Matrix values = samples(300);
  values.col(2).array() += 6;  // always
  values(299, 3) += 5;
  Scorer scorer = Scorer::create(model_).value();
  Explainer explainer(scorer);
  const HostSamples samples = host(times(300), values);
  HostExplainer host(explainer, samples);
  const Explanation last = host.explain(299, 1).front();
  EXPECT_EQ(last.metrics[2].reason, Reason::kBoth) << "seen from the role it is unusual";
  EXPECT_EQ(last.ranking[0], 3);
  EXPECT_EQ(host.explain(1, 1).front().ranking[0], 2) << "in its first hour it has no level";
}

TEST_F(OfAHost, a_broken_relation_is_found_where_no_metric_is_unusual_by_itself) {
  Matrix values = samples(300);
  values(299, 0) = 10 - 1.5;
  values(299, 1) = 20 + 1.6;
  Scorer scorer = Scorer::create(model_).value();
  Explainer explainer(scorer);
  const HostSamples samples = host(times(300), values);
  HostExplainer host(explainer, samples);
  const Explanation last = host.explain(299, 1).front();
  EXPECT_LE(last.ranking[0], 1);
  EXPECT_LE(last.ranking[1], 1);
  EXPECT_EQ(last.metrics[1].reason, Reason::kUnusualGivenOthers);
}

TEST_F(OfAHost, a_table_is_explained_host_by_host_in_the_order_asked_for) {
  const Matrix values = samples(60);
  SampleTable table;
  table.metrics = metric_names(model_);
  table.hosts = {"b", "a"};
  table.values = values;
  for (std::int32_t row = 0; row < 60; ++row) {
    table.host.push_back(row % 2);
    table.timestamps.push_back(300000 + kInterval * (row / 2));
  }
  Scorer scorer = Scorer::create(model_).value();
  Explainer explainer(scorer);
  const std::vector<std::int32_t> rows = {59, 3, 5, 4};
  const std::vector<Explanation> all = explain(explainer, table, rows);
  ASSERT_EQ(all.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(all[i].metrics[0].observed, values(rows[i], 0));
    std::vector<double> times;
    Matrix own(rows[i] / 2 + 1, 4);
    for (Index j = 0; j < own.rows(); ++j) {
      times.push_back(300000 + kInterval * static_cast<double>(j));
      own.row(j) = values.row(2 * j + rows[i] % 2);
    }
    const HostSamples alone = host(times, own);
    const Explanation expected = HostExplainer(explainer, alone).explain(own.rows() - 1, 1).front();
    for (Index d = 0; d < 4; ++d) {
      EXPECT_NEAR(all[i].metrics[d].blame, expected.metrics[d].blame, 1e-12);
    }
  }
}

TEST_F(OfAHost, a_moment_has_all_that_the_explanation_of_its_sample_takes) {
  Matrix values = samples(100);
  values(97, 2) += 9;
  values(99, 3) += 6;
  const HostSamples samples = host(times(100), values);
  Scorer scorer = Scorer::create(model_).value();
  Explainer explainer(scorer);
  const Explanation expected = HostExplainer(explainer, samples).explain(99, 1).front();
  const HostMoment moment = moment_of(explainer, samples, 99);
  const Explanation actual = explain_at(explainer, moment, values.row(99).transpose());
  EXPECT_EQ(actual.ranking, expected.ranking);
  for (Index d = 0; d < 4; ++d) {
    EXPECT_NEAR(actual.metrics[d].blame, expected.metrics[d].blame, 1e-12);
  }
}

}  // namespace
}  // namespace rolemix
