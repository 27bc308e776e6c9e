#include "explain/detail.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "explain/normal_set.h"
#include "explain/relation.h"
#include "model/calibration.h"
#include "model/units.h"
#include "samples/place.h"

namespace rolemix {
namespace {

/// The same about the host's own level, where that is the more usual: alerts go by the lower score.
Place more_usual(Scorer& scorer, const Place& place, const VectorRef& shift) {
  Place at_level = place;
  for (Index d = 0; d < shift.size(); ++d) {
    if (!scorer.model().metrics[d].center_by_host && !std::isnan(shift[d])) {
      at_level.sample[d] -= shift[d];
      at_level.up[d] += shift[d];
    }
  }
  const auto score = [&](const Place& of) {
    return scorer.score_samples(of.sample.transpose()).completed_score[0];
  };
  return score(at_level) < score(place) ? at_level : place;
}

/// The completed score from which a lasting sample is anomalous.
double highest_normal_score(const RoleModel& model) {
  const Calibration& calibration = model.calibration;
  const double threshold =
      alert_threshold(calibration, model.alert_settings.max_check_attempts,
                      return_time_of_severity(severity_of(model.alert_settings.warning)));
  return calibration.typical_score + std::expm1(threshold) / calibration.score_scale;
}

Remedy remedy_for(Scorer& scorer, const Place& place, const VectorRef& shift) {
  const RoleModel& model = scorer.model();
  const double bound = highest_normal_score(model);
  if (!std::isfinite(bound)) {
    return {};  // not calibrated: there is no threshold
  }
  const Place usual = more_usual(scorer, place, shift);
  // A hair below, so that the threshold itself, which is anomalous, is not reached.
  const NormalSet set = normal_set(scorer, usual.sample, bound - 1e-9 * (1 + std::abs(bound)));
  Remedy remedy{{}, {}, set.found, set.exact};
  for (std::size_t i = 0; i < set.metrics.size(); ++i) {
    const Index d = set.metrics[i];
    remedy.metrics.push_back(static_cast<int>(d));
    remedy.values.push_back(
        to_shown_value(model.metrics[d], set.values[static_cast<Index>(i)] + usual.up[d]));
  }
  return remedy;
}

std::vector<MetricGroup> groups_for(const Scorer::Group& group, const Explanation& explanation) {
  const std::vector<Index>& observed = group.part->dimensions;
  std::vector<MetricGroup> groups;
  for (const std::vector<Index>& together : groups_of(group.part->mixture(), explanation.state)) {
    MetricGroup found;
    bool outside = false;
    for (const Index i : together) {
      const MetricExplanation& metric = explanation.metrics[observed[i]];
      found.metrics.push_back(static_cast<int>(observed[i]));
      found.blame += metric.blame;
      outside |= metric.reason != Reason::kNone;
    }
    if (outside) {
      groups.push_back(std::move(found));
    }
  }
  return groups;
}

std::optional<Prediction> prediction_for(const RoleModel& model, const Scorer::Group& group,
                                         const Place& place, const Explanation& explanation) {
  const std::vector<Index>& observed = group.part->dimensions;
  const int top = explanation.ranking.front();
  const auto found = std::ranges::find(observed, top);
  if (found == observed.end()) {
    return {};
  }
  const auto relation = relation_of(group.part->mixture(), explanation.state,
                                    group.scored.row(0).transpose(), found - observed.begin());
  if (!relation) {
    return {};
  }
  const auto value = [&](double x) {
    return to_shown_value(model.metrics[top], x + place.up[top]);
  };
  Prediction prediction{
      top, {}, value(relation->expected), value(relation->low), value(relation->high)};
  for (const Index predictor : relation->predictors) {
    prediction.predictors.push_back(static_cast<int>(observed[predictor]));
  }
  return prediction;
}

int runner_up_of(const Explanation& explanation) {
  int best = -1;
  for (Index k = 0; k < explanation.responsibilities.size(); ++k) {
    if (k != explanation.state &&
        (best < 0 || explanation.responsibilities[k] > explanation.responsibilities[best])) {
      best = static_cast<int>(k);
    }
  }
  return best;
}

/// Rank 1 against the first that does not move with it: evidence is of the scale of the scores, of
/// which the calibration's interval says how uncertain it is.
std::optional<bool> firmness(const RoleModel& model, const Explanation& explanation,
                             const std::vector<MetricGroup>& groups) {
  const HistoryRecord* record = history_record(model.calibration, model.alert_settings.warning,
                                               model.alert_settings.max_check_attempts);
  const double factor =
      record == nullptr ? 0
                        : std::expm1(record->threshold_high) / std::expm1(record->threshold_low);
  if (!(factor >= 1)) {
    return {};
  }
  const int top = explanation.ranking.front();
  const auto moves_with_top = [&](int d) {
    return std::ranges::any_of(groups, [&](const MetricGroup& group) {
      return std::ranges::count(group.metrics, top) > 0 && std::ranges::count(group.metrics, d) > 0;
    });
  };
  for (const int d : explanation.ranking) {
    if (d != top && !moves_with_top(d)) {
      const double ratio = explanation.metrics[top].blame / explanation.metrics[d].blame;
      return ratio * ratio >= factor;  // blames are of roots
    }
  }
  return true;
}

}  // namespace

Detail detail_of(Explainer& explainer, const VectorRef& values, const VectorRef& shift,
                 const Explanation& explanation) {
  Scorer& scorer = explainer.scorer();
  Detail detail;
  if (explanation.state < 0) {
    return detail;
  }
  const Place place = place_of(scorer.model(), values, shift);
  detail.runner_up = runner_up_of(explanation);
  {
    const std::vector<Scorer::Group> groups = scorer.groups(place.sample.transpose());
    detail.groups = groups_for(groups.front(), explanation);
    detail.prediction = prediction_for(scorer.model(), groups.front(), place, explanation);
  }
  detail.firm = firmness(scorer.model(), explanation, detail.groups);
  detail.remedy = remedy_for(scorer, place, shift);
  return detail;
}

std::optional<Prediction> prediction_of(Explainer& explainer, const VectorRef& values,
                                        const VectorRef& shift, const Explanation& explanation) {
  if (explanation.state < 0) {
    return {};
  }
  Scorer& scorer = explainer.scorer();
  const Place place = place_of(scorer.model(), values, shift);
  return prediction_for(scorer.model(), scorer.groups(place.sample.transpose()).front(), place,
                        explanation);
}

}  // namespace rolemix
