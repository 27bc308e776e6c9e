#include "score/score_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class AlertScore : public testing::Test {
 protected:
  double update_with(double timestamp, double score) {
    return update(memory_, calibration_, timestamp, score);
  }

  Calibration calibration_ = simple_calibration();  // memory 600 s, interval 60 s, typical 5
  ScoreMemory memory_;
};

TEST_F(AlertScore, is_the_log_of_an_exponentially_weighted_mean) {
  const double share = -std::expm1(-0.1);
  EXPECT_NEAR(update_with(0, 5 + 2), std::log1p(2 * share), 1e-15);
  EXPECT_NEAR(update_with(60, 5 + 3), std::log1p(2 * share * (1 - share) + 3 * share), 1e-15);
}

TEST_F(AlertScore, tends_to_the_log_of_a_lasting_excess) {
  double score = 0;
  for (int i = 0; i < 500; ++i) {
    const double next = update_with(60.0 * i, 5 + 99);
    EXPECT_GE(next, score - 1e-14);
    score = next;
  }
  EXPECT_NEAR(score, std::log(100), 1e-12);
}

TEST_F(AlertScore, falls_five_times_as_fast_once_the_excess_is_over) {
  for (int i = 0; i < 500; ++i) {
    update_with(60.0 * i, 5 + 99);
  }
  EXPECT_NEAR(update_with(500 * 60, 5), std::log1p(99 * std::exp(-0.1)), 1e-12) << "slow memory";
  const double at_end = update_with(510 * 60, 5);
  EXPECT_NEAR(at_end, std::log1p(1.5 * 99 * std::exp(-0.5 * 11)), 1e-12) << "fast memory";
}

TEST_F(AlertScore, is_0_for_samples_that_are_usual) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(update_with(60.0 * i, -100), 0);
  }
}

TEST_F(AlertScore, does_not_depend_on_how_often_a_steady_state_is_sampled) {
  Calibration often = calibration_;
  often.interval_seconds = 10;
  ScoreMemory memory;
  for (int i = 0; i <= 600; i += 10) {
    update(memory, often, i, 50);
  }
  for (int i = 0; i <= 600; i += 60) {
    update_with(i, 50);
  }
  // The first sample stands for one interval before it.
  EXPECT_NEAR(memory.slow, 45 * -std::expm1(-610.0 / 600), 1e-12);
  EXPECT_NEAR(memory_.slow, 45 * -std::expm1(-660.0 / 600), 1e-12);
  EXPECT_NEAR(memory.fast, 45 * -std::expm1(-610.0 / 120), 1e-12);
}

TEST_F(AlertScore, counts_a_pause_as_normal) {
  for (int i = 0; i < 100; ++i) {
    update_with(60.0 * i, 1000);
  }
  const double before = memory_.slow;
  update_with(99 * 60 + 3000, 1000);
  EXPECT_NEAR(memory_.slow, before * std::exp(-3000.0 / 600) + 995 * -std::expm1(-0.1), 1e-10);
}

TEST_F(AlertScore, gives_a_late_sample_the_time_it_stands_for) {
  update_with(0, 5);
  update_with(180, 6);
  EXPECT_NEAR(memory_.slow, -std::expm1(-0.3), 1e-15) << "late";
  update_with(380, 5);
  EXPECT_NEAR(memory_.slow, -std::expm1(-0.3) * std::exp(-200.0 / 600), 1e-15);
  update_with(562, 6);
  EXPECT_NEAR(memory_.slow, -std::expm1(-0.3) * std::exp(-382.0 / 600) - std::expm1(-0.1), 1e-15)
      << "after a pause";
}

TEST_F(AlertScore, is_that_of_the_sample_alone_without_a_memory_or_an_interval) {
  calibration_.memory_seconds = 0;
  EXPECT_NEAR(update_with(0, 5 + std::expm1(2.0)), 2, 1e-15);
  EXPECT_EQ(update_with(60, 5), 0);
  calibration_.memory_seconds = 600;
  calibration_.interval_seconds = 0;
  EXPECT_NEAR(update_with(120, 5 + std::expm1(2.0)), 2, 1e-15);
}

TEST_F(AlertScore, of_a_model_of_format_version_1_is_the_mean_of_the_logs) {
  calibration_.statistic = AlertStatistic::kMeanOfLogs;
  const double share = -std::expm1(-0.1);
  EXPECT_NEAR(update_with(0, 5 + std::expm1(2.0)), 2 * share, 1e-15);
  EXPECT_NEAR(update_with(60, 5 + std::expm1(3.0)), 2 * share * (1 - share) + 3 * share, 1e-15);
}

