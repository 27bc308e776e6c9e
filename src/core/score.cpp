#include "core/score.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
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

/// (K) ½ log |2πe Σ_k,missing|observed|, the expected surprise of the missing metrics.
Vector missing_surprise(const GaussianMixture& all, const GaussianMixture& observed) {
  const auto missing = static_cast<double>(all.dimensions() - observed.dimensions());
  Vector result(all.components());
  for (Index k = 0; k < all.components(); ++k) {
    result[k] = 0.5 * (missing * kLogTwoPiE + all.log_determinant(k) - observed.log_determinant(k));
  }
  return result;
}

std::vector<Index> all_dimensions(Index count) {
  std::vector<Index> dimensions(count);
  std::iota(dimensions.begin(), dimensions.end(), 0);
  return dimensions;
}

}  // namespace

bool on_ignored_side(DetectionDirection direction, double value, double center) {
  return (direction == DetectionDirection::kAbove && value < center) ||
         (direction == DetectionDirection::kBelow && value > center);
}

Scorer::Scorer(RoleModel model, const GaussianMixture& mixture, InstructionSet set)
    : model_(std::move(model)),
      set_(set),
      complete_{all_dimensions(mixture.dimensions()),
                Kernel(mixture, set),
                Vector::Zero(mixture.components()),
                {}} {
  for (const MetricSpec& metric : model_.metrics) {
    has_ignored_sides_ |= metric.detection_direction != DetectionDirection::kBoth;
  }
}

Result<Scorer> Scorer::create(const RoleModel& model, InstructionSet set) {
  auto mixture = make_mixture(model);
  if (!mixture) {
    return std::unexpected(mixture.error());
  }
  return Scorer(model, *mixture, set);
}

Scorer::Observed& Scorer::observed(const std::vector<Index>& dimensions) {
  if (dimensions == complete_.dimensions) {
    return complete_;
  }
  for (const auto& part : observed_) {
    if (part->dimensions == dimensions) {
      return *part;
    }
  }
  auto part = mixture().marginal(dimensions);
  Vector surprise = missing_surprise(mixture(), *part);
  observed_.push_back(std::make_unique<Observed>(
      Observed{dimensions, Kernel(std::move(*part), set_), std::move(surprise), {}}));
  return *observed_.back();
}

Vector Scorer::scored_sample(const VectorRef& values) {
  Vector x = to_model_units(model_, values);
  const std::vector<Index> dimensions = observed_dimensions(x);
  if (!has_ignored_sides_ || dimensions.empty()) {
    return x;
  }
  const std::vector<UnivariateMixture> others =
      observed(dimensions).mixture().conditionals(pick(x, dimensions));
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    const Index d = dimensions[i];
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

void Scorer::score_group(const Observed& part, const Matrix& samples,
                         const std::vector<Index>& rows, Index first, SampleScores& scores) {
  const auto count = static_cast<Index>(rows.size());
  Matrix group(count, part.mixture().dimensions());
  for (Index i = 0; i < count; ++i) {
    for (Index d = 0; d < group.cols(); ++d) {
      group(i, d) = samples(rows[i], part.dimensions[d]);
    }
  }
  const bool has_gaps = part.mixture().dimensions() < samples.cols();
  BatchScores batch;
  part.kernel.score(group.data(), count,
                    has_gaps ? Responsibilities::kGiven : Responsibilities::kLeftOut, batch);
  for (Index i = 0; i < count; ++i) {
    const Index row = first + rows[i];
    scores.anomaly_score[row] = -batch.log_likelihood[i];
    scores.completed_score[row] = scores.anomaly_score[row];
    scores.state[row] = batch.state[i];
    for (Index k = 0; has_gaps && k < part.mixture().components(); ++k) {
      scores.completed_score[row] += batch.responsibilities(k, i) * part.missing_surprise[k];
    }
  }
}

SampleScores Scorer::score_rows(const MatrixRef& values) {
  constexpr Index kChunk = 1024;
  // Few patterns of gaps are usual; a table with ever new ones must not fill the memory.
  constexpr std::size_t kMostPatterns = 256;
  const Index rows = values.rows();
  SampleScores scores = {Vector::Constant(rows, kNaN), Vector::Constant(rows, kNaN),
                         std::vector<int>(rows, -1)};
  for (Index first = 0; first < rows; first += kChunk) {
    if (observed_.size() > kMostPatterns) {
      observed_.clear();
    }
    Matrix samples(std::min(kChunk, rows - first), values.cols());
    std::vector<std::vector<Index>> groups(1);  // the complete rows, then one for each pattern
    std::vector<const Observed*> parts = {&complete_};
    for (Index row = 0; row < samples.rows(); ++row) {
      bool has_gap = false;
      for (Index d = 0; d < values.cols(); ++d) {
        samples(row, d) = to_model_units(model_.metrics[d], values(first + row, d));
        has_gap |= std::isnan(samples(row, d));
      }
      if (has_ignored_sides_) {
        samples.row(row) = scored_sample(values.row(first + row).transpose()).transpose();
      }
      std::size_t group = 0;
      if (has_gap) {
        const std::vector<Index> dimensions = observed_dimensions(samples.row(row).transpose());
        if (dimensions.empty()) {
          continue;
        }
        const Observed* part = &observed(dimensions);
        group = static_cast<std::size_t>(std::ranges::find(parts, part) - parts.begin());
        if (group == parts.size()) {
          parts.push_back(part);
          groups.emplace_back();
        }
      }
      groups[group].push_back(row);
    }
    for (std::size_t group = 0; group < groups.size(); ++group) {
      score_group(*parts[group], samples, groups[group], first, scores);
    }
  }
  return scores;
}

SampleScore Scorer::score(const VectorRef& values) {
  const SampleScores scores = score_rows(values.transpose());
  return {scores.anomaly_score[0], scores.completed_score[0], scores.state[0]};
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
  const SampleScores samples = scorer.score_rows(values);
  const Index rows = table.rows();
  scores.anomaly_score = samples.anomaly_score;
  scores.state = samples.state;
  scores.alert_score.setConstant(rows, kNaN);
  scores.severity.setConstant(rows, kNaN);
  for (const HostRows& host : *hosts) {
    ScoreMemory& memory = memories[host.host];
    for (const std::int32_t row : host.rows) {
      if (samples.state[row] < 0) {
        continue;
      }
      scores.alert_score[row] =
          update(memory, model.calibration, table.timestamps[row], samples.completed_score[row]);
      scores.severity[row] =
          severity_of_return_time(return_time(model.calibration, 1, scores.alert_score[row]));
    }
  }
  return scores;
}

}  // namespace rolemix
