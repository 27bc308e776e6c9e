#include "train/held_out.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Two hosts with 24 and 36 samples of a random mixture, and where a fit begins.
class HeldOut : public testing::Test {
 protected:
  explicit HeldOut(Index dimensions = 3) {
    Random random(1);
    const Parameters parameters = random_parameters(random, 2, dimensions);
    model_ = plain_model(parameters);
    start_ = {.weights = parameters.weights,
              .means = parameters.means,
              .covariances = parameters.covariances,
              .unclipped_covariances = parameters.covariances,
              .objective = {}};
    add_host(24);
    add_host(36);
    samples_.resize(std::ssize(rows_.host), dimensions);
    for (Index i = 0; i < samples_.rows(); ++i) {
      samples_.row(i) = random_sample(random, parameters).transpose();
    }
    shifts_ = Matrix::Zero(samples_.rows(), dimensions);
    fitted_.resize(samples_.rows());
    std::iota(fitted_.begin(), fitted_.end(), 0);
  }

  void add_host(int count) {
    for (int i = 0; i < count; ++i) {
      rows_.host.push_back(rows_.hosts);
      rows_.position.push_back(static_cast<double>(i) / count);
      rows_.timestamps.push_back(1e9 + 300.0 * i);
      rows_.table_row.push_back(static_cast<std::int32_t>(rows_.table_row.size()));
    }
    ++rows_.hosts;
  }

  std::vector<HeldOutSeries> series() const {
    return held_out_scores(samples_, shifts_, rows_, fitted_, model_, start_, "step",
                           [](const std::string&, double) {})
        .value();
  }

  /// One after the other, of samples without gaps those of every row.
  std::vector<double> scores() const {
    std::vector<double> all;
    for (const HeldOutSeries& host : series()) {
      all.insert(all.end(), host.completed_scores.begin(), host.completed_scores.end());
    }
    return all;
  }

  /// The quarter of its host's time.
  int quarter(Index row) const { return static_cast<int>(4 * rows_.position[row]); }

  RoleModel model_;
  MixtureFit start_;
  TrainingRows rows_;
  Matrix samples_;
  Matrix shifts_;
  std::vector<Index> fitted_;
};

TEST_F(HeldOut, judges_a_quarter_of_time_by_what_the_others_teach) {
  const std::vector<double> before = scores();
  ASSERT_EQ(std::ssize(before), samples_.rows());
  for (const Index changed : {0, 5, 6, 11, 12, 17, 18, 23, 24, 32, 33, 59}) {
    const Matrix kept = samples_;
    samples_(changed, 0) += 3;
    const std::vector<double> after = scores();
    for (Index row = 0; row < samples_.rows(); ++row) {
      if (row != changed) {
        EXPECT_EQ(after[row] == before[row], quarter(row) == quarter(changed))
            << row << " when " << changed << " changes";
      }
    }
    samples_ = kept;
  }
}

TEST_F(HeldOut, does_not_need_a_row_among_those_to_learn_from_to_judge_it) {
  const std::vector<double> before = scores();
  for (int left_out = 0; left_out < 4; ++left_out) {
    const std::vector<Index> kept = fitted_;
    std::erase_if(fitted_, [&](Index row) { return quarter(row) == left_out; });
    const std::vector<double> after = scores();
    for (Index row = 0; row < samples_.rows(); ++row) {
      EXPECT_EQ(after[row] == before[row], quarter(row) == left_out);
    }
    fitted_ = kept;
  }
}

TEST_F(HeldOut, judges_by_the_density_of_a_fit_to_the_rest) {
  const std::vector<double> actual = scores();
  for (int block = 0; block < 4; ++block) {
    std::vector<Index> rest = fitted_;
    std::erase_if(rest, [&](Index row) { return quarter(row) == block; });
    MixtureFit fit = start_;
    run_em(samples_(rest, Eigen::all), {.max_iterations = 30, .tolerance = 1e-4}, fit);
    const GaussianMixture mixture = Parameters{fit.weights, fit.means, fit.covariances}.mixture();
    for (Index row = 0; row < samples_.rows(); ++row) {
      if (quarter(row) == block) {
        EXPECT_NEAR(actual[row], -mixture.log_likelihood(samples_.row(row).transpose()), 1e-9);
      }
    }
  }
}

