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
bool is_worst_of_its_hour(const HostSamples& host, Index sample, const TableScores& scores) {
  const double time = host.times[sample];
  const Index first = host.first_from(time - kHour);
  const Index end = std::ranges::upper_bound(host.times, time + kHour) - host.times.begin();
  const double score = scores.alert_score[host.rows[sample]];
  for (Index i = first; i < end; ++i) {
    const double other = scores.alert_score[host.rows[i]];
    if (other > score || (other == score && i < sample)) {
      return false;
    }
  }
  return true;
}

/// The rows of a host that are severe and the worst of their hour, until a time.
void add_candidates(const HostSamples& host, const TableScores& scores, double until,
                    std::vector<std::int32_t>& candidates) {
  const double least = severity_of(Sensitivity::kSensitive);
  for (Index i = 0; i < host.size() && host.times[i] <= until; ++i) {
    if (scores.severity[host.rows[i]] >= least && is_worst_of_its_hour(host, i, scores)) {
      candidates.push_back(host.rows[i]);
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

std::vector<SimilarMoment> similar_moments(Explainer& explainer, const Samples& samples,
                                           const TableScores& scores, std::int32_t row,
                                           const Explanation& here, std::size_t limit) {
  std::vector<std::int32_t> candidates;
  for (const HostSamples& host : samples.hosts) {
    add_candidates(host, scores, samples.time(row) - kHour, candidates);
  }
  sort_indices(candidates,
               [&](std::int32_t a, std::int32_t b) { return samples.time(a) > samples.time(b); });
  candidates.resize(std::min(candidates.size(), kMostCandidates));
  std::vector<SimilarMoment> moments;
  explain(explainer, samples, candidates,
          [&](std::size_t i, Explanation&& there, const HostExplainer&, Index) {
            const double alike = similarity(here, there);
            if (alike < kLeastSimilarity) {
              return;
            }
            const auto less = [&](const SimilarMoment& other) {
              return other.similarity < alike ||
                     (other.similarity == alike && other.row > candidates[i]);
            };
            const std::int32_t at = candidates[i];
            moments.insert(
                std::ranges::find_if(moments, less),
                {at, samples.host(at).name, samples.time(at), scores.severity[at], alike});
            moments.resize(std::min(moments.size(), limit));
          });
  return moments;
}

}  // namespace rolemix
