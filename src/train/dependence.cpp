#include "train/dependence.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "mixture/linear_algebra.h"
#include "train/tolerance.h"

namespace rolemix {
namespace {

constexpr double kNull = 1e-5;     // eigenvalue of the correlations that may be rounding alone
constexpr double kEntry = 0.05;    // of the largest entry: less is none
constexpr double kAlike = 0.02;    // how far entries that are equal but for rounding differ
constexpr double kSpread = 0.005;  // of the sum, relative to that of its least moving part

/// In how many samples they differ; not all are looked at when there are more than `most`.
Index different(const VectorRef& a, const VectorRef& b, Index most) {
  Index count = 0;
  for (Index i = 0; i < a.size() && count <= most; ++i) {
    count += a[i] != b[i] && !(std::isnan(a[i]) && std::isnan(b[i])) ? 1 : 0;
  }
  return count;
}

/// Rows that span the null space of the columns' covariance, in the columns' own units.
Matrix null_space(const Matrix& centred, const Vector& deviations) {
  const Matrix scaled = centred.array().rowwise() / deviations.transpose().array();
  const auto eigen =
      symmetric_eigen(scaled.transpose() * scaled / static_cast<double>(scaled.rows()));
  if (!eigen) {
    return Matrix::Zero(0, scaled.cols());  // values that are not finite: fitting says so
  }
  std::vector<Index> small;
  for (Index k = 0; k < eigen->values.size(); ++k) {
    if (eigen->values[k] < kNull) {
      small.push_back(k);
    }
  }
  Matrix rows = eigen->vectors(small, Eigen::all);
  rows.array().rowwise() /= deviations.transpose().array();
  return rows;
}

/// Gauss-Jordan elimination with complete pivoting.
void reduce(Matrix& rows) {
  for (Index k = 0; k < rows.rows(); ++k) {
    Index pivot_row = 0;
    Index pivot = 0;
    rows.bottomRows(rows.rows() - k).cwiseAbs().maxCoeff(&pivot_row, &pivot);
    rows.row(k).swap(rows.row(k + pivot_row));
    rows.row(k) /= rows(k, pivot);
    for (Index other = 0; other < rows.rows(); ++other) {
      if (other != k) {
        rows.row(other) -= rows(other, pivot) * rows.row(k).eval();
      }
    }
  }
}

}  // namespace

std::optional<Original> find_original(const MatrixRef& values, Index metric,
                                      const std::vector<Index>& candidates) {
  const Index most = odd_of(values.rows());
  for (const Index other : candidates) {
    const Index count = different(values.col(metric), values.col(other), most);
    if (count <= most) {
      return Original{other, count};
    }
  }
  return std::nullopt;
}

std::vector<ConstantSum> find_constant_sums(const MatrixRef& values) {
  const Vector means = values.colwise().mean().transpose();
  const Matrix all_centred = values.rowwise() - means.transpose();
  const Vector spreads =
      (all_centred.colwise().squaredNorm() / static_cast<double>(std::max<Index>(values.rows(), 1)))
          .cwiseSqrt()
          .transpose();
  std::vector<Index> moving;
  for (Index d = 0; d < values.cols(); ++d) {
    if (spreads[d] > 1e-9 * std::abs(means[d])) {
      moving.push_back(d);
    }
  }
  std::vector<ConstantSum> sums;
  if (moving.size() < 2 || values.rows() < 2) {
    return sums;
  }
  const Matrix centred = all_centred(Eigen::all, moving);
  Matrix rows = null_space(centred, spreads(moving));
  reduce(rows);
  for (Index k = 0; k < rows.rows(); ++k) {
    ConstantSum found;
    Vector sum = Vector::Zero(values.rows());
    double least_spread = spreads.maxCoeff();
    bool alike = true;
    for (Index i = 0; i < rows.cols(); ++i) {
      const double entry = rows(k, i);
      if (std::abs(entry) > kEntry) {
        alike = alike && std::abs(entry - 1) < kAlike;
        found.metrics.push_back(moving[i]);
        found.sum += means[moving[i]];
        sum += centred.col(i);
        least_spread = std::min(least_spread, spreads[moving[i]]);
      }
    }
    const double spread = std::sqrt(sum.squaredNorm() / static_cast<double>(sum.size()));
    if (alike && found.metrics.size() > 1 && spread <= kSpread * least_spread) {
      sums.push_back(std::move(found));
    }
  }
  return sums;
}

}  // namespace rolemix
