#include "explain/normal_set.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "base/sort_indices.h"
#include "explain/predictor.h"
#include "kernel/packed.h"
#include "mixture/detection_direction.h"
#include "mixture/mixture.h"

namespace rolemix {
namespace {

using Set = std::vector<Index>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kSearchedSize = Predictor::kMostMetrics;  // up to which all sets are searched
constexpr Index kMostMetricsOfTriples = 64;                     // beyond, all pairs
// Sets that are scored. Those with detection directions that are very far off count once per
// metric: the kernel leaves them to the plain code.
constexpr double kBudget = 10000;
// Of a model of more than 24 metrics and 8 components a set counts for more, by what it costs.
constexpr double kUsualWork = 5000;  // components x metrics^2
// Two ways to compute a score differ by less than this share of it.
constexpr double kRounding = 1e-6;

double margin(double score) { return kRounding * (1 + std::abs(score)); }

bool contains(const Set& set, Index d) { return std::ranges::find(set, d) != set.end(); }

/// The metrics that were measured, numbered from 0 as in a scorer's mixture of them.
struct Sample {
  Set dimensions;
  GaussianMixture mixture;
  std::vector<DetectionDirection> directions;
  double missing_surprise = 0;  ///< at least; nats
  Vector observed;
  Vector scored;  ///< after the detection direction
};

Sample observed_part(const Scorer::Group& group) {
  const Scorer::Observed& part = *group.part;
  const double surprise = part.missing.empty() ? 0 : part.missing_surprise.minCoeff();
  return {part.dimensions, part.mixture(),        part.directions,
          surprise,        group.observed.row(0), group.scored.row(0)};
}

/// The metrics that are so far off that no sample with their value is at the bound. Where a metric
/// lies on the watched side of all means, the detection direction moves it only further off.
Set needed_metrics(const Sample& sample, double bound) {
  const GaussianMixture& mixture = sample.mixture;
  Set needed;
  for (Index d = 0; d < sample.observed.size(); ++d) {
    const double x = sample.observed[d];
    bool watched = true;
    Vector logs(mixture.components());
    for (Index k = 0; k < logs.size(); ++k) {
      const double offset = x - mixture.means()(k, d);
      watched = watched && !on_ignored_side(sample.directions[d], offset, 0);
      logs[k] = mixture.log_peak(k) - 0.5 * offset * offset / mixture.covariance(k)(d, d);
    }
    const double least = sample.missing_surprise - log_sum_exp(logs);
    if (watched && least - margin(least) > bound) {
      needed.push_back(d);
    }
  }
  return needed;
}

/// `set` with `extra` of the metrics from `first` on, in all ways.
void add_sets(const Set& set, Index first, Index dimensions, std::size_t extra,
              std::vector<Set>& sets) {
  if (extra == 0) {
    sets.push_back(set);
    return;
  }
  for (Index d = first; d < dimensions; ++d) {
    if (!contains(set, d)) {
      Set larger = set;
      larger.push_back(d);
      add_sets(larger, d + 1, dimensions, extra - 1, sets);
    }
  }
}

struct ScoredSet {
  Set set;
  Vector values;
  double score = kInfinity;
};

class Search {
 public:
  Search(Scorer& scorer, const VectorRef& sample, Sample part, double bound)
      : scorer_(scorer),
        sample_(sample),
        part_(std::move(part)),
        bound_(bound),
        weight_(std::max(
            1., static_cast<double>(part_.mixture.components() * dimensions() * dimensions()) /
                    kUsualWork)),
        needed_(needed_metrics(part_, bound)),
        predictor_(part_.mixture, start()) {
    for (Index d = 0; d < dimensions(); ++d) {
      if (is_left_out(d)) {
        predictor_.leave_out(d);
      }
    }
    for (Index d = 0; d < dimensions(); ++d) {
      if (part_.directions[d] != DetectionDirection::kBoth) {
        if (!bounding_) {
          bounding_ = predictor_;
        }
        bounding_->leave_out(d);
      }
    }
  }

  NormalSet run() {
    ScoredSet best;
    const std::size_t searched =
        needed_.empty() && dimensions() > kMostMetricsOfTriples ? kSearchedSize - 1 : kSearchedSize;
    const std::size_t largest =
        std::min(std::max(searched, needed_.size()), part_.dimensions.size());
    for (std::size_t size = std::max<std::size_t>(1, needed_.size());
         size <= largest && best.score > bound_; ++size) {
      std::vector<Set> sets;
      add_sets(needed_, 0, dimensions(), size - needed_.size(), sets);
      best = lowest(sets);
    }
    const bool exact = best.score <= bound_ && is_complete_;
    budget_ = kBudget;
    while (best.score > bound_ && best.set.size() < part_.dimensions.size()) {
      for (const Index d : best.set) {
        leave_out(d);
      }
      std::vector<Set> sets;
      add_sets(best.set, 0, dimensions(), 1, sets);
      best = budget_ < -kBudget ? twice(best.set) : lowest(sets);
    }
    return result(best, exact);
  }

 private:
  Index dimensions() const { return part_.observed.size(); }

  void leave_out(Index d) {
    predictor_.leave_out(d);
    if (bounding_) {
      bounding_->leave_out(d);
    }
  }

