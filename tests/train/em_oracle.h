// One iteration of EM as the books have it: row by row, with sub-matrices, inverses and densities.
#ifndef ROLEMIX_TESTS_TRAIN_EM_ORACLE_H_
#define ROLEMIX_TESTS_TRAIN_EM_ORACLE_H_

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "base/random.h"
#include "mixture/mixture.h"
#include "model/random_model.h"
#include "train/em.h"

namespace rolemix::oracle {

/// What component k makes of a row: the density of what was observed (nats), the completed row, and
/// the covariance of what it was completed with, zero elsewhere.
struct Conditioned {
  double log_density;
  Vector row;
  Matrix covariance;
};

inline Conditioned condition(const Vector& x, const Vector& mean, const Matrix& covariance) {
  const std::vector<Index> seen = observed_dimensions(x);
  const std::vector<Index> missing = missing_dimensions(x);
  const Matrix inverse = Matrix(covariance(seen, seen)).inverse();
  const Vector offset = x(seen) - mean(seen);
  Conditioned result{0, x, Matrix::Zero(x.size(), x.size())};
  result.log_density = -0.5 * (static_cast<double>(seen.size()) * std::log(2 * std::numbers::pi) +
                               std::log(Matrix(covariance(seen, seen)).determinant()) +
                               offset.dot(inverse * offset));
  const Matrix gain = covariance(missing, seen) * inverse;
  result.row(missing) = mean(missing) + gain * offset;
  result.covariance(missing, missing) =
      covariance(missing, missing) - gain * covariance(seen, missing);
  return result;
}

inline Matrix clipped(const Matrix& covariance) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(covariance);
  return solver.eigenvectors() * solver.eigenvalues().cwiseMax(1).asDiagonal() *
         solver.eigenvectors().transpose();
}

/// The log likelihoods (N) of `samples`, rows of which something is known; `fit` moves one step.
inline Vector em_step(const Matrix& samples, bool clip, MixtureFit& fit) {
  const Index components = fit.weights.size();
  Matrix shares(samples.rows(), components);
  std::vector<std::vector<Conditioned>> rows(components);
  for (Index k = 0; k < components; ++k) {
    for (Index n = 0; n < samples.rows(); ++n) {
      rows[k].push_back(
          condition(samples.row(n).transpose(), fit.means.row(k).transpose(), fit.covariances[k]));
      shares(n, k) = fit.weights[k] * std::exp(rows[k].back().log_density);
    }
  }
  const Vector densities = shares.rowwise().sum();
  shares.array().colwise() /= densities.array();
  for (Index k = 0; k < components; ++k) {
    const double mass = shares.col(k).sum();
    Vector mean = Vector::Zero(samples.cols());
    for (Index n = 0; n < samples.rows(); ++n) {
      mean += shares(n, k) / mass * rows[k][n].row;
    }
    Matrix covariance = Matrix::Zero(samples.cols(), samples.cols());
    for (Index n = 0; n < samples.rows(); ++n) {
      const Vector offset = rows[k][n].row - mean;
      covariance += shares(n, k) / mass * (offset * offset.transpose() + rows[k][n].covariance);
    }
    fit.weights[k] = mass / static_cast<double>(samples.rows());
    fit.means.row(k) = mean.transpose();
    fit.unclipped_covariances[k] = covariance;
    fit.covariances[k] = clip ? clipped(covariance) : covariance;
  }
  return densities.array().log();
}

/// Rows of two states: around 0 with unit spread, and around (distance, ...) with another spread.
inline Matrix two_states(Index rows, Index dimensions, double distance, std::uint64_t seed) {
  Random random(seed);
  Matrix samples = 3 * random_normals(random, rows, dimensions);
  for (Index i = 0; i < rows; i += 3) {
    samples.row(i) = samples.row(i) / 2 + Matrix::Constant(1, dimensions, distance);
  }
  return samples;
}

/// The same with that share of the values missing, and correlated, so that gaps can be guessed.
inline Matrix two_states_with_gaps(Index rows, Index dimensions, double share, std::uint64_t seed) {
  Matrix samples = two_states(rows, dimensions, 5, seed);
  Random random(seed + 100);
  for (Index i = 0; i < rows; ++i) {
    samples.row(i).array() += 2 * random_normal(random);
    for (double& value : samples.row(i)) {
      if (random.uniform() < share) {
        value = std::numeric_limits<double>::quiet_NaN();
      }
    }
  }
  return samples;
}

/// The largest difference between parameters of two fits.
inline double apart(const MixtureFit& a, const MixtureFit& b) {
  double most = std::max((a.weights - b.weights).cwiseAbs().maxCoeff(),
                         (a.means - b.means).cwiseAbs().maxCoeff());
  for (std::size_t k = 0; k < a.covariances.size(); ++k) {
    most =
        std::max({most, (a.covariances[k] - b.covariances[k]).cwiseAbs().maxCoeff(),
                  (a.unclipped_covariances[k] - b.unclipped_covariances[k]).cwiseAbs().maxCoeff()});
  }
  return std::isnan(most) ? std::numeric_limits<double>::infinity() : most;
}

}  // namespace rolemix::oracle

#endif  // ROLEMIX_TESTS_TRAIN_EM_ORACLE_H_
