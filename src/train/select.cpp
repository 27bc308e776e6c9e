#include "train/select.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "train/em.h"

namespace rolemix {
namespace {

constexpr double kLightState = 0.01;
constexpr double kLeastGain = 0.01;  // nats per row and metric: less is not worth a state
constexpr int kPatience = 2;         // candidates without a gain before the search ends
const EmOptions kEmOptions{.max_iterations = 60, .tolerance = 1e-3};

using FoldScores = std::array<double, kSelectionFolds>;

/// The rows that are in the fold, or those that are not.
Matrix rows_of(const MatrixRef& samples, const std::vector<int>& fold, int chosen, bool inside) {
  std::vector<Index> rows;
  for (std::size_t i = 0; i < fold.size(); ++i) {
    if ((fold[i] == chosen) == inside) {
      rows.push_back(static_cast<Index>(i));
    }
  }
  return samples(rows, Eigen::all);
}

double standard_error(const FoldScores& scores, const FoldScores& best) {
  double mean = 0;
  double squares = 0;
  for (std::size_t f = 0; f < scores.size(); ++f) {
    mean += (best[f] - scores[f]) / kSelectionFolds;
  }
  for (std::size_t f = 0; f < scores.size(); ++f) {
    squares += std::pow(best[f] - scores[f] - mean, 2);
  }
  return std::sqrt(squares / (kSelectionFolds - 1) / kSelectionFolds);
}

}  // namespace

Selection select_components(const MatrixRef& samples, const std::vector<int>& fold, int least,
                            int most, std::uint64_t seed,
                            const std::function<void(double done)>& progress) {
  Selection selection;
  std::vector<FoldScores> scores;
  std::size_t best = 0;
  for (int components = least; components <= most; ++components) {
    Candidate candidate{.components = components};
    FoldScores fold_scores{};
    int light = 0;
    for (int f = 0; f < kSelectionFolds; ++f) {
      progress((components - least + static_cast<double>(f) / kSelectionFolds) /
               (most - least + 1));
      const Matrix learn = rows_of(samples, fold, f, false);
      const Matrix held_out = rows_of(samples, fold, f, true);
      MixtureFit fit = start_from_k_means(learn, components, seed);
      run_em(learn, kEmOptions, fit);
      fold_scores[f] = held_out.rows() > 0 ? log_likelihoods(held_out, fit).mean() : 0;
      candidate.held_out += fold_scores[f] / kSelectionFolds;
      light += fit.weights.minCoeff() < kLightState ? 1 : 0;
    }
    candidate.light_state = components > 1 && 2 * light > kSelectionFolds;
    selection.candidates.push_back(candidate);
    scores.push_back(fold_scores);
    const std::size_t last = scores.size() - 1;
    if (!candidate.light_state && candidate.held_out > selection.candidates[best].held_out) {
      best = last;
    }
    if (last >= best + kPatience) {
      break;
    }
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    selection.candidates[i].standard_error = standard_error(scores[i], scores[best]);
  }
  const double least_gain = kLeastGain * static_cast<double>(samples.cols());
  for (std::size_t i = 0; i <= best; ++i) {
    const Candidate& candidate = selection.candidates[i];
    const double behind = selection.candidates[best].held_out - candidate.held_out;
    const double allowed = std::max(candidate.standard_error, least_gain);
    if (i == best || (!candidate.light_state && behind <= allowed)) {
      selection.components = candidate.components;
      break;
    }
  }
  progress(1);
  return selection;
}

}  // namespace rolemix
