// Seeded models and samples of every kind that two correct codes must agree on: well and badly
// conditioned, close and far away, with gaps.
#ifndef ROLEMIX_TESTS_MODEL_VARIED_MODEL_H_
#define ROLEMIX_TESTS_MODEL_VARIED_MODEL_H_

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>

#include "model/random_model.h"
#include "model/units.h"

namespace rolemix {

struct ModelShape {
  Index dimensions = 1;
  Index components = 1;
  double condition = 1;   ///< of the correlations, about
  double separation = 1;  ///< of the means, in standard deviations
  bool transforms = false;
  bool directions = false;
};

inline ModelShape random_shape(Random& random) {
  ModelShape shape;
  shape.dimensions = 1 + random_index(random, 24);
  shape.components = 1 + random_index(random, 8);
  shape.condition = std::pow(10, 8 * random.uniform());
  shape.separation = std::pow(10, -1 + 2.5 * random.uniform());
  shape.transforms = random.uniform() < 0.5;
  shape.directions = random.uniform() < 0.4;
  return shape;
}

/// Correlations whose inverse is up to `condition` large.
inline Matrix random_correlation(Random& random, Index dimensions, double condition) {
  const Matrix normals = random_normals(random, dimensions, dimensions);
  const Matrix rotation = Eigen::HouseholderQR<Matrix>(normals).householderQ();
  Vector eigenvalues(dimensions);
  for (Index d = 0; d < dimensions; ++d) {
    eigenvalues[d] = std::pow(condition, d == 0 ? 0 : d == 1 ? -1 : -random.uniform());
  }
  const Matrix matrix = rotation * eigenvalues.asDiagonal() * rotation.transpose();
  const Vector scale = matrix.diagonal().array().rsqrt();
  const Matrix correlation = scale.asDiagonal() * matrix * scale.asDiagonal();
  return 0.5 * (correlation + correlation.transpose());
}

/// The largest condition number of the components' correlations.
inline double condition_of(const RoleModel& model) {
  double largest = 1;
  for (const Matrix& covariance : model.covariances) {
    const Vector scale = covariance.diagonal().array().rsqrt();
    const Matrix correlation = scale.asDiagonal() * covariance * scale.asDiagonal();
    const Vector eigenvalues =
        Eigen::SelfAdjointEigenSolver<Matrix>(correlation, Eigen::EigenvaluesOnly).eigenvalues();
    largest = std::max(largest, eigenvalues.maxCoeff() / eigenvalues.minCoeff());
  }
  return largest;
}

inline void vary(Random& random, const ModelShape& shape, MetricSpec& metric) {
  metric.tolerance = std::pow(10, -2 + 4 * random.uniform());
  if (shape.transforms) {
    metric.transform = static_cast<Transform>(random_index(random, 3));
  }
  if (metric.transform == Transform::kLogit) {
    metric.full_scale = metric.tolerance * (3 + 100 * random.uniform());
    metric.unit = "percent";
  }
  if (shape.directions) {
    metric.detection_direction = static_cast<DetectionDirection>(random_index(random, 3));
  }
}

inline RoleModel varied_model(Random& random, const ModelShape& shape) {
  Parameters parameters;
  parameters.weights.resize(shape.components);
  for (double& weight : parameters.weights) {
    weight = std::pow(10, -4 * random.uniform());
  }
  parameters.weights /= parameters.weights.sum();
  parameters.means = random_normals(random, shape.components, shape.dimensions);
  for (Index k = 0; k < shape.components; ++k) {
    Vector deviations(shape.dimensions);
    for (double& deviation : deviations) {
      deviation = std::pow(10, 1.5 * random.uniform());
    }
    parameters.means.row(k).array() *= shape.separation * deviations.transpose().array();
    const Matrix covariance = deviations.asDiagonal() *
                              random_correlation(random, shape.dimensions, shape.condition) *
                              deviations.asDiagonal();
    parameters.covariances.push_back(0.5 * (covariance + covariance.transpose()));
  }
  RoleModel model = plain_model(parameters);
  for (MetricSpec& metric : model.metrics) {
    vary(random, shape, metric);
  }
  return model;
}

/// Moves one metric of x in model units, or all, by this many standard deviations up or down.
inline void move(Random& random, const RoleModel& model, double deviations, Vector& x) {
  const Index only = random.uniform() < 0.5 ? random_index(random, x.size()) : -1;
  for (Index d = 0; d < x.size(); ++d) {
    if (only < 0 || only == d) {
      const double side = random.uniform() < 0.5 ? -1 : 1;
      x[d] += side * deviations * std::sqrt(model.covariances[0](d, d));
    }
  }
}

/// Leaves out none, some, all but one, or all metrics.
inline void leave_out(Random& random, Vector& values) {
  const double share = random.uniform();
  const Index kept = share < 0.1 ? random_index(random, values.size()) : -1;
  for (Index d = 0; d < values.size(); ++d) {
    const bool left_out = share < 0.02  ? true
                          : share < 0.1 ? d != kept
                                        : share < 0.5 && random.uniform() < 0.3;
    if (left_out) {
      values[d] = std::numeric_limits<double>::quiet_NaN();
    }
  }
}

/// Rows in the metrics' own units: at a mean, near, a few or 40 deviations away, very far away;
/// with gaps, and some of them twice.
inline Matrix varied_samples(Random& random, const RoleModel& model, Index rows) {
  const Parameters parameters = {model.weights, model.means, model.covariances};
  Matrix samples(rows, model.dimensions());
  for (Index row = 0; row < rows; ++row) {
    const double kind = random.uniform();
    if (row > 0 && kind < 0.1) {
      samples.row(row) = samples.row(random_index(random, row));
      continue;
    }
    Vector x = kind < 0.15 ? Vector(model.means.row(random_index(random, model.components())))
                           : random_sample(random, parameters);
    if (kind > 0.4) {
      move(random, model, kind < 0.6 ? 5 * random.uniform() : kind < 0.9 ? 40 : 1e6, x);
    }
    for (Index d = 0; d < x.size(); ++d) {
      x[d] = kind > 0.98 ? std::copysign(std::numeric_limits<double>::max(), x[d])
                         : from_model_units(model.metrics[d], x[d]);
    }
    leave_out(random, x);
    samples.row(row) = x.transpose();
  }
  return samples;
}

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_MODEL_VARIED_MODEL_H_
