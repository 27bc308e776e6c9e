#include "cli/words.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace rolemix::cli {
namespace {

struct Row {
  Phrase phrase;
  const char* english;
  const char* japanese;
};

constexpr auto kRows = std::to_array<Row>({
    {Phrase::kMetric, "metric", "メトリック"},
    {Phrase::kObserved, "observed", "観測値"},
    {Phrase::kExpected, "expected", "予測値"},
    {Phrase::kExpectedRange, "expected range", "予測範囲"},
    {Phrase::kUsualRange, "usual range", "普段の範囲"},
    {Phrase::kBlame, "blame", "原因度"},
    {Phrase::kWhy, "why", "理由"},
    {Phrase::kSameHour, "days before", "前日までの同時刻"},
    {Phrase::kHourBefore, "hour before", "直前の 1 時間"},
    {Phrase::kInAlert, "in the alert", "アラート中"},
    {Phrase::kLeftRange, "left its range", "範囲から外れた時刻"},
    // The host, the time, the severity.
    {Phrase::kSample, "{} at {}, severity {:.0f}\n", "{}、{}、深刻度 {:.0f}\n"},
    {Phrase::kSimilar, "Like {} at {}, severity {:.0f} ({:.0f} % alike).\n",
     "似た時点: {}、{}、深刻度 {:.0f} (類似度 {:.0f} %)\n"},
    // The id, the hosts, the level, the start, the severity.
    {Phrase::kAlert, "alert {}: {}, {}, since {}, severity {:.0f}\n",
     "アラート {}: {}、{}、{} から、深刻度 {:.0f}\n"},
    // The host, the first and the last sample, how many samples, the severity.
    {Phrase::kSpan, "{}, {} to {}, {} samples, severity {:.0f}\n",
     "{}、{} から {} まで、サンプル {} 件、深刻度 {:.0f}\n"},
    {Phrase::kWorstSample, "\nIts worst sample:\n\n", "\n最も異常なサンプル:\n\n"},
    // The level, the hosts, the start, how long it lasted, the severity, the sentence, the id, what
    // became of it.
    {Phrase::kAlertEntry,
     "{:<8}  {}  since {}, {}, severity {:.0f}\n          {}\n          {}{}\n",
     "{:<8}  {}  {} から、{}、深刻度 {:.0f}\n          {}\n          {}{}\n"},
    {Phrase::kLasted, "lasted {:.0f} min", "{:.0f} 分継続"},
    {Phrase::kStillOpen, "still open", "継続中"},
    {Phrase::kSilent, "still open, no data since {}", "継続中、{} 以降データなし"},
    // Alerts and their plural, host-days, hosts and theirs, the two sensitivities, samples in a
    // row.
    {Phrase::kSummary,
     "{0} alert{1} in {2:.1f} host-days of {3} host{4} (warning: {5}, critical: {6}, {7} in a "
     "row)\n",
     "アラート {0} 件、{2:.1f} ホスト日、{3} ホスト (警告: {5}、重大: {6}、連続 {7} 回)\n"},
    // Samples and their plural.
    {Phrase::kAllOlder, "nothing new: {0} sample{1}, none later than the state\n",
     "新しいものはありません: サンプル {0} 件、状態ファイルより後のものはありません\n"},
    {Phrase::kOpened, "opened", "発生"},
    {Phrase::kEscalated, "escalated", "重大に変化"},
    {Phrase::kClosed, "closed", "終了"},
    {Phrase::kNoneOpen, "no alert is open\n", "継続中のアラートはありません\n"},
});

static_assert(kRows.size() == static_cast<std::size_t>(Phrase::kNoneOpen) + 1);
static_assert(std::ranges::is_sorted(kRows, {}, &Row::phrase));

}  // namespace

std::string_view words(Phrase phrase, Language language) {
  const Row& row = kRows[static_cast<std::size_t>(phrase)];
  return language == Language::kJapanese ? row.japanese : row.english;
}

}  // namespace rolemix::cli
