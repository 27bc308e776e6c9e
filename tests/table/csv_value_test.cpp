#include "table/csv_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "table/csv.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string fault(const std::string& bytes) {
  const auto table = parse_csv(bytes, "a.csv");
  EXPECT_FALSE(table);
  return table ? "" : table.error().message;
}

TEST(IsMissing, KnowsItsWordsInAnyCase) {
  for (const char* text : {"", "nan", "NaN", "NULL", "None", "n/a", "N/A", "NA", "-", "undefined",
                           "#N/A", "<NA>", "nil"}) {
    EXPECT_TRUE(is_missing(text)) << text;
  }
  for (const char* text : {" ", "0", "nanx", "--", "no", "missing", "n\\a"}) {
    EXPECT_FALSE(is_missing(text)) << text;
  }
}

TEST(ParseDecimalComma, NeedsOneComma) {
  EXPECT_EQ(parse_decimal_comma("12,5"), 12.5);
  EXPECT_EQ(parse_decimal_comma("-0,25"), -0.25);
  EXPECT_EQ(parse_decimal_comma("1,5e3"), 1500);
  for (const char* text : {"12", "1,234,5", "1.234,5", ",", "a,b"}) {
    EXPECT_EQ(parse_decimal_comma(text), std::nullopt) << text;
  }
}

TEST(AdviceOnValue, IsGivenForFormattedNumbers) {
  for (const char* text :
       {"12.3 MiB", "45%", "-45 %", "1.2K", "300 req/s", "1,234", "1,234.5 ms", "20 \xC2\xB5s"}) {
    EXPECT_THAT(std::string(advice_on_value(text)), HasSubstr("\"Formatted data\" off")) << text;
  }
  for (const char* text : {"web-1", "x", "0x10", "1 2", "", "12;5x"}) {
    EXPECT_EQ(advice_on_value(text), "") << text;
  }
}

TEST(CsvNumbers, WithUnitsAreRefusedWithAdvice) {
  EXPECT_EQ(fault("time,host,memory\n1,a,12.3 MiB\n"),
            "a.csv:2: column memory: expected a number, got \"12.3 MiB\"; export plain numbers, "
            "without units and separators of thousands (in Grafana \"Formatted data\" off)");
  EXPECT_THAT(fault("time,host,memory\n1,a,\"1,234\"\n"), HasSubstr("; export plain numbers"));
}

TEST(CsvNumbers, MayHaveADecimalCommaWhereSemicolonsSeparate) {
  const auto table = parse_csv("Time;Host;cpu;disk\n1791774000,5;a;12,5;3\n", "a.csv");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(table->timestamps, ElementsAre(1791774000.5));
  EXPECT_THAT(table->values.row(0), ElementsAre(12.5, 3));
  EXPECT_EQ(parse_csv("time;host;cpu\n1;a;12.5\n", "a.csv")->values(0, 0), 12.5);
}

TEST(CsvNumbers, HaveOneDecimalSign) {
  EXPECT_EQ(fault("time;host;cpu\n1;a;1,234\n2;a;1.5\n"),
            "a.csv:3: column cpu: expected a decimal comma as in line 2, got \"1.5\"");
  EXPECT_EQ(fault("time;host;cpu\n1;a;1.5\n2;a;1,234\n"),
            "a.csv:3: column cpu: expected a decimal point as in line 2, got \"1,234\"");
}

}  // namespace
}  // namespace rolemix
