#include "explain/host_explainer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rolemix {
namespace {

constexpr double kLongest = 5;  // ages that count, in time constants

/// (n, 2 D)
Matrix evidence_of(const std::vector<Explanation>& explanations, Index dimensions) {
  Matrix evidence(std::ssize(explanations), 2 * dimensions);
  for (Index i = 0; i < evidence.rows(); ++i) {
    evidence.row(i) = rolemix::evidence_of(explanations[i]).transpose();
  }
  return evidence;
}

/// Becomes the larger of both, number by number.
void raise(Vector& most, const double* numbers, double share) {
  for (Index i = 0; i < most.size(); ++i) {
    most[i] = std::max(most[i], share * numbers[i]);
  }
}

}  // namespace

HostExplainer::HostExplainer(Explainer& explainer, const HostSamples& host)
    : explainer_(explainer), host_(host) {
  const RoleModel& model = explainer.scorer().model();
  memory_ = std::max(0.0, model.calibration.memory_seconds);
  const KeptRows& past = host.before.evidence;
  knows_past_ = past.values.size() == 2 * past.times.size() * model.metrics.size();
}

Vector HostExplainer::shift(Index row) const {
  return host_.shifts(explainer_.scorer().model(), row, 1).row(0).transpose();
}

/// Each sample on its own.
std::vector<Explanation> HostExplainer::plain(Index first, Index count, Missing missing) {
  return explainer_.explain_rows(host_.values(first, count),
                                 host_.shifts(explainer_.scorer().model(), first, count), missing);
}

/// (count, 2 D) of each sample on its own.
Matrix HostExplainer::evidence(Index first, Index count) {
  return evidence_of(plain(first, count, Missing::kNotPredicted), host_.dimensions());
}

Index HostExplainer::first_remembered(Index row) const {
  const double oldest = host_.times[row] - kLongest * memory_;
  const Index first = std::upper_bound(host_.times.begin(), host_.times.begin() + row, oldest) -
                      host_.times.begin();
  return std::max(first, row + 1 - static_cast<Index>(kMostRemembered));
}

Vector HostExplainer::most_of_late(const MatrixRef& evidence, Index begin, Index row) const {
  const Index numbers = evidence.cols();
  Vector most = Vector::Zero(numbers);
  const auto share = [&](double then) {
    const double age = host_.times[row] - then;
    return age < kLongest * memory_ ? std::exp(-age / memory_) : age > 0 ? 0.0 : 1.0;
  };
  // As many as if all had come at once.
  const KeptRows& past = host_.before.evidence;
  const Index known = knows_past_ && begin == 0 ? std::ssize(past.times) : 0;
  const Index room = static_cast<Index>(kMostRemembered) - (row + 1 - begin);
  for (Index i = std::max<Index>(0, known - std::max<Index>(0, room)); i < known; ++i) {
    raise(most, past.values.data() + i * numbers, share(past.times[i]));
  }
  for (Index i = 0; i < evidence.rows(); ++i) {
    raise(most, evidence.row(i).data(), share(host_.times[begin + i]));
  }
  return most;
}

double HostExplainer::longest_memory() const { return kLongest * memory_; }

std::vector<Explanation> HostExplainer::explain(Index first, Index count, Missing missing) {
  if (count == 0) {
    return {};
  }
  const Index begin = first_remembered(first);
  const Index rows = first + count - begin;
  std::vector<Explanation> explanations = plain(first, count, missing);
  Matrix all(rows, 2 * host_.dimensions());
  all.topRows(first - begin) = evidence(begin, first - begin);
  all.bottomRows(count) = evidence_of(explanations, host_.dimensions());
  for (Index row = first; row < first + count; ++row) {
    const Index oldest = first_remembered(row);
    rank_by(most_of_late(all.middleRows(oldest - begin, row + 1 - oldest), oldest, row),
            explanations[row - first]);
  }
  return explanations;
}

Vector HostExplainer::remembered(Index row) {
  const Index begin = first_remembered(row);
  return most_of_late(evidence(begin, row - begin), begin, row);
}

