#include "train/choose_metrics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "model/units.h"
#include "text/format.h"
#include "train/dependence.h"
#include "train/impossible_values.h"
#include "train/propose_transform.h"
#include "train/tolerance.h"

namespace rolemix {
namespace {

constexpr double kMostMissing = 0.5;  // a metric missing more often is dropped
constexpr Index kMostRows = 5000;     // enough to see that a sum is constant

/// Why a metric is of no use, or nothing.
/// `raw`: of the values, `summary`: of those that are modelled.
std::string reason_to_drop(const MetricRule& rule, const ValueSummary& raw,
                           const ValueSummary& summary, Index rows) {
  if (rule.drop) {
    return "dropped by the configuration";
  }
  if (summary.count == 0) {
    return "never measured";
  }
  if (static_cast<double>(summary.count) < (1 - kMostMissing) * static_cast<double>(rows)) {
    return "missing in more than half of the samples";
  }
  if (std::max({-raw.low, raw.high, -summary.low, summary.high}) > kLargestValue) {
    return "has values beyond 1e50; leave them out of the input";
  }
  if (summary.low == summary.high && !rule.tolerance) {
    return std::string(summary.constant ? "never changed" : "never changed but for odd values") +
           "; state a tolerance to watch it";
  }
  return "";
}

void warn_of_unknown_names(const SampleTable& table, const TrainOptions& options,
                           TrainReport& report) {
  for (const auto& [name, rule] : options.metrics) {
    if (!rule.from_preset && std::ranges::find(table.metrics, name) == table.metrics.end()) {
      report.notices.push_back(notice("config_without_effect", "the configuration names " + name +
                                                                   ", which the data do not have"));
      report.notices.back().metric = name;
    }
  }
}

/// A metric that is learned.
struct Chosen {
  Index column = 0;  ///< of the values
  double low = 0;    ///< of the values but for odd ones
  double high = 0;
};

std::vector<Index> columns_of(const std::vector<Chosen>& chosen) {
  std::vector<Index> columns;
  std::ranges::transform(chosen, std::back_inserter(columns), &Chosen::column);
  return columns;
}

/// At most kMostRows complete rows of these metrics without odd values, evenly spread.
Matrix complete_sample(const Matrix& values, const std::vector<Chosen>& chosen) {
  const Index step = 1 + values.rows() / kMostRows;
  std::vector<Index> rows;
  for (Index i = 0; i < values.rows(); i += step) {
    if (std::ranges::all_of(chosen, [&](const Chosen& of) {
          return values(i, of.column) >= of.low && values(i, of.column) <= of.high;
        })) {
      rows.push_back(i);
    }
  }
  return values(rows, columns_of(chosen));
}

void note_constant_sums(const Matrix& values, const std::vector<Chosen>& chosen,
                        const std::vector<MetricSpec>& specs, TrainReport& report) {
  for (const ConstantSum& found : find_constant_sums(complete_sample(values, chosen))) {
    const std::string& unit = specs[found.metrics.front()].unit;
    if (std::ranges::any_of(found.metrics, [&](Index d) { return specs[d].unit != unit; })) {
      continue;
    }
    std::string names;
    for (const Index d : found.metrics) {
      names += (names.empty() ? "" : " + ") + specs[d].name;
    }
    report.notices.push_back(
        notice("constant_sum", names + " is always " + format_value(found.sum, unit) +
                                   ": the tolerance prior counts what they share once"));
  }
}

void note_transforms(const Matrix& values, const std::vector<Chosen>& chosen,
                     const std::vector<MetricSpec>& specs, TrainReport& report) {
  for (std::size_t d = 0; d < specs.size(); ++d) {
    if (specs[d].center_by_host) {
      continue;  // its values hold the differences between hosts, which are not modelled
    }
    if (const auto proposal = propose_transform(specs[d], values.col(chosen[d].column))) {
      report.notices.push_back(notice(
          "transform_proposed", specs[d].name + " would be closer to normal with transform: " +
                                    std::string(name(proposal->transform)) + " (by " +
                                    format_value(proposal->gain, "") + " nats a sample)"));
      report.notices.back().metric = specs[d].name;
    }
  }
}

/// Hosts that have a value of a metric.
int hosts_with(const VectorRef& values, const TrainingRows& rows) {
  int hosts = 0;
  std::int32_t last = -1;
  for (Index i = 0; i < values.size(); ++i) {
    if (rows.host[i] != last && !std::isnan(values[i])) {
      last = rows.host[i];
      ++hosts;
    }
  }
  return hosts;
}

void note_few_hosts(const std::vector<std::string>& metrics, TrainReport& report) {
  if (metrics.empty()) {
    return;
  }
  const bool one = metrics.size() == 1;
  report.notices.push_back(notice(
      "metrics_of_few_hosts",
      metrics.front() +
          (one ? " is" : " and " + std::to_string(metrics.size() - 1) + " more metrics are each") +
          " measured on half of the hosts or fewer, and left out; where a name or a label "
          "holds the host's name, give one metric for all hosts, in Prometheus by "
          "sum by (instance) (...), or leave the label out (--drop-label)"));
  report.notices.back().metric = one ? metrics.front() : "";
}

void note_tolerance(const std::string& name, const MetricRule& rule, const Tolerance& tolerance,
                    TrainReport& report) {
  if (!rule.tolerance) {
    return;
  }
  if (tolerance.source.ends_with(kRaised)) {
    report.notices.push_back(notice(
        "tolerance_raised", name + ": the stated tolerance is raised to " +
                                format_value(tolerance.value, rule.unit) +
                                ", a hundred-thousandth of the metric's range: a smaller one "
                                "is lost to rounding"));
  } else if (!rule.from_preset && !tolerance.source.starts_with(kStated)) {
    report.notices.push_back(notice(
        "config_without_effect",
        name +
            " is usually 0, of which a share is no tolerance; taken instead: " + tolerance.source));
  } else {
    return;
  }
  report.notices.back().metric = name;
}

}  // namespace

std::vector<MetricSpec> choose_metrics(const SampleTable& table, const TrainingRows& rows,
                                       const Matrix& values, const Matrix& measured,
                                       const TrainOptions& options, TrainReport& report) {
  std::vector<MetricSpec> specs;
  std::vector<Chosen> chosen;
  std::vector<std::string> of_few_hosts;
  for (Index d = 0; d < values.cols(); ++d) {
    const std::string& name = table.metrics[d];
    MetricRule rule = rule_of(options, name);
    const ValueSummary raw = summarise(values.col(d));
    rule.unit = unit_of(rule, name);
    rule.full_scale = full_scale_of(rule, rule.unit, raw.high);
    ValueSummary summary = rule.center_by_host ? summarise(measured.col(d)) : raw;
    summary.median_size = raw.median_size;
    std::string reason = reason_to_drop(rule, raw, summary, values.rows());
    const int hosts = hosts_with(values.col(d), rows);
    if (reason.empty() && rows.hosts > 1 && 2 * hosts <= rows.hosts) {
      reason =
          "measured on " + std::to_string(hosts) + " of " + std::to_string(rows.hosts) + " hosts";
      of_few_hosts.push_back(name);
    }
    const std::optional<Original> original =
        reason.empty() ? find_original(values, d, columns_of(chosen)) : std::nullopt;
    if (original) {
      reason =
          "the same as " + table.metrics[original->metric] +
          (original->different == 0 ? " in every sample"
                                    : " in all samples but " + std::to_string(original->different));
    }
    if (!reason.empty()) {
      report.dropped.push_back({name, reason});
      continue;
    }
    const Tolerance tolerance = tolerance_of(rule, summary, options.default_tolerance);
    if (!(tolerance.value > 0)) {
      report.dropped.push_back({name, "never changed, and a share of 0 is no tolerance"});
      continue;
    }
    note_tolerance(name, rule, tolerance, report);
    MetricSpec spec;
    spec.name = name;
    spec.unit = rule.unit;
    spec.full_scale = rule.full_scale;
    spec.tolerance = tolerance.value;
    spec.tolerance_source = tolerance.source;
    spec.transform = rule.transform;
    spec.detection_direction = rule.detection_direction;
    spec.median = raw.median;
    spec.usual_low = raw.low;
    spec.usual_high = raw.high;
    spec.non_negative = raw.low >= 0;
    spec.center_by_host = rule.center_by_host;
    specs.push_back(std::move(spec));
    chosen.push_back({d, raw.low, raw.high});
  }
  note_few_hosts(of_few_hosts, report);
  note_transforms(values, chosen, specs, report);
  note_constant_sums(values, chosen, specs, report);
  warn_of_unknown_names(table, options, report);
  return specs;
}

Matrix transform_rows(const SampleTable& table, const Matrix& values,
                      const std::vector<MetricSpec>& specs) {
  Matrix result(values.rows(), static_cast<Index>(specs.size()));
  for (std::size_t d = 0; d < specs.size(); ++d) {
    const auto column = std::ranges::find(table.metrics, specs[d].name) - table.metrics.begin();
    result.col(static_cast<Index>(d)) =
        values.col(column).unaryExpr([&](double value) { return to_model_units(specs[d], value); });
  }
  return result;
}

}  // namespace rolemix
