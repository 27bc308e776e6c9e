#include "mixture/mixture.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "mixture/linear_algebra.h"

namespace rolemix {
namespace {

constexpr double kLogTwoPi = 1.8378770664093454836;
// Squared distance of a metric from its mean given the others (in its standard deviations) from
// which the others' distance is computed on its own: the difference of two large numbers has no
// digits left.
constexpr double kFarSquaredDistance = 100;

template <typename Container>
std::span<const double> numbers(const Container& values) {
  return {values.data(), static_cast<std::size_t>(values.size())};
}

std::string shape(const Matrix& matrix) {
  return '(' + std::to_string(matrix.rows()) + ", " + std::to_string(matrix.cols()) + ')';
}

Result<void> check_parameters(const Vector& weights, const Matrix& means,
                              const std::vector<Matrix>& covariances) {
  const Index components = weights.size();
  const Index dimensions = means.cols();
  if (components < 1 || dimensions < 1 || means.rows() != components ||
      static_cast<Index>(covariances.size()) != components) {
    return fail(ErrorCode::kShapeMismatch,
                "mixture: expected K >= 1 weights, means (K, D) and K covariances, got " +
                    std::to_string(components) + " weights, means " + shape(means) + " and " +
                    std::to_string(covariances.size()) + " covariances");
  }
  if (!is_finite(numbers(weights)) || !is_finite(numbers(means))) {
    return fail(ErrorCode::kNotFinite, "mixture: weights and means must be finite");
  }
  if (largest_size(numbers(means)) > kLargestValue) {
    return fail(ErrorCode::kInvalidArgument, "mixture: means must be at most 1e50 in size");
  }
  if (weights.minCoeff() <= 0 || std::abs(weights.sum() - 1) > 1e-9) {
    return fail(ErrorCode::kInvalidArgument, "mixture: weights must be positive and sum to 1");
  }
  for (Index k = 0; k < components; ++k) {
    const Matrix& covariance = covariances[k];
    const std::string what = "mixture: covariance " + std::to_string(k);
    if (covariance.rows() != dimensions || covariance.cols() != dimensions) {
      return fail(ErrorCode::kShapeMismatch, what + ": expected (" + std::to_string(dimensions) +
                                                 ", " + std::to_string(dimensions) + "), got " +
                                                 shape(covariance));
    }
    if (!is_finite(numbers(covariance))) {
      return fail(ErrorCode::kNotFinite, what + " must be finite");
    }
    if (!is_symmetric(covariance, 1e-12 * largest_size(numbers(covariance)))) {
      return fail(ErrorCode::kInvalidArgument, what + " must be symmetric");
    }
  }
  return {};
}

/// The mean of a matrix and its transpose.
Matrix symmetrised(const Matrix& a) {
  Matrix result = a;
  for (Index i = 0; i < a.rows(); ++i) {
    for (Index j = 0; j < i; ++j) {
      result(i, j) = result(j, i) = 0.5 * (a(i, j) + a(j, i));
    }
  }
  return result;
}

void normalise_logs(Vector& log_weights) {
  log_weights.array() -= log_weights.maxCoeff();
  log_weights.array() -= log_sum_exp(log_weights);
}

Vector pick(const VectorRef& x, const std::vector<Index>& dimensions) {
  Vector part(static_cast<Index>(dimensions.size()));
  for (Index i = 0; i < part.size(); ++i) {
    part[i] = x[dimensions[i]];
  }
  return part;
}

Vector replaced(Vector vector, Index i, double value) {
  vector[i] = value;
  return vector;
}

}  // namespace

std::vector<Index> observed_dimensions(const VectorRef& x) {
  std::vector<Index> observed;
  for (Index d = 0; d < x.size(); ++d) {
    if (!std::isnan(x[d])) {
      observed.push_back(d);
    }
  }
  return observed;
}

std::vector<Index> missing_dimensions(const VectorRef& x) {
  std::vector<Index> missing;
  for (Index d = 0; d < x.size(); ++d) {
    if (std::isnan(x[d])) {
      missing.push_back(d);
    }
  }
  return missing;
}

GaussianMixture::GaussianMixture(Vector weights, Matrix means, std::vector<Component> components)
    : weights_(std::move(weights)), means_(std::move(means)), components_(std::move(components)) {}

GaussianMixture::Component GaussianMixture::make_component(Matrix covariance, Matrix lower) {
  Component component;
  component.precision = gram(inverse_of_lower(lower));
  component.log_determinant = 2 * lower.diagonal().array().log().sum();
  component.covariance = std::move(covariance);
  component.lower = std::move(lower);
  return component;
}

Result<GaussianMixture> GaussianMixture::create(const Vector& weights, const Matrix& means,
                                                const std::vector<Matrix>& covariances) {
  if (auto checked = check_parameters(weights, means, covariances); !checked) {
    return std::unexpected(checked.error());
  }
  const Index dimensions = means.cols();
  std::vector<Component> components;
  for (std::size_t k = 0; k < covariances.size(); ++k) {
    const Matrix covariance = symmetrised(covariances[k]);
    const std::string what = "mixture: covariance " + std::to_string(k);
    if (covariance.diagonal().minCoeff() <= 0) {
      return fail(ErrorCode::kNotPositiveDefinite, what + " must have a positive diagonal");
    }
    if (covariance.diagonal().maxCoeff() > kLargestValue ||
        covariance.diagonal().minCoeff() < 1 / kLargestValue) {
      return fail(ErrorCode::kInvalidArgument, what + " must have variances in 1e-50..1e50");
    }
    // Cholesky's success depends on the correlations alone. With this bound on their condition it
    // succeeds for every order and every part of the metrics too (Higham 2002, theorem 10.7), so
    // nothing later can fail.
    const Vector scale = covariance.diagonal().array().sqrt();
    const Matrix correlation = scaled(covariance, scale.cwiseInverse(), scale.cwiseInverse());
    const std::optional<Matrix> factor = cholesky(correlation);
    if (!factor ||
        !(infinity_norm(correlation) * infinity_norm(gram(inverse_of_lower(*factor))) < 1e12)) {
      return fail(ErrorCode::kNotPositiveDefinite, what + " must be positive definite");
    }
    components.push_back(
        make_component(covariance, scaled(*factor, scale, Vector::Ones(dimensions))));
  }
  return GaussianMixture(weights / weights.sum(), means, std::move(components));
}

GaussianMixture GaussianMixture::observed_part(const std::vector<Index>& observed) const {
  std::vector<Component> parts;
  for (const Component& component : components_) {
    const Matrix covariance = submatrix(component.covariance, observed);
    parts.push_back(make_component(covariance, factor_of_definite(covariance)));
  }
  return {weights_, means_(Eigen::all, observed), std::move(parts)};
}

double GaussianMixture::weighted_log_density(Index k, Vector offset) const {
  solve_lower(components_[k].lower, offset);
  return std::log(weights_[k]) - 0.5 * (static_cast<double>(dimensions()) * kLogTwoPi +
                                        components_[k].log_determinant + offset.squaredNorm());
}

Vector GaussianMixture::weighted_log_densities(const VectorRef& x) const {
  assert(x.size() == dimensions());
  Vector result(components());
  for (Index k = 0; k < components(); ++k) {
    result[k] = weighted_log_density(k, x - means_.row(k).transpose());
  }
  return result;
}

double GaussianMixture::log_likelihood(const VectorRef& x) const {
  const std::vector<Index> observed = observed_dimensions(x);
  if (observed.empty()) {
    return 0;
  }
  if (static_cast<Index>(observed.size()) == dimensions()) {
    return log_sum_exp(weighted_log_densities(x));
  }
  return log_sum_exp(observed_part(observed).weighted_log_densities(pick(x, observed)));
}

Vector GaussianMixture::responsibilities(const VectorRef& x) const {
  const std::vector<Index> observed = observed_dimensions(x);
  if (observed.empty()) {
    return weights_;
  }
  if (static_cast<Index>(observed.size()) == dimensions()) {
    return softmax(weighted_log_densities(x));
  }
  return softmax(observed_part(observed).weighted_log_densities(pick(x, observed)));
}

double GaussianMixture::log_peak(Index k) const {
  return std::log(weights_[k]) -
         0.5 * (static_cast<double>(dimensions()) * kLogTwoPi + components_[k].log_determinant);
}

double GaussianMixture::log_peak_bound() const {
  Vector logs(components());
  for (Index k = 0; k < components(); ++k) {
    logs[k] = log_peak(k);
  }
  return log_sum_exp(logs);
}

Matrix GaussianMixture::inverse_factor(Index k) const {
  return inverse_of_lower(components_[k].lower);
}

Result<GaussianMixture> GaussianMixture::marginal(const std::vector<Index>& dimensions) const {
  std::vector<int> seen(this->dimensions());
  for (const Index d : dimensions) {
    if (d < 0 || d >= this->dimensions() || ++seen[d] > 1) {
      return fail(ErrorCode::kInvalidArgument, "marginal: dimensions must be distinct and in 0.." +
                                                   std::to_string(this->dimensions() - 1) +
                                                   ", got " + std::to_string(d));
    }
  }
  if (dimensions.empty()) {
    return fail(ErrorCode::kInvalidArgument, "marginal: expected at least one dimension");
  }
  return observed_part(dimensions);
}

Result<GaussianMixture> GaussianMixture::conditional(const VectorRef& x) const {
  assert(x.size() == dimensions());
  const std::vector<Index> observed = observed_dimensions(x);
  const std::vector<Index> missing = missing_dimensions(x);
  if (missing.empty()) {
    return fail(ErrorCode::kInvalidArgument, "conditional: expected a sample with missing metrics");
  }
  const Index known = static_cast<Index>(observed.size());
  const Index unknown = static_cast<Index>(missing.size());
  std::vector<Index> order = observed;
  order.insert(order.end(), missing.begin(), missing.end());

  Vector log_weights = weights_.array().log();
  Matrix part_means(components(), unknown);
  std::vector<Component> parts;
  for (Index k = 0; k < components(); ++k) {
    // With the observed metrics first, Σ = [A 0; B C][A 0; B C]ᵀ: given them, the missing ones have
    // the mean μ + B A⁻¹ (x - μ) and the covariance C Cᵀ, which is positive definite by
    // construction.
    const Matrix lower = factor_of_definite(submatrix(components_[k].covariance, order));
    Vector offset = pick(x, observed) - pick(means_.row(k).transpose(), observed);
    solve_lower(lower, offset);
    for (Index i = 0; i < unknown; ++i) {
      part_means(k, i) =
          means_(k, missing[i]) + lower.row(known + i).head(known).dot(offset.transpose());
    }
    const Matrix corner = lower.bottomRightCorner(unknown, unknown);
    parts.push_back(make_component(gram(corner.transpose()), corner));
    log_weights[k] -= 0.5 * offset.squaredNorm() + lower.diagonal().head(known).array().log().sum();
  }
  normalise_logs(log_weights);
  // A component that cannot have made the observed metrics keeps a weight of the smallest normal
  // number.
  Vector weights = log_weights.array().exp().max(std::numeric_limits<double>::min());
  weights /= weights.sum();
  return GaussianMixture(std::move(weights), std::move(part_means), std::move(parts));
}

GaussianMixture::Regression GaussianMixture::regression(Index k, const std::vector<Index>& observed,
                                                        const std::vector<Index>& missing) const {
  std::vector<Index> order = observed;
  order.insert(order.end(), missing.begin(), missing.end());
  const Matrix lower = factor_of_definite(submatrix(components_[k].covariance, order));
  const auto known = static_cast<Index>(observed.size());
  const auto unknown = static_cast<Index>(missing.size());
  // As in conditional(): gain = B A⁻¹, covariance C Cᵀ.
  const Matrix inverse = inverse_of_lower(lower.topLeftCorner(known, known));
  Regression result;
  result.gain = lower.bottomLeftCorner(unknown, known).lazyProduct(inverse);
  result.standard_deviations = lower.bottomRightCorner(unknown, unknown).rowwise().norm();
  return result;
}

UnivariateMixture GaussianMixture::marginal_of(Index d) const {
  UnivariateMixture result{weights_.array().log(), means_.col(d), Vector(components())};
  for (Index k = 0; k < components(); ++k) {
    result.standard_deviations[k] = std::sqrt(components_[k].covariance(d, d));
  }
  return result;
}

std::vector<UnivariateMixture> GaussianMixture::complete_conditionals(const VectorRef& x) const {
  const Vector log_densities = weighted_log_densities(x);
  std::vector<UnivariateMixture> result(
      dimensions(),
      UnivariateMixture{Vector(components()), Vector(components()), Vector(components())});
  for (Index k = 0; k < components(); ++k) {
    const Matrix& precision = components_[k].precision;
    const Vector offset = x - means_.row(k).transpose();
    for (Index d = 0; d < dimensions(); ++d) {
      // The metric itself stays out of the sum: however far off it is, it hides none of the others.
      const Index after = dimensions() - d - 1;
      const double others = precision.row(d).head(d).dot(offset.head(d)) +
                            precision.row(d).tail(after).dot(offset.tail(after));
      const double expected = -others / precision(d, d);
      const double beyond = offset[d] - expected;
      const double squared = precision(d, d) * beyond * beyond;
      result[d].means[k] = means_(k, d) + expected;
      result[d].standard_deviations[k] = 1 / std::sqrt(precision(d, d));
      // log N(x without d) = log N(x) - log N(x_d | x without d); the latter is largest at the
      // mean.
      const double without = squared < kFarSquaredDistance
                                 ? log_densities[k] + 0.5 * squared
                                 : weighted_log_density(k, replaced(offset, d, expected));
      result[d].log_weights[k] = without + 0.5 * (kLogTwoPi - std::log(precision(d, d)));
    }
  }
  for (UnivariateMixture& mixture : result) {
    normalise_logs(mixture.log_weights);
  }
  return result;
}

std::vector<UnivariateMixture> GaussianMixture::conditionals(const VectorRef& x) const {
  assert(x.size() == dimensions());
  const std::vector<Index> observed = observed_dimensions(x);
  if (static_cast<Index>(observed.size()) == dimensions()) {
    return complete_conditionals(x);
  }
  std::vector<UnivariateMixture> result(dimensions());
  if (!observed.empty()) {
    std::vector<UnivariateMixture> known =
        observed_part(observed).complete_conditionals(pick(x, observed));
    for (std::size_t i = 0; i < observed.size(); ++i) {
      result[observed[i]] = std::move(known[i]);
    }
  }
  const std::vector<Index> missing = missing_dimensions(x);
  const Result<GaussianMixture> rest = conditional(x);
  assert(rest.has_value());
  for (std::size_t i = 0; i < missing.size(); ++i) {
    result[missing[i]] = rest->marginal_of(static_cast<Index>(i));
  }
  return result;
}

}  // namespace rolemix
