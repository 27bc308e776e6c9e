#include "train/expectation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "mixture/linear_algebra.h"
#include "train/parallel.h"

namespace rolemix {
namespace {

constexpr double kLogTwoPi = 1.8378770664093454836;
constexpr Index kLeastBlocks = 2;  // in a chunk
constexpr Index kMostChunks = 64;  // each has sums of its own

/// The mixture as the E-step takes it.
struct Factors {
  PackedFactors packed;
  std::vector<Matrix> precisions;  // (K), for rows with gaps alone
  bool failed = false;             // a covariance has none
};

/// L with L Lᵀ the covariance, or next to it where that is singular as far as can be told; nothing
/// when it is not finite.
std::optional<Matrix> lower_factor(Matrix covariance) {
  constexpr int kAttempts = 40;
  constexpr double kRounding = 1e-15;
  double more = kRounding * covariance.diagonal().mean() + 1 / kLargestValue;
  for (int i = 0; i < kAttempts; ++i, more *= 10) {
    if (auto lower = cholesky(covariance)) {
      return lower;
    }
    covariance.diagonal().array() += more;
  }
  return std::nullopt;
}

Factors factorise(const MixtureFit& fit, bool with_gaps) {
  const auto dimensions = static_cast<double>(fit.means.cols());
  Factors factors;
  for (Index k = 0; k < fit.weights.size(); ++k) {
    const std::optional<Matrix> lower = lower_factor(fit.covariances[k]);
    if (!lower) {
      factors.failed = true;
      return factors;
    }
    const Matrix inverse = inverse_of_lower(*lower);
    const double log_peak = std::log(fit.weights[k]) - 0.5 * dimensions * kLogTwoPi -
                            lower->diagonal().array().log().sum();
    factors.packed.add(fit.means.row(k).transpose(), inverse, log_peak);
    if (with_gaps) {
      factors.precisions.push_back(gram(inverse));
    }
  }
  return factors;
}

/// Component k alone, as far as score_batch() reads it.
PackedMixture component(PackedMixture mixture, Index k) {
  mixture.components = 1;
  mixture.means += k * mixture.dimensions;
  mixture.lower += k * mixture.factor_size;
  mixture.log_peaks += k;
  return mixture;
}

/// Rows with gaps as one component completes them.
struct Completed {
  Matrix rows;                      // (N, D)
  Vector log_densities;             // (N) log π_k N_k(what was observed)
  std::vector<Matrix> covariances;  // of what each run lacks, given the rest
};

/// Replaces what the run's rows lack by its mean given the rest. Of the precision Λ no more than
/// the rows of missing metrics are needed: Σ_m|o = Λ_mm⁻¹, mean μ_m - Σ_m|o Λ_mo (x_o - μ_o)
/// (Bishop 2006, eq. 2.73, 2.75).
void complete_run(const GapRun& run, const Matrix& precision, const VectorRef& mean,
                  Completed& out) {
  const auto missing = static_cast<Index>(run.missing.size());
  const Matrix lower = factor_of_definite(submatrix(precision, run.missing));
  out.covariances.push_back(gram(inverse_of_lower(lower)));
  // The density of the observed is that of the completed row over that of the mean given the rest.
  const double without =
      0.5 * static_cast<double>(missing) * kLogTwoPi - lower.diagonal().array().log().sum();
  Vector offset(mean.size());
  Vector pull(missing);
  for (Index row = run.first; row < run.first + run.count; ++row) {
    offset = out.rows.row(row).transpose() - mean;
    for (const Index m : run.missing) {
      offset[m] = 0;
    }
    for (Index i = 0; i < missing; ++i) {
      pull[i] = precision.row(run.missing[i]).dot(offset);
    }
    for (Index i = 0; i < missing; ++i) {
      const Index m = run.missing[i];
      out.rows(row, m) = mean[m] - out.covariances.back().row(i).dot(pull);
    }
    out.log_densities[row] = without;
  }
}

Completed complete_block(const ObservedRows& rows, const GapBlock& block, const Factors& factors,
                         const VectorRef& mean, Index k) {
  Completed completed{rows.gaps.middleRows(block.first, block.count), Vector(block.count), {}};
  for (const GapRun& run : block.runs) {
    complete_run(run, factors.precisions[k], mean, completed);
  }
  BatchScores scores;
  score_batch(component(factors.packed.packed(), k), completed.rows.data(), block.count,
              Responsibilities::kLeftOut, scores);
  completed.log_densities += scores.log_likelihood;
  return completed;
}

/// A block with gaps in the eyes of all components.
struct ScoredBlock {
  std::vector<Completed> completed;  // (K)
  Vector log_likelihood;             // (N)
  Matrix shares;                     // (K, N) responsibilities
};

ScoredBlock score_block(const ObservedRows& rows, const GapBlock& block, const MixtureFit& fit,
                        const Factors& factors) {
  ScoredBlock scored;
  scored.shares.resize(fit.weights.size(), block.count);
  for (Index k = 0; k < fit.weights.size(); ++k) {
    scored.completed.push_back(
        complete_block(rows, block, factors, fit.means.row(k).transpose(), k));
    scored.shares.row(k) = scored.completed[k].log_densities.transpose();
  }
  const Vector largest = scored.shares.colwise().maxCoeff().transpose();
  scored.shares = (scored.shares.rowwise() - largest.transpose()).array().exp();
  const Vector sums = scored.shares.colwise().sum().transpose();
  scored.shares.array().rowwise() /= sums.transpose().array();
  scored.log_likelihood = largest.array() + sums.array().log();
  return scored;
}

void add_complete_block(const ObservedRows& rows, Index block, const MixtureFit& fit,
                        const Factors& factors, Expectation& sums) {
  const Index first = block * kBlockRows;
  const Index count = std::min(kBlockRows, rows.complete_count - first);
  const double* samples = rows.complete + first * rows.dimensions;
  BatchScores scores;
  score_batch(factors.packed.packed(), samples, count, Responsibilities::kGiven, scores);
  sums.log_likelihood += scores.log_likelihood.sum();
  for (Index k = 0; k < fit.weights.size(); ++k) {
    add_moments(samples, &scores.responsibilities(k, 0), count, &fit.means(k, 0), sums.moments[k]);
  }
}

void add_gap_block(const ObservedRows& rows, const GapBlock& block, const MixtureFit& fit,
                   const Factors& factors, Expectation& sums) {
  const ScoredBlock scored = score_block(rows, block, fit, factors);
  sums.log_likelihood += scored.log_likelihood.sum();
  for (Index k = 0; k < fit.weights.size(); ++k) {
    const Completed& completed = scored.completed[k];
    add_moments(completed.rows.data(), &scored.shares(k, 0), block.count, &fit.means(k, 0),
                sums.moments[k]);
    for (std::size_t i = 0; i < block.runs.size(); ++i) {
      const GapRun& run = block.runs[i];
      const double mass = scored.shares.row(k).segment(run.first, run.count).sum();
      sums.moments[k].second(run.missing, run.missing) += mass * completed.covariances[i];
    }
  }
}

Expectation no_sums(const MixtureFit& fit) {
  return {0, std::vector<Moments>(fit.weights.size(), Moments(fit.means.cols())), false};
}

void add(const Expectation& chunk, Expectation& sums) {
  sums.log_likelihood += chunk.log_likelihood;
  for (std::size_t k = 0; k < chunk.moments.size(); ++k) {
    sums.moments[k].mass += chunk.moments[k].mass;
    sums.moments[k].first += chunk.moments[k].first;
    sums.moments[k].second += chunk.moments[k].second;
  }
}

}  // namespace

Expectation expectation(const ObservedRows& rows, const MixtureFit& fit, int threads) {
  const Factors factors = factorise(fit, !rows.gap_blocks.empty());
  if (factors.failed) {
    Expectation none = no_sums(fit);
    none.failed = true;
    return none;
  }
  const Index complete = rows.complete_blocks();
  const Index blocks = complete + static_cast<Index>(rows.gap_blocks.size());
  const Index in_chunk = std::max(kLeastBlocks, (blocks + kMostChunks - 1) / kMostChunks);
  std::vector<Expectation> chunks((blocks + in_chunk - 1) / in_chunk, no_sums(fit));
  for_each_chunk(static_cast<Index>(chunks.size()), threads, [&](Index chunk) {
    const Index end = std::min(blocks, (chunk + 1) * in_chunk);
    for (Index block = chunk * in_chunk; block < end; ++block) {
      if (block < complete) {
        add_complete_block(rows, block, fit, factors, chunks[chunk]);
      } else {
        add_gap_block(rows, rows.gap_blocks[block - complete], fit, factors, chunks[chunk]);
      }
    }
  });
  Expectation sums = no_sums(fit);
  for (const Expectation& chunk : chunks) {
    add(chunk, sums);
  }
  return sums;
}

Vector log_likelihoods_of(const ObservedRows& rows, Index samples, const MixtureFit& fit) {
  const Factors factors = factorise(fit, !rows.gap_blocks.empty());
  if (factors.failed) {
    return Vector::Constant(samples, std::numeric_limits<double>::quiet_NaN());
  }
  BatchScores scores;
  score_batch(factors.packed.packed(), rows.complete, rows.complete_count,
              Responsibilities::kLeftOut, scores);
  if (rows.complete_count == samples) {
    return scores.log_likelihood;
  }
  Vector result = Vector::Zero(samples);
  result(rows.complete_order) = scores.log_likelihood;
  for (const GapBlock& block : rows.gap_blocks) {
    const Vector likelihoods = score_block(rows, block, fit, factors).log_likelihood;
    for (Index row = 0; row < block.count; ++row) {
      result[rows.gap_order[block.first + row]] = likelihoods[row];
    }
  }
  return result;
}

}  // namespace rolemix
