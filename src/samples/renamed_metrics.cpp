#include "samples/renamed_metrics.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <string_view>

#include "base/escape.h"
#include "samples/unit_change.h"

namespace rolemix {
namespace {

/// "node_memory.Used" -> memory, node, used.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  std::ranges::sort(words);
  const auto [first, last] = std::ranges::unique(words);
  words.erase(first, last);
  std::erase(words, "");
  return words;
}

bool share_words(std::string_view a, std::string_view b) {
  const std::vector<std::string> of_a = words_of(a);
  const std::vector<std::string> of_b = words_of(b);
  const auto same = static_cast<std::size_t>(std::ranges::count_if(
      of_a, [&](const std::string& word) { return std::ranges::binary_search(of_b, word); }));
  return same > 0 && 2 * same >= of_a.size() + of_b.size() - same;
}

/// The median of at most some thousand values; nothing without any.
std::optional<double> median_of(const TableView& table, Index column) {
  constexpr Index kMost = 4096;
  const Index step = 1 + table.rows() / kMost;
  std::vector<double> values;
  for (Index row = 0; row < table.rows(); row += step) {
    if (const double value = table.values(row, column); !std::isnan(value)) {
      values.push_back(value);
    }
  }
  if (values.empty()) {
    return std::nullopt;
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

std::vector<RenamedMetric> renamed_metrics(const RoleModel& model, const TableView& table,
                                           std::span<const Index> columns) {
  std::vector<RenamedMetric> renamed;
  for (std::size_t d = 0; d < columns.size(); ++d) {
    const MetricSpec& metric = model.metrics[d];
    if (columns[d] >= 0 && median_of(table, columns[d])) {
      continue;
    }
    for (Index column = 0; column < std::ssize(table.metrics); ++column) {
      const std::string& name = table.metrics[column];
      if (std::ranges::find(columns, column) != columns.end() || !share_words(name, metric.name)) {
        continue;
      }
      const std::optional<double> median = median_of(table, column);
      const auto factor = median ? factor_between(metric.median, *median) : std::optional<double>();
      if (factor) {
        renamed.push_back({metric.name, name, *factor});
        break;
      }
    }
  }
  return renamed;
}

std::vector<Notice> notices_of(const std::vector<RenamedMetric>& renamed) {
  std::vector<Notice> notices;
  for (const auto& [metric, column, factor] : renamed) {
    notices.push_back(notice(
        "metric_renamed",
        visible(column) + ", which the model does not know, looks like " + metric +
            (factor == 1 ? ", which is missing"
                         : ", which is missing, in another unit (" + factor_text(factor) + ')') +
            ": give it by that name" + (factor == 1 ? "" : " and in that unit") +
            ", or train again"));
    notices.back().metric = metric;
  }
  return notices;
}

}  // namespace rolemix
