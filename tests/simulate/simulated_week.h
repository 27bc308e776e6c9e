// A simulated week, made once, and plain statistics to judge it by.
#ifndef ROLEMIX_TESTS_SIMULATE_SIMULATED_WEEK_H_
#define ROLEMIX_TESTS_SIMULATE_SIMULATED_WEEK_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "simulate/simulate.h"

namespace rolemix {

constexpr double kDay = 86400;
constexpr double kMemoryBytes = 16.0 * 1024 * 1024 * 1024;

inline Simulation make(const SimulateOptions& options) {
  auto simulation = simulate(options);
  EXPECT_TRUE(simulation.has_value()) << simulation.error().message;
  return *std::move(simulation);
}

/// Twelve web servers for a week, made once.
inline const Simulation& week() {
  static const Simulation simulation = make({});
  return simulation;
}

inline double clean_until(const SimulateOptions& options = {}) {
  return options.start + 0.6 * options.days * kDay;
}

inline Index column(const SampleTable& table, const std::string& metric) {
  const auto found = std::ranges::find(table.metrics, metric);
  EXPECT_NE(found, table.metrics.end()) << metric;
  return found - table.metrics.begin();
}

inline const Incident& incident(const Simulation& simulation, const std::string& kind) {
  const auto found = std::ranges::find(simulation.incidents, kind, &Incident::kind);
  EXPECT_NE(found, simulation.incidents.end()) << kind;
  return *found;
}

/// The rows of `host` ("" = all hosts) with from <= t < to.
inline std::vector<Index> rows(const SampleTable& table, const std::string& host, double from,
                               double to) {
  std::vector<Index> result;
  for (Index i = 0; i < table.rows(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::string& name = table.hosts[static_cast<std::size_t>(table.host[at])];
    const double t = table.timestamps[at];
    if ((host.empty() || name == host) && from <= t && t < to) result.push_back(i);
  }
  return result;
}

inline std::vector<Index> rows(const SampleTable& table, const Incident& of) {
  return rows(table, of.host, of.from, of.to);
}

/// Values that are there, of hosts that serve requests.
inline std::vector<double> active_values(const SampleTable& table, const std::vector<Index>& of,
                                         Index metric) {
  const Index requests = column(table, "requests.rate");
  std::vector<double> values;
  for (const Index i : of) {
    const double value = table.values(i, metric);
    if (table.values(i, requests) > 1 && !std::isnan(value)) values.push_back(value);
  }
  return values;
}

inline double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values.at(static_cast<std::size_t>(share * static_cast<double>(values.size() - 1)));
}

inline double median(const std::vector<double>& values) { return quantile(values, 0.5); }

inline double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

inline double deviation(const std::vector<double>& values) {
  const double center = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - center) * (value - center);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

/// y = offset + slope x by least squares, over active hosts of the clean part.
struct Line {
  Index x = 0;
  Index y = 0;
  double offset = 0;
  double slope = 0;
  double residual = 0;  ///< standard deviation

  Line(const SampleTable& table, const std::string& from, const std::string& to)
      : x(column(table, from)), y(column(table, to)) {
    std::vector<Index> used;
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (const Index i : rows(table, "", 0, clean_until())) {
      const double a = table.values(i, x);
      const double b = table.values(i, y);
      if (std::isnan(a) || std::isnan(b) || a <= 1) continue;
      used.push_back(i);
      sx += a, sy += b, sxx += a * a, sxy += a * b;
    }
    const auto n = static_cast<double>(used.size());
    slope = (sxy - sx * sy / n) / (sxx - sx * sx / n);
    offset = (sy - slope * sx) / n;
    residual = deviation(residuals(table, used));
  }

  std::vector<double> residuals(const SampleTable& table, const std::vector<Index>& of) const {
    std::vector<double> result;
    for (const Index i : of) {
      const double error = table.values(i, y) - offset - slope * table.values(i, x);
      if (!std::isnan(error) && table.values(i, x) > 1) result.push_back(error);
    }
    return result;
  }
};

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_SIMULATE_SIMULATED_WEEK_H_
