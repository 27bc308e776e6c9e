#include "core/linear_algebra.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rolemix {
namespace {

double dot(const double* a, const double* b, Index size) {
  double sum = 0;
  for (Index i = 0; i < size; ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

/// Rows p and q become cos p - sin q and sin p + cos q.
void rotate(Matrix& matrix, Index p, Index q, double cosine, double sine) {
  double* first = &matrix(p, 0);
  double* second = &matrix(q, 0);
  for (Index i = 0; i < matrix.cols(); ++i) {
    const double before = first[i];
    first[i] = cosine * before - sine * second[i];
    second[i] = sine * before + cosine * second[i];
  }
}

/// Makes two rows of `factor` orthogonal, and does the same to `rotation`. False when they are.
bool orthogonalise(Matrix& factor, Matrix& rotation, Index p, Index q) {
  const Index size = factor.cols();
  const double alpha = dot(&factor(p, 0), &factor(p, 0), size);
  const double beta = dot(&factor(q, 0), &factor(q, 0), size);
  const double gamma = dot(&factor(p, 0), &factor(q, 0), size);
  if (std::abs(gamma) <= std::numeric_limits<double>::epsilon() * std::sqrt(alpha * beta)) {
    return false;
  }
  const double zeta = (beta - alpha) / (2 * gamma);
  const double tangent = std::copysign(1 / (std::abs(zeta) + std::sqrt(1 + zeta * zeta)), zeta);
  const double cosine = 1 / std::sqrt(1 + tangent * tangent);
  rotate(factor, p, q, cosine, cosine * tangent);
  rotate(rotation, p, q, cosine, cosine * tangent);
  return true;
}

}  // namespace

bool is_finite(std::span<const double> values) {
  for (const double value : values) {
    if (!std::isfinite(value)) {
      return false;
    }
  }
  return true;
}

double largest_size(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) {
    largest = std::max(largest, std::abs(value));
  }
  return largest;
}

bool is_symmetric(const Matrix& a, double tolerance) {
  for (Index i = 0; i < a.rows(); ++i) {
    for (Index j = 0; j < i; ++j) {
      if (!(std::abs(a(i, j) - a(j, i)) <= tolerance)) {
        return false;
      }
    }
  }
  return true;
}

Matrix submatrix(const Matrix& a, const std::vector<Index>& indices) {
  const auto size = static_cast<Index>(indices.size());
  Matrix part(size, size);
  for (Index i = 0; i < size; ++i) {
    for (Index j = 0; j < size; ++j) {
      part(i, j) = a(indices[i], indices[j]);
    }
  }
  return part;
}

std::optional<Matrix> cholesky(const Matrix& a) {
  Matrix lower = Matrix::Zero(a.rows(), a.rows());
  for (Index i = 0; i < a.rows(); ++i) {
    for (Index j = 0; j <= i; ++j) {
      const double rest = a(i, j) - dot(&lower(i, 0), &lower(j, 0), j);
      if (j < i) {
        lower(i, j) = rest / lower(j, j);
      } else if (rest > 0) {
        lower(i, i) = std::sqrt(rest);
      } else {
        return std::nullopt;
      }
    }
  }
  return lower;
}

Matrix inverse_of_lower(const Matrix& lower) {
  const Index size = lower.rows();
  Matrix inverse = Matrix::Zero(size, size);
  for (Index i = 0; i < size; ++i) {
    // Row i of L L⁻¹ is that of the identity.
    for (Index k = 0; k < i; ++k) {
      for (Index j = 0; j <= k; ++j) {
        inverse(i, j) -= lower(i, k) * inverse(k, j);
      }
    }
    inverse(i, i) = 1;
    for (Index j = 0; j <= i; ++j) {
      inverse(i, j) /= lower(i, i);
    }
  }
  return inverse;
}

void solve_lower(const Matrix& lower, Vector& x) {
  for (Index i = 0; i < x.size(); ++i) {
    x[i] = (x[i] - dot(&lower(i, 0), x.data(), i)) / lower(i, i);
  }
}

Vector product(const Matrix& a, const Vector& x) {
  Vector result(a.rows());
  for (Index i = 0; i < a.rows(); ++i) {
    result[i] = dot(&a(i, 0), x.data(), a.cols());
  }
  return result;
}

Matrix scaled(const Matrix& a, const Vector& rows, const Vector& columns) {
  Matrix result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i) {
    for (Index j = 0; j < a.cols(); ++j) {
      result(i, j) = a(i, j) * rows[i] * columns[j];
    }
  }
  return result;
}

Matrix gram(const Matrix& a) {
  Matrix result = Matrix::Zero(a.cols(), a.cols());
  for (Index k = 0; k < a.rows(); ++k) {
    for (Index i = 0; i < a.cols(); ++i) {
      for (Index j = 0; j < a.cols(); ++j) {
        result(i, j) += a(k, i) * a(k, j);
      }
    }
  }
  return result;
}

double infinity_norm(const Matrix& a) {
  double largest = 0;
  for (Index i = 0; i < a.rows(); ++i) {
    double sum = 0;
    for (Index j = 0; j < a.cols(); ++j) {
      sum += std::abs(a(i, j));
    }
    largest = std::max(largest, sum);
  }
  return largest;
}

Matrix inverse_square_root(const Matrix& a) {
  constexpr int kMostSweeps = 60;
  Matrix factor = cholesky(a).value_or(Matrix::Identity(a.rows(), a.cols()));
  Matrix rotation = Matrix::Identity(a.rows(), a.rows());
  bool rotated = true;
  for (int sweep = 0; rotated && sweep < kMostSweeps; ++sweep) {
    rotated = false;
    for (Index p = 0; p < a.rows(); ++p) {
      for (Index q = p + 1; q < a.rows(); ++q) {
        rotated |= orthogonalise(factor, rotation, p, q);
      }
    }
  }
  // The rows of `rotation` are eigenvectors, the squared lengths of those of `factor` eigenvalues.
  for (Index i = 0; i < a.rows(); ++i) {
    const double length = std::sqrt(dot(&factor(i, 0), &factor(i, 0), a.rows()));
    for (Index j = 0; j < a.rows(); ++j) {
      rotation(i, j) /= std::sqrt(length);
    }
  }
  return gram(rotation);
}

}  // namespace rolemix
