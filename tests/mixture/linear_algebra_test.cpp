#include "mixture/linear_algebra.h"

#include <gmock/gmock.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>
#include <random>

namespace rolemix {
namespace {

Matrix random_matrix(std::mt19937_64& random, Index rows, Index columns) {
  std::normal_distribution<double> normal;
  Matrix matrix(rows, columns);
  for (Index i = 0; i < matrix.size(); ++i) {
    matrix.data()[i] = normal(random);
  }
  return matrix;
}

/// Positive definite with eigenvalues from 1 to `condition`.
Matrix random_covariance(std::mt19937_64& random, Index size, double condition) {
  const Matrix basis =
      Eigen::HouseholderQR<Matrix>(random_matrix(random, size, size)).householderQ();
  Vector values(size);
  for (Index i = 0; i < size; ++i) {
    values[i] = std::pow(condition, size > 1 ? static_cast<double>(i) / (size - 1) : 0);
  }
  const Matrix result = basis * values.asDiagonal() * basis.transpose();
  return 0.5 * (result + result.transpose());
}

double distance(const Matrix& a, const Matrix& b) { return (a - b).cwiseAbs().maxCoeff(); }

TEST(LinearAlgebra, cholesky_factors_and_refuses_like_eigen) {
  std::mt19937_64 random(1);
  for (const Index size : {1, 2, 5, 20}) {
    const Matrix a = random_covariance(random, size, 1e4);
    const auto lower = cholesky(a);
    ASSERT_TRUE(lower.has_value());
    EXPECT_LT(distance(*lower, Eigen::LLT<Matrix>(a).matrixL()), 1e-12 * a.norm());
    EXPECT_EQ(lower->triangularView<Eigen::StrictlyUpper>().toDenseMatrix().norm(), 0);
  }
  Matrix indefinite(2, 2);
  indefinite << 1, 2, 2, 1;
  EXPECT_FALSE(cholesky(indefinite).has_value());
  EXPECT_FALSE(cholesky(Matrix::Zero(1, 1)).has_value());
  EXPECT_FALSE(cholesky(Matrix::Constant(1, 1, std::nan(""))).has_value());
}

TEST(LinearAlgebra, inverse_and_solution_undo_the_factor) {
  std::mt19937_64 random(2);
  for (const Index size : {1, 3, 20}) {
    const Matrix lower = cholesky(random_covariance(random, size, 1e3)).value();
    const Matrix identity = Matrix::Identity(size, size);
    EXPECT_LT(distance(lower * inverse_of_lower(lower), identity), 1e-13);
    const Vector x = random_matrix(random, size, 1);
    Vector solved = x;
    solve_lower(lower, solved);
    EXPECT_LT((lower * solved - x).norm(), 1e-12);
    Vector part = x.head(size / 2);
    solve_lower(lower, part);
    EXPECT_EQ(part, solved.head(size / 2));
  }
}

TEST(LinearAlgebra, products_and_parts_are_those_of_eigen) {
  std::mt19937_64 random(3);
  const Matrix a = random_matrix(random, 4, 3);
  const Vector rows = random_matrix(random, 4, 1);
  const Vector columns = random_matrix(random, 3, 1);
  EXPECT_LT(distance(gram(a), a.transpose() * a), 1e-14);
  EXPECT_LT((product(a, columns) - a * columns).norm(), 1e-14);
  EXPECT_LT(distance(scaled(a, rows, columns), rows.asDiagonal() * a * columns.asDiagonal()),
            1e-14);
  EXPECT_DOUBLE_EQ(infinity_norm(a), a.cwiseAbs().rowwise().sum().maxCoeff());
  const Matrix square = random_matrix(random, 5, 5);
  const std::vector<Index> indices = {3, 0, 4};
  EXPECT_EQ(submatrix(square, indices), Matrix(square(indices, indices)));
  EXPECT_EQ(submatrix(square, {}).size(), 0);
}

TEST(LinearAlgebra, inverse_square_root_squares_to_the_inverse) {
  std::mt19937_64 random(4);
  for (const Index size : {1, 2, 7, 20}) {
    for (const double condition : {1.0, 1e3, 1e8}) {
      const Matrix a = random_covariance(random, size, condition);
      const Matrix root = inverse_square_root(a);
      EXPECT_LT(distance(root, root.transpose()), 1e-14);
      EXPECT_LT(distance(root * a * root, Matrix::Identity(size, size)), 1e-15 * condition + 1e-13);
      const Matrix expected = Eigen::SelfAdjointEigenSolver<Matrix>(a).operatorInverseSqrt();
      EXPECT_LT(distance(root, expected), 1e-15 * condition + 1e-13);
    }
  }
  EXPECT_DOUBLE_EQ(inverse_square_root(Matrix::Constant(1, 1, 4))(0, 0), 0.5);
}

TEST(LinearAlgebra, symmetric_eigen_takes_a_matrix_apart) {
  std::mt19937_64 random(5);
  for (const Index size : {1, 2, 3, 7, 20, 60}) {
    for (const double condition : {1.0, 1e3, 1e12}) {
      const Matrix a = random_covariance(random, size, condition);
      const SymmetricEigen eigen = symmetric_eigen(a).value();
      const Matrix& vectors = eigen.vectors;
      EXPECT_LT(distance(vectors * vectors.transpose(), Matrix::Identity(size, size)), 1e-12);
      const Matrix back = vectors.transpose() * eigen.values.asDiagonal() * vectors;
      EXPECT_LT(distance(back, a), 1e-12 * a.norm());
    }
  }
}

TEST(LinearAlgebra, symmetric_eigen_takes_special_matrices) {
  for (const Matrix& a :
       {Matrix(Matrix::Zero(4, 4)), Matrix(Matrix::Ones(5, 5)), Matrix(Matrix::Identity(3, 3)),
        Matrix(Vector(Eigen::Vector3d(1e40, 1, 1e-40)).asDiagonal())}) {
    const SymmetricEigen eigen = symmetric_eigen(a).value();
    const Matrix back = eigen.vectors.transpose() * eigen.values.asDiagonal() * eigen.vectors;
    EXPECT_LE(distance(back, a), 1e-14 * a.norm());
  }
}

TEST(LinearAlgebra, symmetric_eigen_says_when_it_comes_to_no_end) {
  Matrix a = Matrix::Identity(4, 4);
  a(2, 3) = a(3, 2) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(symmetric_eigen(a));
  EXPECT_FALSE(raised_to_identity(a));
}

TEST(LinearAlgebra, raised_to_identity_leaves_what_is_wider_alone) {
  std::mt19937_64 random(6);
  const Matrix wide = random_covariance(random, 4, 10) * 100 + 2 * Matrix::Identity(4, 4);
  EXPECT_EQ(raised_to_identity(wide).value(), wide);
}

TEST(LinearAlgebra, raised_to_identity_raises_small_eigenvalues_and_keeps_the_others) {
  const Matrix covariance = (Matrix(2, 2) << 5, 4.9, 4.9, 5).finished();  // eigenvalues 0.1 and 9.9
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(raised_to_identity(covariance).value());
  EXPECT_NEAR(solver.eigenvalues()[0], 1, 1e-12);
  EXPECT_NEAR(solver.eigenvalues()[1], 9.9, 1e-12);
}

}  // namespace
}  // namespace rolemix
