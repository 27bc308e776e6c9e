#include "samples/host_level.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"
#include "model/units.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
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
  const Matrix levels = levels_of(every(300, 20), Matrix::Constant(20, 1, 7));
  for (Index i = 0; i < 20; ++i) {
    EXPECT_TRUE(i < 12 ? std::isnan(levels(i, 0)) : levels(i, 0) == 7) << i;
  }
}

TEST(HostLevel, is_the_median_of_one_sample_in_half_an_hour_of_the_last_day) {
  Random random(3);
  const std::vector<double> times = every(300, 900);
  Matrix samples = random_normals(random, 900, 2);
  for (Index i = 0; i < 900; i += 7) {
    samples(i, 1) = kNaN;
  }
  const Matrix levels = levels_of(times, samples);
  for (Index i = 12; i < 900; ++i) {
    for (Index d = 0; d < 2; ++d) {
      std::vector<double> known;
      for (Index j = 0; j < i; j += 6) {  // each sixth is half an hour after the last
        if (times[j] > times[i] - 86400 && !std::isnan(samples(j, d))) {
          known.push_back(samples(j, d));
        }
      }
      std::ranges::sort(known);
      EXPECT_EQ(levels(i, d), known[known.size() / 2]) << i << " " << d;
    }
  }
}

TEST(HostLevel, goes_on_where_it_was_left) {
  Random random(5);
  RoleModel model = random_model(random);
  const std::vector<double> times = every(600, 300);
  const Matrix values = random_normals(random, 300, model.dimensions()).cwiseAbs();
  Vector now(model.dimensions());
  Vector then(model.dimensions());
  for (const Index cut : {0, 1, 17, 150, 299}) {
    HostLevel whole(model.metrics, {});
    HostLevel rest(model.metrics, {});
    for (Index i = 0; i < 300; ++i) {
      if (i == cut) {
        rest = HostLevel(model.metrics, whole.kept());
      }
      const bool known = whole.advance(times[i]);
      if (i >= cut) {
        EXPECT_EQ(rest.advance(times[i]), known);
        whole.medians(now.data());
        rest.medians(then.data());
        expect_same(then, now);
        rest.add(model.metrics, times[i], values.row(i).data());
      }
      whole.add(model.metrics, times[i], values.row(i).data());
    }
    EXPECT_LE(whole.kept().times.size(), 49);
  }
}

TEST(HostLevel, is_kept_as_measured_and_compared_after_the_transforms) {
  Random random(7);
  const RoleModel model = random_model(random);
  const std::vector<double> times = every(600, 200);
  const Matrix values = random_normals(random, 200, model.dimensions()).cwiseAbs();
  Matrix transforms = values;
  for (Index d = 0; d < model.dimensions(); ++d) {
    transforms.col(d) =
        values.col(d).unaryExpr([&](double x) { return transformed(model.metrics[d], x); });
  }
  const Matrix expected = levels_of(times, transforms);
  HostLevel level(model.metrics, {});
  Matrix medians(1, model.dimensions());
  for (Index i = 0; i < 200; ++i) {
    if (level.advance(times[i])) {
      level.medians(medians.data());
      expect_same(medians, expected.row(i));
    }
    level.add(model.metrics, times[i], values.row(i).data());
  }
  for (std::size_t i = 0; i < level.kept().times.size(); ++i) {
    const Index row = std::ranges::find(times, level.kept().times[i]) - times.begin();
    EXPECT_EQ(level.kept().values[i * model.metrics.size()], values(row, 0));
  }
}

TEST(HostLevel, changes_its_version_with_its_medians) {
  const std::vector<MetricSpec> metrics(1);
  HostLevel level(metrics, {});
  std::size_t version = level.version();
  for (const double time : {0.0, 60.0, 1800.0, 3600.0, 3660.0, 90000.0}) {
    const double value = time;
    level.advance(time);
    level.add(metrics, time, &value);
    const bool changes = time != 60 && time != 3660;
    EXPECT_EQ(level.version() != version, changes) << time;
    version = level.version();
  }
}

TEST(HostLevel, is_forgotten_after_a_day_of_silence) {
  const Matrix levels = levels_of({0, 1800, 3600, 5400, 100000, 101800}, Matrix::Constant(6, 1, 3));
  EXPECT_EQ(levels(3, 0), 3);
  EXPECT_TRUE(std::isnan(levels(4, 0)));
  EXPECT_TRUE(std::isnan(levels(5, 0)));
}

TEST(HostLevel, of_a_metric_without_history_is_not_known) {
  Matrix samples = Matrix::Constant(10, 2, 3);
  samples.col(0).setConstant(kNaN);
  const Matrix levels = levels_of(every(1800, 10), samples);
  EXPECT_TRUE(levels.col(0).array().isNaN().all());
  EXPECT_EQ(levels(9, 1), 3);
}

TEST(HostLevel, of_another_number_of_metrics_is_left_aside) {
  HostLevel level(std::vector<MetricSpec>(3), {{0, 1800}, {1, 2}});
  EXPECT_FALSE(level.advance(7200));
  EXPECT_TRUE(level.kept().times.empty());
}

}  // namespace
}  // namespace rolemix
