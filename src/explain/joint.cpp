#include "explain/joint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "mixture/linear_algebra.h"
#include "model/units.h"
#include "samples/place.h"

namespace rolemix {
namespace {

constexpr Index kPoints = 65;                   // the last is the first again
constexpr double kCosine = 0.9951847266721969;  // of a 64th of a turn
constexpr double kSine = 0.0980171403295606;
constexpr double kLeastWeight = 0.01;
const double kRadius = std::sqrt(-2 * std::log(0.05));

/// Of a bivariate normal, in model units: (65, 2).
Matrix outline_of(const VectorRef& mean, const Matrix& covariance) {
  const Matrix lower = factor_of_definite(covariance);
  Matrix points(kPoints, 2);
  // Turned step by step: a page has no use for the code of sines.
  double x = kRadius;
  double y = 0;
  for (Index i = 0; i < kPoints; ++i) {
    points(i, 0) = mean[0] + lower(0, 0) * x;
    points(i, 1) = mean[1] + lower(1, 0) * x + lower(1, 1) * y;
    const double before = x;
    x = kCosine * before - kSine * y;
    y = kSine * before + kCosine * y;
  }
  return points;
}

}  // namespace

std::vector<JointEllipse> joint_ellipses(Explainer& explainer, const VectorRef& values,
                                         const VectorRef& shift, int first, int second) {
  const RoleModel& model = explainer.scorer().model();
  if (first == second || std::isnan(values[first]) || std::isnan(values[second])) {
    return {};
  }
  const Place place = place_of(model, values, shift);
  const auto groups = explainer.scorer().groups(place.sample.transpose());
  if (groups.empty()) {
    return {};
  }
  const Scorer::Group& group = groups.front();
  const std::vector<Index>& observed = group.part->dimensions;
  const auto where = [&](int d) { return std::ranges::find(observed, d) - observed.begin(); };
  const Index a = where(first);
  const Index b = where(second);
  if (std::max(a, b) == std::ssize(observed)) {
    return {};  // a centred metric of a host without a level
  }
  Vector sample = group.scored.row(0).transpose();
  sample[a] = sample[b] = std::numeric_limits<double>::quiet_NaN();
  const auto given_others = group.part->mixture().conditional(sample);
  if (!given_others) {
    return {};
  }
  std::vector<JointEllipse> ellipses;
  for (Index k = 0; k < given_others->components(); ++k) {
    if (given_others->weights()[k] < kLeastWeight) {
      continue;
    }
    // The conditional has its metrics in ascending order.
    const std::array<int, 2> ascending = {std::min(first, second), std::max(first, second)};
    const Matrix line =
        outline_of(given_others->means().row(k).transpose(), given_others->covariance(k));
    Matrix outline(kPoints, 2);
    for (Index i = 0; i < kPoints; ++i) {
      for (Index j = 0; j < 2; ++j) {
        const int d = ascending[j];
        outline(i, d == first ? 0 : 1) = to_shown_value(model.metrics[d], line(i, j) + place.up[d]);
      }
    }
    ellipses.push_back({given_others->weights()[k], std::move(outline)});
  }
  return ellipses;
}

}  // namespace rolemix
