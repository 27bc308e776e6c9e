#include "explain/predictor.h"

#include <cassert>
#include <cmath>
#include <utility>

namespace rolemix {

Predictor::Predictor(const GaussianMixture& mixture, const Vector& x)
    : x_(x),
      left_out_(x.size(), 0),
      exponents_(mixture.weighted_log_densities(x)),
      log_determinants_(Vector::Zero(mixture.components())) {
  const Index size = x.size();
  for (Index k = 0; k < mixture.components(); ++k) {
    const Vector offset = x - mixture.means().row(k).transpose();
    Matrix table(size, size + 1);
    for (Index d = 0; d < size; ++d) {
      table.row(d).head(size) = mixture.precision(k).row(d);
      table(d, size) = mixture.precision(k).row(d).dot(offset.transpose());
    }
    tables_.push_back(std::move(table));
  }
}

void Predictor::leave_out(Index d) {
  if (left_out_[d] != 0) {
    return;
  }
  left_out_[d] = 1;
  const Index last = x_.size();
  for (Index k = 0; k < exponents_.size(); ++k) {
    Matrix& table = tables_[k];
    const double pivot = table(d, d);
    exponents_[k] += 0.5 * table(d, last) * table(d, last) / pivot;
    log_determinants_[k] += std::log(pivot);
    table.row(d) /= pivot;
    for (Index i = 0; i < last; ++i) {
      if (i != d) {
        const double factor = table(i, d);
        table.row(i) -= factor * table.row(d);
      }
    }
  }
}

double Predictor::highest_log_density(const std::vector<Index>& set) const {
  const Free free = free_of(set);
  Vector logs = exponents_;
  for (Index k = 0; k < logs.size(); ++k) {
    logs[k] += 0.5 * solve(tables_[k], free).squared_distance;
  }
  return log_sum_exp(logs);
}

Vector Predictor::expectation(const std::vector<Index>& set) const {
  const Free free = free_of(set);
  const Index last = x_.size();
  Vector logs = exponents_ - 0.5 * log_determinants_;
  Matrix shifts(logs.size(), std::ssize(set));
  for (Index k = 0; k < logs.size(); ++k) {
    const Matrix& table = tables_[k];
    const Solution solution = solve(table, free);
    logs[k] += 0.5 * (solution.squared_distance - solution.log_determinant);
    std::size_t next = 0;
    for (Index i = 0; i < shifts.cols(); ++i) {
      const Index d = set[i];
      if (left_out_[d] == 0) {
        shifts(k, i) = solution.shifts[next++];
        continue;
      }
      shifts(k, i) = table(d, last);
      for (std::size_t e = 0; e < free.size; ++e) {
        shifts(k, i) -= table(d, free.metrics[e]) * solution.shifts[e];
      }
    }
  }
  const Vector weights = softmax(logs);
  Vector values(shifts.cols());
  for (Index i = 0; i < values.size(); ++i) {
    values[i] = x_[set[i]] - weights.dot(shifts.col(i));
  }
  return values;
}

Predictor::Free Predictor::free_of(const std::vector<Index>& set) const {
  Free free;
  for (const Index d : set) {
    if (left_out_[d] == 0) {
      assert(free.size < kMostMetrics);
      free.metrics[free.size++] = d;
    }
  }
  return free;
}

// By elimination: Λ is positive definite.
Predictor::Solution Predictor::solve(const Matrix& table, const Free& free) {
  constexpr std::size_t kSize = kMostMetrics;
  std::array<std::array<double, kSize + 1>, kSize> rows{};
  for (std::size_t i = 0; i < free.size; ++i) {
    for (std::size_t j = 0; j < free.size; ++j) {
      rows[i][j] = table(free.metrics[i], free.metrics[j]);
    }
    rows[i][kSize] = table(free.metrics[i], table.cols() - 1);
  }
  Solution solution;
  for (std::size_t p = 0; p < free.size; ++p) {
    const double pivot = rows[p][p];
    solution.squared_distance += rows[p][kSize] * rows[p][kSize] / pivot;
    solution.log_determinant += std::log(pivot);
    for (std::size_t i = p + 1; i < free.size; ++i) {
      const double factor = rows[i][p] / pivot;
      for (std::size_t j = p; j <= kSize; ++j) {
        rows[i][j] -= factor * rows[p][j];
      }
    }
  }
  for (std::size_t p = free.size; p-- > 0;) {
    double rest = rows[p][kSize];
    for (std::size_t j = p + 1; j < free.size; ++j) {
      rest -= rows[p][j] * solution.shifts[j];
    }
    solution.shifts[p] = rest / rows[p][p];
  }
  return solution;
}

}  // namespace rolemix
