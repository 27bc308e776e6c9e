// What all engines work on: a mixture and rows, in one file of float64:
// D, K, N, weights (K), means (K, D), covariances (K, D, D), samples (N, D).
#ifndef ROLEMIX_BENCH_PROBLEM_H_
#define ROLEMIX_BENCH_PROBLEM_H_

#include <vector>

#include "base/matrix.h"

namespace rolemix::bench {

struct Problem {
  Vector weights;
  Matrix means;
  std::vector<Matrix> covariances;
  Matrix samples;
};

inline std::vector<double> to_numbers(const Problem& problem) {
  std::vector<double> numbers = {static_cast<double>(problem.means.cols()),
                                 static_cast<double>(problem.means.rows()),
                                 static_cast<double>(problem.samples.rows())};
  const auto append = [&](const auto& part) {
    numbers.insert(numbers.end(), part.data(), part.data() + part.size());
  };
  append(problem.weights);
  append(problem.means);
  for (const Matrix& covariance : problem.covariances) {
    append(covariance);
  }
  append(problem.samples);
  return numbers;
}

inline Problem from_numbers(const double* numbers) {
  const auto dimensions = static_cast<Index>(numbers[0]);
  const auto components = static_cast<Index>(numbers[1]);
  const auto rows = static_cast<Index>(numbers[2]);
  numbers += 3;
  const auto take = [&](Index height, Index width) {
    const Matrix part = Eigen::Map<const Matrix>(numbers, height, width);
    numbers += height * width;
    return part;
  };
  Problem problem;
  problem.weights = take(components, 1);
  problem.means = take(components, dimensions);
  for (Index k = 0; k < components; ++k) {
    problem.covariances.push_back(take(dimensions, dimensions));
  }
  problem.samples = take(rows, dimensions);
  return problem;
}

/// Where all engines begin to train on the first `rows` rows: at rows evenly spread, each component
/// with the variances of all of them.
inline Problem start_of_training(const Problem& problem, Index rows) {
  const Index components = problem.means.rows();
  const auto samples = problem.samples.topRows(rows);
  const Matrix centred = samples.rowwise() - samples.colwise().mean();
  const Vector variances = centred.colwise().squaredNorm().transpose() / static_cast<double>(rows);
  Problem start;
  start.weights = Vector::Constant(components, 1.0 / static_cast<double>(components));
  start.means.resize(components, samples.cols());
  for (Index k = 0; k < components; ++k) {
    start.means.row(k) = samples.row(k * rows / components);
  }
  start.covariances.assign(static_cast<std::size_t>(components), variances.asDiagonal());
  return start;
}

/// Matrices of the right size: what is in them takes no part in the time.
inline std::vector<Matrix> any_whitening(const Problem& problem) { return problem.covariances; }

}  // namespace rolemix::bench

#endif  // ROLEMIX_BENCH_PROBLEM_H_
