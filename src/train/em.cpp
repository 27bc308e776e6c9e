#include "train/em.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "mixture/linear_algebra.h"
#include "train/expectation.h"
#include "train/k_means.h"
#include "train/observed_rows.h"

namespace rolemix {
namespace {

constexpr Index kMostKMeansRows = 10000;

/// raised_to_identity(), without looking for eigenvalues where all are above 1.
std::optional<Matrix> clipped(const Matrix& covariance) {
  Matrix above = covariance;
  above.diagonal().array() -= 1;
  return cholesky(above) ? covariance : raised_to_identity(covariance);
}

void maximisation(const Expectation& expected, double rows, bool clip, MixtureFit& fit) {
  // A component that lost all its rows keeps its place with next to no weight.
  constexpr double kLeastMass = 1e-6;
  for (std::size_t k = 0; k < expected.moments.size(); ++k) {
    const Moments& moments = expected.moments[k];
    const auto row = static_cast<Index>(k);
    fit.weights[row] = std::max(moments.mass, kLeastMass) / rows;
    if (moments.mass < kLeastMass) {
      continue;
    }
    const Vector shift = moments.first / moments.mass;
    fit.means.row(row) += shift.transpose();
    Matrix covariance = moments.second / moments.mass - shift * shift.transpose();
    covariance.triangularView<Eigen::StrictlyUpper>() = covariance.transpose();
    fit.unclipped_covariances[k] = covariance;
    std::optional<Matrix> scored = clip ? clipped(covariance) : covariance;
    fit.degenerate |= !scored;
    fit.covariances[k] = std::move(scored).value_or(fit.covariances[k]);
  }
  fit.weights /= fit.weights.sum();
}

/// At most `most` rows, evenly spread, and one of zeros where there is none.
Matrix thin(const MatrixRef& samples, Index most) {
  if (samples.rows() == 0) {
    return Matrix::Zero(1, samples.cols());
  }
  const Index rows = std::min(samples.rows(), most);
  Matrix result(rows, samples.cols());
  for (Index i = 0; i < rows; ++i) {
    result.row(i) = samples.row(i * samples.rows() / rows);
  }
  return result;
}

/// NaN becomes the mean of the rest of its column, and 0 where there is no rest.
void fill_gaps(Matrix& points) {
  for (Index d = 0; d < points.cols(); ++d) {
    double sum = 0;
    double count = 0;
    for (Index i = 0; i < points.rows(); ++i) {
      if (!std::isnan(points(i, d))) {
        sum += points(i, d);
        count += 1;
      }
    }
    for (Index i = 0; i < points.rows(); ++i) {
      if (std::isnan(points(i, d))) {
        points(i, d) = count > 0 ? sum / count : 0;
      }
    }
  }
}

}  // namespace

MixtureFit start_from_k_means(const MatrixRef& samples, int components, std::uint64_t seed) {
  const Index dimensions = samples.cols();
  Matrix points = thin(samples, kMostKMeansRows);
  fill_gaps(points);
  const Vector centre = points.colwise().mean().transpose();
  points.rowwise() -= centre.transpose();
  const Vector scale = (points.colwise().squaredNorm() / static_cast<double>(points.rows()))
                           .cwiseSqrt()
                           .cwiseMax(1)
                           .transpose();
  points.array().rowwise() /= scale.transpose().array();
  const Clusters clusters = k_means(points, components, seed);
  // Components start at the centres with the spread of the whole within a cluster, diagonal.
  MixtureFit fit;
  const double within =
      std::max(clusters.inertia / static_cast<double>(points.rows() * dimensions), 1e-3);
  fit.weights = Vector::Constant(components, 1.0 / components);
  fit.means = (clusters.centres.array().rowwise() * scale.transpose().array()).matrix().rowwise() +
              centre.transpose();
  const Matrix spread = (scale.array().square() * within).matrix().asDiagonal();
  const Matrix covariance = raised_to_identity(spread).value_or(spread);
  fit.covariances.assign(components, covariance);
  fit.unclipped_covariances = fit.covariances;
  return fit;
}

void run_em(const MatrixRef& samples, const EmOptions& options, MixtureFit& fit) {
  const ObservedRows rows = observed_rows(samples);
  const auto count = static_cast<double>(rows.count());
  fit.converged = false;
  fit.objective.clear();
  for (int i = 0; count > 0 && i < options.max_iterations; ++i) {
    const Expectation expected = expectation(rows, fit, options.threads);
    fit.degenerate |= expected.failed;
    if (fit.degenerate) {
      return;
    }
    fit.objective.push_back(expected.log_likelihood / count);
    if (options.progress) {
      options.progress(i, fit.objective[i]);
    }
    if (i > 0 && fit.objective[i] - fit.objective[i - 1] < options.tolerance) {
      fit.converged = true;
      return;
    }
    maximisation(expected, count, options.clip, fit);
  }
}

Vector log_likelihoods(const MatrixRef& samples, const MixtureFit& fit) {
  return log_likelihoods_of(observed_rows(samples), samples.rows(), fit);
}

}  // namespace rolemix
