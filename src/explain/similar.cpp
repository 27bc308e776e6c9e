#include "explain/similar.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/sort_indices.h"

namespace rolemix {
namespace {

constexpr double kHour = 3600;
constexpr double kLeastSimilarity = 0.7;
constexpr std::size_t kMostCandidates = 1000;  // the latest

/// (D) blames, signed by direction; 0 inside of both ranges.
Vector pattern_of(const Explanation& explanation) {
  Vector pattern = Vector::Zero(std::ssize(explanation.metrics));
  for (Index d = 0; d < pattern.size(); ++d) {
    const MetricExplanation& metric = explanation.metrics[d];
    if (metric.reason != Reason::kNone) {
      pattern[d] = metric.direction == Direction::kAbove ? metric.blame : -metric.blame;
    }
  }
  return pattern;
}

/// Whether no sample of the host an hour or less away has a higher alert score, or an earlier one
/// the same.
bool is_worst_of_its_hour(const HostRows& host, std::int32_t row, const SampleTable& table,
                          const TableScores& scores) {
  const auto time = [&](std::int32_t of) { return table.timestamps[of]; };
  const auto first = std::ranges::lower_bound(host.rows, time(row) - kHour, {}, time);
  const auto end = std::ranges::upper_bound(host.rows, time(row) + kHour, {}, time);
  return std::none_of(first, end, [&](std::int32_t other) {
    const double score = scores.alert_score[other];
    return score > scores.alert_score[row] ||
           (score == scores.alert_score[row] && time(other) < time(row));
  });
}

/// The rows of a host that are severe and the worst of their hour, until a time.
void add_candidates(const HostRows& host, const SampleTable& table, const TableScores& scores,
                    double until, std::vector<std::int32_t>& candidates) {
  const double least = severity_of(Sensitivity::kSensitive);
  for (const std::int32_t row : host.rows) {
    if (table.timestamps[row] <= until && scores.severity[row] >= least &&
        is_worst_of_its_hour(host, row, table, scores)) {
      candidates.push_back(row);
    }
  }
}

}  // namespace

double similarity(const Explanation& a, const Explanation& b) {
  const Vector here = pattern_of(a);
  const Vector there = pattern_of(b);
  const double size = std::sqrt(here.squaredNorm() * there.squaredNorm());
  if (!(size > 0)) {
    return 0;
  }
  const double overlap = a.responsibilities.cwiseMin(b.responsibilities).sum();
  return std::max(0.0, here.dot(there) / size) * (0.5 + 0.5 * std::min(1.0, overlap));
}

Result<std::vector<SimilarMoment>> similar_moments(Explainer& explainer, const SampleTable& table,
                                                   const TableScores& scores, std::int32_t row,
                                                   const Explanation& here, std::size_t limit) {
  const auto hosts = rows_by_host(table);
  if (!hosts) {
    return std::unexpected(hosts.error());
  }
  std::vector<std::int32_t> candidates;
  for (const HostRows& host : *hosts) {
    add_candidates(host, table, scores, table.timestamps[row] - kHour, candidates);
  }
  sort_indices(candidates, [&](std::int32_t a, std::int32_t b) {
    return table.timestamps[a] > table.timestamps[b];
  });
  candidates.resize(std::min(candidates.size(), kMostCandidates));
  std::vector<SimilarMoment> moments;
  const auto explained =
      explain_table(explainer, table, candidates,
                    [&](std::size_t i, Explanation&& there, const HostExplainer&, Index) {
                      const double alike = similarity(here, there);
                      if (alike < kLeastSimilarity) {
                        return;
                      }
                      const auto less = [&](const SimilarMoment& other) {
                        return other.similarity < alike ||
                               (other.similarity == alike && other.row > candidates[i]);
                      };
                      moments.insert(std::ranges::find_if(moments, less), {candidates[i], alike});
                      moments.resize(std::min(moments.size(), limit));
                    });
  if (!explained) {
    return std::unexpected(explained.error());
  }
  return moments;
}

}  // namespace rolemix
