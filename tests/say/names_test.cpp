#include "say/names.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace rolemix {
namespace {

constexpr Language kBothLanguages[] = {Language::kEnglish, Language::kJapanese};
constexpr Level kLevels[] = {Level::kNormal, Level::kUnusual, Level::kWarning, Level::kCritical};
constexpr Sensitivity kAllSensitivities[] = {Sensitivity::kSensitive, Sensitivity::kNormal,
                                             Sensitivity::kInsensitive};
constexpr Reason kReasons[] = {Reason::kNone, Reason::kUnusualValue, Reason::kUnusualGivenOthers,
                               Reason::kBoth};

template <typename Enum>
std::set<std::string_view> words_of(const Enum& all, Language language) {
  std::set<std::string_view> words;
  for (const auto each : all) {
    words.insert(word(each, language));
  }
  return words;
}

TEST(Names, have_a_word_each) {
  for (const Language language : kBothLanguages) {
    EXPECT_EQ(words_of(kLevels, language).size(), 4U);
    EXPECT_EQ(words_of(kAllSensitivities, language).size(), 3U);
    EXPECT_EQ(words_of(kReasons, language).size(), 4U);
    EXPECT_NE(word(Direction::kAbove, language), word(Direction::kBelow, language));
    EXPECT_NE(no_reason(true, language), no_reason(false, language));
  }
}

TEST(Names, are_their_own_english_words_where_they_are_words) {
  for (const Sensitivity sensitivity : kAllSensitivities) {
    EXPECT_EQ(word(sensitivity, Language::kEnglish), name(sensitivity));
  }
  for (const Direction direction : {Direction::kAbove, Direction::kBelow}) {
    EXPECT_EQ(word(direction, Language::kEnglish), name(direction));
  }
  EXPECT_EQ(name(Level::kWarning), "warning");
  EXPECT_EQ(word(Level::kCritical, Language::kJapanese), "重大");
}

TEST(Names, of_a_reason_are_the_parts_of_both) {
  for (const Language language : kBothLanguages) {
    const std::string both(word(Reason::kBoth, language));
    EXPECT_NE(both.find(word(Reason::kUnusualValue, language)), std::string::npos);
    EXPECT_NE(both.find(word(Reason::kUnusualGivenOthers, language)), std::string::npos);
  }
}

}  // namespace
}  // namespace rolemix
