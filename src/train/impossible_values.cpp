#include "train/impossible_values.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "base/escape.h"
#include "mixture/mixture.h"
#include "model/units.h"
#include "table/timestamp.h"
#include "text/format.h"
#include "train/far_values.h"
#include "train/tolerance.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kHundredPercent = 100;
constexpr double kManyTimes = 10;   // the full scale: nobody stated it that wrong
constexpr double kRounding = 1e-9;  // of the full scale: less is above it by rounding

/// The rows whose value of a metric is such.
std::vector<Index> rows_with(const Matrix& values, Index d,
                             const std::function<bool(double)>& is_such) {
  std::vector<Index> rows;
  for (Index i = 0; i < values.rows(); ++i) {
    if (is_such(values(i, d))) {
      rows.push_back(i);
    }
  }
  return rows;
}

/// "3 values" and what the first is.
std::string first_of(const SampleTable& table, const TrainingRows& rows, const Matrix& values,
                     Index d, const std::vector<Index>& found, const std::string& unit) {
  const std::int32_t row = rows.table_row[found.front()];
  return std::to_string(found.size()) + (found.size() == 1 ? " value" : " values") + " (" +
         format_value(values(found.front(), d), unit) + " of host " +
         in_quotes(table.hosts[table.host[row]]) + " at " + shown_time(table.timestamps[row]) +
         (found.size() == 1 ? ")" : ", ...)");
}

void leave_out_zero_rows(const SampleTable& table, const TrainingRows& rows, Matrix& values,
                         TrainReport& report) {
  const std::vector<Index> found = zero_rows(values);
  if (found.empty()) {
    return;
  }
  const std::int32_t row = rows.table_row[found.front()];
  Notice& said = report.notices.emplace_back(
      notice("rows_of_zeros",
             std::to_string(found.size()) + (found.size() == 1 ? " sample is" : " samples are") +
                 " 0 in every metric (of host " + in_quotes(table.hosts[table.host[row]]) + " at " +
                 shown_time(table.timestamps[row]) + (found.size() == 1 ? ")" : ", ...)") +
                 ", as filled in where nothing was measured: left out of training"));
  said.left_out = true;
  for (const Index i : found) {
    values.row(i).setConstant(kNaN);
  }
}

}  // namespace

MetricRule rule_of(const TrainOptions& options, const std::string& metric) {
  const auto found = options.metrics.find(metric);
  return found == options.metrics.end() ? MetricRule() : found->second;
}

std::string unit_of(const MetricRule& rule, std::string_view metric) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kUnits = {
      {{"_bytes", "bytes"},
       {"_pct", "percent"},
       {".pct", "percent"},
       {"_percent", "percent"},
       {".percent", "percent"}}};
  if (!rule.unit.empty()) {
    return rule.unit;
  }
  const auto* const found =
      std::ranges::find_if(kUnits, [&](const auto& unit) { return metric.ends_with(unit.first); });
  return std::string(found == kUnits.end() ? "" : found->second);
}

double full_scale_of(const MetricRule& rule, std::string_view unit, double high) {
  if (!std::isnan(rule.full_scale) || unit != "percent" || high > kHundredPercent) {
    return rule.full_scale;
  }
  return kHundredPercent;
}

void leave_out_impossible(const SampleTable& table, const TrainingRows& rows,
                          const TrainOptions& options, Matrix& values, TrainReport& report) {
  leave_out_zero_rows(table, rows, values, report);
  for (Index d = 0; d < values.cols(); ++d) {
    const std::string& name = table.metrics[d];
    const MetricRule rule = rule_of(options, name);
    if (rule.drop) {
      continue;
    }
    const std::string unit = unit_of(rule, name);
    const Index odd = odd_of(values.col(d).array().isFinite().count());
    const auto say = [&](const char* code, std::string text, bool left_out) {
      Notice& said = report.notices.emplace_back(notice(code, std::move(text)));
      said.metric = name;
      said.left_out = left_out;
    };
    const auto leave_out_as = [&](const char* code, const std::vector<Index>& found,
                                  const std::string& why) {
      if (found.empty()) {
        return;
      }
      say(code,
          name + ": " + first_of(table, rows, values, d, found, unit) + " " + why +
              ", left out of training",
          true);
      for (const Index i : found) {
        values(i, d) = kNaN;
      }
    };
    // Whether they are few.
    const auto leave_out = [&](const std::vector<Index>& found, const std::string& why,
                               Index most) {
      if (found.empty() || std::ssize(found) > most) {
        return false;
      }
      leave_out_as("values_impossible", found, "that cannot be, " + why);
      return true;
    };
    const Index few = std::max(odd, values.rows() / kMostFarShare);
    leave_out(rows_with(values, d, [](double x) { return std::abs(x) > kLargestValue; }),
              "beyond 1e50", odd);
    if (counts_from_zero(unit)) {
      leave_out(rows_with(values, d, [](double x) { return x < 0; }), "below 0", few);
    }
    const bool is_stated = !std::isnan(rule.full_scale);
    const double full_scale = full_scale_of(rule, unit, 0);
    if (is_stated) {
      leave_out(rows_with(values, d, [&](double x) { return x > kManyTimes * full_scale; }),
                "more than " + format_value(kManyTimes, "") + " times the full scale", few);
    }
    auto above = rows_with(values, d, [&](double x) { return x > full_scale * (1 + kRounding); });
    const std::string scale = "above the full scale of " + format_value(full_scale, unit);
    const bool is_above_left_out = leave_out(above, scale, odd);
    leave_out_as(
        "values_far", far_values(values.col(d), rows),
        "more than five hundred times as far from the usual as nearly all others, on few days");
    leave_out_as("values_sentinel", sentinels(values.col(d), rows),
                 "the same below 0, on few days, as said where nothing was measured");
    std::erase_if(above, [&](Index i) { return std::isnan(values(i, d)); });
    if (!is_above_left_out && is_stated && !above.empty()) {
      say("full_scale_exceeded",
          name + ": " + first_of(table, rows, values, d, above, unit) + " " + scale +
              ": so many are taken as they are; state a larger full_scale",
          false);
    }
  }
}

}  // namespace rolemix
