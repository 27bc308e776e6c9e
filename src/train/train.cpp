#include "train/train.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "model/units.h"
#include "samples/far_samples.h"
#include "samples/host_times.h"
#include "samples/place.h"
#include "score/score.h"
#include "table/far_rows.h"
#include "table/timestamp.h"
#include "text/format.h"
#include "train/blame_scale.h"
#include "train/calibrate.h"
#include "train/choose_metrics.h"
#include "train/counter.h"
#include "train/em.h"
#include "train/held_out.h"
#include "train/impossible_values.h"
#include "train/other_units.h"
#include "train/select.h"
#include "train/state_times.h"
#include "train/training_rows.h"
#include "train/trim.h"

namespace rolemix {
namespace {

constexpr double kDay = 86400;
constexpr double kLatest = 1e12;           // epoch seconds; days and hours stay whole numbers
constexpr double kLongestInterval = 1e13;  // seconds; memory of some of these is a duration too
constexpr Index kMostSearchRows = 100000;  // that each number of components is tried on
const EmOptions kFinalEm{.max_iterations = 200, .tolerance = 1e-5};

std::int64_t count_incomplete(const Matrix& samples) {
  std::int64_t count = 0;
  for (Index i = 0; i < samples.rows(); ++i) {
    count += samples.row(i).array().isNaN().any() ? 1 : 0;
  }
  return count;
}

EmOptions em_options(const TrainOptions& options, int components, const Progress& progress) {
  EmOptions em = kFinalEm;
  em.threads = options.threads;
  em.progress = [=](int iteration, double objective) {
    progress("fitting, " + std::to_string(components) + " components: iteration " +
                 std::to_string(iteration + 1) + ", objective " + format_value(objective, ""),
             0);
  };
  return em;
}

RoleModel assemble(const TrainOptions& options, const std::vector<MetricSpec>& specs) {
  RoleModel model;
  model.role = options.role;
  model.metrics = specs;
  model.alert_settings = options.alert_settings;
  return model;
}

void warn_of_counters(const SampleTable& table, const Matrix& values, const TrainingRows& rows,
                      const RoleModel& model, TrainReport& report) {
  constexpr std::size_t kNamed = 3;  // of a counter for each processor, say
  std::string names;
  std::size_t count = 0;
  for (const MetricSpec& metric : model.metrics) {
    const auto column = std::ranges::find(table.metrics, metric.name) - table.metrics.begin();
    if (only_grows(values.col(column), rows) && ++count <= kNamed) {
      names += (count > 1 ? ", " : "") + metric.name;
    }
  }
  if (count > kNamed) {
    names += " and " + std::to_string(count - kNamed) + " more";
  }
  if (count > 0) {
    report.notices.push_back(
        notice("metrics_only_grow", names + (count == 1 ? " only grows: train on its rate"
                                                        : " only grow: train on their rates")));
    report.notices.back().metric = count == 1 ? names : "";
  }
}

/// Says so of periods to exclude in which there is nothing.
void warn_of_empty_periods(const SampleTable& table, const TrainOptions& options,
                           TrainReport& report) {
  for (const auto& [from, to] : options.exclude) {
    if (std::ranges::none_of(table.timestamps, [&](double timestamp) {
          return timestamp >= std::max(from, options.from) && timestamp < std::min(to, options.to);
        })) {
      report.notices.push_back(notice("config_without_effect",
                                      "excluding " + shown_time(from) + " to " + shown_time(to) +
                                          " leaves nothing out: no sample lies in that time"));
    }
  }
}

/// Of timestamps closer or further apart than those of any system: the nearest that a model holds.
double possible_interval(double seconds) {
  return seconds > 0 ? std::clamp(seconds, kShortestDuration, kLongestInterval) : 0;
}

/// What is learned from.
struct Material {
  TrainingRows rows;
  RoleModel model;              // its metrics, as yet without a mixture
  Matrix samples;               // (N, D) in model units, as center() leaves them
  Matrix shifts;                // (N, D)
  std::vector<Index> measured;  // rows that tell anything, as of by_time
  double interval = 0;          // usual seconds between a host's samples
};

void note_host_times(const SampleTable& table, const TrainingRows& rows, double interval,
                     TrainReport& report) {
  std::vector<HostTimes> hosts;
  for (std::size_t row = 0; row < rows.host.size();) {
    const std::size_t first = row;
    while (row < rows.host.size() && rows.host[row] == rows.host[first]) {
      ++row;
    }
    hosts.push_back({table.hosts[table.host[rows.table_row[first]]],
                     std::span(rows.timestamps).subspan(first, row - first)});
  }
  for (Notice& said : notices_of(hosts, interval)) {
    report.notices.push_back(std::move(said));
  }
}

/// rows: equal ones one after the other.
std::int64_t count_different(const std::vector<Index>& rows) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    count += i == 0 || rows[i] != rows[i - 1] ? 1 : 0;
  }
  return count;
}

