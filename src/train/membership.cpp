#include "train/membership.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

#include "kernel/kernel.h"
#include "mixture/mixture.h"

namespace rolemix {
namespace {

constexpr std::size_t kChunk = 1024;

/// Of the rows at these places, which have the same metrics.
void judge(const MatrixRef& samples, const std::vector<Index>& rows,
           const std::vector<std::size_t>& places, const std::vector<Index>& dimensions,
           const Kernel& kernel, std::vector<Membership>& result) {
  BatchScores scores;
  for (std::size_t first = 0; first < places.size(); first += kChunk) {
    const std::size_t count = std::min(kChunk, places.size() - first);
    Matrix block(static_cast<Index>(count), static_cast<Index>(dimensions.size()));
    for (std::size_t i = 0; i < count; ++i) {
      block.row(static_cast<Index>(i)) = samples(rows[places[first + i]], dimensions);
    }
    kernel.score(block.data(), block.rows(), Responsibilities::kGiven, scores);
    for (std::size_t i = 0; i < count; ++i) {
      const auto column = static_cast<Index>(i);
      const int component = scores.state[i];
      const double log_density =
          scores.log_likelihood[column] + std::log(scores.responsibilities(component, column));
      result[places[first + i]] = {
          component, 2 * (kernel.mixture().log_peak(component) - log_density), block.cols()};
    }
  }
}

}  // namespace

std::vector<Membership> memberships(const MatrixRef& samples, const std::vector<Index>& rows,
                                    const MixtureFit& fit) {
  auto mixture = GaussianMixture::create(fit.weights, fit.means, fit.covariances);
  if (!mixture) {
    return {};
  }
  std::map<std::vector<Index>, std::vector<std::size_t>> places;  // by the metrics observed
  for (std::size_t i = 0; i < rows.size(); ++i) {
    places[observed_dimensions(samples.row(rows[i]).transpose())].push_back(i);
  }
  std::vector<Membership> result(rows.size());
  for (const auto& [dimensions, of_these] : places) {
    if (dimensions.empty()) {
      continue;
    }
    auto part = std::ssize(dimensions) == samples.cols() ? mixture : mixture->marginal(dimensions);
    judge(samples, rows, of_these, dimensions, Kernel(std::move(*part)), result);
  }
  return result;
}

}  // namespace rolemix
