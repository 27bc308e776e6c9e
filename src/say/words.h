// The one table of what the core tells people, with a column per language.
#ifndef ROLEMIX_SAY_WORDS_H_
#define ROLEMIX_SAY_WORDS_H_

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "text/language.h"

namespace rolemix {

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
  kChangedFromSameHour,
  kAsAtSameHour,
  kChangedFromHourBefore,
  kAsInHourBefore,
  kOnePeer,
  kPeers,
  kOnlyHost,
  kNoOtherHost,
  kSomeHosts,
  kAllHosts,
  kRemedy,
  kNearest,
  kMaybeFewer,
  kWouldBe,
  kWouldBeToo,
  kMovesWith,
  kPredictedAlone,
  kNotFirm,
  kState,
  kNextState,
  kNormal,
  kUnusual,
  kWarning,
  kCritical,
  kSensitive,
  kStandard,
  kInsensitive,
  kAbove,
  kBelow,
  kWithin,
  kUnusualValueWord,
  kUnfitting,
  kUnusualAndUnfitting,
  kNotMeasuredWord,
  kNoLevelWord,
  kOnlyState,
  kAverage,
  kHigh,
  kLow,
  kMonday,
  kTuesday,
  kWednesday,
  kThursday,
  kFriday,
  kSaturday,
  kSunday,
  kWeekdays,
  kWeekends,
  kHours,
  kTwoNames,
  kTwoValues,
  kMore,
  kLast,
  kRange,
};

std::string_view words(Text text, Language language);

/// The text with its parts filled in. Parts are not looked into.
std::string fill(Text text, Language language, std::initializer_list<std::string_view> parts);

/// "a, b, c".
std::string joined(std::span<const std::string> items, Language language);

/// "a", "a and b", "a, b and c". between_two: what stands between the only two.
std::string listed(std::span<const std::string> items, Text between_two, Language language);

}  // namespace rolemix

#endif  // ROLEMIX_SAY_WORDS_H_