Result<void> check_amount(const Material& material, int components, const TrainReport& report) {
  const std::size_t metrics = material.model.metrics.size();
  const auto measured = static_cast<std::size_t>(count_different(material.measured));
  if (metrics == 0) {
    return fail(ErrorCode::kTooFewSamples,
                "train: no metric is left to learn from" +
                    (report.dropped.empty() ? std::string()
                                            : "; " + report.dropped.front().name + ": " +
                                                  report.dropped.front().reason));
  }
  const std::size_t needed = std::max<std::size_t>(50, 5 * metrics) * components;
  if (measured < needed) {
    return fail(ErrorCode::kTooFewSamples, "train: expected at least " + std::to_string(needed) +
                                               " samples for " + std::to_string(metrics) +
                                               " metrics, got " + std::to_string(measured) +
                                               " of " + std::to_string(material.rows.host.size()));
  }
  return {};
}

/// Samples of wrong clocks.
void leave_out_far_rows(const SampleTable& table, double interval, std::vector<HostRows>& hosts,
                        TrainReport& report) {
  std::vector<FarSamples> far;
  const auto believed = believed_rows(table, hosts, interval);
  for (std::size_t h = 0; h < hosts.size(); ++h) {
    if (FarSamples of = far_samples(table, hosts[h], believed[h], FarTime::kLeftOut);
        of.count > 0) {
      report.rows_left_out += std::ssize(hosts[h].rows) - std::ssize(believed[h]);
      far.push_back(std::move(of));
      hosts[h].rows = std::vector<std::int32_t>(believed[h].begin(), believed[h].end());
    }
  }
  for (Notice& notice : notices_of(far)) {
    report.notices.push_back(std::move(notice));
  }
}

/// The rows, those of hosts with longer steps so many times that each counts for the time it stands
/// for: a host that reports seldom is as much of the role as the others.
std::vector<Index> by_time(const TrainingRows& rows, double interval,
                           const std::vector<Index>& measured) {
  std::vector<std::vector<double>> times(static_cast<std::size_t>(rows.hosts));
  for (std::size_t row = 0; row < rows.host.size(); ++row) {
    times[rows.host[row]].push_back(rows.timestamps[row]);
  }
  std::vector<Index> counts;
  for (const auto& of_host : times) {
    const double steps = interval > 0 ? median_interval({of_host}) / interval : 1;
    counts.push_back(static_cast<Index>(std::clamp(std::round(steps), 1.0, kSlowestClock)));
  }
  std::vector<Index> result;
  for (const Index row : measured) {
    result.insert(result.end(), counts[rows.host[row]], row);
  }
  return result;
}

Result<Material> prepare(const SampleTable& table, const TrainOptions& options,
                         TrainReport& report) {
  if (auto checked = validate(table); !checked) {
    return std::unexpected(checked.error());
  }
  auto hosts = rows_by_host(table, &report.notices);
  if (!hosts) {
    return std::unexpected(hosts.error());
  }
  report.rows_repeated = std::accumulate(
      hosts->begin(), hosts->end(), std::int64_t{0},
      [](std::int64_t sum, const HostRows& host) { return sum + std::ssize(host.repeated); });
  if (const std::int64_t repeated = report.rows_repeated; repeated > 0) {
    report.notices.push_back(notice(
        "rows_repeated",
        std::to_string(repeated) +
            (repeated == 1 ? " row repeats another of the same host and time, and counts once"
                           : " rows repeat others of the same host and time, and count once")));
  }
  report.rows_left_out = table.rows() - report.rows_repeated;
  for (const HostRows& host : *hosts) {
    report.rows_left_out -= std::ssize(host.rows);
  }
  const double interval = possible_interval(median_interval(times_of(table, *hosts)));
  leave_out_far_rows(table, interval, *hosts, report);
  Material material{.rows = collect_rows(table, *hosts, options),
                    .model = {},
                    .samples = {},
                    .shifts = {},
                    .measured = {},
                    .interval = interval};
  const TrainingRows& rows = material.rows;
  note_host_times(table, rows, interval, report);
  report.rows_read = table.rows();
  report.rows_outside =
      table.rows() - std::ssize(rows.host) - report.rows_repeated - report.rows_left_out;
  warn_of_empty_periods(table, options, report);
  if (rows.host.empty()) {
    return fail(ErrorCode::kTooFewSamples, "train: no sample is left in the training period");
  }
  if (const auto [first, last] = std::ranges::minmax(rows.timestamps);
      first < -kLatest || last > kLatest) {
    return fail(ErrorCode::kInvalidArgument, "train: expected timestamps in epoch seconds, got " +
                                                 format_value(last > kLatest ? last : first, ""));
  }
  Matrix values = table.values(rows.table_row, Eigen::all);
  leave_out_other_units(table, rows, options, values, report);
  leave_out_impossible(table, rows, options, values, report);
  material.model =
      assemble(options, choose_metrics(table, rows, values,
                                       less_levels(table, values, rows, options), options, report));
  warn_of_counters(table, values, rows, material.model, report);
  material.samples = transform_rows(table, values, material.model.metrics);
  material.shifts = shifts_of(material.samples, rows, medians(material.model));
  center(material.model, material.samples, material.shifts);
  const std::vector<Index> measured = measured_rows(material.samples);
  report.rows_unmeasured = std::ssize(rows.host) - std::ssize(measured);
  material.measured = by_time(rows, material.interval, measured);
  report.rows_incomplete = count_incomplete(material.samples);
  if (auto enough = check_amount(material, options.min_components, report); !enough) {
    return std::unexpected(enough.error());
  }
  return material;
}

