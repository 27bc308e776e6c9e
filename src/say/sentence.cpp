#include "say/sentence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "text/format.h"
#include "text/time.h"

namespace rolemix {
namespace {

enum class Text : std::uint8_t {
  kNotMeasured,
  kNoLevel,
  kInside,
  kInsideWatched,
  kUnusualAlone,
  kUnusualValue,
  kUnusualValuePredicted,
  kUnusualGivenOthers,
  kUnusualGivenOthersPredicted,
  kBoth,
  kBothPredicted,
  kHostsAtOnce,
  kHostsAtOnceOfWorst,
  kLeftFirst,
  kLeftFirstTogether,
  kChanged,
  kUnchanged,
  kOnlyHost,
  kNoOtherHost,
  kSomeHosts,
  kAllHosts,
  kRemedy,
  kWouldBe,
  kWouldBeToo,
  kMovesWith,
  kTwoNames,
  kTwoValues,
  kMore,
  kLast,
  kRange,
};

/// A text in each language. {0} and so on stand for what is filled in; in Japanese, no space
/// follows a percent sign.
struct Row {
  Text text;
  const char* english;
  const char* japanese;
};

constexpr auto kRows = std::to_array<Row>({
    {Text::kNotMeasured, "No metric was measured.", "測定値のあるメトリックがありません。"},
    {Text::kNoLevel, "No metric has a level yet.",
     "このホストの普段の水準がまだわからないため、判定できるメトリックがありません。"},
    // The metric, its value, its usual range, the predicted one, the predictors.
    {Text::kInside, "No single metric is outside its range; {0}, at {1}, differs most.",
     "単独で範囲から外れているメトリックはありません。最も差が大きいのは {0} "
     "({1})です。"},
    {Text::kInsideWatched,
     "No metric is outside its range on the side that is watched; {0}, at {1}, differs "
     "most.",
     "検知の対象となる方向に外れているメトリックはありません。最も差が大きいのは {0} "
     "({1})です。"},
    {Text::kUnusualAlone, "{0} is {1}: outside its usual {2}.",
     "{0} は {1} です。普段の範囲 {2} から外れています。"},
    {Text::kUnusualValue,
     "{0} is {1}: outside its usual {2}, though it goes with the other metrics, which "
     "predict {3}.",
     "{0} は {1} です。普段の範囲 {2} "
     "からは外れていますが、ほかのメトリックから予測される範囲 {3} "
     "には収まっています。"},
    {Text::kUnusualValuePredicted,
     "{0} is {1}: outside its usual {2}, though it goes with the other metrics, above "
     "all {4}, which predict {3}.",
     "{0} は {1} です。普段の範囲 {2} "
     "からは外れていますが、ほかのメトリック(主に {4})から予測される範囲 {3} "
     "には収まっています。"},
    {Text::kUnusualGivenOthers,
     "{0} is {1}: within its usual {2}, but the other metrics predict {3}.",
     "{0} は {1} です。普段の範囲 {2} "
     "には収まっていますが、ほかのメトリックから予測される範囲は {3} です。"},
    {Text::kUnusualGivenOthersPredicted,
     "{0} is {1}: within its usual {2}, but the other metrics, above all "
     "{4}, predict {3}.",
     "{0} は {1} です。普段の範囲 {2} "
     "には収まっていますが、ほかのメトリック(主に {4})から予測される範囲は {3} "
     "です。"},
    {Text::kBoth, "{0} is {1}: outside its usual {2}, and the other metrics predict {3}.",
     "{0} は {1} です。普段の範囲 {2} "
     "から外れており、ほかのメトリックから予測される範囲 {3} からも外れています。"},
    {Text::kBothPredicted,
     "{0} is {1}: outside its usual {2}, and the other metrics, above all "
     "{4}, predict {3}.",
     "{0} は {1} です。普段の範囲 {2} "
     "から外れており、ほかのメトリック(主に {4})から予測される範囲 {3} "
     "からも外れています。"},
    // The number of hosts, the worst one, its sentence.
    {Text::kHostsAtOnce, "{0} hosts at once, most of all {1}.",
     "{0} 台のホストで同時に異常が見られます。最も顕著なのは {1} です。"},
    {Text::kHostsAtOnceOfWorst, "{0} hosts at once, most of all {1}: {2}",
     "{0} 台のホストで同時に異常が見られます。最も顕著なのは {1} です。{2}"},
    // The metrics, the time.
    {Text::kLeftFirst, "{0} left its range first, at {1}.",
     "最初に範囲から外れたのは {0} です({1})。"},
    {Text::kLeftFirstTogether, "{0} left their ranges first, at {1}.",
     "最初に範囲から外れたのは {0} です({1})。"},
    // The metric, what it was, what it is.
    {Text::kChanged, "{0} was {1} in the day before, {2} now.",
     "{0} は、直前の 1 日では {1} でしたが、現在は {2} です。"},
    {Text::kUnchanged, "{0} is {2}, as in the day before.",
     "{0} は {2} で、直前の 1 日と変わりません。"},
    // The number of unusual hosts, that of all.
    {Text::kOnlyHost, "No other host of the role was measured at that time.",
     "この時刻に測定値があるのは、ロール内でこのホストだけです。"},
    {Text::kNoOtherHost, "No other host of the role is unusual at that time.",
     "この時刻に、ロール内のほかのホストには異常は見られません。"},
    {Text::kSomeHosts, "{0} of {1} hosts of the role are unusual at that time.",
     "この時刻に、ロール内のホスト {1} 台のうち {0} 台で異常が見られます。"},
    {Text::kAllHosts, "All {1} hosts of the role are unusual at that time.",
     "この時刻に、ロール内のホスト {1} 台すべてで異常が見られます。"},
    // The wishes, each of a metric and its value; the metrics.
    {Text::kRemedy, "It would be normal if {0}.", "{0} であれば正常です。"},
    {Text::kWouldBe, "{0} were {1}", "{0} が {1}"},
    {Text::kWouldBeToo, "{0} {1}", "{0} が {1}"},
    {Text::kMovesWith, "Move together: {0}", "連動するメトリック: {0}"},
    // What stands between names, between wishes, and between the ends of a range.
    {Text::kTwoNames, " and ", " と "},
    {Text::kTwoValues, " and ", "、"},
    {Text::kMore, ", ", "、"},
    {Text::kLast, " and ", "、"},
    {Text::kRange, "", "〜"},
});

static_assert(kRows.size() == static_cast<std::size_t>(Text::kRange) + 1);
static_assert(std::ranges::is_sorted(kRows, {}, &Row::text));

std::string_view words(Text text, Language language) {
  const Row& row = kRows[static_cast<std::size_t>(text)];
  return language == Language::kJapanese ? row.japanese : row.english;
}

/// The text with its parts filled in. Parts are not looked into.
std::string fill(Text text, Language language, std::initializer_list<std::string_view> parts) {
  std::string_view rest = words(text, language);
  std::string result;
  for (std::size_t open = rest.find('{'); open < rest.size(); open = rest.find('{')) {
    constexpr std::size_t kPlaceholder = 3;  // characters
    const std::string_view part = parts.begin()[rest[open + 1] - '0'];
    result += rest.substr(0, open);
    result += part;
    rest.remove_prefix(open + kPlaceholder);
    if (language == Language::kJapanese && part.ends_with('%') && rest.starts_with(' ')) {
      rest.remove_prefix(1);
    }
  }
  return result += rest;
}

/// "a", "a and b", "a, b and c".
std::string listed(std::span<const std::string> items, Text between_two, Language language) {
  std::string result;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) {
      const bool is_last = i + 1 == items.size();
      result += words(is_last ? (i == 1 ? between_two : Text::kLast) : Text::kMore, language);
    }
    result += items[i];
  }
  return result;
}

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

