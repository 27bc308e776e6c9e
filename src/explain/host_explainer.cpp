#include "explain/host_explainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
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

HostExplainer::HostExplainer(Explainer& explainer, std::vector<double> times, Matrix values,
                             HostPast past)
    : explainer_(explainer),
      times_(std::move(times)),
      values_(std::move(values)),
      past_(std::move(past.evidence)) {
  const RoleModel& model = explainer.scorer().model();
  memory_ = std::max(0.0, kMemoryShare * model.calibration.memory_seconds);
  shifts_ = level_shifts(past.level, times_, values_, medians(model), &model);
  if (past_.values.size() != past_.times.size() * static_cast<std::size_t>(values_.cols())) {
    past_ = {};  // it is another model's
  }
}

Index HostExplainer::first_remembered(Index row) const {
  const double oldest = times_[row] - kLongest * memory_;
  const Index first =
      std::upper_bound(times_.begin(), times_.begin() + row, oldest) - times_.begin();
  return std::max(first, row + 1 - static_cast<Index>(kMostRemembered));
}

Vector HostExplainer::weighted(const Matrix& evidence, Index begin, Index end, double time) const {
  const Index dimensions = values_.cols();
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
    sum += weight(times_[row]) * evidence.row(row - begin).transpose();
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
  std::vector<Explanation> all =
      explainer_.explain_rows(values_.middleRows(begin, rows), shifts_.middleRows(begin, rows));
  const Matrix evidence = evidence_of(all, values_.cols());
  for (Index row = first; row < first + count; ++row) {
    const Index oldest = first_remembered(row);
    const Index skipped = oldest - begin;
    rank_by(weighted(evidence.middleRows(skipped, row + 1 - oldest), oldest, row + 1, times_[row]),
            all[row - begin]);
  }
  all.erase(all.begin(), all.begin() + (first - begin));
  return all;
}

Vector HostExplainer::remembered(Index row) {
  const Index begin = first_remembered(row);
  const auto before = explainer_.explain_rows(values_.middleRows(begin, row - begin),
                                              shifts_.middleRows(begin, row - begin));
  return weighted(evidence_of(before, values_.cols()), begin, row, times_[row]);
}

KeptRows HostExplainer::recent_evidence() {
  KeptRows kept;
  if (times_.empty()) {
    return past_;
  }
  const Index last = std::ssize(times_) - 1;
  const double oldest = times_[last] - kLongest * memory_;
  const auto dimensions = static_cast<std::size_t>(values_.cols());
  const Index begin = first_remembered(last);
  const Index rows = last + 1 - begin;
  for (std::size_t i = 0; i < past_.times.size(); ++i) {
    if (past_.times[i] > oldest && past_.times.size() - i + rows <= kMostRemembered) {
      kept.times.push_back(past_.times[i]);
      const auto row = past_.values.begin() + static_cast<std::ptrdiff_t>(i * dimensions);
      kept.values.insert(kept.values.end(), row, row + static_cast<std::ptrdiff_t>(dimensions));
    }
  }
  const auto recent =
      explainer_.explain_rows(values_.middleRows(begin, rows), shifts_.middleRows(begin, rows));
  for (Index i = 0; i < rows && memory_ > 0; ++i) {
    kept.times.push_back(times_[begin + i]);
    for (const MetricExplanation& metric : recent[i].metrics) {
      kept.values.push_back(metric.evidence);
    }
  }
  return kept;
}

HostExplainer host_explainer(Explainer& explainer, const SampleTable& table,
                             const std::vector<std::int32_t>& rows, HostPast past) {
  const std::vector<std::string> names = metric_names(explainer.scorer().model());
  std::vector<std::string> ignored;
  const Matrix all = select_metrics(select_rows(table, rows), names, ignored);
  std::vector<double> times;
  for (const std::int32_t row : rows) {
    times.push_back(table.timestamps[row]);
  }
  return {explainer, std::move(times), all, std::move(past)};
}

Result<void> explain_table(Explainer& explainer, const SampleTable& table,
                           const std::vector<std::int32_t>& rows, const Take& take) {
  constexpr Index kMostAtOnce = 1024;
  const auto hosts = rows_by_host(table);
  if (!hosts) {
    return std::unexpected(hosts.error());
  }
  std::vector<std::int32_t> place(table.rows(), -1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    place[rows[i]] = static_cast<std::int32_t>(i);
  }
  const auto wanted = [&](std::int32_t row) { return place[row] >= 0; };
  for (const HostRows& host : *hosts) {
    if (std::ranges::none_of(host.rows, wanted)) {
      continue;
    }
    HostExplainer of_host = host_explainer(explainer, table, host.rows);
    const Index count = std::ssize(host.rows);
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
  return {};
}

Result<std::vector<Explanation>> explain_table(Explainer& explainer, const SampleTable& table,
                                               const std::vector<std::int32_t>& rows) {
  std::vector<Explanation> explanations(rows.size());
  const auto explained =
      explain_table(explainer, table, rows,
                    [&](std::size_t i, Explanation&& explanation, const HostExplainer&, Index) {
                      explanations[i] = std::move(explanation);
                    });
  if (!explained) {
    return std::unexpected(explained.error());
  }
  return explanations;
}

Result<HostMoment> moment_of_last(Explainer& explainer, const SampleTable& table) {
  std::vector<std::int32_t> rows(table.rows());
  std::iota(rows.begin(), rows.end(), 0);
  const Index dimensions = explainer.scorer().model().dimensions();
  HostMoment moment{{}, Matrix::Zero(1, dimensions), Vector::Zero(dimensions)};
  if (rows.empty()) {
    return moment;
  }
  HostExplainer of_host = host_explainer(explainer, table, rows);
  const Index last = std::ssize(rows) - 1;
  moment.shift = of_host.shift(last).transpose();
  moment.evidence = of_host.remembered(last);
  rows.pop_back();
  const SampleTable before = select_rows(table, rows);
  std::vector<ScoreMemory> memories(table.hosts.size());
  if (auto scored = score_table(explainer.scorer(), before, memories); !scored) {
    return std::unexpected(scored.error());
  }
  moment.memory = std::move(memories[table.host.front()]);
  moment.memory.level = {};
  return moment;
}

Explanation explain_at(Explainer& explainer, const HostMoment& moment, const VectorRef& values) {
  Explanation explanation = explainer.explain(values, moment.shift.row(0).transpose());
  rank_by(moment.evidence + evidence_of(explanation), explanation);
  return explanation;
}

}  // namespace rolemix
