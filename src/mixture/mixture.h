// GaussianMixture: the model's distribution, with full covariances. Plain and readable; batches go
// through the kernel.
#ifndef ROLEMIX_MIXTURE_MIXTURE_H_
#define ROLEMIX_MIXTURE_MIXTURE_H_

#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "mixture/univariate_mixture.h"

namespace rolemix {

/// Means and the values of samples are at most this large, variances at most this large and at
/// least one part in this: squares and products of them then stay finite.
constexpr double kLargestValue = 1e50;

/// p(x) = Σ_k π_k N(x; μ_k, Σ_k), Bishop 2006, eq. 9.7. Samples are (D) vectors in which NaN marks
/// a missing metric; missing metrics are marginalised exactly.
class GaussianMixture {
 public:
  /// weights (K) positive with sum 1 (to 1e-9; normalised here), means (K, D), covariances K times
  /// (D, D) symmetric positive definite, their correlations with a condition number of at most
  /// 1e12; means and variances within kLargestValue. Errors: shape_mismatch, not_finite,
  /// invalid_argument, not_positive_definite.
  static Result<GaussianMixture> create(const Vector& weights, const Matrix& means,
                                        const std::vector<Matrix>& covariances);

  Index components() const { return weights_.size(); }
  Index dimensions() const { return means_.cols(); }
  const Vector& weights() const { return weights_; }
  const Matrix& means() const { return means_; }
  const Matrix& covariance(Index k) const { return components_[k].covariance; }
  const Matrix& precision(Index k) const { return components_[k].precision; }

  /// (K) log π_k + log N_k(x) of a complete sample, nats.
  Vector weighted_log_densities(const VectorRef& x) const;

  /// log p(x), nats; 0 when every metric is missing.
  double log_likelihood(const VectorRef& x) const;

  /// (K) posterior probabilities of the components, Bishop 2006, eq. 9.13; the weights when all is
  /// missing.
  Vector responsibilities(const VectorRef& x) const;

  /// log π_k N_k(μ_k) summed over k: no sample's log density is above it.
  double log_peak_bound() const;

  /// log π_k N_k(μ_k).
  double log_peak(Index k) const;

  /// L⁻¹ of component k, lower triangular, where Σ_k = L Lᵀ.
  Matrix inverse_factor(Index k) const;

  /// log |Σ_k|.
  double log_determinant(Index k) const { return components_[k].log_determinant; }

  /// The mixture of the metrics `dimensions`, in that order (Bishop 2006, eq. 2.98).
  /// Errors: invalid_argument (empty, out of range or repeated).
  Result<GaussianMixture> marginal(const std::vector<Index>& dimensions) const;

  /// The mixture of x's missing metrics, in order, given its observed ones (Bishop 2006,
  /// eq. 2.81, 2.82). Errors: invalid_argument when nothing is missing.
  Result<GaussianMixture> conditional(const VectorRef& x) const;

  /// How component k's missing metrics follow from the observed ones: their mean is
  /// μ_missing + gain (x_observed - μ_observed) (Bishop 2006, eq. 2.81), their standard deviations
  /// do not depend on x. Indices are distinct and in 0..D-1, neither list is empty.
  struct Regression {
    Matrix gain;  ///< (missing, observed)
    Vector standard_deviations;
  };
  Regression regression(Index k, const std::vector<Index>& observed,
                        const std::vector<Index>& missing) const;

  /// The distribution of metric d on its own.
  UnivariateMixture marginal_of(Index d) const;

  /// (D) for each metric its distribution given the *other* observed metrics of x. For observed
  /// metrics from the precisions (Rasmussen & Williams 2006, eq. 5.12), without factoring a
  /// sub-matrix.
  std::vector<UnivariateMixture> conditionals(const VectorRef& x) const;

  /// The same of a complete sample.
  std::vector<UnivariateMixture> complete_conditionals(const VectorRef& x) const;

 private:
  struct Component {
    Matrix covariance;
    Matrix lower;      // Cholesky factor L, Σ = L Lᵀ
    Matrix precision;  // Λ = Σ⁻¹
    double log_determinant = 0;
  };

  GaussianMixture(Vector weights, Matrix means, std::vector<Component> components);
  static Component make_component(Matrix covariance, Matrix lower);
  double weighted_log_density(Index k, Vector offset) const;
  GaussianMixture observed_part(const std::vector<Index>& observed) const;

  Vector weights_;
  Matrix means_;
  std::vector<Component> components_;
};

/// Indices of the entries of x that are not NaN.
std::vector<Index> observed_dimensions(const VectorRef& x);

/// Indices of the entries of x that are NaN.
std::vector<Index> missing_dimensions(const VectorRef& x);

}  // namespace rolemix

#endif  // ROLEMIX_MIXTURE_MIXTURE_H_
