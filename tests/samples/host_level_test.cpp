#include "samples/host_level.h"

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
constexpr const RoleModel* as_they_are = nullptr;

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
  const Matrix shifts =
      level_shifts(level, every(300, 20), samples, Vector::Constant(1, 5), as_they_are);
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
  const Matrix shifts = level_shifts(level, times, samples, medians, as_they_are);
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
  const Matrix whole = level_shifts(level, times, samples, medians, as_they_are);
  for (const Index cut : {1, 17, 150, 299}) {
    KeptRows again;
    const auto middle = times.begin() + cut;
    const Matrix first =
        level_shifts(again, {times.begin(), middle}, samples.topRows(cut), medians, as_they_are);
    const Matrix rest = level_shifts(again, {middle, times.end()}, samples.bottomRows(300 - cut),
                                     medians, as_they_are);
    expect_same(first, whole.topRows(cut));
    expect_same(rest, whole.bottomRows(300 - cut));
  }
  EXPECT_LE(level.times.size(), 49);
}

TEST(HostLevel, is_kept_as_measured_and_compared_in_model_units) {
  Random random(7);
  RoleModel model = random_model(random);
  for (MetricSpec& metric : model.metrics) {
    metric.median = 1;
  }
  const std::vector<double> times = every(600, 200);
  Matrix values = random_normals(random, 200, model.dimensions()).cwiseAbs();
  KeptRows level;
  KeptRows in_units;
  const Matrix shifts = level_shifts(level, times, values, medians(model), &model);
  expect_same(shifts, level_shifts(in_units, times, rows_to_model_units(model, values),
                                   medians(model), as_they_are));
  ASSERT_EQ(level.times, in_units.times);
  for (std::size_t i = 0; i < level.times.size(); ++i) {
    const Index row = std::ranges::find(times, level.times[i]) - times.begin();
    EXPECT_EQ(level.values[i * model.metrics.size()], values(row, 0));
  }
}

TEST(HostLevel, is_forgotten_after_a_day_of_silence) {
  KeptRows level;
  const std::vector<double> times = {0, 1800, 3600, 5400, 100000, 101800};
  const Matrix samples = Matrix::Constant(6, 1, 3);
  const Matrix shifts = level_shifts(level, times, samples, Vector::Zero(1), as_they_are);
  EXPECT_EQ(shifts(3, 0), 3);
  EXPECT_TRUE(std::isnan(shifts(4, 0)));
  EXPECT_TRUE(std::isnan(shifts(5, 0)));
}

TEST(HostLevel, of_a_metric_without_history_or_median_is_not_known) {
  KeptRows level;
  Matrix samples = Matrix::Constant(10, 2, 3);
  samples.col(0).setConstant(kNaN);
  const Matrix shifts =
      level_shifts(level, every(1800, 10), samples, Eigen::Vector2d(0, kNaN), as_they_are);
  EXPECT_TRUE(shifts.array().isNaN().all());
}

TEST(HostLevel, of_another_model_is_left_aside) {
  KeptRows level{{0, 1800}, {1, 2}};
  const Matrix shifts =
      level_shifts(level, {7200}, Matrix::Constant(1, 3, 5), Vector::Zero(3), as_they_are);
  EXPECT_TRUE(shifts.array().isNaN().all());
  EXPECT_EQ(level.times, std::vector<double>{7200});
}

}  // namespace
}  // namespace rolemix
