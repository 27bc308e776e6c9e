#include "base/escape.h"

#include <gtest/gtest.h>

#include <string>

namespace rolemix {
namespace {

TEST(IsUtf8, AcceptsEveryLengthOfSequenceAtItsBounds) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8(std::string("a\0b", 3)));
  EXPECT_TRUE(is_utf8("\xC2\x80 \xDF\xBF"));
  EXPECT_TRUE(is_utf8("\xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBF"));
  EXPECT_TRUE(is_utf8("\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF"));
}

TEST(IsUtf8, RejectsOtherBytes) {
  for (const char* text : {"\x80", "\xC2", "\xC2 ", "\xE2\x82", "\xF0\x9F\x98", "\xFF", "caf\xE9 1",
                           "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF",  // overlong
                           "\xED\xA0\x80", "\xED\xBF\xBF",             // surrogates
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80"}) {  // beyond Unicode
    EXPECT_FALSE(is_utf8(text)) << escaped(text);
  }
}

TEST(InQuotes, EscapesWhatWouldNotShow) {
  EXPECT_EQ(in_quotes(""), R"("")");
  EXPECT_EQ(in_quotes("12,5x"), R"("12,5x")");
  EXPECT_EQ(in_quotes("a\tb\r\n"), R"("a\tb\r\n")");
  EXPECT_EQ(in_quotes("\x1b[31m\x7f"), R"("\x1b[31m\x7f")");
  EXPECT_EQ(in_quotes(std::string("\0", 1)), R"("\x00")");
  EXPECT_EQ(in_quotes(R"(say "hi" \o/)"), R"("say \"hi\" \\o/")");
}

TEST(InQuotes, KeepsUtf8AndEscapesOtherBytes) {
  EXPECT_EQ(in_quotes("caf\xC3\xA9"), "\"caf\xC3\xA9\"");
  EXPECT_EQ(in_quotes("caf\xE9"), R"("caf\xe9")");
}

TEST(InQuotes, CutsAfterFortyCharacters) {
  EXPECT_EQ(in_quotes(std::string(40, 'x')), '"' + std::string(40, 'x') + '"');
  EXPECT_EQ(in_quotes(std::string(41, 'x')), '"' + std::string(40, 'x') + "...\"");
}

TEST(InQuotes, CutsBetweenCharactersNotBetweenBytes) {
  std::string text;
  for (int i = 0; i < 41; ++i) text += "\xE2\x82\xAC";
  EXPECT_EQ(in_quotes(text), '"' + text.substr(0, 120) + "...\"");
}

TEST(InQuotes, CutsBytesThatStartNoCharacter) {
  EXPECT_LT(in_quotes(std::string(1'000'000, '\x80')).size(), 1000U);
}

TEST(Visible, KeepsWhatIsShownAndEscapesWhatIsObeyed) {
  EXPECT_EQ(visible("web-1.tyo \\ \"x\" caf\xC3\xA9 \xE6\x97\xA5"),
            "web-1.tyo \\ \"x\" caf\xC3\xA9 \xE6\x97\xA5");
  EXPECT_EQ(visible("\x1b]0;x\x07 a\nb\r\t\x7f"), R"(\x1b]0;x\x07 a\nb\r\t\x7f)");
  EXPECT_EQ(visible("caf\xE9"), R"(caf\xe9)");
  EXPECT_EQ(visible("\xC2\x9B"
                    "1m\xC2\x9F"),
            R"(\u009b1m\u009f)")
      << "C1";
  EXPECT_EQ(visible("a\xE2\x80\xAE"
                    "b\xE2\x81\xA6\xE2\x80\x8F\xD8\x9C"),
            R"(a\u202eb\u2066\u200f\u061c)");
  EXPECT_EQ(visible("a\xE2\x80\xA8"
                    "b\xE2\x80\xA9\xEF\xBB\xBF"),
            R"(a\u2028b\u2029\ufeff)");
  EXPECT_EQ(visible("\xC2\xA0 \xE2\x80\xAF\xE2\x80\x9C\xF0\x9F\x98\x80"),
            "\xC2\xA0 \xE2\x80\xAF\xE2\x80\x9C\xF0\x9F\x98\x80");
  EXPECT_EQ(visible(visible("a\n\x1b")), visible("a\n\x1b"));
  EXPECT_EQ(visible_lines("a\n\tb\x1b\n"), "a\n\\tb\\x1b\n");
}

TEST(CsvText, IsNoFormula) {
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx"}) {
    EXPECT_EQ(csv_text(formula), "'" + std::string(formula));
  }
  EXPECT_EQ(csv_text("=A(\"x\",1)"), "\"'=A(\"\"x\"\",1)\"");
  EXPECT_EQ(csv_text("\rx"), "\"'\rx\"");
  EXPECT_EQ(csv_text("a \"b\", c\nd"), "\"a \"\"b\"\", c\nd\"");
  EXPECT_EQ(csv_text("web=1"), "web=1");
  EXPECT_EQ(csv_text(""), "");
}

}  // namespace
}  // namespace rolemix
