#include "explain/host_explainer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rolemix {
namespace {

constexpr double kMemoryShare = 0.5;  // of the time constant of the alert_score
constexpr double kLongest = 5;        // ages that count, in time constants

Vector evidence_of(const Explanation& explanation) {
  Vector evidence(std::ssize(explanation.metrics));
  for (Index d = 0; d < evidence.size(); ++d) {
    evidence[d] = explanation.metrics[d].evidence;
  }
  return evidence;
}

Matrix evidence_of(const std::vector<Explanation>& explanations, Index dimensions) {
  Matrix evidence(std::ssize(explanations), dimensions);
  for (Index i = 0; i < evidence.rows(); ++i) {
    evidence.row(i) = evidence_of(explanations[i]).transpose();
  }
  return evidence;
}

}  // namespace

HostExplainer::HostExplainer(Explainer& explainer, const HostSamples& host, KeptRows before)
    : explainer_(explainer), host_(host), past_(std::move(before)) {
  const RoleModel& model = explainer.scorer().model();
  memory_ = std::max(0.0, kMemoryShare * model.calibration.memory_seconds);
  if (past_.values.size() != past_.times.size() * static_cast<std::size_t>(host.values.cols())) {
    past_ = {};  // it is another model's
  }
}

Index HostExplainer::first_remembered(Index row) const {
  const double oldest = host_.times[row] - kLongest * memory_;
  const Index first = std::upper_bound(host_.times.begin(), host_.times.begin() + row, oldest) -
                      host_.times.begin();
  return std::max(first, row + 1 - static_cast<Index>(kMostRemembered));
}

Vector HostExplainer::weighted(const Matrix& evidence, Index begin, Index end, double time) const {
  const Index dimensions = host_.values.cols();
  Vector sum = Vector::Zero(dimensions);
  const auto weight = [&](double then) {
    const double age = time - then;
    return age < kLongest * memory_ ? std::exp(-age / memory_) : age > 0 ? 0.0 : 1.0;
  };
  for (std::size_t i = 0; i < past_.times.size(); ++i) {
    for (Index d = 0; d < dimensions; ++d) {
      sum[d] += weight(past_.times[i]) * past_.values[i * dimensions + d];
    }
  }
  for (Index row = begin; row < end; ++row) {
    sum += weight(host_.times[row]) * evidence.row(row - begin).transpose();
  }
  return sum;
}

double HostExplainer::longest_memory() const { return kLongest * memory_; }

std::vector<Explanation> HostExplainer::explain(Index first, Index count) {
  if (count == 0) {
    return {};
  }
  const Index begin = first_remembered(first);
  const Index rows = first + count - begin;
  std::vector<Explanation> all = explainer_.explain_rows(host_.values.middleRows(begin, rows),
                                                         host_.shifts.middleRows(begin, rows));
  const Matrix evidence = evidence_of(all, host_.values.cols());
  for (Index row = first; row < first + count; ++row) {
    const Index oldest = first_remembered(row);
    const Index skipped = oldest - begin;
    rank_by(
        weighted(evidence.middleRows(skipped, row + 1 - oldest), oldest, row + 1, host_.times[row]),
        all[row - begin]);
  }
  all.erase(all.begin(), all.begin() + (first - begin));
  return all;
}

Vector HostExplainer::remembered(Index row) {
  const Index begin = first_remembered(row);
  const auto before = explainer_.explain_rows(host_.values.middleRows(begin, row - begin),
                                              host_.shifts.middleRows(begin, row - begin));
  return weighted(evidence_of(before, host_.values.cols()), begin, row, host_.times[row]);
}

KeptRows HostExplainer::recent_evidence() {
  KeptRows kept;
  if (host_.times.empty()) {
    return past_;
  }
  const Index last = std::ssize(host_.times) - 1;
  const double oldest = host_.times[last] - kLongest * memory_;
  const auto dimensions = static_cast<std::size_t>(host_.values.cols());
  const Index begin = first_remembered(last);
  const Index rows = last + 1 - begin;
  for (std::size_t i = 0; i < past_.times.size(); ++i) {
    if (past_.times[i] > oldest && past_.times.size() - i + rows <= kMostRemembered) {
      kept.times.push_back(past_.times[i]);
      const auto row = past_.values.begin() + static_cast<std::ptrdiff_t>(i * dimensions);
      kept.values.insert(kept.values.end(), row, row + static_cast<std::ptrdiff_t>(dimensions));
    }
  }
  const auto recent = explainer_.explain_rows(host_.values.middleRows(begin, rows),
                                              host_.shifts.middleRows(begin, rows));
  for (Index i = 0; i < rows && memory_ > 0; ++i) {
    kept.times.push_back(host_.times[begin + i]);
    for (const MetricExplanation& metric : recent[i].metrics) {
      kept.values.push_back(metric.evidence);
    }
  }
  return kept;
}

void explain(Explainer& explainer, const Samples& samples, const std::vector<std::int32_t>& rows,
             const Take& take) {
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
      for (Explanation& explanation : of_host.explain(first, end - first)) {
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

HostMoment moment_of(Explainer& explainer, const HostSamples& host, Index sample) {
  return {memory_before(explainer.scorer(), host, sample), host.shifts.row(sample),
          HostExplainer(explainer, host).remembered(sample)};
}

Explanation explain_at(Explainer& explainer, const HostMoment& moment, const VectorRef& values) {
  Explanation explanation = explainer.explain(values, moment.shift.row(0).transpose());
  rank_by(moment.evidence + evidence_of(explanation), explanation);
  return explanation;
}

}  // namespace rolemix