// ---- the level of a host

std::vector<double> every(double interval, int count) {
  std::vector<double> times;
  for (int i = 0; i < count; ++i) {
    times.push_back(interval * i);
  }
  return times;
}

/// Equal to the bit; NaN counts as equal to NaN.
void expect_same(const Matrix& a, const Matrix& b) {
  EXPECT_TRUE((a.array() == b.array() || (a.array().isNaN() && b.array().isNaN())).all());
}

TEST(HostLevel, is_not_known_in_the_first_hour) {
  KeptRows level;
  const Matrix samples = Matrix::Constant(20, 1, 7);
  const Matrix shifts = level_shifts(level, every(300, 20), samples, Vector::Constant(1, 5));
  for (Index i = 0; i < 20; ++i) {
    EXPECT_TRUE(i < 12 ? std::isnan(shifts(i, 0)) : shifts(i, 0) == 2) << i;
  }
}

TEST(HostLevel, is_the_median_of_one_sample_in_half_an_hour_of_the_last_day) {
  Random random(3);
  const std::vector<double> times = every(300, 900);
  Matrix samples = random_normals(random, 900, 2);
  for (Index i = 0; i < 900; i += 7) {
    samples(i, 1) = kNaN;
  }
  const Vector medians = Eigen::Vector2d(0.5, -1);
  KeptRows level;
  const Matrix shifts = level_shifts(level, times, samples, medians);
  for (Index i = 12; i < 900; ++i) {
    for (Index d = 0; d < 2; ++d) {
      std::vector<double> known;
      for (Index j = 0; j < i; j += 6) {  // each sixth is half an hour after the last
        if (times[j] > times[i] - 86400 && !std::isnan(samples(j, d))) {
          known.push_back(samples(j, d));
        }
      }
      std::ranges::sort(known);
      EXPECT_EQ(shifts(i, d), known[known.size() / 2] - medians[d]) << i << " " << d;
    }
  }
}

TEST(HostLevel, goes_on_where_it_was_left) {
  Random random(5);
  const std::vector<double> times = every(600, 300);
  const Matrix samples = random_normals(random, 300, 3);
  const Vector medians = Vector::Zero(3);
  KeptRows level;
  const Matrix whole = level_shifts(level, times, samples, medians);
  for (const Index cut : {1, 17, 150, 299}) {
    KeptRows again;
    const auto middle = times.begin() + cut;
    const Matrix first =
        level_shifts(again, {times.begin(), middle}, samples.topRows(cut), medians);
    const Matrix rest =
        level_shifts(again, {middle, times.end()}, samples.bottomRows(300 - cut), medians);
    expect_same(first, whole.topRows(cut));
    expect_same(rest, whole.bottomRows(300 - cut));
  }
  EXPECT_LE(level.times.size(), 49);
}

TEST(HostLevel, is_forgotten_after_a_day_of_silence) {
  KeptRows level;
  const std::vector<double> times = {0, 1800, 3600, 5400, 100000, 101800};
  const Matrix samples = Matrix::Constant(6, 1, 3);
  const Matrix shifts = level_shifts(level, times, samples, Vector::Zero(1));
  EXPECT_EQ(shifts(3, 0), 3);
  EXPECT_TRUE(std::isnan(shifts(4, 0)));
  EXPECT_TRUE(std::isnan(shifts(5, 0)));
}

TEST(HostLevel, of_a_metric_without_history_or_median_is_not_known) {
  KeptRows level;
  Matrix samples = Matrix::Constant(10, 2, 3);
  samples.col(0).setConstant(kNaN);
  const Matrix shifts = level_shifts(level, every(1800, 10), samples, Eigen::Vector2d(0, kNaN));
  EXPECT_TRUE(shifts.array().isNaN().all());
}

TEST(HostLevel, of_another_model_is_left_aside) {
  KeptRows level{{0, 1800}, {1, 2}};
  const Matrix shifts = level_shifts(level, {7200}, Matrix::Constant(1, 3, 5), Vector::Zero(3));
  EXPECT_TRUE(shifts.array().isNaN().all());
  EXPECT_EQ(level.times, std::vector<double>{7200});
}

}  // namespace
}  // namespace rolemix
