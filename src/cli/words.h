// What the command says beside the core's sentences, in one table with a column per language.
#ifndef ROLEMIX_CLI_WORDS_H_
#define ROLEMIX_CLI_WORDS_H_

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "text/language.h"

namespace rolemix::cli {

enum class Phrase : std::uint8_t {
  kMetric,
  kObserved,
  kExpected,
  kExpectedRange,
  kUsualRange,
  kBlame,
  kWhy,
  kSameHour,
  kHourBefore,
  kInAlert,
  kLeftRange,
  kSample,
  kSimilar,
  kAlert,
  kSpan,
  kWorstSample,
  kAlertEntry,
  kLasted,
  kStillOpen,
  kSilent,
  kSummary,
  kAllOlder,
  kOpened,
  kEscalated,
  kClosed,
  kNoneOpen,
};

/// The phrase as a format of fmt, or as it is.
std::string_view words(Phrase phrase, Language language);

/// With its parts filled in.
template <typename... Parts>
std::string say(Language language, Phrase phrase, const Parts&... parts) {
  return fmt::vformat(words(phrase, language), fmt::make_format_args(parts...));
}

}  // namespace rolemix::cli

#endif  // ROLEMIX_CLI_WORDS_H_
