#include "train/trim.h"

#include <cstddef>
#include <utility>

#include "train/membership.h"

namespace rolemix {
namespace {

constexpr double kFarSquare = 32;  // a metric; of normal rows of 20 metrics one in 1e90 is as far
constexpr int kMostRounds = 3;

}  // namespace

std::vector<Index> near_rows(const MatrixRef& samples, const std::vector<Index>& rows,
                             const MixtureFit& fit) {
  const std::vector<Membership> found = memberships(samples, rows, fit);
  if (found.empty()) {
    return rows;
  }
  std::vector<Index> near;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (found[i].squared_distance <= kFarSquare * static_cast<double>(found[i].observed)) {
      near.push_back(rows[i]);
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
