#include "train/blame_scale.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "mixture/univariate_mixture.h"

namespace rolemix {
namespace {

constexpr double kLeast = 0.25;
constexpr double kRare = 0.005;    // of the values
constexpr double kRarest = 0.001;  // what is rarer counts no more

/// What a share of the values reaches; `values` ascending.
double upper_quantile(const std::vector<double>& values, double share) {
  const auto place = std::lround((1 - share) * static_cast<double>(values.size() - 1));
  return values[static_cast<std::size_t>(place)];
}

double scale_of_host(std::vector<double> nats) {
  std::ranges::sort(nats);
  const double most = upper_quantile(nats, kRarest);
  double sum = 0;
  for (const double each : nats) {
    sum += std::min(each, most);
  }
  return std::max({sum / static_cast<double>(nats.size()),
                   upper_quantile(nats, kRare) / -std::log(kRare), kLeast});
}

double middle(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

Vector blame_scales(const MatrixRef& samples, const std::vector<std::int32_t>& hosts,
                    const GaussianMixture& mixture) {
  Vector scales = Vector::Ones(samples.cols());
  for (Index d = 0; d < samples.cols(); ++d) {
    const UnivariateMixture marginal = mixture.marginal_of(d);
    std::vector<double> of_hosts;
    std::vector<double> nats;
    for (Index i = 0; i < samples.rows(); ++i) {
      if (!std::isnan(samples(i, d))) {
        nats.push_back(-log_two_sided_tail(marginal, samples(i, d)));
      }
      const bool is_last = i + 1 == samples.rows() || hosts[i + 1] != hosts[i];
      if (is_last && !nats.empty()) {
        of_hosts.push_back(scale_of_host(std::move(nats)));
        nats.clear();
      }
    }
    if (!of_hosts.empty()) {
      scales[d] = middle(std::move(of_hosts));
    }
  }
  return scales;
}

}  // namespace rolemix
