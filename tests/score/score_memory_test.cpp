#include "score/score_memory.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/random_model.h"

namespace rolemix {
namespace {

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
  update_with(0, 5 + 1);
  const double first = memory_.slow;
  update_with(180, 5 + 1);
  EXPECT_NEAR(memory_.slow, first * std::exp(-0.3) - std::expm1(-0.3), 1e-15) << "late";
  const double second = memory_.slow;
  update_with(180 + 542, 5 + 1);
  EXPECT_NEAR(memory_.slow, second * std::exp(-542.0 / 600) - std::expm1(-0.1), 1e-15)
      << "after a pause";
}

TEST_F(AlertScore, gives_a_host_that_comes_more_seldom_its_own_time) {
  update_with(0, 5 + 1);
  double before = memory_.slow;
  update_with(700, 5 + 1);
  EXPECT_NEAR(memory_.slow, before * std::exp(-700. / 600) - std::expm1(-0.1), 1e-15)
      << "nobody knows its pace yet";
  before = memory_.slow;
  update_with(1400, 5 + 1);
  EXPECT_NEAR(memory_.slow, before * std::exp(-700. / 600) - std::expm1(-700. / 600), 1e-15);
  before = memory_.slow;
  update_with(1400 + 2200, 5 + 1);
  EXPECT_NEAR(memory_.slow, before * std::exp(-2200. / 600) - std::expm1(-0.1), 1e-15)
      << "a pause to every host: more than three times twelve usual intervals";
}

TEST_F(AlertScore, counts_no_sample_for_more_than_the_one_before_bears_out) {
  const double share = -std::expm1(-0.1);
  const double sensitive = std::expm1(alert_score_of(calibration_.curves.front(), std::log(7)));
  const double alone = sensitive / 2 / share;
  for (const double odd : {1e3, 1e19, 1e100}) {
    for (const double usual : {5., 6., 5 + 0.9 * alone}) {
      memory_ = {};
      update_with(0, usual);
      const double before = memory_.slow;
      update_with(60, odd);
      EXPECT_NEAR(memory_.slow, before * (1 - share) + sensitive / 2, 1e-12) << odd;
    }
  }
  memory_ = {};
  update_with(0, 5 + alone);
  const double before = memory_.slow;
  update_with(60, 1e19);
  EXPECT_NEAR(memory_.slow, before * (1 - share) + 8 * alone * share, 1e-9) << "borne out";
}

TEST_F(AlertScore, counts_the_first_sample_in_full_until_the_next_comes) {
  const double share = -std::expm1(-0.1);
  EXPECT_NEAR(update_with(0, 5 + 1000), std::log1p(1000 * share), 1e-12);
  const double sensitive = alert_score_of(calibration_.curves.front(), std::log(7));
  EXPECT_LT(update_with(60, 5), sensitive);
  memory_ = {};
  update_with(0, 5 + 1000);
  update_with(60, 5 + 1000);
  EXPECT_NEAR(memory_.slow, 1000 * share * (1 - share) + 1000 * share, 1e-9);
}

TEST_F(AlertScore, is_soon_over_however_strong_it_was) {
  for (int i = 0; i < 100; ++i) {
    update_with(60.0 * i, i < 5 ? 5 : 1e50);
  }
  const double highest = alert_score_of(calibration_.curves.front(), std::log(3650));
  double score = 0;
  for (int i = 100; i < 112; ++i) {
    score = update_with(60.0 * i, 5);
  }
  EXPECT_LT(score, highest) << "two fast and more";
}

TEST_F(AlertScore, in_full_knows_no_neighbours) {
  update_in_full(memory_, calibration_, 0, 5);
  EXPECT_NEAR(update_in_full(memory_, calibration_, 60, 5 + 100),
              std::log1p(100 * -std::expm1(-0.1)), 1e-12);
}

TEST_F(AlertScore, is_that_of_the_sample_alone_without_a_memory_or_an_interval) {
  calibration_.memory_seconds = 0;
  EXPECT_NEAR(update_with(0, 5 + std::expm1(2.0)), 2, 1e-15);
  EXPECT_EQ(update_with(60, 5), 0);
  calibration_.memory_seconds = 600;
  calibration_.interval_seconds = 0;
  EXPECT_NEAR(update_with(120, 5 + std::expm1(2.0)), 2, 1e-15);
}

}  // namespace
}  // namespace rolemix
