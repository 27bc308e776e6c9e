#include "explain/finding.h"

#include <algorithm>
#include <cmath>

namespace rolemix {
namespace {

constexpr std::size_t kMostMetrics = 3;

FoundMetric found(int d, const MetricExplanation& metric) {
  return {.metric = d,
          .observed = metric.observed,
          .expected = metric.expected,
          .low = metric.low,
          .high = metric.high,
          .typical_low = metric.typical_low,
          .typical_high = metric.typical_high,
          .blame = metric.blame,
          .reason = metric.reason,
          .direction = metric.direction};
}

/// Of a sample whose first metric has no surprise.
FindingKind kind_without_any(const Explanation& explanation) {
  const bool measured = std::ranges::any_of(
      explanation.metrics, [](const MetricExplanation& of) { return !std::isnan(of.observed); });
  return measured ? FindingKind::kNoLevel : FindingKind::kNotMeasured;
}

/// Of one without blame outside a range.
FindingKind kind_inside(const Explanation& explanation) {
  const bool ignored = std::ranges::any_of(
      explanation.metrics, [](const MetricExplanation& of) { return of.reason != Reason::kNone; });
  return ignored ? FindingKind::kIgnoredSide : FindingKind::kInside;
}

}  // namespace

Finding finding_of(const Explanation& explanation, const std::optional<Prediction>& prediction) {
  Finding finding;
  const int first = explanation.ranking.front();
  if (std::isnan(explanation.metrics[first].surprise)) {
    finding.kind = kind_without_any(explanation);
    return finding;
  }
  finding.alone = std::ranges::count_if(explanation.metrics, [](const MetricExplanation& of) {
                    return !std::isnan(of.surprise);
                  }) == 1;
  for (const int d : explanation.ranking) {
    const MetricExplanation& metric = explanation.metrics[d];
    if (finding.metrics.size() < kMostMetrics && is_to_blame(metric)) {
      finding.metrics.push_back(found(d, metric));
    }
  }
  finding.kind = finding.metrics.empty() ? kind_inside(explanation) : FindingKind::kOutside;
  if (finding.metrics.empty()) {
    finding.metrics.push_back(found(first, explanation.metrics[first]));
  }
  if (prediction) {
    finding.predictors = prediction->predictors;
  }
  return finding;
}

std::vector<std::string> top_metrics(const RoleModel& model, const Finding& finding) {
  std::vector<int> metrics;
  if (finding.kind == FindingKind::kOutside) {
    for (const FoundMetric& found : finding.metrics) {
      metrics.push_back(found.metric);
    }
  }
  return metric_names(model, metrics);
}

}  // namespace rolemix
