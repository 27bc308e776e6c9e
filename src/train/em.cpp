#include "train/em.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/kernel.h"
#include "core/linear_algebra.h"
#include "random.h"

namespace rolemix {
namespace {

constexpr double kLogTwoPi = 1.8378770664093454836;
constexpr Index kChunk = 512;  // rows per block; sums over blocks are added in order
constexpr int kSeedings = 3;
constexpr int kLloydIterations = 8;
constexpr Index kMostKMeansRows = 10000;

PackedFactors factorise(const MixtureFit& fit) {
  const Index dimensions = fit.means.cols();
  PackedFactors factors;
  for (Index k = 0; k < fit.weights.size(); ++k) {
    const Eigen::LLT<Matrix> llt(fit.covariances[k]);
    const Matrix lower = llt.matrixL();
    Matrix inverse = Matrix::Identity(dimensions, dimensions);
    lower.triangularView<Eigen::Lower>().solveInPlace(inverse);
    const double log_peak = std::log(fit.weights[k]) -
                            0.5 * static_cast<double>(dimensions) * kLogTwoPi -
                            lower.diagonal().array().log().sum();
    factors.add(fit.means.row(k).transpose(), inverse, log_peak);
  }
  return factors;
}

/// E-step and the sums of the M-step in one pass. Returns the log likelihood of all rows.
double expectation(const MatrixRef& samples, const MixtureFit& fit, std::vector<Moments>& moments) {
  const PackedFactors factors = factorise(fit);
  moments.assign(fit.weights.size(), Moments(samples.cols()));
  double total = 0;
  BatchScores scores;
  for (Index start = 0; start < samples.rows(); start += kChunk) {
    const auto block = samples.middleRows(start, std::min(kChunk, samples.rows() - start));
    score_batch(factors.packed(), block.data(), block.rows(), Responsibilities::kGiven, scores);
    total += scores.log_likelihood.sum();
    for (Index k = 0; k < fit.weights.size(); ++k) {
      add_moments(block.data(), &scores.responsibilities(k, 0), block.rows(), &fit.means(k, 0),
                  moments[k]);
    }
  }
  return total;
}

void maximisation(const std::vector<Moments>& moments, double rows, MixtureFit& fit) {
  // A component that lost all its rows keeps its place with next to no weight.
  constexpr double kLeastMass = 1e-6;
  for (std::size_t k = 0; k < moments.size(); ++k) {
    const double mass = moments[k].mass;
    const auto row = static_cast<Index>(k);
    fit.weights[row] = std::max(mass, kLeastMass) / rows;
    if (mass < kLeastMass) {
      continue;
    }
    const Vector shift = moments[k].first / mass;
    fit.means.row(row) += shift.transpose();
    Matrix covariance = moments[k].second / mass - shift * shift.transpose();
    covariance.triangularView<Eigen::StrictlyUpper>() = covariance.transpose();
    fit.unclipped_covariances[k] = covariance;
    fit.covariances[k] = raised_to_identity(fit.unclipped_covariances[k]);
  }
  fit.weights /= fit.weights.sum();
}

/// k-means++ seeding followed by Lloyd's iterations. Returns the sum of squared distances.
double k_means(const Matrix& points, Random& random, Matrix& centres) {
  const Index rows = points.rows();
  centres.row(0) = points.row(static_cast<Index>(random.uniform() * static_cast<double>(rows)));
  Vector distance = (points.rowwise() - centres.row(0)).rowwise().squaredNorm();
  for (Index k = 1; k < centres.rows(); ++k) {
    double target = random.uniform() * distance.sum();
    Index chosen = 0;
    while (chosen + 1 < rows && (target -= distance[chosen]) >= 0) {
      ++chosen;
    }
    centres.row(k) = points.row(chosen);
    distance = distance.cwiseMin((points.rowwise() - centres.row(k)).rowwise().squaredNorm());
  }
  double inertia = 0;
  for (int iteration = 0; iteration < kLloydIterations; ++iteration) {
    Matrix sums = Matrix::Zero(centres.rows(), centres.cols());
    Vector counts = Vector::Zero(centres.rows());
    inertia = 0;
    for (Index i = 0; i < rows; ++i) {
      Index nearest = 0;
      inertia += (centres.rowwise() - points.row(i)).rowwise().squaredNorm().minCoeff(&nearest);
      sums.row(nearest) += points.row(i);
      counts[nearest] += 1;
    }
    for (Index k = 0; k < centres.rows(); ++k) {
      if (counts[k] > 0) {
        centres.row(k) = sums.row(k) / counts[k];
      }
    }
  }
  return inertia;
}

/// At most `most` rows, evenly spread.
Matrix thin(const MatrixRef& samples, Index most) {
  if (samples.rows() <= most) {
    return samples;
  }
  Matrix result(most, samples.cols());
  for (Index i = 0; i < most; ++i) {
    result.row(i) = samples.row(i * samples.rows() / most);
  }
  return result;
}

}  // namespace

MixtureFit start_from_k_means(const MatrixRef& samples, int components, std::uint64_t seed) {
  const Index dimensions = samples.cols();
  Matrix points = thin(samples, kMostKMeansRows);
  const Vector centre = points.colwise().mean().transpose();
  points.rowwise() -= centre.transpose();
  const Vector scale = (points.colwise().squaredNorm() / static_cast<double>(points.rows()))
                           .cwiseSqrt()
                           .cwiseMax(1)
                           .transpose();
  points.array().rowwise() /= scale.transpose().array();

  Matrix best;
  double best_inertia = std::numeric_limits<double>::infinity();
  for (int seeding = 0; seeding < kSeedings; ++seeding) {
    Random random(seed + 1000003ULL * static_cast<std::uint64_t>(seeding));
    Matrix centres(components, dimensions);
    const double inertia = k_means(points, random, centres);
    if (inertia < best_inertia) {
      best_inertia = inertia;
      best = std::move(centres);
    }
  }
  // Components start at the centres with the spread of the whole within a cluster, diagonal.
  MixtureFit fit;
  const double within =
      std::max(best_inertia / static_cast<double>(points.rows() * dimensions), 1e-3);
  fit.weights = Vector::Constant(components, 1.0 / components);
  fit.means =
      (best.array().rowwise() * scale.transpose().array()).matrix().rowwise() + centre.transpose();
  const Matrix covariance =
      raised_to_identity((scale.array().square() * within).matrix().asDiagonal());
  fit.covariances.assign(components, covariance);
  fit.unclipped_covariances = fit.covariances;
  return fit;
}

void run_em(const MatrixRef& samples, const EmOptions& options, MixtureFit& fit) {
  const auto rows = static_cast<double>(samples.rows());
  std::vector<Moments> moments;
  fit.converged = false;
  fit.objective.clear();
  for (int i = 0; i < options.max_iterations; ++i) {
    fit.objective.push_back(expectation(samples, fit, moments) / rows);
    if (i > 0 && fit.objective[i] - fit.objective[i - 1] < options.tolerance) {
      fit.converged = true;
      return;
    }
    maximisation(moments, rows, fit);
  }
}

Vector log_likelihoods(const MatrixRef& samples, const MixtureFit& fit) {
  BatchScores scores;
  score_batch(factorise(fit).packed(), samples.data(), samples.rows(), Responsibilities::kLeftOut,
              scores);
  return scores.log_likelihood;
}

}  // namespace rolemix
