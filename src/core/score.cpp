#include "core/score.h"

#include <cmath>
#include <limits>
#include <utility>

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLogTwoPiE = 2.8378770664093454836;

Vector pick(const VectorRef& x, const std::vector<Index>& dimensions) {
  Vector part(static_cast<Index>(dimensions.size()));
  for (Index i = 0; i < part.size(); ++i) {
    part[i] = x[dimensions[i]];
  }
  return part;
}

/// Of the components' means the one with the highest density. The mean of the whole mixture may lie
/// between two states, where no host ever is.
double likeliest_mean(const UnivariateMixture& mixture) {
  Index best = 0;
  Vector logs(mixture.means.size());
  for (Index k = 0; k < logs.size(); ++k) {
    logs[k] = log_density(mixture, mixture.means[k]);
  }
  logs.maxCoeff(&best);
  return mixture.means[best];
}

/// Σ_k r_k ½ log |2πe Σ_k,missing|observed|, the expected surprise of the missing metrics.
double missing_surprise(const GaussianMixture& all, const GaussianMixture& observed,
                        const Vector& responsibilities) {
  const auto missing = static_cast<double>(all.dimensions() - observed.dimensions());
  double sum = 0;
  for (Index k = 0; k < all.components(); ++k) {
    sum += responsibilities[k] * 0.5 *
           (missing * kLogTwoPiE + all.log_determinant(k) - observed.log_determinant(k));
  }
  return sum;
}

}  // namespace

bool on_ignored_side(DetectionDirection direction, double value, double center) {
  return (direction == DetectionDirection::kAbove && value < center) ||
         (direction == DetectionDirection::kBelow && value > center);
}

Scorer::Scorer(RoleModel model, GaussianMixture mixture)
    : model_(std::move(model)), mixture_(std::move(mixture)) {
  for (const MetricSpec& metric : model_.metrics) {
    has_ignored_sides_ |= metric.detection_direction != DetectionDirection::kBoth;
  }
}

Result<Scorer> Scorer::create(const RoleModel& model) {
  auto mixture = make_mixture(model);
  if (!mixture) {
    return std::unexpected(mixture.error());
  }
  return Scorer(model, std::move(*mixture));
}

const Scorer::Observed& Scorer::observed(const VectorRef& x) {
  const std::vector<Index> dimensions = observed_dimensions(x);
  auto found = observed_.find(dimensions);
  if (found == observed_.end()) {
    // Few patterns are usual; a table with ever new ones must not fill the memory.
    constexpr std::size_t kMostPatterns = 256;
    if (observed_.size() >= kMostPatterns) {
      observed_.clear();
    }
    auto part = mixture_.marginal(dimensions);
    found = observed_.emplace(dimensions, Observed{dimensions, std::move(*part)}).first;
  }
  return found->second;
}

Vector Scorer::scored_sample(const VectorRef& values) {
  Vector x = to_model_units(model_, values);
  if (!has_ignored_sides_ || observed_dimensions(x).empty()) {
    return x;
  }
  const Observed& part = observed(x);
  const std::vector<UnivariateMixture> others = part.mixture.conditionals(pick(x, part.dimensions));
  for (std::size_t i = 0; i < part.dimensions.size(); ++i) {
    const Index d = part.dimensions[i];
    const DetectionDirection direction = model_.metrics[d].detection_direction;
    if (direction == DetectionDirection::kBoth) {
      continue;
    }
    const double likeliest = likeliest_mean(others[i]);
    if (on_ignored_side(direction, x[d], likeliest) &&
        log_density(others[i], likeliest) > log_density(others[i], x[d])) {
      x[d] = likeliest;
    }
  }
  return x;
}

SampleScore Scorer::score(const VectorRef& values) {
  const Vector x = scored_sample(values);
  if (x.array().isNaN().all()) {
    return {kNaN, kNaN, -1};
  }
  const Observed& part = observed(x);
  const Vector logs = part.mixture.weighted_log_densities(pick(x, part.dimensions));
  SampleScore result;
  Index state = 0;
  logs.maxCoeff(&state);
  result.state = static_cast<int>(state);
  result.anomaly_score = -log_sum_exp(logs);
  result.completed_score = result.anomaly_score;
  if (part.mixture.dimensions() < mixture_.dimensions()) {
    result.completed_score += missing_surprise(mixture_, part.mixture, softmax(logs));
  }
  return result;
}

double update(ScoreMemory& memory, const Calibration& calibration, double timestamp,
              double completed_score) {
  const double excess = std::log1p(std::max(0.0, completed_score - calibration.typical_score));
  // Without a usual interval a sample has no weight in the memory.
  if (calibration.memory_seconds <= 0 || calibration.interval_seconds <= 0) {
    memory = {excess, timestamp, true};
    return excess;
  }
  const double elapsed =
      memory.started ? timestamp - memory.timestamp : std::numeric_limits<double>::infinity();
  const bool after_gap = !(elapsed <= longest_gap(calibration));
  const double sampled = after_gap ? calibration.interval_seconds : elapsed;
  memory.level = memory.level * std::exp(-elapsed / calibration.memory_seconds) -
                 excess * std::expm1(-sampled / calibration.memory_seconds);
  memory.timestamp = timestamp;
  memory.started = true;
  return memory.level;
}

Result<TableScores> score_table(Scorer& scorer, const SampleTable& table) {
  std::vector<ScoreMemory> memories(table.hosts.size());
  return score_table(scorer, table, memories);
}

Result<TableScores> score_table(Scorer& scorer, const SampleTable& table,
                                std::vector<ScoreMemory>& memories) {
  const auto hosts = rows_by_host(table);
  if (!hosts) {
    return std::unexpected(hosts.error());
  }
  const RoleModel& model = scorer.model();
  std::vector<std::string> names;
  for (const MetricSpec& metric : model.metrics) {
    names.push_back(metric.name);
  }
  TableScores scores;
  const Matrix values = select_metrics(table, names, scores.missing_metrics);
  if (scores.missing_metrics.size() == names.size()) {
    return fail(ErrorCode::kInvalidArgument, "the table has none of the model's " +
                                                 std::to_string(names.size()) +
                                                 " metrics (the first is " + names.front() + ")");
  }
  const Index rows = table.rows();
  scores.anomaly_score.setConstant(rows, kNaN);
  scores.alert_score.setConstant(rows, kNaN);
  scores.severity.setConstant(rows, kNaN);
  scores.state.assign(rows, -1);
  for (const HostRows& host : *hosts) {
    ScoreMemory& memory = memories[host.host];
    for (const std::int32_t row : host.rows) {
      const SampleScore sample = scorer.score(values.row(row).transpose());
      if (sample.state < 0) {
        continue;
      }
      scores.anomaly_score[row] = sample.anomaly_score;
      scores.state[row] = sample.state;
      scores.alert_score[row] =
          update(memory, model.calibration, table.timestamps[row], sample.completed_score);
      scores.severity[row] =
          severity_of_return_time(return_time(model.calibration, 1, scores.alert_score[row]));
    }
  }
  return scores;
}

}  // namespace rolemix
