#include "train/calibrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"
#include "score/score.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kInterval = 300;

/// Scores of a normal host: half the sum of five squared normal variates, independent from sample
/// to sample.
HeldOutSeries normal_host(double days, std::uint64_t seed) {
  Random random(seed);
  HeldOutSeries host;
  for (double time = 0; time < days * 86400; time += kInterval) {
    double score = 0;
    for (int i = 0; i < 5; ++i) {
      score += 0.5 * std::pow(random_normal(random), 2);
    }
    host.timestamps.push_back(time);
    host.completed_scores.push_back(score);
  }
  return host;
}

std::vector<HeldOutSeries> normal_role(int hosts, double days, std::uint64_t seed) {
  std::vector<HeldOutSeries> role;
  for (int h = 0; h < hosts; ++h) {
    role.push_back(normal_host(days, seed * 1000 + static_cast<std::uint64_t>(h)));
  }
  return role;
}

TEST(DeclusteredPeaks, CountsNeighboursOnce) {
  EXPECT_THAT(declustered_peaks({0, 1, 2, 3, 4, 5, 6}, {1, 5, 4, 1, 2, 3, 2}, 2),
              ElementsAre(5, 3));
}

TEST(DeclusteredPeaks, TakesTheFirstOfEqualValues) {
  EXPECT_THAT(declustered_peaks({0, 1, 2}, {4, 4, 4}, 10), ElementsAre(4));
}

TEST(DeclusteredPeaks, AGapSeparatesPeaks) {
  EXPECT_THAT(declustered_peaks({0, 100}, {3, 2}, 10), ElementsAre(3, 2));
}

TEST(Calibrate, KeepsItsPromiseOnHostsItDidNotSee) {
  // Learned on 60 host-days; on 600 others a level promised for once in 7 host-days is met about 86
  // times.
  for (const int attempts : {1, 3}) {
    const Calibration calibration = calibrate(normal_role(6, 10, 1), kInterval);
    ASSERT_TRUE(calibration.ready) << calibration.not_ready_reason;
    const double threshold = alert_threshold(calibration, attempts, 7);
    int exceeded = 0;
    for (const HeldOutSeries& host : normal_role(20, 30, 2)) {
      ScoreMemory memory;  // thresholds are of samples in full; bounded ones reach them less often
      std::vector<double> lasting;
      std::vector<double> recent;
      for (std::size_t i = 0; i < host.timestamps.size(); ++i) {
        recent.push_back(
            update_in_full(memory, calibration, host.timestamps[i], host.completed_scores[i]));
        const std::size_t first = i < 2 ? 0 : i + 1 - static_cast<std::size_t>(attempts);
        lasting.push_back(
            *std::min_element(recent.begin() + static_cast<long>(first), recent.end()));
      }
      for (const double peak : declustered_peaks(host.timestamps, lasting, 3600)) {
        exceeded += peak >= threshold ? 1 : 0;
      }
    }
    EXPECT_GT(exceeded, 86 / 2) << attempts << " attempts";
    EXPECT_LT(exceeded, 86 * 2) << attempts << " attempts";
  }
}

TEST(Calibrate, TakesIncidentsOfItsHistoryForWhatTheyAre) {
  const Calibration clean = calibrate(normal_role(6, 10, 1), kInterval);
  std::vector<HeldOutSeries> role = normal_role(6, 10, 1);
  for (std::size_t day = 1; day < 9; ++day) {  // two hours a day on one host or another
    HeldOutSeries& host = role[day % role.size()];
    for (std::size_t i = 288 * day; i < 288 * day + 24; ++i) {
      host.completed_scores[i] += 500;
    }
  }
  const Calibration disturbed = calibrate(role, kInterval);
  const double threshold = alert_threshold(clean, 3, 30);
  EXPECT_NEAR(alert_threshold(disturbed, 3, 30), threshold, 0.3);
  EXPECT_GT(disturbed.history[kMaxCheckAttempts + 2].alerts, 7) << "normal, three attempts";
}

