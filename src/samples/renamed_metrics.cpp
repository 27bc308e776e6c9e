#include "samples/renamed_metrics.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <string_view>

#include "base/escape.h"
#include "samples/unit_change.h"
#include "text/lists.h"

namespace rolemix {
namespace {

bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// Takes the first word off a name's front; empty at its end.
std::string_view take_word(std::string_view& name) {
  while (!name.empty() && !is_of_word(name.front())) {
    name.remove_prefix(1);
  }
  std::size_t length = 0;
  while (length < name.size() && is_of_word(name[length])) {
    ++length;
  }
  const std::string_view word = name.substr(0, length);
  name.remove_prefix(length);
  return word;
}

bool is_same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

bool has_word(std::string_view name, std::string_view word) {
  for (std::string_view of = take_word(name); !of.empty(); of = take_word(name)) {
    if (is_same_word(of, word)) {
      return true;
    }
  }
  return false;
}

/// Words of a name, and those that another has too.
struct Words {
  int all = 0;
  int shared = 0;
};

Words words_of(std::string_view name, std::string_view other) {
  Words words;
  for (std::string_view word = take_word(name); !word.empty(); word = take_word(name)) {
    ++words.all;
    words.shared += has_word(other, word) ? 1 : 0;
  }
  return words;
}

/// Whether half of the words that either has are of both.
bool share_words(std::string_view a, std::string_view b) {
  const Words of_a = words_of(a, b);
  const Words of_b = words_of(b, a);
  return of_a.shared > 0 && 2 * of_a.shared >= of_a.all + of_b.all - of_b.shared;
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

std::vector<RenamedMetric> renamed_metrics(const RoleModel& model, const TableView& table) {
  std::vector<RenamedMetric> renamed;
  const std::vector<std::string> known = metric_names(model);
  for (const MetricSpec& metric : model.metrics) {
    const auto own = std::ranges::find(table.metrics, metric.name);
    if (own != table.metrics.end() && median_of(table, own - table.metrics.begin())) {
      continue;
    }
    for (Index column = 0; column < std::ssize(table.metrics); ++column) {
      const std::string& name = table.metrics[column];
      if (std::ranges::find(known, name) != known.end() || !share_words(name, metric.name)) {
        continue;
      }
      const std::optional<double> median = median_of(table, column);
      const auto factor =
          median ? factor_between(metric.median, *median, metric.unit) : std::optional<double>();
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
    const bool is_same = factor == 1;
    notices.push_back(notice(
        "metric_renamed",
        concat({visible(column), ", which the model does not know, looks like ", metric,
                ", which is missing", is_same ? "" : ", in another unit (",
                is_same ? "" : factor_text(factor), is_same ? "" : ")", ": give it by that name",
                is_same ? "" : " and in that unit", ", or train again"})));
    notices.back().metric = metric;
  }
  return notices;
}

}  // namespace rolemix
