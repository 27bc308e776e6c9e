#include "say/words.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace rolemix {
namespace {

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
    {Text::kChangedFromSameHour, "{0} was {1} at this hour of the days before, {2} now.",
     "{0} は、前日までの同じ時間帯では {1} でしたが、現在は {2} です。"},
    {Text::kAsAtSameHour, "{0} is {2}, as at this hour of the days before.",
     "{0} は {2} で、前日までの同じ時間帯と変わりません。"},
    {Text::kChangedFromHourBefore, "{0} was {1} in the hour before, {2} now.",
     "{0} は、直前の 1 時間では {1} でしたが、現在は {2} です。"},
    {Text::kAsInHourBefore, "{0} is {2}, as in the hour before.",
     "{0} は {2} で、直前の 1 時間と変わりません。"},
    // The number of other hosts, what they show.
    {Text::kOnePeer, "The other host of the role is at {1}.",
     "ロール内のほかの 1 台では {1} です。"},
    {Text::kPeers, "The other {0} hosts of the role are at {1}.",
     "ロール内のほかの {0} 台では {1} です。"},
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
    {Text::kNearest, "No few values make it normal; it would be nearest if {0}.",
     "少数の値を変えるだけでは正常になりません。最も近づくのは {0} の場合です。"},
    {Text::kMaybeFewer, " Maybe fewer are enough.", "より少ない変更で足りる可能性があります。"},
    {Text::kWouldBe, "{0} were {1}", "{0} が {1}"},
    {Text::kWouldBeToo, "{0} {1}", "{0} が {1}"},
    {Text::kMovesWith, "Move together: {0}", "連動するメトリック: {0}"},
    // The metric, what predicts it, the range.
    {Text::kPredictedAlone, "{1} alone would predict {2} for {0}.",
     "{1} だけから予測される {0} の範囲は {2} です。"},
    {Text::kNotFirm, "The first metric is not clearly ahead of the next.",
     "1 位と 2 位のメトリックの差は明確ではありません。"},
    // The state's number, its probability, its share of the role's time, its name.
    {Text::kState, "Judged in state {0} ({1} likely, {2} of the role's time): {3}.",
     "状態 {0} (確率 {1}、ロールの時間の {2})として判定しました: {3}。"},
    {Text::kNextState, " Next is state {0} ({1}): {2}.", "次点は状態 {0} (確率 {1})です: {2}。"},
    {Text::kNormal, "normal", "正常"},
    {Text::kUnusual, "unusual", "普段と異なる"},
    {Text::kWarning, "warning", "警告"},
    {Text::kCritical, "critical", "重大"},
    {Text::kSensitive, "sensitive", "敏感"},
    {Text::kStandard, "normal", "標準"},
    {Text::kInsensitive, "insensitive", "鈍感"},
    {Text::kAbove, "above", "上"},
    {Text::kBelow, "below", "下"},
    {Text::kWithin, "within its ranges", "範囲内"},
    {Text::kUnusualValueWord, "unusual value", "普段と異なる値"},
    {Text::kUnfitting, "does not fit the others", "ほかのメトリックと合わない"},
    {Text::kUnusualAndUnfitting, "unusual value, does not fit the others",
     "普段と異なる値、ほかのメトリックと合わない"},
    {Text::kNotMeasuredWord, "not measured", "測定値なし"},
    {Text::kNoLevelWord, "its host has no level yet", "ホストの普段の水準がまだ不明"},
    {Text::kOnlyState, "the only state", "唯一の状態"},
    {Text::kAverage, "close to the average", "平均に近い"},
    // The metric, its value.
    {Text::kHigh, "{0} high ({1})", "{0} 高 ({1})"},
    {Text::kLow, "{0} low ({1})", "{0} 低 ({1})"},
    {Text::kMonday, "Mondays", "月曜"},
    {Text::kTuesday, "Tuesdays", "火曜"},
    {Text::kWednesday, "Wednesdays", "水曜"},
    {Text::kThursday, "Thursdays", "木曜"},
    {Text::kFriday, "Fridays", "金曜"},
    {Text::kSaturday, "Saturdays", "土曜"},
    {Text::kSunday, "Sundays", "日曜"},
    {Text::kWeekdays, "weekdays", "平日"},
    {Text::kWeekends, "weekends", "週末"},
    {Text::kHours, "{0}-{1} UTC", "{0}〜{1} UTC"},
    // What stands between names, between wishes, and between the ends of a range.
    {Text::kTwoNames, " and ", " と "},
    {Text::kTwoValues, " and ", "、"},
    {Text::kMore, ", ", "、"},
    {Text::kLast, " and ", "、"},
    {Text::kRange, "", "〜"},
});

static_assert(kRows.size() == static_cast<std::size_t>(Text::kRange) + 1);
static_assert(std::ranges::is_sorted(kRows, {}, &Row::text));

}  // namespace

std::string_view words(Text text, Language language) {
  const Row& row = kRows[static_cast<std::size_t>(text)];
  return language == Language::kJapanese ? row.japanese : row.english;
}

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

std::string joined(std::span<const std::string> items, Language language) {
  std::string result;
  for (const std::string& item : items) {
    result += result.empty() ? "" : words(Text::kMore, language);
    result += item;
  }
  return result;
}

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

}  // namespace rolemix
