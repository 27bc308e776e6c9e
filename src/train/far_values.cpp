#include "train/far_values.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

namespace rolemix {
namespace {

constexpr double kDay = 86400;
// Times the reach of nearly all values. Real bursts of scaled data go to a hundred times and more
// (the Server Machine Dataset), sentinels begin at about a thousand.
constexpr double kFar = 500;
constexpr double kOutside = 0.01;       // share of the values beyond that reach at each end
constexpr double kFewHostDays = 0.125;  // less than once a week
constexpr std::size_t kLeastSentinels = 3;
constexpr double kFewZeros = 0.05;  // of a metric that is hardly ever 0
constexpr int kLeastMetrics = 2;    // of these, in a row of zeros

double quantile_of_sorted(const std::vector<double>& sorted, double p) {
  return sorted[static_cast<std::size_t>(std::lround(p * static_cast<double>(sorted.size() - 1)))];
}

/// How far nearly all values lie from the median; of a metric that hardly ever moves, how far the
/// usual move does.
double reach_of(const std::vector<double>& sorted, double median) {
  const double reach = std::max(median - quantile_of_sorted(sorted, kOutside),
                                quantile_of_sorted(sorted, 1 - kOutside) - median);
  if (reach > 0) {
    return reach;
  }
  std::vector<double> moves;
  for (const double value : sorted) {
    if (value != median) {
      moves.push_back(std::abs(value - median));
    }
  }
  std::ranges::sort(moves);
  return moves.empty() ? 0 : quantile_of_sorted(moves, 0.5);
}

std::int64_t day_of(const TrainingRows& rows, std::size_t row) {
  return static_cast<std::int64_t>(std::floor(rows.timestamps[row] / kDay));
}

/// Host-days with a row of these, and with any.
bool are_of_few_days(const std::vector<Index>& some, const TrainingRows& rows) {
  std::set<std::pair<std::int32_t, std::int64_t>> with;
  std::set<std::pair<std::int32_t, std::int64_t>> all;
  for (std::size_t row = 0; row < rows.host.size(); ++row) {
    all.emplace(rows.host[row], day_of(rows, row));
  }
  for (const Index row : some) {
    with.emplace(rows.host[row], day_of(rows, static_cast<std::size_t>(row)));
  }
  return with.size() <= 1 ||
         static_cast<double>(with.size()) < kFewHostDays * static_cast<double>(all.size());
}

}  // namespace

std::vector<Index> far_values(const VectorRef& values, const TrainingRows& rows) {
  std::vector<double> sorted;
  for (const double value : values) {
    if (!std::isnan(value)) {
      sorted.push_back(value);
    }
  }
  const Index most = std::ssize(sorted) / kMostFarShare;
  if (most == 0) {
    return {};
  }
  std::ranges::sort(sorted);
  const double median = quantile_of_sorted(sorted, 0.5);
  const double reach = reach_of(sorted, median);
  const bool is_counted = quantile_of_sorted(sorted, kOutside) >= 0;
  std::vector<Index> above;
  std::vector<Index> below;
  for (Index i = 0; i < values.size() && reach > 0; ++i) {
    if (std::abs(values[i] - median) > kFar * reach) {
      (is_counted && values[i] < 0 ? below : above).push_back(i);
    }
  }
  if (std::ssize(above) + std::ssize(below) > most) {
    return {};
  }
  if (are_of_few_days(above, rows)) {
    below.insert(below.end(), above.begin(), above.end());
    std::ranges::sort(below);
  }
  return below;
}

std::vector<Index> sentinels(const VectorRef& values, const TrainingRows& rows) {
  std::map<double, std::vector<Index>> negative;
  Index known = 0;
  Index count = 0;
  for (Index i = 0; i < values.size(); ++i) {
    known += std::isnan(values[i]) ? 0 : 1;
    if (values[i] < 0) {
      negative[values[i]].push_back(i);
      ++count;
    }
  }
  if (count == 0 || count > known / kMostFarShare) {
    return {};
  }
  const auto most = std::ranges::max_element(
      negative, {}, [](const auto& of_value) { return of_value.second.size(); });
  return most->second.size() >= kLeastSentinels && are_of_few_days(most->second, rows)
             ? most->second
             : std::vector<Index>();
}

std::vector<Index> zero_rows(const MatrixRef& values) {
  std::vector<bool> is_telling;
  for (Index d = 0; d < values.cols(); ++d) {
    const auto known = static_cast<double>((!values.col(d).array().isNaN()).count());
    const auto zeros = static_cast<double>((values.col(d).array() == 0).count());
    is_telling.push_back(known > 0 && zeros <= kFewZeros * known);
  }
  std::vector<Index> found;
  for (Index i = 0; i < values.rows(); ++i) {
    int telling = 0;
    bool is_zero = true;
    for (Index d = 0; d < values.cols() && is_zero; ++d) {
      is_zero = std::isnan(values(i, d)) || values(i, d) == 0;
      telling += is_telling[d] && values(i, d) == 0 ? 1 : 0;
    }
    if (is_zero && telling >= kLeastMetrics) {
      found.push_back(i);
    }
  }
  return found;
}

}  // namespace rolemix
