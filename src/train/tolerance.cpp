#include "train/tolerance.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

namespace rolemix {
namespace {

// Shares of the values left out at each end of the robust range: the first that leaves one.
constexpr std::array kOutside = {0.005, 0.0};
// Steps this small against the values are rounding, not resolution; so is a tolerance this small.
constexpr double kRounding = 1e-9;
constexpr double kLeastShareOfRange = 1e-5;

double quantile_of_sorted(const std::vector<double>& sorted, double p) {
  return sorted[static_cast<std::size_t>(std::lround(p * static_cast<double>(sorted.size() - 1)))];
}

double smallest_step(const std::vector<double>& sorted) {
  const double rounding = kRounding * std::max(std::abs(sorted.front()), std::abs(sorted.back()));
  double step = 0;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const double gap = sorted[i] - sorted[i - 1];
    if (gap > rounding && (step == 0 || gap < step)) {
      step = gap;
    }
  }
  return step;
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
  summary.low = sorted.front();
  summary.high = sorted.back();
  summary.resolution = smallest_step(sorted);
  for (const double outside : kOutside) {
    if (summary.robust_range <= 0) {
      summary.robust_range =
          quantile_of_sorted(sorted, 1 - outside) - quantile_of_sorted(sorted, outside);
    }
  }
  summary.median = quantile_of_sorted(sorted, 0.5);
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
