// The factorisations that the mixture needs, each compiled once: Eigen's, which are made for large
// matrices and for every way of calling them, would take up a third of the WebAssembly module.
#ifndef ROLEMIX_MIXTURE_LINEAR_ALGEBRA_H_
#define ROLEMIX_MIXTURE_LINEAR_ALGEBRA_H_

#include <optional>
#include <span>
#include <vector>

#include "base/matrix.h"

namespace rolemix {

bool is_finite(std::span<const double> values);

/// The largest absolute value; 0 of none.
double largest_size(std::span<const double> values);

/// Whether a(i, j) and a(j, i) differ by at most `tolerance` everywhere.
bool is_symmetric(const Matrix& a, double tolerance);

/// The rows and columns of `a` with these indices, in this order.
Matrix submatrix(const Matrix& a, const std::vector<Index>& indices);

/// L with a = L Lᵀ, from the lower triangle of `a`; nothing when `a` is not positive definite.
std::optional<Matrix> cholesky(const Matrix& a);

/// L⁻¹ of a lower triangular matrix without zeros on its diagonal.
Matrix inverse_of_lower(const Matrix& lower);

/// x := L⁻¹ x, where L is the leading part of `lower` that fits x.
void solve_lower(const Matrix& lower, Vector& x);

/// a x.
Vector product(const Matrix& a, const Vector& x);

/// a(i, j) rows[i] columns[j].
Matrix scaled(const Matrix& a, const Vector& rows, const Vector& columns);

/// aᵀ a.
Matrix gram(const Matrix& a);

/// The largest sum of absolute values in a row.
double infinity_norm(const Matrix& a);

/// The Cholesky factor of a matrix that is positive definite by construction. Should it not be, by
/// a fault of ours, all is NaN, which no score or range hides.
Matrix factor_of_definite(const Matrix& a);

/// a^(-1/2) of a positive definite matrix: one-sided Jacobi rotations of the rows of its Cholesky
/// factor (Golub & Van Loan 2013, section 8.6.4), which keep the digits of small eigenvalues
/// (Demmel & Veselić 1992). NaN as of factor_of_definite.
Matrix inverse_square_root(const Matrix& a);

/// Eigenvalues and, as rows, orthonormal eigenvectors of a symmetric matrix, in no order:
/// tridiagonal by Householder reflections, then implicit QR steps (Golub & Van Loan 2013,
/// algorithms 8.3.1 and 8.3.3). Nothing when the steps do not come to an end, as with NaN.
struct SymmetricEigen {
  Vector values;
  Matrix vectors;
};
std::optional<SymmetricEigen> symmetric_eigen(Matrix a);

/// A symmetric matrix with its eigenvalues below 1 raised to 1; nothing without its eigenvalues.
std::optional<Matrix> raised_to_identity(const Matrix& a);

}  // namespace rolemix

#endif  // ROLEMIX_MIXTURE_LINEAR_ALGEBRA_H_
