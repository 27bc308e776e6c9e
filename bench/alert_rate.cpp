// How often normal hosts alert, against the budget that each sensitivity promises: one alert in 7,
// 30 and 365 host-days. Trains roles on one period, measures on other hosts and later times without
// incidents, and on draws from a trained mixture.
//
// Usage: bench_alert_rate [HOST_YEARS]    of other hosts, and of draws (50); of later times at
// most 8. Prints CSV:
// data,sensitivity,attempts,host_years,alerts,budget,ratio,low,high
// ratio = alerts / budget; low and high: its 95 % Poisson interval. Takes about 13 minutes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "alert/alert.h"
#include "base/random.h"
#include "config/role_config.h"
#include "model/edit.h"
#include "model/units.h"
#include "score/score.h"
#include "simulate/simulate.h"
#include "train/train.h"

namespace rolemix {
namespace {

constexpr int kHosts = 12;
constexpr int kInterval = 300;  // seconds
constexpr double kTrainDays = 14;
constexpr double kMeasuredDays = 30;
constexpr double kDay = 86400;
constexpr int kMostRoles = 8;  // trained

[[noreturn]] void give_up(const Error& error) {
  fmt::print(stderr, "bench_alert_rate: {}\n", error.message);
  std::exit(2);
}

template <typename T>
T value_of(Result<T> result) {
  if (!result) {
    give_up(result.error());
  }
  return std::move(*result);
}

Simulation normal_times(std::uint64_t seed, double days, const std::string& role = "web") {
  SimulateOptions options;
  options.role = role;
  options.hosts = kHosts;
  options.days = days;
  options.interval = kInterval;
  options.seed = seed;
  options.clean_days = days;
  return value_of(simulate(options));
}

RoleModel trained(const SampleTable& table, TrainOptions options) {
  return value_of(train(table, options, [](const std::string&, double) {})).model;
}

double first_time(const SampleTable& table) { return *std::ranges::min_element(table.timestamps); }

SampleTable from(const SampleTable& table, double time) {
  std::vector<std::int32_t> rows;
  for (std::int32_t row = 0; row < table.rows(); ++row) {
    if (table.timestamps[row] >= time) {
      rows.push_back(row);
    }
  }
  return select_rows(table, rows);
}

// ---- draws from a mixture

double normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

/// Hosts that stay in a state for two hours on average and move in it with a memory of 50 minutes.
SampleTable drawn(const RoleModel& model, std::uint64_t seed, double days) {
  constexpr double kStay = 7200;
  constexpr double kMemory = 3000;
  const double keep = std::exp(-kInterval / kMemory);
  const Index dimensions = model.dimensions();
  const auto samples = static_cast<Index>(days * kDay / kInterval);
  std::vector<Matrix> factors;
  for (const Matrix& covariance : model.covariances) {
    factors.emplace_back(Eigen::LLT<Matrix>(covariance).matrixL());
  }
  SampleTable table;
  for (const MetricSpec& metric : model.metrics) {
    table.metrics.push_back(metric.name);
  }
  table.values.resize(kHosts * samples, dimensions);
  Random random(seed);
  for (int h = 0; h < kHosts; ++h) {
    table.hosts.push_back(fmt::format("host{:02}", h));
    Index state = -1;
    Vector inner = Vector::NullaryExpr(dimensions, [&] { return normal(random); });
    for (Index i = 0; i < samples; ++i) {
      if (state < 0 || random.uniform() < kInterval / kStay) {
        double left = random.uniform();
        for (state = 0; state + 1 < model.components() && left >= model.weights[state]; ++state) {
          left -= model.weights[state];
        }
      }
      for (double& z : inner) {
        z = keep * z + std::sqrt(1 - keep * keep) * normal(random);
      }
      const Vector x = model.means.row(state).transpose() + factors[state] * inner;
      const Index row = h * samples + i;
      for (Index d = 0; d < dimensions; ++d) {
        table.values(row, d) = from_model_units(model.metrics[d], x[d]);
      }
      table.host.push_back(h);
      table.timestamps.push_back(1.8e9 + static_cast<double>(i) * kInterval);
    }
  }
  return table;
}

// ---- counting

struct Setting {
  Sensitivity sensitivity;
  int attempts;
  double alerts = 0;
};

/// What the tables of one kind of data gave.
struct Tally {
  std::string data;
  double host_days = 0;
  std::vector<Setting> settings;
  double told_hosts = 0;  ///< by the whole role at the defaults, of scope host
  double told_roles = 0;

