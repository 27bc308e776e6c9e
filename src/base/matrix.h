// The matrix types shared by all rooms: row-major, so that an array of samples maps without a copy.
#ifndef ROLEMIX_BASE_MATRIX_H_
#define ROLEMIX_BASE_MATRIX_H_

#include <Eigen/Dense>

namespace rolemix {

using Index = Eigen::Index;
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;
using MatrixRef = Eigen::Ref<const Matrix>;
using VectorRef = Eigen::Ref<const Vector>;

}  // namespace rolemix

#endif  // ROLEMIX_BASE_MATRIX_H_
