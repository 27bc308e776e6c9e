#include "core/score.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLogTwoPiE = 2.8378770664093454836;

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

Scorer::Scorer(RoleModel model, const GaussianMixture& mixture, InstructionSet set)
    : model_(std::move(model)),
      set_(set),
      complete_(part_of(all_dimensions(mixture.dimensions()), mixture)) {}

Result<Scorer> Scorer::create(const RoleModel& model, InstructionSet set) {
  auto mixture = make_mixture(model);
  if (!mixture) {
    return std::unexpected(mixture.error());
  }
  return Scorer(model, *mixture, set);
}

Scorer::Observed Scorer::part_of(const std::vector<Index>& dimensions,
                                 GaussianMixture mixture) const {
  Observed part{dimensions, Kernel(std::move(mixture), set_), {}, {}, {}, {}};
  for (const Index d : dimensions) {
    part.directions.push_back(model_.metrics[d].detection_direction);
  }
  return part;
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
  Observed part = part_of(dimensions, *mixture().marginal(dimensions));
  part.missing_surprise = missing_surprise(mixture(), part.mixture());
  std::ranges::set_difference(complete_.dimensions, dimensions, std::back_inserter(part.missing));
  observed_.push_back(std::make_unique<Observed>(std::move(part)));
  return *observed_.back();
}

Scorer::Group Scorer::make_group(Observed& part, const Matrix& samples,
                                 std::vector<Index> rows) const {
  const auto count = static_cast<Index>(rows.size());
  Group group{&part, std::move(rows), Matrix(count, part.mixture().dimensions()), {}};
  for (Index i = 0; i < count; ++i) {
    for (Index d = 0; d < group.observed.cols(); ++d) {
      group.observed(i, d) = samples(group.rows[i], part.dimensions[d]);
    }
  }
  group.scored = group.observed;
  if (std::ranges::any_of(part.directions, [](DetectionDirection direction) {
        return direction != DetectionDirection::kBoth;
      })) {
    part.kernel.replace_ignored(part.directions, group.scored.data(), count);
  }
  return group;
}

std::vector<Scorer::Group> Scorer::groups(const MatrixRef& values) {
  // Few patterns of gaps are usual; a table with ever new ones must not fill the memory.
  constexpr std::size_t kMostPatterns = 256;
  if (observed_.size() > kMostPatterns) {
    observed_.clear();
  }
  Matrix samples(values.rows(), values.cols());
  std::vector<std::vector<Index>> rows(1);  // the complete ones, then those of each pattern
  std::vector<Observed*> parts = {&complete_};
  for (Index row = 0; row < samples.rows(); ++row) {
    bool has_gap = false;
    for (Index d = 0; d < values.cols(); ++d) {
      samples(row, d) = to_model_units(model_.metrics[d], values(row, d));
      has_gap |= std::isnan(samples(row, d));
    }
    std::size_t place = 0;
    if (has_gap) {
      const std::vector<Index> dimensions = observed_dimensions(samples.row(row).transpose());
      if (dimensions.empty()) {
        continue;
      }
      Observed* part = &observed(dimensions);
      place = static_cast<std::size_t>(std::ranges::find(parts, part) - parts.begin());
      if (place == parts.size()) {
        parts.push_back(part);
        rows.emplace_back();
      }
    }
    rows[place].push_back(row);
  }
  std::vector<Group> result;
  for (std::size_t place = 0; place < parts.size(); ++place) {
    if (!rows[place].empty()) {
      result.push_back(make_group(*parts[place], samples, std::move(rows[place])));
    }
  }
  return result;
}

UnivariateMixture Scorer::predict_missing(Observed& part, Index i, const VectorRef& scored,
                                          const VectorRef& responsibilities) const {
  const Index components = mixture().components();
  if (part.regressions.empty()) {
    for (Index k = 0; k < components; ++k) {
      part.regressions.push_back(mixture().regression(k, part.dimensions, part.missing));
    }
  }
  UnivariateMixture result{responsibilities.array().log(), Vector(components), Vector(components)};
  for (Index k = 0; k < components; ++k) {
    const GaussianMixture::Regression& regression = part.regressions[k];
    const Vector offset = scored - part.mixture().means().row(k).transpose();
    result.means[k] =
        mixture().means()(k, part.missing[i]) + regression.gain.row(i).dot(offset.transpose());
    result.standard_deviations[k] = regression.standard_deviations[i];
  }
  return result;
}

SampleScores Scorer::score_rows(const MatrixRef& values) {
  constexpr Index kChunk = 1024;
  const Index rows = values.rows();
  SampleScores scores = {Vector::Constant(rows, kNaN), Vector::Constant(rows, kNaN),
                         std::vector<int>(rows, -1)};
  BatchScores batch;
  for (Index first = 0; first < rows; first += kChunk) {
    for (const Group& group : groups(values.middleRows(first, std::min(kChunk, rows - first)))) {
      const bool has_gaps = !group.part->missing.empty();
      group.part->kernel.score(group.scored.data(), group.scored.rows(),
                               has_gaps ? Responsibilities::kGiven : Responsibilities::kLeftOut,
                               batch);
      for (Index i = 0; i < group.scored.rows(); ++i) {
        const Index row = first + group.rows[i];
        scores.anomaly_score[row] = -batch.log_likelihood[i];
        scores.completed_score[row] = scores.anomaly_score[row];
        scores.state[row] = batch.state[i];
        for (Index k = 0; has_gaps && k < mixture().components(); ++k) {
          scores.completed_score[row] +=
              batch.responsibilities(k, i) * group.part->missing_surprise[k];
        }
      }
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
  const double above = std::max(0.0, completed_score - calibration.typical_score);
  const double excess = std::log1p(above * calibration.score_scale);
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
