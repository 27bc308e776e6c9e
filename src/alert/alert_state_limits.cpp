#include "alert/alert_state_limits.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <limits>
#include <span>

#include "score/score_memory.h"

namespace rolemix {
namespace {

constexpr int kMostCount = 1 << 30;

Result<void> refuse(const std::string& what) { return std::unexpected(bad_state(what)); }

Result<void> refuse_number(const std::string& what) {
  return fail(ErrorCode::kNotFinite,
              "alert state file: " + what + " has a number that is not finite");
}

bool finite(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

bool finite(std::initializer_list<double> values) {
  return finite(std::span(values.begin(), values.size()));
}

bool counts(std::initializer_list<int> values) {
  return std::ranges::all_of(values, [](int value) { return value >= 0 && value <= kMostCount; });
}

bool is_name(const std::string& text) { return text.size() <= kLongestStateName; }

/// `least`: of the values; where that is below 0 also NaN.
Result<void> validate(const KeptRows& rows, const char* what, std::size_t most, double least,
                      double last_at, std::size_t metrics) {
  const bool possible = std::ranges::all_of(rows.values, [&](double x) {
    return std::isnan(x) ? least < 0 : x >= least && !std::isinf(x);
  });
  const bool ascending =
      std::ranges::adjacent_find(rows.times, std::greater_equal<>()) == rows.times.end();
  if (rows.times.size() > most || !finite(rows.times) || !ascending || !possible ||
      (!rows.times.empty() && rows.times.back() > last_at) ||
      rows.values.size() != rows.times.size() * metrics) {
    return refuse(std::string("a host has ") + what + " out of range");
  }
  return {};
}

Result<void> validate(const HostState& host, std::size_t metrics) {
  const ScoreMemory& memory = host.memory;
  const bool is_new = std::isnan(host.last_at);
  if (!finite({memory.slow, memory.fast, memory.timestamp, memory.excess, memory.apart}) ||
      std::isinf(host.last_at)) {
    return refuse_number("a host");
  }
  if (std::min({memory.slow, memory.fast, memory.excess, memory.apart}) < 0 ||
      (memory.started && (is_new || memory.timestamp > host.last_at))) {
    return refuse("a host has a field out of range");
  }
  const double last_at = is_new ? -std::numeric_limits<double>::infinity() : host.last_at;
  if (auto level = validate(host.level, "a level", kMostLevelSamples,
                            -std::numeric_limits<double>::max(), last_at, metrics);
      !level) {
    return level;
  }
  return validate(host.evidence, "evidence", kMostRemembered, 0, last_at, 2 * metrics);
}

Result<void> validate(const Finding& finding, std::size_t metrics) {
  const auto known = [&](int metric) { return metric >= 0 && metric < static_cast<int>(metrics); };
  const bool needs_metric =
      finding.kind != FindingKind::kNotMeasured && finding.kind != FindingKind::kNoLevel;
  if (std::max(finding.metrics.size(), finding.predictors.size()) > kMostFoundMetrics ||
      (needs_metric && finding.metrics.empty()) ||
      !std::ranges::all_of(finding.predictors, known)) {
    return refuse("a finding lacks its metric, has too many or an unknown one");
  }
  for (const FoundMetric& metric : finding.metrics) {
    if (!finite({metric.observed, metric.expected, metric.low, metric.high, metric.typical_low,
                 metric.typical_high, metric.blame})) {
      return refuse_number("a finding");
    }
    if (!known(metric.metric) || metric.low > metric.high ||
        metric.typical_low > metric.typical_high || metric.blame < 0 || metric.blame > 1) {
      return refuse("a finding has a number out of range");
    }
  }
  return {};
}

/// `normal`: how many normal samples in a row its last ones are.
Result<void> validate(const Alert& alert, int normal, std::size_t metrics) {
  if (!is_name(alert.worst_host)) {
    return refuse("an alert has a name that is too long");
  }
  if (!finite({alert.started_at, alert.opened_at, alert.last_sample_at, alert.severity,
               alert.anomaly_score, alert.worst_at})) {
    return refuse_number("an alert");
  }
  if (!counts({alert.samples}) || alert.samples <= normal || alert.worst_at < alert.started_at ||
      alert.severity < 0 || alert.severity > 100) {
    return refuse("an alert has a number out of range");
  }
  return alert.finding ? validate(*alert.finding, metrics) : Result<void>();
}

}  // namespace

Error bad_state(const std::string& what) {
  return {ErrorCode::kBadFormat, "alert state file: " + what};
}

Result<void> validate(const HostAlertState& host, std::size_t metrics) {
  if (host.host.empty() || !is_name(host.host)) {
    return refuse("a host's name is empty, or longer than " + std::to_string(kLongestStateName) +
                  " bytes");
  }
  if (auto carried = validate(host.carried, metrics); !carried) {
    return carried;
  }
  // Of a host that never had a score there is no more than what is carried.
  const bool is_new = std::isnan(host.last_at);
  if (std::isinf(host.last_at) ||
      !finite(
          {host.habituation, host.first_normal_at, host.last_score, host.apart, host.counted_at}) ||
      !finite(host.recent)) {
    return refuse_number("a host");
  }
  if (host.recent.size() > kMaxCheckAttempts ||
      !counts({host.anomalous, host.normal, host.normal_samples, host.waited}) ||
      std::min(host.habituation, host.apart) < 0 || host.normal > host.normal_samples ||
      (!host.recent.empty() && host.counted_at > host.last_at) ||
      (is_new && (is_under_way(host) || host.anomalous > 0 || !host.recent.empty()))) {
    return refuse("a host has a field out of range");
  }
  if (!is_under_way(host)) {
    return host.open ? refuse("an open alert is missing") : Result<void>();
  }
  if (host.current.worst_host != host.host) {
    return refuse("a host has an alert of another one");
  }
  if (host.current.worst_at > host.last_at) {
    return refuse("a host has an alert whose worst sample is yet to come");
  }
  return validate(host.current, host.open ? host.normal_samples : 0, metrics);
}

Result<void> validate_role(const AlertState& state, std::size_t metrics) {
  if (!finite({state.tick, state.latest, state.first_normal_at})) {
    return refuse_number("the role");
  }
  if (!counts({state.normal})) {
    return refuse("a count is out of range");
  }
  if (std::ranges::any_of(
          state.hosts, [&](const HostAlertState& host) { return host.last_at > state.latest; })) {
    return refuse("a host has a sample after the latest");
  }
  if (!state.open) {
    return {};
  }
  if (state.current.worst_at > state.latest) {
    return refuse("the worst sample of the role's alert is yet to come");
  }
  if (!std::ranges::binary_search(state.current.hosts, state.current.worst_host)) {
    return refuse("the worst host of the role's alert takes no part in it");
  }
  return validate(state.current, state.normal, metrics);
}

}  // namespace rolemix
