#include "model/edit.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "base/digest.h"
#include "mixture/linear_algebra.h"
#include "model/units.h"

namespace rolemix {
namespace {

constexpr double kLogTwoPi = 1.8378770664093454836;

std::vector<Index> kept_metrics(const std::vector<MetricEdit>& edits) {
  std::vector<Index> kept;
  for (std::size_t d = 0; d < edits.size(); ++d) {
    if (!edits[d].muted) {
      kept.push_back(static_cast<Index>(d));
    }
  }
  return kept;
}

Result<void> check(const RoleModel& model, const std::vector<MetricEdit>& edits) {
  if (edits.size() != model.metrics.size()) {
    return fail(ErrorCode::kShapeMismatch, "edit: expected one for each of " +
                                               std::to_string(model.metrics.size()) +
                                               " metrics, got " + std::to_string(edits.size()));
  }
  if (kept_metrics(edits).empty()) {
    return fail(ErrorCode::kInvalidArgument, "mute: expected a metric that is left, got none");
  }
  for (std::size_t d = 0; d < edits.size(); ++d) {
    const double tolerance = edits[d].tolerance;
    if (!std::isnan(tolerance) && !is_scale(tolerance)) {
      return fail(ErrorCode::kInvalidArgument,
                  "metric " + model.metrics[d].name + ": expected a tolerance in 1e-50..1e50");
    }
    if (!std::isnan(tolerance) && model.unclipped_covariances.empty()) {
      return fail(ErrorCode::kInvalidArgument,
                  "metric " + model.metrics[d].name +
                      ": its tolerance cannot change, the model keeps no unclipped covariances");
    }
  }
  return {};
}

/// Names the model and the edits.
std::string edited_id(const RoleModel& model, const std::vector<MetricEdit>& edits) {
  std::string text = model.model_id;
  for (const MetricEdit& edit : edits) {
    text.append(reinterpret_cast<const char*>(&edit.tolerance), sizeof edit.tolerance);
    text.push_back(edit.muted ? '1' : '0');
  }
  return hexadecimal(digest(text));
}

Result<void> set_tolerances(RoleModel& model, const std::vector<MetricEdit>& edits) {
  const Index dimensions = model.dimensions();
  Vector units = Vector::Ones(dimensions);  // new model units in one old one
  bool changed = false;
  for (Index d = 0; d < dimensions; ++d) {
    MetricSpec& metric = model.metrics[d];
    if (std::isnan(edits[d].tolerance) || edits[d].tolerance == metric.tolerance) {
      continue;
    }
    units[d] = metric.tolerance / edits[d].tolerance;
    metric.transform_tolerance = transform_tolerance(metric);
    metric.tolerance = edits[d].tolerance;
    metric.tolerance_source = "edited";
    changed = true;
  }
  if (!changed) {
    return {};
  }
  for (Index k = 0; k < model.components(); ++k) {
    for (Index d = 0; d < dimensions; ++d) {
      model.means(k, d) *= units[d];
    }
    Matrix& unclipped = model.unclipped_covariances[k];
    unclipped = scaled(unclipped, units, units);
    std::optional<Matrix> raised = raised_to_identity(unclipped);
    if (!raised) {
      return fail(ErrorCode::kNotPositiveDefinite,
                  "edit: the covariance of state " + std::to_string(k) + " has no eigenvalues");
    }
    model.covariances[k] = *std::move(raised);
  }
  return {};
}

void keep_metrics(RoleModel& model, const std::vector<Index>& kept) {
  if (static_cast<Index>(kept.size()) == model.dimensions()) {
    return;
  }
  std::vector<MetricSpec> metrics;
  Matrix means(model.components(), static_cast<Index>(kept.size()));
  for (std::size_t i = 0; i < kept.size(); ++i) {
    metrics.push_back(std::move(model.metrics[kept[i]]));
    means.col(static_cast<Index>(i)) = model.means.col(kept[i]);
  }
  model.metrics = std::move(metrics);
  model.means = std::move(means);
  for (std::vector<Matrix>* matrices : {&model.covariances, &model.unclipped_covariances}) {
    for (Matrix& matrix : *matrices) {
      matrix = submatrix(matrix, kept);
    }
  }
}

/// Of -log N(x; μ, Σ) for x from N(μ, C): ½ (log |2πΣ| + tr Σ⁻¹C), and the variance ½ tr (Σ⁻¹C)²
/// (Mathai & Provost 1992, theorem 3.2b.2).
ExpectedScore expected_score(const GaussianMixture& mixture, const std::vector<Matrix>& unclipped) {
  const Index dimensions = mixture.dimensions();
  ExpectedScore expected;
  double variance = 0;
  for (Index k = 0; k < mixture.components(); ++k) {
    double trace = static_cast<double>(dimensions);
    double square = trace;
    if (!unclipped.empty()) {
      Matrix ratio(dimensions, dimensions);  // Σ⁻¹C
      for (Index d = 0; d < dimensions; ++d) {
        ratio.row(d) = product(unclipped[k], mixture.precision(k).row(d).transpose()).transpose();
      }
      trace = ratio.trace();
      square = 0;
      for (Index i = 0; i < dimensions; ++i) {
        for (Index j = 0; j < dimensions; ++j) {
          square += ratio(i, j) * ratio(j, i);
        }
      }
    }
    const double weight = mixture.weights()[k];
    expected.mean +=
        weight *
        (0.5 * (static_cast<double>(dimensions) * kLogTwoPi + mixture.log_determinant(k) + trace) -
         std::log(weight));
    variance += weight * 0.5 * square;
  }
  expected.standard_deviation = std::sqrt(variance);
  return expected;
}

}  // namespace

Result<ExpectedScore> expected_score(const RoleModel& model) {
  const auto mixture = validated_mixture(model);
  if (!mixture) {
    return std::unexpected(mixture.error());
  }
  return expected_score(*mixture, model.unclipped_covariances);
}

Result<RoleModel> edited(const RoleModel& model, const std::vector<MetricEdit>& edits) {
  if (auto checked = check(model, edits); !checked) {
    return std::unexpected(checked.error());
  }
  RoleModel result = model;
  if (auto set = set_tolerances(result, edits); !set) {
    return std::unexpected(set.error());
  }
  keep_metrics(result, kept_metrics(edits));
  const auto before = expected_score(model);
  const auto after = expected_score(result);
  if (!before || !after) {
    return std::unexpected(before ? after.error() : before.error());
  }
  // A score as many spreads above the expected one counts as it did.
  Calibration& calibration = result.calibration;
  const double ratio = before->standard_deviation / after->standard_deviation;
  if (std::isfinite(ratio) && ratio > 0) {
    calibration.score_scale *= ratio;
    calibration.typical_score =
        after->mean + (model.calibration.typical_score - before->mean) / ratio;
  }
  calibration.history.clear();
  if (auto checked = validate(calibration); !checked) {
    return std::unexpected(checked.error());
  }
  result.model_id = edited_id(model, edits);
  return result;
}

}  // namespace rolemix