/// Of the measured rows.
std::vector<HostDay> host_days(const Material& material) {
  std::vector<HostDay> result;
  const TrainingRows& rows = material.rows;
  for (const Index row : material.measured) {
    result.push_back({rows.host[row], static_cast<std::int64_t>(rows.timestamps[row] / kDay)});
  }
  return result;
}

/// Fits to the rows, at most so many of them, and leaves out those that are far.
void fit_rows(const Material& material, const TrainOptions& options, const Progress& progress,
              Index most, FittedRows& fitted) {
  const int components = static_cast<int>(fitted.fit.weights.size());
  std::vector<Index> some = thin(fitted.rows, most);
  const bool all = some.size() == fitted.rows.size();
  fit_trimmed(material.samples, em_options(options, components, progress), some, fitted.fit);
  std::vector<Index> near =
      all ? std::move(some) : near_rows(material.samples, fitted.rows, fitted.fit);
  if (static_cast<double>(near.size()) >=
      (1 - kMostTrimmed) * static_cast<double>(fitted.rows.size())) {
    fitted.rows = std::move(near);
  }
}

/// The rows that are not far from all the rest: else a few such rows take a component.
std::vector<Index> rows_to_begin_with(const Material& material, const TrainOptions& options,
                                      const Progress& progress) {
  FittedRows all{
      start_from_k_means(material.samples(material.measured, Eigen::all), 1, options.seed),
      material.measured};
  fit_rows(material, options, progress, kMostSearchRows, all);
  return all.rows;
}

SelectionSteps selection_steps(const Material& material, const TrainOptions& options,
                               const Progress& progress) {
  const auto start = [&, rows = rows_to_begin_with(material, options, progress)](int components) {
    return FittedRows{
        start_from_k_means(material.samples(rows, Eigen::all), components, options.seed), rows};
  };
  const auto fit = [&](FittedRows fitted) {
    fit_rows(material, options, progress, kMostSearchRows, fitted);
    return fitted;
  };
  const auto recurring = [&](const FittedRows& fitted) {
    return recurring_components(material.samples(material.measured, Eigen::all),
                                host_days(material), fitted.fit);
  };
  const auto keep = [&](FittedRows fitted, const std::vector<bool>& components) {
    keep_components(material.samples, components, fitted);
    return fitted;
  };
  const auto peak = [&](const FittedRows& fitted) {
    const auto held_out =
        held_out_scores(material.samples, material.shifts, material.rows, fitted.rows,
                        material.model, fitted.fit, "comparing components", progress);
    return held_out ? usual_peak(*held_out, material.interval)
                    : std::numeric_limits<double>::quiet_NaN();
  };
  return {.start = start, .fit = fit, .recurring = recurring, .keep = keep, .usual_peak = peak};
}

/// The fit with the number of components that suits the role, fitted to all rows that tell of it.
FittedRows choose(const Material& material, const TrainOptions& options, const Progress& progress,
                  TrainReport& report) {
  Selection selection = select_components(options.min_components, options.max_components,
                                          selection_steps(material, options, progress));
  FittedRows& chosen = selection.fitted;
  if (std::ssize(chosen.rows) > kMostSearchRows) {
    fit_rows(material, options, progress, std::ssize(chosen.rows), chosen);
  }
  order_by_weight(chosen.fit);
  report.candidates = std::move(selection.candidates);
  report.rows_used = count_different(chosen.rows);
  report.rows_trimmed = count_different(material.measured) - report.rows_used;
  report.iterations = static_cast<int>(chosen.fit.objective.size());
  report.converged = chosen.fit.converged;
  return std::move(chosen);
}

