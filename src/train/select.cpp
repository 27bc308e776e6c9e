#include "train/select.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "train/membership.h"

namespace rolemix {
namespace {

constexpr double kApart = 4.4;
constexpr double kLeastWeight = 0.01;
constexpr double kLeastShare = 0.005;  // of the rows of a host-day, or of a host
constexpr double kLeastFall = 0.65;    // of the usual peak
constexpr double kMostLeftOut = 0.1;   // of all: what takes more is no incident
constexpr int kPatience = 3;           // candidates without a gain before the search ends

bool overlap(const MixtureFit& fit, Index a, Index b) {
  const Vector offset = (fit.means.row(a) - fit.means.row(b)).transpose();
  const Matrix sum = fit.covariances[a] + fit.covariances[b];
  // Along v = (Σa + Σb)⁻¹ (μa - μb) the squared distance over the mean variance is 2 δᵀ v.
  return 2 * offset.dot(Eigen::LLT<Matrix>(sum).solve(offset)) < kApart * kApart;
}

/// Shares of the components among rows that have something in common.
struct Shares {
  std::vector<double> rows;  // by component
  double all = 0;
};

/// Forgets the components that have no share in half of the groups.
template <typename Key>
void keep_those_in_half_of(const std::map<Key, Shares>& groups, std::vector<bool>& components) {
  for (std::size_t k = 0; k < components.size(); ++k) {
    const auto with = std::ranges::count_if(groups, [&](const auto& group) {
      return group.second.rows[k] >= kLeastShare * group.second.all;
    });
    components[k] = components[k] && 2 * with >= std::ssize(groups);
  }
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

std::vector<bool> recurring_components(const MatrixRef& samples,
                                       const std::vector<HostDay>& host_days,
                                       const MixtureFit& fit) {
  std::vector<Index> rows(samples.rows());
  std::iota(rows.begin(), rows.end(), 0);
  const std::vector<Membership> found = memberships(samples, rows, fit);
  if (found.empty()) {
    return {};
  }
  std::map<HostDay, Shares> by_day;
  std::map<std::int32_t, Shares> by_host;
  for (std::size_t i = 0; i < host_days.size(); ++i) {
    for (Shares* shares : {&by_day[host_days[i]], &by_host[host_days[i].host]}) {
      shares->rows.resize(fit.weights.size(), 0);
      shares->all += 1;
      if (found[i].component >= 0) {
        shares->rows[found[i].component] += 1;
      }
    }
  }
  std::vector<bool> recurring(fit.weights.size(), true);
  keep_those_in_half_of(by_day, recurring);
  keep_those_in_half_of(by_host, recurring);
  return recurring;
}

namespace {

/// The components with these numbers, in that order.
void select_in_order(const std::vector<Index>& order, MixtureFit& fit) {
  MixtureFit selected = fit;
  selected.weights = fit.weights(order) / fit.weights(order).sum();
  selected.means = fit.means(order, Eigen::all);
  selected.covariances.clear();
  selected.unclipped_covariances.clear();
  for (const Index k : order) {
    selected.covariances.push_back(fit.covariances[k]);
    selected.unclipped_covariances.push_back(fit.unclipped_covariances[k]);
  }
  fit = std::move(selected);
}

}  // namespace

void order_by_weight(MixtureFit& fit) {
  std::vector<Index> order(fit.weights.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order,
                           [&](Index a, Index b) { return fit.weights[a] > fit.weights[b]; });
  select_in_order(order, fit);
}

void keep_components(const MatrixRef& samples, const std::vector<bool>& kept, FittedRows& fitted) {
  const std::vector<Membership> found = memberships(samples, fitted.rows, fitted.fit);
  std::vector<Index> rows;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].component >= 0 && kept[found[i].component]) {
      rows.push_back(fitted.rows[i]);
    }
  }
  std::vector<Index> order;
  for (std::size_t k = 0; k < kept.size(); ++k) {
    if (kept[k]) {
      order.push_back(static_cast<Index>(k));
    }
  }
  fitted.rows = std::move(rows);
  select_in_order(order, fitted.fit);
}

namespace {

Candidate candidate_of(int components, const MixtureFit& fit, const States& states) {
  Candidate candidate{.components = components, .states = states.count};
  if (!fit.objective.empty()) {
    candidate.objective = fit.objective.back();
  }
  return candidate;
}

/// Of the states, those with a component that recurs.
int count_recurring(const States& states, const std::vector<bool>& recurring) {
  std::set<int> found;
  for (std::size_t k = 0; k < recurring.size(); ++k) {
    if (recurring[k] && states.of_component[k] >= 0) {
      found.insert(states.of_component[k]);
    }
  }
  return static_cast<int>(found.size());
}

/// Of the components that do not recur.
double weight_without(const MixtureFit& fit, const std::vector<bool>& recurring) {
  double weight = 0;
  for (std::size_t k = 0; k < recurring.size(); ++k) {
    weight += recurring[k] ? 0 : fit.weights[static_cast<Index>(k)];
  }
  return weight;
}

/// One number of components against the best before it.
class Contest {
 public:
  Contest(const SelectionSteps& steps, int least)
      : steps_(steps), least_(least), best_(steps.fit(steps.start(least))) {
    const States states = separate_states(best_.fit);
    candidates_.push_back(candidate_of(least, best_.fit, states));
    best_states_ = states.count;
  }

  int best_components() const { return candidates_[best_place_].components; }

  void enter(int components) {
    FittedRows fitted = steps_.fit(steps_.start(components));
    const States states = separate_states(fitted.fit);
    candidates_.push_back(candidate_of(components, fitted.fit, states));
    if (states.count <= best_states_) {
      return;
    }
    const std::vector<bool> recurring = steps_.recurring(fitted);
    Candidate& candidate = candidates_.back();
    candidate.recurring = count_recurring(states, recurring);
    if (candidate.recurring <= best_states_) {
      return;
    }
    double to_beat = peak_of_best();
    const double left_out = weight_without(fitted.fit, recurring);
    const auto kept = static_cast<int>(std::ranges::count(recurring, true));
    if (left_out > 0 && left_out <= kMostLeftOut && kept >= least_) {
      fitted = steps_.fit(steps_.keep(std::move(fitted), recurring));
      candidate.kept = kept;
      to_beat = steps_.usual_peak(steps_.fit({best_.fit, fitted.rows}));
    }
    candidate.usual_peak = steps_.usual_peak(fitted);
    if (candidate.usual_peak <= to_beat - kLeastFall) {
      best_place_ = candidates_.size() - 1;
      best_states_ = candidate.recurring;
      best_ = std::move(fitted);
    }
  }

  Selection result() {
    candidates_[best_place_].chosen = true;
    return {std::move(best_), std::move(candidates_)};
  }

 private:
  double peak_of_best() {
    double& peak = candidates_[best_place_].usual_peak;
    peak = std::isnan(peak) ? steps_.usual_peak(best_) : peak;
    return peak;
  }

  const SelectionSteps& steps_;
  int least_;
  FittedRows best_;
  int best_states_ = 0;
  std::size_t best_place_ = 0;  // in the candidates
  std::vector<Candidate> candidates_;
};

}  // namespace

Selection select_components(int least, int most, const SelectionSteps& steps) {
  Contest contest(steps, least);
  for (int components = least + 1;
       components <= most && components <= contest.best_components() + kPatience; ++components) {
    contest.enter(components);
  }
  return contest.result();
}

}  // namespace rolemix
