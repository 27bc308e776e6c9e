#include "train/held_out.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "score/score.h"

namespace rolemix {
namespace {

constexpr Index kMostCalibrationRows = 20000;  // rows that each held-out fit learns from
constexpr int kTimeBlocks = 4;
const EmOptions kHeldOutEm{.max_iterations = 30, .tolerance = 1e-4};

}  // namespace

std::unexpected<Error> degenerate_fit() {
  return fail(
      ErrorCode::kNotPositiveDefinite,
      "train: the covariance of a state has no factor; state tolerances for metrics of very "
      "different spread, or fewer components");
}

void set_mixture(const MixtureFit& fit, RoleModel& model) {
  model.weights = fit.weights;
  model.means = fit.means;
  model.covariances = fit.covariances;
  model.unclipped_covariances = fit.unclipped_covariances;
}

Result<std::vector<HeldOutSeries>> held_out_scores(const Matrix& samples, const Matrix& shifts,
                                                   const TrainingRows& rows,
                                                   const std::vector<Index>& fitted,
                                                   const RoleModel& model, const MixtureFit& start,
                                                   const std::string& step,
                                                   const Progress& progress) {
  const auto time_block = [&](Index row) {
    return static_cast<int>(rows.position[row] * kTimeBlocks);
  };
  Vector scores = Vector::Constant(samples.rows(), std::numeric_limits<double>::quiet_NaN());
  for (int block = 0; block < kTimeBlocks; ++block) {
    progress(step, static_cast<double>(block) / kTimeBlocks);
    std::vector<Index> learn;
    std::ranges::copy_if(fitted, std::back_inserter(learn),
                         [&](Index row) { return time_block(row) != block; });
    MixtureFit fit = start;
    run_em(samples(thin(learn, kMostCalibrationRows), Eigen::all), kHeldOutEm, fit);
    if (fit.degenerate) {
      return degenerate_fit();
    }
    RoleModel held_out = model;
    set_mixture(fit, held_out);
    auto scorer = Scorer::create(held_out);
    if (!scorer) {
      return std::unexpected(scorer.error());
    }
    std::vector<Index> judged;
    for (Index row = 0; row < samples.rows(); ++row) {
      if (time_block(row) == block) {
        judged.push_back(row);
      }
    }
    const Matrix given = samples(judged, Eigen::all);
    scores(judged) = scorer->score_samples(given).completed_score.cwiseMin(
        scorer->score_samples(given - shifts(judged, Eigen::all)).completed_score);
  }
  std::vector<HeldOutSeries> hosts(rows.hosts);
  for (Index row = 0; row < samples.rows(); ++row) {
    if (!std::isnan(scores[row])) {
      hosts[rows.host[row]].timestamps.push_back(rows.timestamps[row]);
      hosts[rows.host[row]].completed_scores.push_back(scores[row]);
    }
  }
  return hosts;
}

}  // namespace rolemix