KeptRows HostExplainer::evidence_before(Index sample) {
  if (sample == 0) {
    return host_.before.evidence;
  }
  KeptRows kept;
  const double oldest = host_.times[sample - 1] - kLongest * memory_;
  const auto numbers = 2 * host_.dimensions();
  const Index begin = first_remembered(sample - 1);
  const Index rows = sample - begin;
  const KeptRows& past = host_.before.evidence;
  for (Index i = 0; knows_past_ && i < std::ssize(past.times); ++i) {
    if (past.times[i] > oldest &&
        std::ssize(past.times) - i + rows <= static_cast<Index>(kMostRemembered)) {
      kept.times.push_back(past.times[i]);
      const auto row = past.values.begin() + i * numbers;
      kept.values.insert(kept.values.end(), row, row + numbers);
    }
  }
  for (Index i = 0; i < rows && memory_ > 0; ++i) {
    kept.times.push_back(host_.times[begin + i]);
  }
  if (memory_ > 0) {
    const Matrix of_rows = evidence(begin, rows);
    kept.values.insert(kept.values.end(), of_rows.data(), of_rows.data() + of_rows.size());
  }
  return kept;
}

void explain(Explainer& explainer, const Samples& samples, const std::vector<std::int32_t>& rows,
             const Take& take, Missing missing) {
  constexpr Index kMostAtOnce = 1024;
  std::vector<std::int32_t> place(static_cast<std::size_t>(samples.rows()), -1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    place[rows[i]] = static_cast<std::int32_t>(i);
  }
  const auto wanted = [&](std::int32_t row) { return place[row] >= 0; };
  for (const HostSamples& host : samples.hosts) {
    if (std::ranges::none_of(host.rows, wanted)) {
      continue;
    }
    HostExplainer of_host(explainer, host);
    const Index count = host.size();
    for (Index first = 0; first < count;) {
      Index end = first;
      while (end < std::min(count, first + kMostAtOnce) && wanted(host.rows[end])) {
        ++end;
      }
      for (Explanation& explanation : of_host.explain(first, end - first, missing)) {
        take(static_cast<std::size_t>(place[host.rows[first]]), std::move(explanation), of_host,
             first);
        ++first;
      }
      while (first < count && !wanted(host.rows[first])) {
        ++first;
      }
    }
  }
}

std::vector<Explanation> explain(Explainer& explainer, const Samples& samples,
                                 const std::vector<std::int32_t>& rows) {
  std::vector<Explanation> explanations(rows.size());
  explain(explainer, samples, rows,
          [&](std::size_t i, Explanation&& explanation, const HostExplainer&, Index) {
            explanations[i] = std::move(explanation);
          });
  return explanations;
}

HostState state_before(Explainer& explainer, const HostSamples& host, Index sample,
                       const ScoreMemory& memory) {
  const std::vector<MetricSpec>& metrics = explainer.scorer().model().metrics;
  HostState state;
  state.last_at = sample > 0 ? host.times[sample - 1] : host.before.last_at;
  state.memory = memory;
  state.evidence = HostExplainer(explainer, host).evidence_before(sample);
  if (sample == host.size()) {
    state.level = host.level.kept();
    return state;
  }
  HostLevel level(metrics, host.before.level);
  for (Index i = 0; i < sample; ++i) {
    level.advance(host.times[i]);
    level.add(metrics, host.times[i], host.values(i, 1).data());
  }
  state.level = level.kept();
  return state;
}

HostMoment moment_of(Explainer& explainer, const HostSamples& host, Index sample) {
  return {memory_before(explainer.scorer(), host, sample),
          host.shifts(explainer.scorer().model(), sample, 1),
          HostExplainer(explainer, host).remembered(sample)};
}

Explanation explain_at(Explainer& explainer, const HostMoment& moment, const VectorRef& values) {
  Explanation explanation = explainer.explain(values, moment.shift.row(0).transpose());
  Vector most = moment.evidence;
  raise(most, evidence_of(explanation).data(), 1);
  rank_by(most, explanation);
  return explanation;
}

}  // namespace rolemix
