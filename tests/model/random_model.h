// Seeded random mixtures and models of random sizes, the same on every platform.
#ifndef ROLEMIX_TESTS_MODEL_RANDOM_MODEL_H_
#define ROLEMIX_TESTS_MODEL_RANDOM_MODEL_H_

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "base/random.h"
#include "mixture/mixture.h"
#include "model/role_model.h"
#include "model/units.h"
#include "table/sample_table.h"

namespace rolemix {

/// Weights, means and covariances that a test can change before it makes a mixture of them.
struct Parameters {
  Vector weights;
  Matrix means;
  std::vector<Matrix> covariances;

  GaussianMixture mixture() const {
    return GaussianMixture::create(weights, means, covariances).value();
  }
};

/// Box & Muller 1958.
inline double random_normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

inline Matrix random_normals(Random& random, Index rows, Index columns) {
  Matrix matrix(rows, columns);
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < columns; ++j) {
      matrix(i, j) = random_normal(random);
    }
  }
  return matrix;
}

inline Index random_index(Random& random, Index size) {
  return static_cast<Index>(random.next() % static_cast<std::uint64_t>(size));
}

/// Overlapping components with correlated metrics.
inline Parameters random_parameters(Random& random, Index components, Index dimensions) {
  Parameters parameters;
  parameters.weights.resize(components);
  for (double& weight : parameters.weights) {
    weight = 0.1 + random.uniform();
  }
  parameters.weights /= parameters.weights.sum();
  parameters.means = 2 * random_normals(random, components, dimensions);
  for (Index k = 0; k < components; ++k) {
    const Matrix factor = random_normals(random, dimensions, dimensions);
    const Matrix product = factor * factor.transpose();
    parameters.covariances.push_back(product + Matrix::Identity(dimensions, dimensions));
  }
  return parameters;
}

/// A draw from one of the components.
inline Vector random_sample(Random& random, const Parameters& parameters) {
  const Index k = random_index(random, parameters.weights.size());
  const Matrix lower = Eigen::LLT<Matrix>(parameters.covariances[k]).matrixL();
  return parameters.means.row(k).transpose() +
         lower * random_normals(random, lower.rows(), 1).col(0);
}

/// The same curve for every number of attempts: return times in host-days at these alert_scores.
inline std::vector<ReturnCurve> curves_of(const std::vector<double>& alert_scores,
                                          const std::vector<double>& return_times, double slope) {
  ReturnCurve curve{alert_scores, {}, slope};
  for (const double time : return_times) {
    curve.log_return_times.push_back(std::log(time));
  }
  return std::vector<ReturnCurve>(kMaxCheckAttempts, curve);
}

/// A calibration with round numbers: once a week from alert_score 1, e times as seldom for each 0.5
/// more; the same for every number of attempts.
inline Calibration simple_calibration() {
  Calibration calibration;
  calibration.ready = true;
  calibration.typical_score = 5;
  calibration.memory_seconds = 600;
  calibration.interval_seconds = 60;
  calibration.span_host_days = 100;
  calibration.curves = curves_of({0.1, 0.5, 0.9, 1}, {0.01, 0.1, 1, 7}, 2);
  return calibration;
}

/// Metrics with the identity transform and tolerance 1: values are in model units.
inline RoleModel plain_model(const Parameters& parameters) {
  RoleModel model;
  model.role = "test:role";
  for (Index d = 0; d < parameters.means.cols(); ++d) {
    MetricSpec metric;
    metric.name = "metric" + std::to_string(d);
    model.metrics.push_back(metric);
  }
  model.weights = parameters.weights;
  model.means = parameters.means;
  model.covariances = parameters.covariances;
  model.calibration = simple_calibration();
  return model;
}

/// Of random size, with all transforms.
inline RoleModel random_model(Random& random) {
  const Index components = 1 + random_index(random, 4);
  const Index dimensions = 1 + random_index(random, 6);
  RoleModel model = plain_model(random_parameters(random, components, dimensions));
  for (MetricSpec& metric : model.metrics) {
    metric.tolerance = 0.5 + random.uniform();
    metric.transform = static_cast<Transform>(random_index(random, 3));
    if (metric.transform == Transform::kLogit) {
      metric.full_scale = 100;
      metric.unit = "percent";
    }
  }
  return model;
}

/// A draw from the model in the metrics' own units.
inline Vector random_values(Random& random, const RoleModel& model) {
  Vector x = random_sample(random, {model.weights, model.means, model.covariances});
  for (Index d = 0; d < x.size(); ++d) {
    x[d] = from_model_units(model.metrics[d], x[d]);
  }
  return x;
}

inline Vector with_gaps(Random& random, Vector x) {
  for (double& value : x) {
    if (random.uniform() < 0.4) {
      value = std::numeric_limits<double>::quiet_NaN();
    }
  }
  return x;
}

/// Rows of (host, timestamp, values) as a table with the model's metrics.
struct Row {
  std::string host;
  double timestamp;
  Vector values;
};

inline SampleTable table_of(const RoleModel& model, const std::vector<Row>& rows) {
  SampleTable table;
  for (const MetricSpec& metric : model.metrics) {
    table.metrics.push_back(metric.name);
  }
  table.values.resize(static_cast<Index>(rows.size()), model.dimensions());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto host = std::ranges::find(table.hosts, rows[i].host);
    if (host == table.hosts.end()) {
      host = table.hosts.insert(host, rows[i].host);
    }
    table.host.push_back(static_cast<std::int32_t>(host - table.hosts.begin()));
    table.timestamps.push_back(rows[i].timestamp);
    table.values.row(static_cast<Index>(i)) = rows[i].values.transpose();
  }
  return table;
}

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_MODEL_RANDOM_MODEL_H_
