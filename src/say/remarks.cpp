#include "say/remarks.h"

#include <cmath>
#include <span>

#include "say/sentence.h"
#include "say/state.h"
#include "say/words.h"
#include "text/format.h"

namespace rolemix {
namespace {

constexpr double kLeastLikely = 0.01;

/// "97 %"; "<1 %" of something small.
std::string share_text(double share) {
  const long percent = std::lround(100 * share);
  return share > 0 && percent < 1 ? "<1 %" : std::to_string(percent) + " %";
}

std::string prediction(const RoleModel& model, const Prediction& prediction, Language language) {
  const MetricSpec& metric = model.metrics[prediction.metric];
  return fill(
      Text::kPredictedAlone, language,
      {metric.name, listed(metric_names(model, prediction.predictors), Text::kTwoNames, language),
       format_range(prediction.low, prediction.high, metric.unit, words(Text::kRange, language))});
}

std::string state_text(const RoleModel& model, const Explanation& explanation, const Detail& detail,
                       Language language) {
  const auto likely = [&](int state) { return share_text(explanation.responsibilities[state]); };
  const int state = explanation.state;
  std::string text = fill(Text::kState, language,
                          {std::to_string(state), likely(state), share_text(model.weights[state]),
                           state_name(model, state, language)});
  const int next = detail.runner_up;
  if (next >= 0 && explanation.responsibilities[next] >= kLeastLikely) {
    text += fill(Text::kNextState, language,
                 {std::to_string(next), likely(next), state_name(model, next, language)});
  }
  return text;
}

}  // namespace

std::vector<std::string> remarks(const RoleModel& model, const Explanation& explanation,
                                 const Detail& detail, Language language) {
  std::vector<std::string> lines;
  if (detail.prediction && !detail.prediction->predictors.empty()) {
    lines.push_back(prediction(model, *detail.prediction, language));
  }
  for (const MetricGroup& group : detail.groups) {
    lines.push_back(moves_with(metric_names(model, group.metrics), language));
  }
  lines.push_back(remedy_of(model, detail, language));
  if (detail.firm == false) {
    lines.emplace_back(words(Text::kNotFirm, language));
  }
  // A role's only state is no news.
  if (explanation.state >= 0 && model.components() > 1) {
    lines.push_back(state_text(model, explanation, detail, language));
  }
  std::erase(lines, "");
  return lines;
}

}  // namespace rolemix
