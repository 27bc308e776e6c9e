#include "say/words.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rolemix {
namespace {

std::set<std::string> placeholders(std::string_view text) {
  std::set<std::string> found;
  for (std::size_t at = text.find('{'); at < text.size(); at = text.find('{', at + 1)) {
    found.emplace(text.substr(at, 3));
  }
  return found;
}

TEST(Words, have_the_same_parts_in_every_language) {
  for (int i = 0; i <= static_cast<int>(Text::kRange); ++i) {
    const auto text = static_cast<Text>(i);
    const std::string_view english = words(text, Language::kEnglish);
    const std::string_view japanese = words(text, Language::kJapanese);
    EXPECT_FALSE(japanese.empty()) << i;
    EXPECT_TRUE(!english.empty() || text == Text::kRange) << i;
    EXPECT_EQ(placeholders(english), placeholders(japanese)) << english;
  }
}

TEST(Words, are_filled_without_looking_into_the_parts) {
  EXPECT_EQ(fill(Text::kHigh, Language::kEnglish, {"{1}", "5 %"}), "{1} high (5 %)");
}

TEST(Words, of_a_list_name_its_items) {
  const std::vector<std::string> items = {"a", "b", "c"};
  EXPECT_EQ(joined(items, Language::kJapanese), "a、b、c");
  EXPECT_EQ(listed(items, Text::kTwoNames, Language::kEnglish), "a, b and c");
}

}  // namespace
}  // namespace rolemix