TEST(Calibrate, DoesNotTakeOneHostsNightlyEventForATail) {
  // The highest peaks are of one height then, whose spread says nothing of what is seldom.
  std::vector<HeldOutSeries> role = normal_role(6, 14, 1);
  for (std::size_t i = 0; i < role[0].timestamps.size(); ++i) {
    if (std::fmod(role[0].timestamps[i], 86400) < 3600) {
      role[0].completed_scores[i] = 16 + std::sin(role[0].timestamps[i]);
    }
  }
  const Calibration calibration = calibrate(role, kInterval);
  ASSERT_TRUE(calibration.ready) << calibration.not_ready_reason;
  const double monthly = alert_threshold(calibration, 3, 30);
  EXPECT_GT(alert_threshold(calibration, 3, 365), monthly + 0.15);
}

/// Calibrations of roles of several sizes, among them one that hardly ever moves.
std::vector<Calibration> fresh_calibrations() {
  std::vector<Calibration> result;
  for (const std::uint64_t seed : {3, 4, 5}) {
    result.push_back(calibrate(normal_role(static_cast<int>(seed), 14, seed), kInterval));
  }
  std::vector<HeldOutSeries> steady = normal_role(6, 10, 6);
  for (HeldOutSeries& host : steady) {
    for (double& score : host.completed_scores) {
      score *= 0.01;
    }
  }
  result.push_back(calibrate(steady, kInterval));
  return result;
}

TEST(Calibrate, GivesOneScaleOfScoreReturnTimeAndSeverity) {
  for (const Calibration& calibration : fresh_calibrations()) {
    ASSERT_TRUE(calibration.ready) << calibration.not_ready_reason;
    for (int attempts = 1; attempts <= kMaxCheckAttempts; ++attempts) {
      const ReturnCurve& curve = calibration.curves[static_cast<std::size_t>(attempts) - 1];
      double before = -1;
      for (double score = curve.alert_scores.front(); score < 8; score += 0.01) {
        const double time = return_time(calibration, attempts, score);
        EXPECT_GT(time, before) << attempts << " at " << score;
        EXPECT_NEAR(alert_threshold(calibration, attempts, time), score, 1e-9);
        before = time;
      }
    }
  }
}

TEST(Calibrate, LetsJustWhatIsAsSevereAsASensitivityAlert) {
  for (const Calibration& calibration : fresh_calibrations()) {
    for (const Sensitivity sensitivity :
         {Sensitivity::kSensitive, Sensitivity::kNormal, Sensitivity::kInsensitive}) {
      const double severity = severity_of(sensitivity);
      const double threshold = alert_threshold(calibration, 1, return_time_of_severity(severity));
      for (double score = 0; score < 8; score += 0.0037) {
        const bool severe = severity_of_return_time(return_time(calibration, 1, score)) >= severity;
        EXPECT_EQ(severe, score >= threshold) << name(sensitivity) << " at " << score;
      }
      // One tolerance is no news.
      EXPECT_GT(threshold, std::log1p(0.5));
    }
  }
}

TEST(Calibrate, MoreAttemptsNeverNeedAHigherScore) {
  const Calibration calibration = calibrate(normal_role(6, 10, 5), kInterval);
  for (int attempts = 2; attempts <= kMaxCheckAttempts; ++attempts) {
    EXPECT_LE(alert_threshold(calibration, attempts, 7),
              alert_threshold(calibration, attempts - 1, 7) + 0.05);
  }
}

TEST(Calibrate, SaysWhatIsMissingWhenThereIsTooLittle) {
  const Calibration calibration = calibrate(normal_role(2, 1, 6), kInterval);
  EXPECT_FALSE(calibration.ready);
  EXPECT_THAT(calibration.not_ready_reason, HasSubstr("2 days"));
  EXPECT_TRUE(std::isinf(alert_threshold(calibration, 3, 30)));
}

TEST(Calibrate, WorksOnNoHostsAtAll) { EXPECT_FALSE(calibrate({}, kInterval).ready); }

TEST(Calibrate, SaysWhenPeaksAreTooFewThoughTheTimeIsEnough) {
  HeldOutSeries host;
  for (int i = 0; i < 2000; ++i) {
    host.timestamps.push_back(300.0 * i);
    host.completed_scores.push_back(5);
  }
  const Calibration calibration = calibrate({host}, 300);
  EXPECT_FALSE(calibration.ready);
  EXPECT_THAT(calibration.not_ready_reason, HasSubstr("too few peaks of the alert score: "));
  EXPECT_THAT(calibration.not_ready_reason, HasSubstr("40 are needed"));
}

}  // namespace
}  // namespace rolemix
