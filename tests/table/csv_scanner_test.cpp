#include "table/csv_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace rolemix {
namespace {

using Status = CsvScanner::Status;
using testing::ElementsAre;

// The records of good CSV.
std::vector<std::vector<std::string>> scan(std::string_view bytes) {
  CsvScanner scanner(bytes);
  std::vector<std::vector<std::string>> records;
  while (!scanner.at_end()) {
    std::vector<std::string>& record = records.emplace_back();
    do {
      EXPECT_EQ(scanner.next(), Status::kField);
      record.emplace_back(scanner.text());
    } while (!scanner.ends_record());
  }
  return records;
}

TEST(CsvScanner, SplitsAtCommasAndLineEnds) {
  EXPECT_THAT(scan("a,b\nc,d\n"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
  EXPECT_THAT(scan("a,b\r\nc,d\r\n"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
  EXPECT_THAT(scan("a,b\nc,d"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
  EXPECT_THAT(scan("a,b\r\nc,d\r"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
}

TEST(CsvScanner, KeepsEmptyFields) {
  EXPECT_THAT(scan(",\n,"), ElementsAre(ElementsAre("", ""), ElementsAre("", "")));
  EXPECT_THAT(scan("\"\",a"), ElementsAre(ElementsAre("", "a")));
}

TEST(CsvScanner, FindsNothingInBlankLines) {
  EXPECT_THAT(scan(""), ElementsAre());
  EXPECT_THAT(scan("\n\r\n\n"), ElementsAre());
  EXPECT_THAT(scan("\xEF\xBB\xBF"), ElementsAre());
}

TEST(CsvScanner, KeepsSpacesAndCarriageReturnsInsideALine) {
  EXPECT_THAT(scan(" a , b\n"), ElementsAre(ElementsAre(" a ", " b")));
  EXPECT_THAT(scan("a\rb\r,c\n"), ElementsAre(ElementsAre("a\rb\r", "c")));
}

TEST(CsvScanner, TakesOffQuotes) {
  EXPECT_THAT(scan("\"a,b\",\"c\"\n"), ElementsAre(ElementsAre("a,b", "c")));
  EXPECT_THAT(scan("\"a\"\r\n\"b\""), ElementsAre(ElementsAre("a"), ElementsAre("b")));
  EXPECT_THAT(scan("\"a\r\nb\""), ElementsAre(ElementsAre("a\r\nb")));
}

TEST(CsvScanner, UndoublesQuotesInsideQuotes) {
  EXPECT_THAT(scan(R"("a""b",c)"), ElementsAre(ElementsAre("a\"b", "c")));
  EXPECT_THAT(scan(R"("""","""a""")"), ElementsAre(ElementsAre("\"", "\"a\"")));
}

TEST(CsvScanner, SkipsAByteOrderMarkAtTheStartOnly) {
  EXPECT_THAT(scan("\xEF\xBB\xBF\"a\",b"), ElementsAre(ElementsAre("a", "b")));
  EXPECT_THAT(scan("a,\xEF\xBB\xBF"), ElementsAre(ElementsAre("a", "\xEF\xBB\xBF")));
}

TEST(CsvScanner, CountsLinesThroughQuotedFields) {
  CsvScanner scanner("a\n\"b\nc\nd\",e\r\nf");
  const auto next_line = [&] {
    EXPECT_EQ(scanner.next(), Status::kField);
    return scanner.line();
  };
  EXPECT_EQ(next_line(), 1U);
  EXPECT_EQ(next_line(), 2U);
  EXPECT_EQ(next_line(), 4U);
  EXPECT_EQ(next_line(), 5U);
}

TEST(CsvScanner, ReportsAQuoteThatIsNotClosed) {
  CsvScanner scanner("\"long enough for \"\"memory\"\" of its own\",\"a\nb,c\"\"");
  EXPECT_EQ(scanner.next(), Status::kField);
  EXPECT_EQ(scanner.next(), Status::kOpenQuote);
  EXPECT_EQ(scanner.text(), "");
  EXPECT_EQ(scanner.line(), 1U);
  EXPECT_TRUE(scanner.ends_record());
  EXPECT_TRUE(scanner.at_end());
}

TEST(CsvScanner, ReportsTextAfterAClosingQuoteAndGoesOn) {
  CsvScanner scanner("\"a\"b,c\n");
  EXPECT_EQ(scanner.next(), Status::kTextAfterQuote);
  EXPECT_EQ(scanner.text(), "b");
  EXPECT_EQ(scanner.next(), Status::kField);
  EXPECT_EQ(scanner.text(), "c");
}

TEST(CsvScanner, ReportsAQuoteInTheMiddleOfAFieldAndGoesOn) {
  CsvScanner scanner("a\"b\",c\n");
  EXPECT_EQ(scanner.next(), Status::kStrayQuote);
  EXPECT_EQ(scanner.text(), "a\"b\"");
  EXPECT_EQ(scanner.next(), Status::kField);
  EXPECT_EQ(scanner.text(), "c");
}

}  // namespace
}  // namespace rolemix
