#include "train/trim.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/kernel.h"
#include "core/mixture.h"

namespace rolemix {
namespace {

constexpr double kFarSquare = 32;  // a metric; of normal rows of 20 metrics one in 1e90 is as far
constexpr double kMostTrimmed = 0.1;
constexpr int kMostRounds = 3;
constexpr Index kChunk = 1024;

}  // namespace

std::vector<Index> near_rows(const MatrixRef& samples, const std::vector<Index>& rows,
                             const MixtureFit& fit) {
  auto mixture = GaussianMixture::create(fit.weights, fit.means, fit.covariances);
  if (!mixture) {
    return rows;
  }
  const Kernel kernel(std::move(*mixture));
  const double limit = kFarSquare * static_cast<double>(samples.cols());
  std::vector<Index> near;
  BatchScores scores;
  Matrix block;
  for (std::size_t first = 0; first < rows.size(); first += kChunk) {
    const auto end = std::min(rows.size(), first + kChunk);
    const std::vector<Index> these(rows.begin() + static_cast<std::ptrdiff_t>(first),
                                   rows.begin() + static_cast<std::ptrdiff_t>(end));
    block = samples(these, Eigen::all);
    kernel.score(block.data(), block.rows(), Responsibilities::kGiven, scores);
    for (Index i = 0; i < block.rows(); ++i) {
      const int state = scores.state[i];
      const double log_density =
          scores.log_likelihood[i] + std::log(scores.responsibilities(state, i));
      if (2 * (kernel.mixture().log_peak(state) - log_density) <= limit) {
        near.push_back(these[i]);
      }
    }
  }
  return near;
}

void fit_trimmed(const MatrixRef& samples, const EmOptions& options, std::vector<Index>& rows,
                 MixtureFit& fit) {
  const auto least =
      static_cast<std::size_t>((1 - kMostTrimmed) * static_cast<double>(rows.size()));
  run_em(samples(rows, Eigen::all), options, fit);
  for (int round = 0; round < kMostRounds; ++round) {
    std::vector<Index> near = near_rows(samples, rows, fit);
    if (near.size() == rows.size() || near.size() < least) {
      break;
    }
    rows = std::move(near);
    run_em(samples(rows, Eigen::all), options, fit);
  }
}

}  // namespace rolemix