std::string sentence(const Finding& finding, Language language) {
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
  if (finding.kind != FindingKind::kOutside) {
    const bool ignored = finding.kind == FindingKind::kIgnoredSide;
    return fill(ignored ? Text::kInsideWatched : Text::kInside, language,
                {metric.name, format_value(metric.observed, metric.unit)});
  }
  const std::array<ValueRange, 2> ranges = {
      {{metric.typical_low, metric.typical_high}, {metric.low, metric.high}}};
  const ShownValueAndRanges shown =
      format_against(metric.observed, ranges, metric.unit, words(Text::kRange, language));
  return fill(text_of(metric.reason, finding.alone, !finding.predictors.empty()), language,
              {metric.name, shown.value, shown.ranges[0], shown.ranges[1],
               listed(finding.predictors, Text::kTwoNames, language)});
}

std::string sentence(const Alert& alert, Language language) {
  const std::string of_worst = alert.finding ? sentence(*alert.finding, language) : "";
  if (alert.scope == AlertScope::kHost) {
    return of_worst;
  }
  return fill(of_worst.empty() ? Text::kHostsAtOnce : Text::kHostsAtOnceOfWorst, language,
              {std::to_string(alert.hosts.size()), alert.worst_host, of_worst});
}

std::string left_first_sentence(std::span<const std::string> metrics, double at,
                                Language language) {
  if (metrics.empty()) {
    return "";
  }
  return fill(metrics.size() == 1 ? Text::kLeftFirst : Text::kLeftFirstTogether, language,
              {listed(metrics, Text::kTwoNames, language), minute_text(at)});
}

std::string changed_sentence(std::string_view metric, std::string_view unit, double before,
                             double now, Language language) {
  if (std::isnan(before) || std::isnan(now)) {
    return "";
  }
  const auto [shown_before, shown_now] = format_both(before, now, unit);
  return fill(before == now ? Text::kUnchanged : Text::kChanged, language,
              {metric, shown_before, shown_now});
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

std::string remedy_sentence(std::span<const WantedValue> values, Language language) {
  if (values.empty()) {
    return "";
  }
  std::vector<std::string> parts;
  parts.reserve(values.size());
  for (const WantedValue& wanted : values) {
    parts.push_back(fill(parts.empty() ? Text::kWouldBe : Text::kWouldBeToo, language,
                         {wanted.metric, format_value(wanted.value, wanted.unit)}));
  }
  return fill(Text::kRemedy, language, {listed(parts, Text::kTwoValues, language)});
}

std::string remedy_of(const RoleModel& model, const Detail& detail, Language language) {
  constexpr std::size_t kMostNamed = 3;
  if (!detail.remedy.found || detail.remedy.metrics.size() > kMostNamed) {
    return "";
  }
  std::vector<WantedValue> values;
  for (std::size_t i = 0; i < detail.remedy.metrics.size(); ++i) {
    const MetricSpec& metric = model.metrics[detail.remedy.metrics[i]];
    values.push_back({metric.name, metric.unit, detail.remedy.values[i]});
  }
  return remedy_sentence(values, language);
}

std::string moves_with(std::span<const std::string> metrics, Language language) {
  std::string names;
  for (const std::string& metric : metrics) {
    names += (names.empty() ? "" : std::string(words(Text::kMore, language))) + metric;
  }
  return names.empty() ? "" : fill(Text::kMovesWith, language, {names});
}

}  // namespace rolemix
