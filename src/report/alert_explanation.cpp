#include "report/alert_explanation.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "explain/host_explainer.h"

namespace rolemix {
namespace {

constexpr double kDay = 86400;
// Rows from then on are enough: levels are of a day, evidence is remembered for hours.
constexpr double kHistory = 2 * kDay;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kClearEvidence = 3;        // nats: outside of a 95 % range
constexpr std::size_t kMostSamples = 2048;  // of a span

/// A host's rows of an alert: before it as far as a metric can have left its range, and of it.
struct Span {
  std::size_t begin = 0;  ///< of what is looked at
  std::size_t start = 0;  ///< the first of the alert
  std::size_t end = 0;
};

/// The host's rows from a time on.
HostRows rows_from(const HostRows& host, const SampleTable& table, double from) {
  const auto time = [&](std::int32_t row) { return table.timestamps[row]; };
  const auto first = std::ranges::lower_bound(host.rows, from, {}, time);
  return {host.host, {first, host.rows.end()}};
}

Span span_of(const HostRows& host, const SampleTable& table, const Alert& alert, double memory) {
  const auto time = [&](std::int32_t row) { return table.timestamps[row]; };
  const auto place = [&](double at) {
    return static_cast<std::size_t>(std::ranges::lower_bound(host.rows, at, {}, time) -
                                    host.rows.begin());
  };
  Span span;
  span.start = place(alert.started_at);
  span.begin = place(alert.started_at - memory);
  span.end = std::isnan(alert.closed_at) ? host.rows.size() : place(alert.closed_at);
  span.end = std::min(std::max(span.end, span.start + 1), span.begin + kMostSamples);
  return span;
}

/// Whether it speaks clearly against a metric that it lies where it lies.
bool has_left(const MetricExplanation& metric) {
  return metric.reason != Reason::kNone && metric.evidence >= kClearEvidence;
}

/// When the metric left a range to stay outside for two samples; else when it did so at all.
double left_at(const std::vector<Explanation>& explanations, const std::vector<double>& times,
               Index d) {
  double ever = kNaN;
  for (std::size_t i = 0; i < explanations.size(); ++i) {
    if (!has_left(explanations[i].metrics[d])) {
      continue;
    }
    ever = std::isnan(ever) ? times[i] : ever;
    if (i + 1 < explanations.size() && has_left(explanations[i + 1].metrics[d])) {
      return times[i];
    }
  }
  return ever;
}

double median_of(const HostExplainer& host, Index begin, Index end, Index d) {
  std::vector<double> values;
  for (Index row = begin; row < end; ++row) {
    if (const double value = host.values()(row, d); !std::isnan(value)) {
      values.push_back(value);
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
void count_hosts(const std::vector<HostRows>& hosts, const SampleTable& table,
                 const TableScores& scores, double at, double gap, double threshold,
                 AlertExplanation& result) {
  for (const HostRows& host : hosts) {
    const auto time = [&](std::int32_t row) { return table.timestamps[row]; };
    const auto after = std::ranges::upper_bound(host.rows, at, {}, time);
    if (after == host.rows.begin() || time(*(after - 1)) < at - gap) {
      continue;
    }
    ++result.hosts;
    result.unusual_hosts += scores.alert_score[*(after - 1)] >= threshold ? 1 : 0;
  }
}

void rank_span(const std::vector<Explanation>& explanations, std::size_t start,
               AlertExplanation& result) {
  Vector squares = Vector::Zero(std::ssize(result.metrics));
  for (std::size_t i = start; i < explanations.size(); ++i) {
    for (Index d = 0; d < squares.size(); ++d) {
      const double evidence = explanations[i].metrics[d].evidence;
      squares[d] += evidence * evidence;
    }
  }
  const auto count = static_cast<double>(explanations.size() - start);
  Explanation over_span = result.worst;
  rank_by((squares / count).cwiseSqrt(), over_span);
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

Result<AlertExplanation> explain_alert(Explainer& explainer, const SampleTable& table,
                                       const std::vector<HostRows>& hosts,
                                       const TableScores& scores, const AlertThresholds& thresholds,
                                       const Alert& alert) {
  const auto time = [&](std::int32_t row) { return table.timestamps[row]; };
  const auto found = std::ranges::find_if(hosts, [&](const HostRows& candidate) {
    return table.hosts[candidate.host] == alert.worst_host;
  });
  if (found == hosts.end() || !std::ranges::binary_search(found->rows, alert.worst_at, {}, time)) {
    return fail(ErrorCode::kInvalidArgument,
                "alert " + alert.alert_id + ": the table lacks its worst sample");
  }
  const HostRows host = rows_from(*found, table, alert.started_at - kHistory);
  HostExplainer of_host = host_explainer(explainer, table, host.rows);
  const Span span = span_of(host, table, alert, of_host.longest_memory());
  const auto begin = static_cast<Index>(span.begin);
  const auto start = static_cast<Index>(span.start);
  const auto end = static_cast<Index>(span.end);
  const std::vector<Explanation> explanations = of_host.explain(begin, end - begin);
  AlertExplanation result;
  const auto worst = std::ranges::lower_bound(host.rows, alert.worst_at, {}, time);
  result.worst_row = *worst;
  result.worst = of_host.explain(worst - host.rows.begin(), 1).front();
  result.metrics.resize(result.worst.metrics.size());
  rank_span(explanations, span.start - span.begin, result);
  std::vector<double> times;
  for (std::size_t i = span.begin; i < span.end; ++i) {
    times.push_back(time(host.rows[i]));
  }
  const Index day_before =
      std::ranges::lower_bound(host.rows, alert.started_at - kDay, {}, time) - host.rows.begin();
  for (std::size_t d = 0; d < result.metrics.size(); ++d) {
    SpanMetric& metric = result.metrics[d];
    metric.left_at = left_at(explanations, times, static_cast<Index>(d));
    metric.before = median_of(of_host, day_before, start, static_cast<Index>(d));
    metric.during = median_of(of_host, start, end, static_cast<Index>(d));
  }
  find_first(result);
  count_hosts(hosts, table, scores, alert.worst_at,
              longest_gap(explainer.scorer().model().calibration), thresholds.warning, result);
  return result;
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
                                       why.worst.metrics[top].observed, language));
  sentences.push_back(others_sentence(static_cast<std::size_t>(why.unusual_hosts),
                                      static_cast<std::size_t>(why.hosts), language));
  std::erase(sentences, "");
  return sentences;
}

}  // namespace rolemix
