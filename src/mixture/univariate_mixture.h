// A mixture of normal distributions of one variable: what is known of one metric, alone or given
// the others.
#ifndef ROLEMIX_MIXTURE_UNIVARIATE_MIXTURE_H_
#define ROLEMIX_MIXTURE_UNIVARIATE_MIXTURE_H_

#include "base/matrix.h"

namespace rolemix {

/// K normal components; weights in logs, so that none is lost far from the data.
struct UnivariateMixture {
  Vector log_weights;          ///< (K) natural logs; their exponentials sum to 1
  Vector means;                ///< (K)
  Vector standard_deviations;  ///< (K) > 0
};

/// log Φ(z), the log of the standard normal distribution function, accurate in both tails.
/// Abramowitz & Stegun 1964, eq. 26.2.12 (asymptotic series) below z = -30.
double log_normal_cdf(double z);

/// log Σ exp(values); -infinity when all are.
double log_sum_exp(const VectorRef& values);

/// exp(values), scaled to sum to 1.
Vector softmax(const VectorRef& values);

double mean(const UnivariateMixture& mixture);
double variance(const UnivariateMixture& mixture);
double log_density(const UnivariateMixture& mixture, double x);
double cdf(const UnivariateMixture& mixture, double x);

/// log of the two-sided tail probability 2 min(P(X <= x), P(X >= x)), at most 0. Never underflows.
double log_two_sided_tail(const UnivariateMixture& mixture, double x);

/// The x with P(X <= x) = p, for 0 < p < 1: root of the distribution function, not mean ± z sd.
double quantile(const UnivariateMixture& mixture, double p);

}  // namespace rolemix

#endif  // ROLEMIX_MIXTURE_UNIVARIATE_MIXTURE_H_
