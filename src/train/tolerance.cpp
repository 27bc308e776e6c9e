#include "train/tolerance.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace rolemix {
namespace {

// Share of the values left out at each end of the robust range.
constexpr double kOutside = 0.005;
// Of the moves of a metric that hardly ever moves: above the usual ones, below nonsense.
constexpr double kUsualMove = 0.9;
// Steps this small against the values are rounding, not resolution; so is a tolerance this small.
constexpr double kRounding = 1e-9;
constexpr double kLeastShareOfRange = 1e-5;

double quantile_of_sorted(const std::vector<double>& sorted, double p) {
  return sorted[static_cast<std::size_t>(std::lround(p * static_cast<double>(sorted.size() - 1)))];
}

/// The smallest step between neighbours, of which each is as much as the rarer of its two values:
/// one odd value makes two steps. sorted: without the odd values at the ends.
double smallest_step(std::span<const double> sorted) {
  const double rounding = kRounding * std::max(std::abs(sorted.front()), std::abs(sorted.back()));
  std::vector<std::pair<double, Index>> steps;  // and how often
  Index before = 0;
  for (std::size_t first = 0; first < sorted.size();) {
    std::size_t next = first + 1;
    while (next < sorted.size() && sorted[next] - sorted[next - 1] <= rounding) {
      ++next;
    }
    const auto count = static_cast<Index>(next - first);
    if (first > 0) {
      steps.emplace_back(sorted[first] - sorted[first - 1], std::min(before, count));
    }
    before = count;
    first = next;
  }
  std::ranges::sort(steps);
  Index odd = 2 * odd_of(std::ssize(sorted));
  for (const auto& [step, count] : steps) {
    odd -= count;
    if (odd < 0) {
      return step;
    }
  }
  return steps.empty() ? 0 : steps.back().first;
}

/// Of a metric that hardly ever moves, how far it does.
double usual_move(const std::vector<double>& sorted, double median) {
  std::vector<double> moves;
  for (const double value : sorted) {
    if (value != median) {
      moves.push_back(std::abs(value - median));
    }
  }
  std::ranges::sort(moves);
  return quantile_of_sorted(moves, kUsualMove);
}

}  // namespace

ValueSummary summarise(const VectorRef& values) {
  std::vector<double> sorted;
  for (const double value : values) {
    if (!std::isnan(value)) {
      sorted.push_back(value);
    }
  }
  ValueSummary summary;
  summary.count = static_cast<Index>(sorted.size());
  if (sorted.empty()) {
    return summary;
  }
  std::ranges::sort(sorted);
  summary.constant = sorted.front() == sorted.back();
  const auto odd = static_cast<std::size_t>(odd_of(summary.count));
  const auto bulk = std::span(sorted).subspan(odd, sorted.size() - 2 * odd);
  summary.low = bulk.front();
  summary.high = bulk.back();
  summary.resolution = smallest_step(bulk);
  summary.robust_range =
      quantile_of_sorted(sorted, 1 - kOutside) - quantile_of_sorted(sorted, kOutside);
  summary.median = quantile_of_sorted(sorted, 0.5);
  if (summary.robust_range <= 0 && summary.low < summary.high) {
    summary.robust_range = usual_move(sorted, summary.median);
  }
  std::ranges::for_each(sorted, [](double& value) { value = std::abs(value); });
  std::ranges::sort(sorted);
  summary.median_size = quantile_of_sorted(sorted, 0.5);
  return summary;
}

std::string share_text(double share, std::string_view of) {
  constexpr int kDigits = 12;  // fewer than rounding disturbs
  std::array<char, 32> percent{};
  const auto [end, error] = std::to_chars(percent.data(), percent.data() + percent.size(),
                                          100 * share, std::chars_format::general, kDigits);
  return std::string(percent.data(), end).append(" % of ").append(of);
}

std::string stated_text(const std::string& share) {
  return std::string(kStated).append(", ").append(share);
}

Tolerance tolerance_of(const MetricRule& rule, const ValueSummary& summary, double default_share) {
  const double least = kLeastShareOfRange * (summary.high - summary.low);
  const bool has_scale = !std::isnan(rule.full_scale);
  // Of a metric that is usually 0 a share is nothing; then its range says more.
  if (rule.tolerance && (!rule.tolerance->is_share || has_scale || summary.median_size > 0)) {
    double value = rule.tolerance->value;
    std::string source(kStated);
    if (rule.tolerance->is_share) {
      source = stated_text(share_text(value, has_scale ? kFullScale : kMedian));
      value *= has_scale ? rule.full_scale : summary.median_size;
    }
    if (value < least) {
      return {least, source.append(kRaised)};
    }
    return {value, source};
  }
  const double share = default_share * summary.robust_range;
  if (summary.resolution >= share) {
    return {std::max(summary.resolution, least), "resolution"};
  }
  return {std::max(share, least), share_text(default_share, kRobustRange)};
}

}  // namespace rolemix