  /// A set of twice the size, with what would be likeliest of the others added: no other is scored.
  ScoredSet twice(const Set& set) {
    std::vector<Set> sets;
    add_sets(set, 0, dimensions(), 1, sets);
    std::vector<Set> one = {set};
    for (const std::int32_t i : likeliest_first(sets)) {
      if (one[0].size() == 2 * set.size()) {
        break;
      }
      leave_out(one[0].back());  // one at a time is predicted
      one[0].push_back(sets[i].back());
    }
    return lowest(one);
  }

  /// By what a set's score could be at best, detection directions aside.
  std::vector<std::int32_t> likeliest_first(const std::vector<Set>& sets) const {
    std::vector<double> likely;
    std::vector<std::int32_t> order;
    for (const Set& set : sets) {
      order.push_back(static_cast<std::int32_t>(likely.size()));
      likely.push_back(-predictor_.highest_log_density(set));
    }
    sort_indices(order, [&](std::int32_t a, std::int32_t b) { return likely[a] < likely[b]; });
    return order;
  }

  /// How many sets are scored at once.
  std::size_t batch() const {
    constexpr Index kBatch = 128;
    constexpr Index kBatchBeyondBudget = 16;
    const double most = budget_ < 0 ? kBatchBeyondBudget : kBatch;
    const double cost = weight_ * (bounding_ ? static_cast<double>(dimensions()) : 1);
    const double left = std::max(0., budget_ / cost);
    return static_cast<std::size_t>(weight_ > 1 ? std::clamp(left, 1., most) : most);
  }

  /// Metrics of which nothing is to be predicted: those that every set has, and those on their
  /// ignored side.
  bool is_left_out(Index d) const {
    return contains(needed_, d) || part_.scored[d] != part_.observed[d];
  }

  /// The sample, with what is left out where it hides no digit of the others.
  Vector start() const {
    Vector x = part_.observed;
    for (Index d = 0; d < x.size(); ++d) {
      if (is_left_out(d)) {
        x[d] = part_.mixture.weights().dot(part_.mixture.means().col(d));
      }
    }
    return x;
  }

  /// The set of the lowest score, the first of equals. The likeliest are scored first, and those
  /// that cannot be better not at all.
  ScoredSet lowest(const std::vector<Set>& sets) {
    const Predictor& bounding = bounding_ ? *bounding_ : predictor_;
    ScoredSet best;
    std::int32_t place = -1;
    std::vector<std::int32_t> some;
    for (const std::int32_t i : likeliest_first(sets)) {
      const double least = part_.missing_surprise - bounding.highest_log_density(sets[i]);
      if (least - margin(least) > best.score) {
        continue;
      }
      if (place >= 0 && budget_ < 0) {
        is_complete_ = false;
        break;
      }
      some.push_back(i);
      if (some.size() >= batch()) {
        score(sets, some, place, best);
        some.clear();
      }
    }
    score(sets, some, place, best);
    best.set = sets[place];
    return best;
  }

  /// Scores some of the sets; `best`, at `place`, becomes the best of these and itself.
  void score(const std::vector<Set>& sets, const std::vector<std::int32_t>& some,
             std::int32_t& place, ScoredSet& best) {
    Matrix samples(std::ssize(some), sample_.size());
    for (Index row = 0; row < samples.rows(); ++row) {
      samples.row(row) = sample_.transpose();
      const Set& set = sets[some[row]];
      const Vector values = predictor_.expectation(set);
      for (Index i = 0; i < values.size(); ++i) {
        samples(row, part_.dimensions[set[i]]) = values[i];
      }
    }
    const Vector scores = scorer_.score_samples(samples).completed_score;
    for (Index row = 0; row < scores.size(); ++row) {
      const bool is_far = scores[row] + part_.mixture.log_peak_bound() > kFarLog;
      budget_ -= weight_ * (is_far ? static_cast<double>(dimensions()) : 1);
      if (place < 0 || scores[row] < best.score ||
          (scores[row] == best.score && some[row] < place)) {
        best.score = scores[row];
        place = some[row];
        best.values = samples.row(row).transpose();
      }
    }
  }

  NormalSet result(const ScoredSet& best, bool exact) const {
    NormalSet result;
    for (Index d = 0; d < dimensions(); ++d) {
      if (contains(best.set, d)) {
        result.metrics.push_back(part_.dimensions[d]);
      }
    }
    result.values = best.values(result.metrics);
    result.completed_score = best.score;
    result.found = best.score <= bound_;
    result.exact = exact;
    return result;
  }

  Scorer& scorer_;
  Vector sample_;
  Sample part_;
  double bound_;
  double weight_;  // of a scored set
  Set needed_;     // in every set that gets there
  Predictor predictor_;
  // The same with all metrics at their likeliest that a detection direction may put there.
  std::optional<Predictor> bounding_;
  double budget_ = kBudget;
  bool is_complete_ = true;  // no set was left unscored for the budget
};

}  // namespace

NormalSet normal_set(Scorer& scorer, const VectorRef& sample, double bound) {
  NormalSet result;
  result.completed_score = scorer.score_samples(sample.transpose()).completed_score[0];
  const std::vector<Scorer::Group> groups = scorer.groups(sample.transpose());
  result.found = result.exact = result.completed_score <= bound;
  if (result.found || groups.empty()) {
    return result;
  }
  return Search(scorer, sample, observed_part(groups.front()), bound).run();
}

}  // namespace rolemix
