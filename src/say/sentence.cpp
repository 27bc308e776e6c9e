#include "say/sentence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "say/words.h"
#include "text/format.h"
#include "text/time.h"

namespace rolemix {
namespace {

Text text_of(Reason reason, bool alone, bool predicted) {
  if (alone && reason != Reason::kUnusualGivenOthers) {
    return Text::kUnusualAlone;
  }
  switch (reason) {
    case Reason::kUnusualValue:
      return predicted ? Text::kUnusualValuePredicted : Text::kUnusualValue;
    case Reason::kUnusualGivenOthers:
      return predicted ? Text::kUnusualGivenOthersPredicted : Text::kUnusualGivenOthers;
    case Reason::kBoth:
      return predicted ? Text::kBothPredicted : Text::kBoth;
    case Reason::kNone:
      break;
  }
  return Text::kInside;
}

}  // namespace

std::string sentence(const RoleModel& model, const Finding& finding, Language language) {
  switch (finding.kind) {
    case FindingKind::kNotMeasured:
      return fill(Text::kNotMeasured, language, {});
    case FindingKind::kNoLevel:
      return fill(Text::kNoLevel, language, {});
    case FindingKind::kInside:
    case FindingKind::kIgnoredSide:
    case FindingKind::kOutside:
      break;
  }
  const FoundMetric& metric = finding.metrics.front();
  const MetricSpec& spec = model.metrics[metric.metric];
  if (finding.kind != FindingKind::kOutside) {
    const bool ignored = finding.kind == FindingKind::kIgnoredSide;
    return fill(ignored ? Text::kInsideWatched : Text::kInside, language,
                {spec.name, format_value(metric.observed, spec.unit)});
  }
  const std::array<ValueRange, 2> ranges = {
      {{metric.typical_low, metric.typical_high}, {metric.low, metric.high}}};
  const ShownValueAndRanges shown =
      format_against(metric.observed, ranges, spec.unit, words(Text::kRange, language));
  return fill(text_of(metric.reason, finding.alone, !finding.predictors.empty()), language,
              {spec.name, shown.value, shown.ranges[0], shown.ranges[1],
               listed(metric_names(model, finding.predictors), Text::kTwoNames, language)});
}

std::string role_sentence(std::size_t hosts, std::string_view worst_host, std::string_view of_worst,
                          Language language) {
  return fill(of_worst.empty() ? Text::kHostsAtOnce : Text::kHostsAtOnceOfWorst, language,
              {std::to_string(hosts), worst_host, of_worst});
}

std::string sentence(const RoleModel& model, const Alert& alert, Language language) {
  const std::string of_worst = alert.finding ? sentence(model, *alert.finding, language) : "";
  return alert.scope == AlertScope::kHost
             ? of_worst
             : role_sentence(alert.hosts.size(), alert.worst_host, of_worst, language);
}

std::string left_first_sentence(std::span<const std::string> metrics, double at,
                                Language language) {
  if (metrics.empty()) {
    return "";
  }
  return fill(metrics.size() == 1 ? Text::kLeftFirst : Text::kLeftFirstTogether, language,
              {listed(metrics, Text::kTwoNames, language), minute_text(at)});
}

std::string_view name(Before before) {
  return before == Before::kSameHour ? "same_hour" : "hour_before";
}

std::string changed_sentence(std::string_view metric, std::string_view unit, double before,
                             double now, Before when, Language language) {
  if (std::isnan(before) || std::isnan(now)) {
    return "";
  }
  const auto [shown_before, shown_now] = format_both(before, now, unit);
  const bool is_same = before == now;
  const Text text = when == Before::kSameHour
                        ? (is_same ? Text::kAsAtSameHour : Text::kChangedFromSameHour)
                        : (is_same ? Text::kAsInHourBefore : Text::kChangedFromHourBefore);
  return fill(text, language, {metric, shown_before, shown_now});
}

std::string peers_sentence(int hosts, double low, double high, std::string_view unit,
                           Language language) {
  if (hosts == 0) {
    return "";
  }
  return fill(hosts == 1 ? Text::kOnePeer : Text::kPeers, language,
              {std::to_string(hosts),
               low == high ? format_value(low, unit)
                           : format_range(low, high, unit, words(Text::kRange, language))});
}

std::string others_sentence(std::size_t unusual, std::size_t hosts, Language language) {
  Text text = Text::kSomeHosts;
  if (hosts <= 1) {
    text = Text::kOnlyHost;
  } else if (unusual <= 1) {
    text = Text::kNoOtherHost;
  } else if (unusual == hosts) {
    text = Text::kAllHosts;
  }
  return fill(text, language, {std::to_string(unusual), std::to_string(hosts)});
}

std::string remedy_sentence(std::span<const WantedValue> values, Language language, bool enough) {
  if (values.empty()) {
    return "";
  }
  std::vector<std::string> parts;
  parts.reserve(values.size());
  for (const WantedValue& wanted : values) {
    parts.push_back(fill(parts.empty() ? Text::kWouldBe : Text::kWouldBeToo, language,
                         {wanted.metric, format_value(wanted.value, wanted.unit)}));
  }
  return fill(enough ? Text::kRemedy : Text::kNearest, language,
              {listed(parts, Text::kTwoValues, language)});
}

std::string remedy_of(const RoleModel& model, const Detail& detail, Language language) {
  constexpr std::size_t kMostNamed = 3;
  const Remedy& remedy = detail.remedy;
  if (remedy.metrics.size() > kMostNamed) {
    return "";
  }
  std::vector<WantedValue> values;
  for (std::size_t i = 0; i < remedy.metrics.size(); ++i) {
    const MetricSpec& metric = model.metrics[remedy.metrics[i]];
    values.push_back({metric.name, metric.unit, remedy.values[i]});
  }
  std::string text = remedy_sentence(values, language, remedy.found);
  if (!text.empty() && remedy.found && !remedy.exact) {
    text += words(Text::kMaybeFewer, language);
  }
  return text;
}

std::string moves_with(std::span<const std::string> metrics, Language language) {
  return metrics.empty() ? "" : fill(Text::kMovesWith, language, {joined(metrics, language)});
}

}  // namespace rolemix
