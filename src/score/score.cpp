#include "score/score.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

#include "model/units.h"
#include "samples/place.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLogTwoPiE = 2.8378770664093454836;
constexpr Index kChunk = 1024;  // rows at once: few enough to stay in a processor's cache

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
  const double* sample = samples.row(row).data();
  return std::none_of(sample, sample + samples.cols(), [](double x) { return std::isnan(x); });
}

/// These rows of the samples.
Matrix copies_of(const MatrixRef& samples, const std::vector<Index>& rows) {
  Matrix copies(std::ssize(rows), samples.cols());
  for (Index i = 0; i < copies.rows(); ++i) {
    std::copy_n(samples.row(rows[i]).data(), samples.cols(), copies.row(i).data());
  }
  return copies;
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
  Observed part{dimensions, Kernel(std::move(mixture), set_), {}, {}, {}, true, {}};
  for (const Index d : dimensions) {
    part.directions.push_back(model_.metrics[d].detection_direction);
    part.watched_on_both_sides &= part.directions.back() == DetectionDirection::kBoth;
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
  if (!part.watched_on_both_sides) {
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
  const Index rows = samples.rows();
  SampleScores scores = {Vector::Constant(rows, kNaN), Vector::Constant(rows, kNaN),
                         std::vector<int>(rows, -1)};
  for (Index first = 0; first < rows; first += kChunk) {
    const Index end = std::min(first + kChunk, rows);
    std::vector<Index> others;
    score_complete(samples, first, end, scores, others);
    if (!others.empty()) {
      score_others(samples, others, scores);
    }
  }
  return scores;
}

void Scorer::score_complete(const MatrixRef& samples, Index first, Index end, SampleScores& scores,
                            std::vector<Index>& others) const {
  // The kernel finds samples with gaps by itself, for they have no finite score, where samples lie
  // together and stay as they are.
  const bool as_they_lie =
      complete_.watched_on_both_sides && samples.outerStride() == samples.cols();
  std::vector<Index> rows;
  Matrix copies;
  if (!as_they_lie) {
    for (Index row = first; row < end; ++row) {
      (is_complete(samples, row) ? rows : others).push_back(row);
    }
    copies = copies_of(samples, rows);
    if (!complete_.watched_on_both_sides) {
      complete_.kernel.replace_ignored(complete_.directions, copies.data(), copies.rows());
    }
  }
  const Index count = as_they_lie ? end - first : copies.rows();
  BatchScores batch;
  complete_.kernel.score(as_they_lie ? samples.row(first).data() : copies.data(), count,
                         Responsibilities::kLeftOut, batch);
  for (Index i = 0; i < count; ++i) {
    const Index row = as_they_lie ? first + i : rows[i];
    if (!std::isfinite(batch.log_likelihood[i])) {
      others.push_back(row);
    } else {
      scores.anomaly_score[row] = scores.completed_score[row] = -batch.log_likelihood[i];
      scores.state[row] = batch.state[i];
    }
  }
}

void Scorer::score_others(const MatrixRef& samples, const std::vector<Index>& rows,
                          SampleScores& scores) {
  BatchScores batch;
  for (const Group& group : groups(copies_of(samples, rows))) {
    group.part->kernel.score(group.scored.data(), group.scored.rows(), Responsibilities::kGiven,
                             batch);
    for (Index i = 0; i < group.scored.rows(); ++i) {
      const Index row = rows[group.rows[i]];
      scores.anomaly_score[row] = scores.completed_score[row] = -batch.log_likelihood[i];
      scores.state[row] = batch.state[i];
      for (Index k = 0; k < mixture().components(); ++k) {
        scores.completed_score[row] +=
            batch.responsibilities(k, i) * group.part->missing_surprise[k];
      }
    }
  }
}

SampleScore Scorer::score(const VectorRef& values) {
  const SampleScores scores = score_rows(values.transpose());
  return {scores.anomaly_score[0], scores.completed_score[0], scores.state[0]};
}

namespace {

/// Lowers the scores of samples (n, D), in model units, where they are lower once centred:
/// shift(row) gives D doubles, or nullptr where there is nothing to take off.
template <typename Shift>
void lower(Scorer& scorer, const Matrix& samples, const Shift& shift, Vector& scores) {
  const double typical = scorer.model().calibration.typical_score;
  const Index dimensions = samples.cols();
  std::vector<Index> rows;  // whose score counts for anything
  Matrix centred(samples.rows(), dimensions);
  for (Index row = 0; row < samples.rows(); ++row) {
    const double* off = scores[row] > typical ? shift(row) : nullptr;
    if (off != nullptr) {
      const double* sample = samples.row(row).data();
      double* result = centred.row(std::ssize(rows)).data();
      for (Index d = 0; d < dimensions; ++d) {
        result[d] = sample[d] - off[d];
      }
      rows.push_back(row);
    }
  }
  const Vector again = scorer.score_samples(centred.topRows(std::ssize(rows))).completed_score;
  for (Index i = 0; i < again.size(); ++i) {
    scores[rows[i]] = std::min(scores[rows[i]], again[i]);
  }
}

/// Of samples (n, D) in the metrics' own units, with their shifts, (n, D) as of HostSamples; the
/// completed scores as they count for alerts.
SampleScores score_shifted(Scorer& scorer, const MatrixRef& values, Matrix shifts) {
  Matrix samples = rows_to_model_units(scorer.model(), values);
  center(scorer.model(), samples, shifts);
  SampleScores scored = scorer.score_samples(samples);
  lower(scorer, samples, [&](Index row) { return shifts.row(row).data(); }, scored.completed_score);
  return scored;
}

/// score_shifted of `count` samples of a host. Where no metric is centred, a shift is the same for
/// all samples of a level, and only of use where a score is to be lowered.
SampleScores score_host(Scorer& scorer, const HostSamples& host, Index first, Index count) {
  const RoleModel& model = scorer.model();
  if (centers_by_host(model)) {
    return score_shifted(scorer, host.values(first, count), host.shifts(model, first, count));
  }
  const Matrix samples = rows_to_model_units(model, host.values(first, count));
  SampleScores scored = scorer.score_samples(samples);
  Matrix shift;
  std::int32_t known = -1;
  lower(
      scorer, samples,
      [&](Index row) -> const double* {
        const std::int32_t level = host.level_of[first + row];
        if (level < 0) {
          return nullptr;
        }
        if (level != known) {
          known = level;
          shift = host.shifts(model, first + row, 1);
          std::replace_if(
              shift.data(), shift.data() + shift.size(), [](double x) { return std::isnan(x); }, 0);
        }
        return shift.data();
      },
      scored.completed_score);
  return scored;
}

/// Takes what is scored of samples in order of time: take(first, scored).
template <typename Take>
void score_range(Scorer& scorer, const HostSamples& host, Index first, Index end,
                 const Take& take) {
  for (; first < end; first += kChunk) {
    const Index count = std::min(kChunk, end - first);
    take(first, score_host(scorer, host, first, count));
  }
}

}  // namespace

double alert_score_at(Scorer& scorer, const HostMoment& moment, double timestamp,
                      const VectorRef& values) {
  const SampleScores scored = score_shifted(scorer, values.transpose(), moment.shift);
  if (scored.state[0] < 0) {
    return kNaN;
  }
  ScoreMemory memory = moment.memory;
  return update(memory, scorer.model().calibration, timestamp, scored.completed_score[0]);
}

TableScores score(Scorer& scorer, const Samples& samples) {
  TableScores scores;
  score_new(scorer, samples, scores);
  return scores;
}

bool score_new(Scorer& scorer, const Samples& samples, TableScores& scores, Index most) {
  const Calibration& calibration = scorer.model().calibration;
  const auto rows = static_cast<std::size_t>(samples.rows());
  for (auto* column : {&scores.anomaly_score, &scores.alert_score, &scores.severity}) {
    column->resize(rows, kNaN);
  }
  scores.state.resize(rows, -1);
  for (std::size_t h = scores.scored.size(); h < samples.hosts.size(); ++h) {
    scores.scored.push_back(0);
    scores.memories.push_back(samples.hosts[h].before.memory);
  }
  for (std::size_t h = 0; h < samples.hosts.size(); ++h) {
    const HostSamples& host = samples.hosts[h];
    ScoreMemory& memory = scores.memories[h];
    Decay decay;
    const Index count = std::min(host.size() - scores.scored[h], std::max<Index>(most, 0));
    const Index end = scores.scored[h] + count;
    most -= count;
    const auto take = [&](Index first, const SampleScores& scored) {
      for (Index i = 0; i < std::ssize(scored.state); ++i) {
        const std::int32_t row = host.rows[first + i];
        scores.anomaly_score[row] = scored.anomaly_score[i];
        scores.state[row] = scored.state[i];
        if (scored.state[i] >= 0) {
          scores.alert_score[row] =
              update(memory, calibration, host.times[first + i], scored.completed_score[i], decay);
          scores.severity[row] = severity_at(calibration, scores.alert_score[row]);
        }
      }
    };
    score_range(scorer, host, scores.scored[h], end, take);
    scores.scored[h] = end;
    if (end < host.size()) {
      return false;
    }
  }
  for (const auto& [row, first] : samples.repeated) {
    for (auto* column : {&scores.anomaly_score, &scores.alert_score, &scores.severity}) {
      (*column)[row] = (*column)[first];
    }
    scores.state[row] = scores.state[first];
  }
  return true;
}

ScoreMemory memory_before(Scorer& scorer, const HostSamples& host, Index sample) {
  ScoreMemory memory = host.before.memory;
  Decay decay;
  score_range(scorer, host, 0, sample, [&](Index first, const SampleScores& scored) {
    for (Index i = 0; i < std::ssize(scored.state); ++i) {
      if (scored.state[i] >= 0) {
        update(memory, scorer.model().calibration, host.times[first + i], scored.completed_score[i],
               decay);
      }
    }
  });
  return memory;
}

}  // namespace rolemix
