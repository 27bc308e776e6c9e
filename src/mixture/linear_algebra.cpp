#include "mixture/linear_algebra.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

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

/// a := H a H for reflections H that leave it tridiagonal, vectors := H vectors.
void tridiagonalise(Matrix& a, Matrix& vectors) {
  const Index size = a.rows();
  Vector v(size);
  Vector w(size);
  for (Index k = 0; k + 2 < size; ++k) {
    const Index rest = k + 1;
    for (Index i = rest; i < size; ++i) {
      v[i] = a(i, k);
    }
    const double norm = std::sqrt(dot(&v[rest], &v[rest], size - rest));
    if (norm == 0) {
      continue;
    }
    const double to = v[rest] > 0 ? -norm : norm;
    v[rest] -= to;
    const double beta = 1 / (norm * (norm + std::abs(a(rest, k))));  // 2 / vᵀv
    // The trailing part: a - v wᵀ - w vᵀ with w = p - ½ β (pᵀv) v, p = β a v.
    double overlap = 0;
    for (Index i = rest; i < size; ++i) {
      w[i] = beta * dot(&a(i, rest), &v[rest], size - rest);
      overlap += w[i] * v[i];
    }
    for (Index i = rest; i < size; ++i) {
      w[i] -= 0.5 * beta * overlap * v[i];
    }
    for (Index i = rest; i < size; ++i) {
      for (Index j = rest; j < size; ++j) {
        a(i, j) -= v[i] * w[j] + w[i] * v[j];
      }
    }
    a(rest, k) = to;
    // vectors -= β v (vᵀ vectors).
    for (Index j = 0; j < size; ++j) {
      double sum = 0;
      for (Index i = rest; i < size; ++i) {
        sum += v[i] * vectors(i, j);
      }
      for (Index i = rest; i < size; ++i) {
        vectors(i, j) -= beta * sum * v[i];
      }
    }
  }
}

/// One implicit QR step with Wilkinson's shift on the rows first..last of the tridiagonal matrix.
void qr_step(SymmetricEigen& matrix, Vector& beside, Index first, Index last) {
  Vector& diagonal = matrix.values;
  const double half = (diagonal[last - 1] - diagonal[last]) / 2;
  const double edge = beside[last - 1];
  const double shift =
      diagonal[last] -
      edge * (edge / (half + std::copysign(std::sqrt(half * half + edge * edge), half)));
  double x = diagonal[first] - shift;
  double bulge = beside[first];
  for (Index k = first; k < last; ++k) {
    const double length = std::sqrt(x * x + bulge * bulge);
    const double c = length > 0 ? x / length : 1;
    const double s = length > 0 ? bulge / length : 0;
    if (k > first) {
      beside[k - 1] = length;
    }
    const double above = diagonal[k];
    const double below = diagonal[k + 1];
    const double off = beside[k];
    diagonal[k] = c * c * above + 2 * c * s * off + s * s * below;
    diagonal[k + 1] = s * s * above - 2 * c * s * off + c * c * below;
    beside[k] = c * s * (below - above) + (c * c - s * s) * off;
    if (k + 1 < last) {
      x = beside[k];
      bulge = s * beside[k + 1];
      beside[k + 1] *= c;
    }
    for (Index j = 0; j < diagonal.size(); ++j) {
      const double upper = matrix.vectors(k, j);
      const double lower = matrix.vectors(k + 1, j);
      matrix.vectors(k, j) = c * upper + s * lower;
      matrix.vectors(k + 1, j) = c * lower - s * upper;
    }
  }
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

Matrix factor_of_definite(const Matrix& a) {
  std::optional<Matrix> lower = cholesky(a);
  assert(lower);
  return std::move(lower).value_or(
      Matrix::Constant(a.rows(), a.cols(), std::numeric_limits<double>::quiet_NaN()));
}

Matrix inverse_square_root(const Matrix& a) {
  constexpr int kMostSweeps = 60;
  Matrix factor = factor_of_definite(a);
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

std::optional<SymmetricEigen> symmetric_eigen(Matrix a) {
  const Index size = a.rows();
  SymmetricEigen result{Vector(size), Matrix::Identity(size, size)};
  Vector beside = Vector::Zero(size);  // the diagonal
  tridiagonalise(a, result.vectors);
  for (Index i = 0; i < size; ++i) {
    result.values[i] = a(i, i);
    beside[i] = i + 1 < size ? a(i + 1, i) : 0;
  }
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  const Index most_steps = 60 * size;
  Index last = size - 1;
  for (Index step = 0; last > 0 && step < most_steps; ++step) {
    const auto is_small = [&](Index i) {
      return std::abs(beside[i]) <=
             kEpsilon * (std::abs(result.values[i]) + std::abs(result.values[i + 1]));
    };
    if (is_small(last - 1)) {
      beside[last - 1] = 0;
      --last;
      continue;
    }
    Index first = last - 1;
    while (first > 0 && !is_small(first - 1)) {
      --first;
    }
    qr_step(result, beside, first, last);
  }
  if (last > 0) {
    return std::nullopt;
  }
  return result;
}

std::optional<Matrix> raised_to_identity(const Matrix& a) {
  const std::optional<SymmetricEigen> eigen = symmetric_eigen(a);
  if (!eigen) {
    return std::nullopt;
  }
  Matrix raised = a;
  // Adding what small eigenvalues lack leaves the rest untouched.
  for (Index k = 0; k < a.rows(); ++k) {
    const double lack = 1 - eigen->values[k];
    if (!(lack > 0)) {
      continue;
    }
    for (Index i = 0; i < a.rows(); ++i) {
      for (Index j = 0; j < a.rows(); ++j) {
        raised(i, j) += lack * (eigen->vectors(k, i) * eigen->vectors(k, j));
      }
    }
  }
  return raised;
}

}  // namespace rolemix