TEST_F(HeldOut, gives_each_row_that_tells_anything_once_in_order_of_time) {
  samples_(3, 0) = kNaN;
  samples_.row(7).setConstant(kNaN);
  samples_.row(30).setConstant(kNaN);
  const std::vector<HeldOutSeries> hosts = series();
  ASSERT_EQ(hosts.size(), 2U);
  for (Index host = 0; host < 2; ++host) {
    std::vector<double> expected;
    for (Index row = 0; row < samples_.rows(); ++row) {
      if (rows_.host[row] == host && row != 7 && row != 30) {
        expected.push_back(rows_.timestamps[row]);
      }
    }
    EXPECT_EQ(hosts[host].timestamps, expected);
    EXPECT_EQ(hosts[host].completed_scores.size(), expected.size());
    EXPECT_THAT(hosts[host].completed_scores, Each(testing::Not(testing::IsNan())));
  }
}

TEST_F(HeldOut, takes_the_more_usual_of_a_sample_and_the_sample_about_its_hosts_level) {
  std::erase(fitted_, 8);
  const std::vector<double> at_the_roles_level = scores();
  samples_.row(8).array() += 64;
  const double far = scores()[8];
  EXPECT_GT(far, at_the_roles_level[8] + 100);
  shifts_.row(8).array() += 64;
  EXPECT_NEAR(scores()[8], at_the_roles_level[8], 1e-9);
  shifts_.row(8).array() -= 640;
  EXPECT_EQ(scores()[8], far) << "about that level it is more unusual";
}

TEST_F(HeldOut, tells_of_its_step) {
  std::vector<double> told;
  ASSERT_TRUE(held_out_scores(samples_, shifts_, rows_, fitted_, model_, start_, "step",
                              [&](const std::string& step, double done) {
                                EXPECT_EQ(step, "step");
                                told.push_back(done);
                              }));
  EXPECT_THAT(told, ElementsAre(0, 0.25, 0.5, 0.75));
}

TEST_F(HeldOut, of_samples_without_values_has_no_scores) {
  samples_.setConstant(kNaN);
  const std::vector<HeldOutSeries> hosts = series();
  ASSERT_EQ(hosts.size(), 2U);
  EXPECT_THAT(hosts[0].completed_scores, IsEmpty());
  EXPECT_THAT(hosts[1].timestamps, IsEmpty());
}

TEST_F(HeldOut, of_no_or_one_sample_goes_by_the_start) {
  rows_ = TrainingRows();
  samples_.conservativeResize(0, Eigen::NoChange);
  shifts_.conservativeResize(0, Eigen::NoChange);
  fitted_.clear();
  EXPECT_THAT(series(), IsEmpty());
  add_host(1);
  samples_ = Matrix::Ones(1, 3);
  shifts_ = Matrix::Zero(1, 3);
  fitted_ = {0};
  const GaussianMixture mixture =
      Parameters{start_.weights, start_.means, start_.covariances}.mixture();
  EXPECT_THAT(scores(), ElementsAre(testing::DoubleNear(
                            -mixture.log_likelihood(samples_.row(0).transpose()), 1e-9)));
}

TEST_F(HeldOut, of_a_model_that_cannot_score_is_an_error) {
  model_.metrics[0].name = "";
  const auto scored = held_out_scores(samples_, shifts_, rows_, fitted_, model_, start_, "step",
                                      [](const std::string&, double) {});
  ASSERT_FALSE(scored);
  EXPECT_EQ(scored.error().code, ErrorCode::kInvalidArgument);
}

class HeldOutOfOneMetric : public HeldOut {
 protected:
  HeldOutOfOneMetric() : HeldOut(1) {}
};

TEST_F(HeldOutOfOneMetric, judges_a_quarter_by_the_others_too) {
  const std::vector<double> before = scores();
  samples_(0, 0) += 3;
  const std::vector<double> after = scores();
  for (Index row = 1; row < samples_.rows(); ++row) {
    EXPECT_EQ(after[row] == before[row], quarter(row) == 0);
  }
}

TEST(SetMixture, makes_the_fit_the_models) {
  Random random(2);
  const Parameters parameters = random_parameters(random, 2, 3);
  RoleModel model = plain_model(random_parameters(random, 1, 3));
  set_mixture({.weights = parameters.weights,
               .means = parameters.means,
               .covariances = parameters.covariances,
               .unclipped_covariances = {},
               .objective = {}},
              model);
  EXPECT_EQ(model.weights, parameters.weights);
  EXPECT_EQ(model.means, parameters.means);
  EXPECT_EQ(model.covariances, parameters.covariances);
  EXPECT_TRUE(model.unclipped_covariances.empty());
  EXPECT_EQ(model.metrics.size(), 3U) << "the rest stays";
}

}  // namespace
}  // namespace rolemix
