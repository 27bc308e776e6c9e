#include "score/score.h"

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

bool is_complete(const MatrixRef& samples, Index row) {
  for (Index d = 0; d < samples.cols(); ++d) {
    if (std::isnan(samples(row, d))) {
      return false;
    }
  }
  return true;
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
  auto mixture = validated_mixture(model);
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

Scorer::Group Scorer::make_group(Observed& part, const MatrixRef& samples,
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

std::vector<Scorer::Group> Scorer::groups(const MatrixRef& samples) {
  // Few patterns of gaps are usual; a table with ever new ones must not fill the memory.
  constexpr std::size_t kMostPatterns = 256;
  if (observed_.size() > kMostPatterns) {
    observed_.clear();
  }
  std::vector<std::vector<Index>> rows(1);  // the complete ones, then those of each pattern
  std::vector<Observed*> parts = {&complete_};
  for (Index row = 0; row < samples.rows(); ++row) {
    std::size_t place = 0;
    if (!is_complete(samples, row)) {
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
  return score_samples(rows_to_model_units(model_, values));
}

SampleScores Scorer::score_samples(const MatrixRef& samples) {
  constexpr Index kChunk = 1024;
  const Index rows = samples.rows();
  SampleScores scores = {Vector::Constant(rows, kNaN), Vector::Constant(rows, kNaN),
                         std::vector<int>(rows, -1)};
  BatchScores batch;
  for (Index first = 0; first < rows; first += kChunk) {
    for (const Group& group : groups(samples.middleRows(first, std::min(kChunk, rows - first)))) {
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

namespace {

/// The scores of samples (n, D), less where they are lower once centred by the shifts (n, D).
void lower(Scorer& scorer, const Matrix& samples, const Matrix& shifts, Vector& scores) {
  const double typical = scorer.model().calibration.typical_score;
  std::vector<Index> rows;  // whose score counts for anything
  for (Index row = 0; row < samples.rows(); ++row) {
    if (scores[row] > typical) {
      rows.push_back(row);
    }
  }
  Matrix centred(std::ssize(rows), samples.cols());
  for (Index i = 0; i < centred.rows(); ++i) {
    for (Index d = 0; d < centred.cols(); ++d) {
      centred(i, d) = samples(rows[i], d) - shifts(rows[i], d);
    }
  }
  const Vector again = scorer.score_samples(centred).completed_score;
  for (Index i = 0; i < again.size(); ++i) {
    scores[rows[i]] = std::min(scores[rows[i]], again[i]);
  }
}

/// Of samples (n, D) in model units, less their shifts, (n, D) as of level_shifts; the completed
/// scores as they count for alerts.
SampleScores score_shifted(Scorer& scorer, Matrix& samples, Matrix& shifts) {
  center(scorer.model(), samples, shifts);
  SampleScores scored = scorer.score_samples(samples);
  lower(scorer, samples, shifts, scored.completed_score);
  return scored;
}

struct HostScores {
  SampleScores scored;
  Vector alert_score;
};

/// Of a host's first samples.
HostScores score_host(Scorer& scorer, const HostSamples& host, Index count, ScoreMemory& memory) {
  const RoleModel& model = scorer.model();
  Matrix samples = rows_to_model_units(model, host.values.topRows(count));
  Matrix shifts = host.shifts.topRows(count);
  HostScores scores{score_shifted(scorer, samples, shifts), Vector::Constant(count, kNaN)};
  for (Index i = 0; i < count; ++i) {
    if (scores.scored.state[i] >= 0) {
      scores.alert_score[i] =
          update(memory, model.calibration, host.times[i], scores.scored.completed_score[i]);
    }
  }
  return scores;
}

/// Those of rows without any metric.
TableScores no_scores(Index rows) {
  TableScores scores;
  for (Vector* column : {&scores.anomaly_score, &scores.alert_score, &scores.severity}) {
    column->setConstant(rows, kNaN);
  }
  scores.state.assign(rows, -1);
  return scores;
}

}  // namespace

double alert_score_at(Scorer& scorer, const HostMoment& moment, double timestamp,
                      const VectorRef& values) {
  const RoleModel& model = scorer.model();
  Matrix sample = rows_to_model_units(model, values.transpose());
  Matrix shift = moment.shift;
  const SampleScores scored = score_shifted(scorer, sample, shift);
  if (scored.state[0] < 0) {
    return kNaN;
  }
  ScoreMemory memory = moment.memory;
  return update(memory, model.calibration, timestamp, scored.completed_score[0]);
}

TableScores score(Scorer& scorer, const Samples& samples) {
  std::vector<ScoreMemory> memories(samples.hosts.size());
  return score(scorer, samples, memories);
}

TableScores score(Scorer& scorer, const Samples& samples, std::vector<ScoreMemory>& memories) {
  const Calibration& calibration = scorer.model().calibration;
  TableScores scores = no_scores(samples.rows());
  for (std::size_t h = 0; h < samples.hosts.size(); ++h) {
    const HostSamples& host = samples.hosts[h];
    const HostScores of_host = score_host(scorer, host, host.size(), memories[h]);
    for (Index i = 0; i < host.size(); ++i) {
      const std::int32_t row = host.rows[i];
      scores.anomaly_score[row] = of_host.scored.anomaly_score[i];
      scores.state[row] = of_host.scored.state[i];
      scores.alert_score[row] = of_host.alert_score[i];
      scores.severity[row] = severity_at(calibration, of_host.alert_score[i]);
    }
  }
  return scores;
}

ScoreMemory memory_before(Scorer& scorer, const HostSamples& host, Index sample) {
  ScoreMemory memory;
  score_host(scorer, host, sample, memory);
  return memory;
}

}  // namespace rolemix
