#include "train/select.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

#include "core/kernel.h"
#include "core/mixture.h"

namespace rolemix {
namespace {

constexpr double kApart = 4.75;
constexpr double kLeastWeight = 0.01;
constexpr double kLeastShare = 0.005;  // of the rows of a host-day, or of a host
constexpr double kLeastFall = 0.6;     // of the usual peak
constexpr int kPatience = 2;           // candidates without a gain before the search ends

bool overlap(const MixtureFit& fit, Index a, Index b) {
  const Vector offset = (fit.means.row(a) - fit.means.row(b)).transpose();
  const Matrix sum = fit.covariances[a] + fit.covariances[b];
  // Along v = (Σa + Σb)⁻¹ (μa - μb) the squared distance over the mean variance is 2 δᵀ v.
  return 2 * offset.dot(Eigen::LLT<Matrix>(sum).solve(offset)) < kApart * kApart;
}

/// Shares of the states among rows that have something in common.
struct Shares {
  std::vector<double> rows;  // by state
  double all = 0;
};

/// Whether each state has its share in half of the groups.
template <typename Key>
bool in_half_of(const std::map<Key, Shares>& groups, int states) {
  for (int state = 0; state < states; ++state) {
    const auto with = std::ranges::count_if(groups, [&](const auto& group) {
      return group.second.rows[state] >= kLeastShare * group.second.all;
    });
    if (2 * with < std::ssize(groups)) {
      return false;
    }
  }
  return true;
}

/// (N) the component that each row most probably comes from; empty when the fit is none.
std::vector<int> likeliest_components(const MatrixRef& samples, const MixtureFit& fit) {
  auto mixture = GaussianMixture::create(fit.weights, fit.means, fit.covariances);
  if (!mixture) {
    return {};
  }
  BatchScores scores;
  Kernel(std::move(*mixture))
      .score(samples.data(), samples.rows(), Responsibilities::kLeftOut, scores);
  return std::move(scores.state);
}

}  // namespace

States separate_states(const MixtureFit& fit) {
  const Index components = fit.weights.size();
  std::vector<Index> linked(components);  // the first component of each one's state
  for (Index k = 0; k < components; ++k) {
    linked[k] = k;
    for (Index other = 0; other < k; ++other) {
      if (linked[other] != linked[k] && overlap(fit, k, other)) {
        const auto [low, high] = std::minmax(linked[other], linked[k]);
        std::ranges::replace(linked, high, low);
      }
    }
  }
  States states{std::vector<int>(components, -1), 0};
  for (Index first = 0; first < components; ++first) {
    double weight = 0;
    for (Index k = 0; k < components; ++k) {
      weight += linked[k] == first ? fit.weights[k] : 0;
    }
    if (weight < kLeastWeight) {
      continue;
    }
    for (Index k = 0; k < components; ++k) {
      states.of_component[k] = linked[k] == first ? states.count : states.of_component[k];
    }
    ++states.count;
  }
  return states;
}

bool states_recur(const MatrixRef& samples, const std::vector<HostDay>& host_days,
                  const MixtureFit& fit, const States& states) {
  const std::vector<int> component = likeliest_components(samples, fit);
  if (component.empty()) {
    return false;
  }
  std::map<HostDay, Shares> by_day;
  std::map<std::int32_t, Shares> by_host;
  for (std::size_t i = 0; i < host_days.size(); ++i) {
    const int state = states.of_component[component[i]];
    for (Shares* shares : {&by_day[host_days[i]], &by_host[host_days[i].host]}) {
      shares->rows.resize(states.count, 0);
      shares->all += 1;
      if (state >= 0) {
        shares->rows[state] += 1;
      }
    }
  }
  return in_half_of(by_day, states.count) && in_half_of(by_host, states.count);
}

namespace {

Candidate candidate_of(int components, const MixtureFit& fit, const States& states) {
  Candidate candidate{components, states.count};
  if (!fit.objective.empty()) {
    candidate.objective = fit.objective.back();
  }
  return candidate;
}

}  // namespace

Selection select_components(int least, int most, const SelectionSteps& steps) {
  Selection selection{steps.fit(least), {}};
  selection.candidates.push_back(
      candidate_of(least, selection.fit, separate_states(selection.fit)));
  Candidate best = selection.candidates.front();
  for (int components = least + 1; components <= most && components <= best.components + kPatience;
       ++components) {
    MixtureFit fit = steps.fit(components);
    const States states = separate_states(fit);
    Candidate candidate = candidate_of(components, fit, states);
    candidate.recurs = states.count > best.states && steps.recurs(fit, states);
    if (candidate.recurs) {
      if (std::isnan(best.usual_peak)) {
        best.usual_peak = steps.usual_peak(selection.fit);
        selection.candidates.front().usual_peak = best.usual_peak;
      }
      candidate.usual_peak = steps.usual_peak(fit);
    }
    selection.candidates.push_back(candidate);
    if (candidate.usual_peak <= best.usual_peak - kLeastFall) {
      best = candidate;
      selection.fit = std::move(fit);
    }
  }
  return selection;
}

}  // namespace rolemix