Provenance provenance_of(const TrainOptions& options, const TrainingRows& rows, Index used) {
  const auto [first, last] = std::ranges::minmax(rows.timestamps);
  return {options.version, options.config_digest, first, last, used, rows.hosts, options.seed};
}

/// Says so where the role's own history would have raised many more alerts than promised.
void warn_of_many_alerts(const RoleModel& model, TrainReport& report) {
  constexpr double kMany = 3;  // times the promise
  constexpr double kFew = 5;   // alerts that need no word
  const AlertSettings& settings = model.alert_settings;
  const HistoryRecord* record =
      history_record(model.calibration, settings.warning, settings.max_check_attempts);
  const double promised =
      model.calibration.span_host_days / return_time_of_severity(severity_of(settings.warning));
  if (record == nullptr ||
      static_cast<double>(record->alerts) <= std::max(kFew, kMany * promised)) {
    return;
  }
  report.notices.push_back(
      notice("alerts_above_promise", "on its own history " + std::string(name(settings.warning)) +
                                         " would have alerted " + std::to_string(record->alerts) +
                                         " times, " + format_value(promised, "") +
                                         " are promised: see what recurs with rolemix alerts on "
                                         "these samples, and state tolerances, "
                                         "exclude its times or try more components"));
}

}  // namespace

Result<void> validate(const TrainOptions& options) {
  if (auto role = parse_role(options.role); !role) {
    return std::unexpected(role.error());
  }
  if (options.min_components < 1 || options.max_components > kMaxComponents ||
      options.min_components > options.max_components) {
    return fail(ErrorCode::kInvalidArgument, "components: expected 1 <= least <= most <= 64, got " +
                                                 std::to_string(options.min_components) + "-" +
                                                 std::to_string(options.max_components));
  }
  if (!(options.from < options.to)) {
    return fail(ErrorCode::kInvalidArgument, "training: expected from < to");
  }
  if (!std::ranges::all_of(options.exclude,
                           [](const auto& period) { return period.first < period.second; })) {
    return fail(ErrorCode::kInvalidArgument,
                "training: expected periods to exclude that end after they begin");
  }
  if (!(options.default_tolerance > 0 && options.default_tolerance < 1)) {
    return fail(ErrorCode::kInvalidArgument, "default tolerance: expected a share between 0 and 1");
  }
  return validate(options.alert_settings);
}

Result<TrainResult> train(const SampleTable& table, const TrainOptions& options,
                          const Progress& progress) {
  if (auto checked = validate(options); !checked) {
    return std::unexpected(checked.error());
  }
  TrainReport report;
  auto material = prepare(table, options, report);
  if (!material) {
    return std::unexpected(material.error());
  }
  auto [fit, fitted] = choose(*material, options, progress, report);
  if (fit.degenerate) {
    return degenerate_fit();
  }
  RoleModel& model = material->model;
  set_mixture(fit, model);
  auto scorer = Scorer::create(model);
  if (!scorer) {
    return std::unexpected(scorer.error());
  }
  const TrainingRows& rows = material->rows;
  model.state_times = state_times(scorer->score_samples(material->samples).state, rows.timestamps,
                                  model.components());
  const Vector scales = blame_scales(material->samples, rows.host, scorer->mixture());
  for (Index d = 0; d < model.dimensions(); ++d) {
    model.metrics[d].blame_scale = scales[d];
  }
  model.provenance = provenance_of(options, rows, report.rows_used);
  const auto held_out = held_out_scores(material->samples, material->shifts, rows, fitted, model,
                                        fit, "calibrating severity", progress);
  if (!held_out) {
    return std::unexpected(held_out.error());
  }
  model.calibration = calibrate(*held_out, material->interval);
  progress("done", 1);
  if (!model.calibration.ready) {
    report.notices.push_back(
        notice("model_not_ready", "not ready: " + model.calibration.not_ready_reason));
  }
  warn_of_many_alerts(model, report);
  if (work_of(model.dimensions(), model.components()) > kMostWorkInBrowser) {
    report.notices.push_back(notice("model_too_heavy_for_browser",
                                    "browsers will refuse this model: it has " +
                                        std::to_string(model.components()) + " components of " +
                                        std::to_string(model.dimensions()) +
                                        " metrics; drop metrics that nobody looks at"));
  }
  if (const auto checked = validated_mixture(model); !checked) {
    return std::unexpected(checked.error());  // nobody could read it
  }
  return TrainResult{std::move(model), std::move(report)};
}

}  // namespace rolemix
