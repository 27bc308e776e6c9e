#include "say/names.h"

#include <array>
#include <cstddef>

#include "say/words.h"

namespace rolemix {
namespace {

constexpr std::array kLevelWords = {Text::kNormal, Text::kUnusual, Text::kWarning, Text::kCritical};
constexpr std::array kSensitivityWords = {Text::kSensitive, Text::kStandard, Text::kInsensitive};
constexpr std::array kDirectionWords = {Text::kAbove, Text::kBelow};
constexpr std::array kReasonWords = {Text::kWithin, Text::kUnusualValueWord, Text::kUnfitting,
                                     Text::kUnusualAndUnfitting};

}  // namespace

std::string_view name(Level level) { return word(level, Language::kEnglish); }

std::string_view word(Level level, Language language) {
  return words(kLevelWords[static_cast<std::size_t>(level)], language);
}

std::string_view word(Sensitivity sensitivity, Language language) {
  return words(kSensitivityWords[static_cast<std::size_t>(sensitivity)], language);
}

std::string_view word(Direction direction, Language language) {
  return words(kDirectionWords[static_cast<std::size_t>(direction)], language);
}

std::string_view word(Reason reason, Language language) {
  return words(kReasonWords[static_cast<std::size_t>(reason)], language);
}

std::string_view no_reason(bool measured, Language language) {
  return words(measured ? Text::kNoLevelWord : Text::kNotMeasuredWord, language);
}

}  // namespace rolemix
