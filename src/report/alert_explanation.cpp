#include "report/alert_explanation.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "base/escape.h"
#include "explain/host_explainer.h"

namespace rolemix {
namespace {

constexpr double kDay = 86400;
constexpr double kHour = 3600;
constexpr int kDaysBefore = 7;  // a week, so that each day of it has its say
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kClearEvidence = 3;  // nats: outside of a 95 % range
constexpr Index kMostSamples = 2048;  // of a span

/// A host's samples of an alert: before it as far as a metric can have left its range, and of it.
struct Span {
  Index begin = 0;  ///< of what is looked at
  Index start = 0;  ///< the first of the alert
  Index end = 0;
};

Span span_of(const HostSamples& host, const Alert& alert, double memory) {
  Span span;
  span.start = host.first_from(alert.started_at);
  span.begin = host.first_from(alert.started_at - memory);
  span.end = std::isnan(alert.closed_at) ? host.size() : host.first_from(alert.closed_at);
  span.end = std::min(std::max(span.end, span.start + 1), span.begin + kMostSamples);
  return span;
}

/// (n, D) what speaks against each metric, of each sample by itself; 0 inside of its ranges.
Matrix outside(const std::vector<Explanation>& explanations, Index dimensions) {
  Matrix nats(std::ssize(explanations), dimensions);
  for (Index i = 0; i < nats.rows(); ++i) {
    const Vector evidence = merged(evidence_of(explanations[i]));
    for (Index d = 0; d < dimensions; ++d) {
      nats(i, d) = explanations[i].metrics[d].reason == Reason::kNone ? 0 : evidence[d];
    }
  }
  return nats;
}

/// When the metric left a range to stay outside: before the alert starts only without a return, but
/// for single samples. In the alert for two samples; else when it did so at all.
double left_at(const Matrix& outside, std::span<const double> times, Index start, Index d) {
  const auto left = [&](Index i) { return outside(i, d) >= kClearEvidence; };
  Index first = start;
  for (Index i = start; i > 0 && (left(i - 1) || (i > 1 && left(i - 2))); --i) {
    first = left(i - 1) ? i - 1 : first;
  }
  double ever = kNaN;
  for (Index i = first; i < outside.rows(); ++i) {
    if (!left(i)) {
      continue;
    }
    ever = std::isnan(ever) ? times[i] : ever;
    if (i + 1 < outside.rows() && left(i + 1)) {
      return times[i];
    }
  }
  return ever;
}

/// Where the recovery begins, from which on no metric is clearly outside: an alert outlasts its
/// cause. The end where none is, or never was.
Index end_of_cause(const Matrix& outside, Index start) {
  Index end = outside.rows();
  while (end > start && outside.row(end - 1).maxCoeff() < kClearEvidence) {
    --end;
  }
  return end > start ? end : outside.rows();
}

/// Samples of a host, [first, second) each.
using Ranges = std::vector<std::pair<Index, Index>>;

/// Those of the hour about this time of earlier days; none where there are none.
Ranges same_hour(const HostSamples& host, double time) {
  Ranges ranges;
  for (int days = 1; days <= kDaysBefore; ++days) {
    const double then = time - days * kDay;
    const Index begin = host.first_from(then - kHour / 2);
    const Index end = host.first_from(then + kHour / 2);
    if (begin < end) {
      ranges.emplace_back(begin, end);
    }
  }
  return ranges;
}

double median_of(const HostSamples& host, const Ranges& ranges, Index d) {
  std::vector<double> values;
  for (const auto& [begin, end] : ranges) {
    for (Index i = begin; i < end; ++i) {
      if (const double value = host.values()(i, d); !std::isnan(value)) {
        values.push_back(value);
      }
    }
  }
  if (values.empty()) {
    return kNaN;
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Hosts with a sample at most a gap before the moment, and those of them that are unusual then.
void count_hosts(const Samples& samples, const TableScores& scores, double at, double gap,
                 double threshold, AlertExplanation& result) {
  for (const HostSamples& host : samples.hosts) {
    const Index sample = last_sample(host, at, gap);
    if (sample < 0) {
      continue;
    }
    ++result.hosts;
    result.unusual_hosts += scores.alert_score[host.rows[sample]] >= threshold ? 1 : 0;
  }
}

/// By the most that speaks against each metric in any sample; outside at one is outside.
void rank_span(std::span<const Explanation> explanations, AlertExplanation& result) {
  Explanation over_span = result.worst.explanation;
  Vector most = evidence_of(over_span);
  for (const Explanation& explanation : explanations) {
    most = most.cwiseMax(evidence_of(explanation));
    for (std::size_t d = 0; d < over_span.metrics.size(); ++d) {
      const Reason reason = explanation.metrics[d].reason;
      Reason& ever = over_span.metrics[d].reason;
      ever = reason == Reason::kNone ? ever : reason;
    }
  }
  rank_by(most, over_span);
  result.ranking = over_span.ranking;
  for (std::size_t d = 0; d < result.metrics.size(); ++d) {
    result.metrics[d].blame = over_span.metrics[d].blame;
    result.metrics[d].rank = over_span.metrics[d].rank;
  }
}

void find_first(AlertExplanation& result) {
  double first = std::numeric_limits<double>::infinity();
  for (const SpanMetric& metric : result.metrics) {
    first = std::isnan(metric.left_at) ? first : std::min(first, metric.left_at);
  }
  for (const int d : result.ranking) {
    if (result.metrics[d].left_at == first) {
      result.first_to_leave.push_back(d);
    }
  }
}

}  // namespace

Result<AlertExplanation> explain_alert(Explainer& explainer, const Samples& samples,
                                       const TableScores& scores, const AlertThresholds& thresholds,
                                       const Alert& alert, Language language) {
  const HostSamples* host = samples.find(alert.worst_host);
  const Index worst = host == nullptr ? -1 : host->at(alert.worst_at);
  if (worst < 0) {
    return fail(ErrorCode::kInvalidArgument,
                "alert " + alert.alert_id + ": the samples lack its worst one");
  }
  HostExplainer of_host(explainer, *host);
  const Span span = span_of(*host, alert, of_host.longest_memory());
  const std::vector<Explanation> explanations = of_host.explain(span.begin, span.end - span.begin);
  const Index start = span.start - span.begin;
  AlertExplanation result;
  result.alert = alert;
  result.worst = moment_report(explainer, of_host.values(worst), of_host.shift(worst),
                               of_host.explain(worst, 1).front(), language);
  result.worst.host = host->name;
  result.worst.timestamp = alert.worst_at;
  result.worst.alert_score = scores.alert_score[host->rows[worst]];
  result.worst.severity = scores.severity[host->rows[worst]];
  result.metrics.resize(result.worst.explanation.metrics.size());
  rank_span(std::span(explanations).subspan(static_cast<std::size_t>(start)), result);
  const Matrix nats = outside(explanations, std::ssize(result.metrics));
  const auto times = std::span(host->times).subspan(static_cast<std::size_t>(span.begin));
  Ranges before = same_hour(*host, alert.started_at);
  if (before.empty()) {
    result.before = Before::kHourBefore;
    before = {{host->first_from(alert.started_at - kHour), span.start}};
  }
  const Ranges during = {{span.start, span.begin + end_of_cause(nats, start)}};
  for (std::size_t d = 0; d < result.metrics.size(); ++d) {
    const auto metric = static_cast<Index>(d);
    result.metrics[d].left_at = left_at(nats, times, start, metric);
    result.metrics[d].before = median_of(*host, before, metric);
    result.metrics[d].during = median_of(*host, during, metric);
  }
  find_first(result);
  const double gap = longest_gap(explainer.scorer().model().calibration);
  const std::vector<PeerValues> peers = peer_values(samples, *host, alert.worst_at, gap);
  for (std::size_t d = 0; d < peers.size(); ++d) {
    result.metrics[d].peers = peers[d];
  }
  count_hosts(samples, scores, alert.worst_at, gap, thresholds.warning, result);
  result.sentences = span_sentences(explainer.scorer().model(), result, language);
  return result;
}

Result<AlertExplanation> explain_span(Explainer& explainer, const Samples& samples,
                                      const TableScores& scores, const AlertThresholds& thresholds,
                                      const HostSpan& span, Language language) {
  Alert alert;
  alert.hosts = {span.host};
  alert.worst_host = span.host;
  const HostSamples* host = samples.find(span.host);
  const Index first = host == nullptr ? 0 : host->first_from(span.from);
  const Index end = host == nullptr ? 0 : host->first_from(span.to);
  double highest = 0;
  for (Index i = first; i < end; ++i) {
    const std::int32_t row = host->rows[i];
    if (scores.state[row] < 0) {
      continue;
    }
    const double score = scores.anomaly_score[row];
    if (alert.samples++ == 0 || score > alert.anomaly_score) {
      alert.anomaly_score = score;
      alert.worst_at = host->times[i];
    }
    alert.severity = std::max(alert.severity, scores.severity[row]);
    highest = std::max(highest, scores.alert_score[row]);
  }
  if (alert.samples == 0) {
    return fail(ErrorCode::kInvalidArgument,
                "host " + in_quotes(span.host) + " has no sample with a value in that period");
  }
  alert.level = highest >= thresholds.critical ? AlertLevel::kCritical : AlertLevel::kWarning;
  alert.started_at = alert.opened_at = host->times[first];
  alert.last_sample_at = host->times[end - 1];
  alert.closed_at = end < host->size() ? host->times[end] : kNaN;
  return explain_alert(explainer, samples, scores, thresholds, alert, language);
}

std::vector<std::string> span_sentences(const RoleModel& model, const AlertExplanation& why,
                                        Language language) {
  constexpr std::size_t kNamed = 3;
  std::vector<std::string> sentences;
  std::vector<std::string> first;
  for (const int d : why.first_to_leave) {
    if (first.size() < kNamed) {
      first.push_back(model.metrics[d].name);
    }
  }
  if (!first.empty()) {
    const double at = why.metrics[why.first_to_leave.front()].left_at;
    sentences.push_back(left_first_sentence(first, at, language));
  }
  const int top = why.ranking.front();
  const MetricSpec& metric = model.metrics[top];
  sentences.push_back(changed_sentence(metric.name, metric.unit, why.metrics[top].before,
                                       why.worst.explanation.metrics[top].observed, why.before,
                                       language));
  const PeerValues& peers = why.metrics[top].peers;
  sentences.push_back(peers_sentence(peers.hosts, peers.low, peers.high, metric.unit, language));
  sentences.push_back(others_sentence(static_cast<std::size_t>(why.unusual_hosts),
                                      static_cast<std::size_t>(why.hosts), language));
  std::erase(sentences, "");
  return sentences;
}

}  // namespace rolemix