  explicit Tally(std::string name) : data(std::move(name)) {
    for (const int attempts : {1, 3, 10}) {
      for (const Sensitivity sensitivity :
           {Sensitivity::kSensitive, Sensitivity::kNormal, Sensitivity::kInsensitive}) {
        settings.push_back({sensitivity, attempts});
      }
    }
  }
};

ScoredSample sample_of(const Samples& samples, const TableScores& scores, std::int32_t row) {
  return {samples.time(row), scores.anomaly_score[row], scores.alert_score[row]};
}

/// The role as a whole, at the defaults.
void count_role(const RoleModel& model, const Samples& samples, const TableScores& scores,
                Tally& tally) {
  std::vector<std::int32_t> rows;
  for (const HostSamples& host : samples.hosts) {
    rows.insert(rows.end(), host.rows.begin(), host.rows.end());
  }
  std::ranges::stable_sort(rows, {}, [&](std::int32_t row) { return samples.time(row); });
  const AlertThresholds thresholds = alert_thresholds(model.calibration, {});
  AlertState state;
  for (const std::int32_t row : rows) {
    for (const AlertEvent& event : update(state, model, thresholds, samples.host(row).name,
                                          sample_of(samples, scores, row))) {
      if (event.change == AlertChange::kOpened) {
        ++(event.alert.scope == AlertScope::kRole ? tally.told_roles : tally.told_hosts);
      }
    }
  }
}

void count(const RoleModel& model, const SampleTable& table, Tally& tally) {
  Scorer scorer = value_of(Scorer::create(model));
  const Samples samples = value_of(samples_of(model, table));
  const TableScores scores = score(scorer, samples);
  tally.host_days += static_cast<double>(table.rows()) * kInterval / kDay;
  for (Setting& setting : tally.settings) {
    const AlertThresholds thresholds = alert_thresholds(
        model.calibration, {setting.sensitivity, setting.sensitivity, setting.attempts});
    for (const HostSamples& host : samples.hosts) {
      HostAlertState state;
      for (const std::int32_t row : host.rows) {
        for (const AlertEvent& event :
             update(state, model.calibration, thresholds, sample_of(samples, scores, row))) {
          setting.alerts += event.change == AlertChange::kOpened ? 1 : 0;
        }
      }
    }
  }
  count_role(model, samples, scores, tally);
}

/// Bounds of the mean of a Poisson count (Byar's approximation; Breslow & Day 1987, eq. 2.10).
std::pair<double, double> poisson_interval(double count) {
  constexpr double kNormal = 1.959964;
  const auto bound = [](double n, double sign) {
    const double root = 1 - 1 / (9 * n) + sign * kNormal / (3 * std::sqrt(n));
    return n * root * root * root;
  };
  return {count > 0 ? bound(count, -1) : 0, bound(count + 1, 1)};
}

void print(const Tally& tally) {
  for (const Setting& setting : tally.settings) {
    const double budget =
        tally.host_days / return_time_of_severity(severity_of(setting.sensitivity));
    const auto [low, high] = poisson_interval(setting.alerts);
    fmt::print("{},{},{},{:.3f},{:.0f},{:.1f},{:.2f},{:.2f},{:.2f}\n", tally.data,
               name(setting.sensitivity), setting.attempts, tally.host_days / 365, setting.alerts,
               budget, setting.alerts / budget, low / budget, high / budget);
  }
  fmt::print(stderr, "{}: at the defaults {:.0f} alerts of hosts and {:.0f} of the role are told\n",
             tally.data, tally.told_hosts, tally.told_roles);
  std::fflush(stdout);
}

TrainOptions options_for(const Simulation& simulation) {
  TrainOptions options = value_of(parse_role_config(simulation.config_yaml, "simulated role"));
  options.version = "alert_rate";
  return options;
}

/// The model of each of some roles in the month after its training.
void measure_later_times(int roles) {
  Tally tally("later times");
  for (int seed = 1; seed <= roles; ++seed) {
    const Simulation simulation = normal_times(seed, kTrainDays + kMeasuredDays);
    TrainOptions options = options_for(simulation);
    options.to = first_time(simulation.table) + kTrainDays * kDay;
    count(trained(simulation.table, options), from(simulation.table, options.to), tally);
  }
  print(tally);
}

/// Models of some roles on the hosts of other simulations of the role, at the time they were
/// trained on.
void measure_other_hosts(const std::string& role, int tables) {
  Tally tally(role + " other hosts");
  const int models = std::min(tables, kMostRoles);
  for (int m = 0; m < models; ++m) {
    const Simulation simulation = normal_times(1 + m, kTrainDays, role);
    const RoleModel model = trained(simulation.table, options_for(simulation));
    for (int i = m; i < tables; i += models) {
      count(model, normal_times(101 + i, kMeasuredDays, role).table, tally);
    }
  }
  print(tally);
}

/// The same after edits: severity must stay what it says.
void measure_edited(const RoleModel& model, int tables) {
  const auto tolerances = [&](double factor, std::size_t step) {
    std::vector<MetricEdit> edits(model.metrics.size());
    for (std::size_t d = 0; d < edits.size(); d += step) {
      edits[d].tolerance = factor * model.metrics[d].tolerance;
    }
    return edits;
  };
  std::vector<MetricEdit> muted(model.metrics.size());
  for (std::size_t d = 0; d < muted.size(); d += 4) {
    muted[d].muted = true;
  }
  const auto measure = [&](const std::string& name, const std::vector<MetricEdit>& edits) {
    const RoleModel changed = value_of(edited(model, edits));
    Tally tally("web other hosts; " + name);
    for (int i = 0; i < tables; ++i) {
      count(changed, normal_times(101 + i, kMeasuredDays).table, tally);
    }
    print(tally);
  };
  measure("tolerances x 3", tolerances(3, 1));
  measure("every fourth tolerance / 3", tolerances(1.0 / 3, 4));
  measure("tolerances / 3", tolerances(1.0 / 3, 1));
  measure("every fourth metric muted", muted);
}

/// A model that was trained on draws, on other draws: time and hosts that are truly alike.
void measure_draws(const RoleModel& source, TrainOptions options, int tables) {
  const RoleModel model = trained(drawn(source, 1, kTrainDays), std::move(options));
  Tally tally("draws");
  for (int i = 0; i < tables; ++i) {
    count(model, drawn(source, 101 + i, kMeasuredDays), tally);
  }
  print(tally);
}

void run(double host_years) {
  const int tables = static_cast<int>(std::ceil(host_years * 365 / (kHosts * kMeasuredDays)));
  fmt::print("data,sensitivity,attempts,host_years,alerts,budget,ratio,low,high\n");
  measure_later_times(std::min(tables, kMostRoles));
  measure_other_hosts("web", tables);
  measure_other_hosts("db", tables);
  const Simulation simulation = normal_times(1, kTrainDays);
  const TrainOptions options = options_for(simulation);
  const RoleModel model = trained(simulation.table, options);
  measure_edited(model, tables);
  measure_draws(model, options, tables);
}

}  // namespace
}  // namespace rolemix

int main(int argc, char** argv) {
  const double host_years = argc > 1 ? std::atof(argv[1]) : 50;
  if (argc > 2 || !(host_years > 0 && host_years <= 1000)) {
    fmt::print(stderr, "usage: bench_alert_rate [HOST_YEARS], up to 1000\n");
    return 2;
  }
  rolemix::run(host_years);
  return 0;
}
