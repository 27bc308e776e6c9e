#include "table/timestamp.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

namespace rolemix {
namespace {

TEST(ParseTimestamp, ReadsEpochSeconds) {
  EXPECT_EQ(parse_timestamp("0"), 0.0);
  EXPECT_EQ(parse_timestamp("1760238000"), 1760238000.0);
  EXPECT_EQ(parse_timestamp("1760238000.25"), 1760238000.25);
  EXPECT_EQ(parse_timestamp("-1"), -1.0);
  EXPECT_EQ(parse_timestamp("1.7e9"), 1.7e9);
  EXPECT_EQ(parse_timestamp("2026"), 2026.0);
}

TEST(ParseTimestamp, TakesNoNumberLaterThanTheYear9999) {
  EXPECT_EQ(parse_timestamp("253402300799"), 253402300799.0);
  for (const char* text : {"253402300800", "1791741600000", "1e300"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

TEST(ShownTimestamp, SaysWhatOtherUnitANumberLooksLike) {
  EXPECT_EQ(shown_timestamp("noon"), "\"noon\"");
  EXPECT_EQ(shown_timestamp("1791741600000"), "\"1791741600000\", which looks like milliseconds");
  EXPECT_EQ(other_unit(1791741600), "");
  EXPECT_EQ(other_unit(1791741600e3), ", which looks like milliseconds");
  EXPECT_EQ(other_unit(1791741600e6), ", which looks like microseconds");
  EXPECT_EQ(other_unit(1791741600e9), ", which looks like nanoseconds");
  EXPECT_EQ(other_unit(1e300), "");
}

TEST(TimestampText, IsReadAsTheSameTime) {
  for (const double time : {0.0, 951782400.0, 1791774061.0, 253402300799.0}) {
    EXPECT_EQ(parse_timestamp(timestamp_text(time)), time);
  }
  EXPECT_EQ(timestamp_text(1791774000.75), "2026-10-12T03:00:00Z");
  EXPECT_EQ(timestamp_text(-1), "");
  EXPECT_EQ(timestamp_text(1e300), "");
  EXPECT_EQ(timestamp_text(std::nan("")), "");
}

TEST(ShownTime, GivesSecondsAndWhatTheyAre) {
  EXPECT_EQ(shown_time(1791774000.75), "1791774000 (2026-10-12T03:00:00Z)");
  EXPECT_EQ(shown_time(-60), "-60");
  EXPECT_EQ(shown_time(-1e300), "-1000000000000000");
}

// The numbers are those of `date -d ... +%s`.
TEST(ParseTimestamp, ReadsRfc3339InUtc) {
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:00Z"), 0.0);
  EXPECT_EQ(parse_timestamp("2026-10-12T03:00:00Z"), 1791774000.0);
  EXPECT_EQ(parse_timestamp("1969-12-31T23:59:59Z"), -1.0);
  EXPECT_EQ(parse_timestamp("9999-12-31T23:59:59Z"), 253402300799.0);
  EXPECT_EQ(parse_timestamp("0000-01-01T00:00:00Z"), -62167219200.0);
}

TEST(ParseTimestamp, TakesADateAsItsMidnightInUtc) {
  EXPECT_EQ(parse_timestamp("2026-10-12"), 1791763200.0);
}

TEST(ParseTimestamp, AllowsSecondsToBeLeftOut) {
  EXPECT_EQ(parse_timestamp("2026-10-12T03:00Z"), 1791774000.0);
  EXPECT_EQ(parse_timestamp("2026-10-12T03:00+09:00"), 1791741600.0);
}

TEST(ParseTimestamp, SubtractsTheOffset) {
  EXPECT_EQ(parse_timestamp("2026-10-12T03:00:00+09:00"), 1791741600.0);
  EXPECT_EQ(parse_timestamp("2026-10-12T03:00:00-03:30"), 1791786600.0);
  EXPECT_EQ(parse_timestamp("2026-10-12T03:00:00-00:00"), 1791774000.0);
}

TEST(ParseTimestamp, ReadsFractionsOfASecond) {
  EXPECT_EQ(parse_timestamp("2026-10-12T03:00:00.5+09:00"), 1791741600.5);
  EXPECT_EQ(parse_timestamp("2026-10-12T03:00:00.125Z"), 1791774000.125);
  EXPECT_EQ(parse_timestamp("1969-12-31T23:59:59.75Z"), -0.25);
  EXPECT_EQ(parse_timestamp("2026-10-12T03:00:00.000000000000000001Z"), 1791774000.0);
}

TEST(ParseTimestamp, AcceptsSmallLettersAndASpace) {
  EXPECT_EQ(parse_timestamp("2026-10-12t03:00:00z"), 1791774000.0);
  EXPECT_EQ(parse_timestamp("2026-10-12 03:00:00Z"), 1791774000.0);
  EXPECT_EQ(parse_timestamp("2026-10-12 03:00:00+00:00"), 1791774000.0);
}

TEST(ParseTimestamp, KnowsTheCalendar) {
  EXPECT_EQ(parse_timestamp("2024-02-29"), 1709164800.0);
  EXPECT_EQ(parse_timestamp("2000-02-29"), 951782400.0);
  for (const char* text : {"2026-02-29", "1900-02-29", "2026-04-31", "2026-00-01", "2026-13-01",
                           "2026-01-00", "2026-01-32"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

TEST(ParseTimestamp, TakesALeapSecondAsTheFirstSecondOfTheNextDay) {
  EXPECT_EQ(parse_timestamp("2016-12-31T23:59:60Z"), parse_timestamp("2017-01-01"));
  EXPECT_EQ(parse_timestamp("2017-01-01T08:59:60+09:00"), parse_timestamp("2017-01-01"));
  EXPECT_EQ(parse_timestamp("2016-12-31T12:00:60Z"), std::nullopt);
}

TEST(ParseTimestamp, ReadsOffsetsAsDatabasesWriteThem) {
  EXPECT_EQ(parse_timestamp("2026-10-12 03:00:00+09"), 1791741600.0);
  EXPECT_EQ(parse_timestamp("2026-10-12T03:00:00+0900"), 1791741600.0);
  EXPECT_EQ(parse_timestamp("2026-10-12 03:00:00 UTC"), 1791774000.0);
  EXPECT_EQ(parse_timestamp("2026-10-12 03:00:00 +0000"), 1791774000.0);
}

TEST(ParseTimestamp, ReadsDatesAsSpreadsheetsWriteThem) {
  EXPECT_EQ(parse_timestamp("2026/10/12"), 1791763200.0);
  EXPECT_EQ(parse_timestamp("2026/1/2"), parse_timestamp("2026-01-02"));
  EXPECT_EQ(parse_timestamp("2026/1/2 3:04Z"), parse_timestamp("2026-01-02T03:04Z"));
}

TEST(ParseWrittenTime, TellsWhatIsWritten) {
  const auto without = parse_written_time("2026-10-12 03:00:00.25");
  ASSERT_TRUE(without);
  EXPECT_EQ(without->clock, 1791774000.25);
  EXPECT_TRUE(without->has_time_of_day);
  EXPECT_EQ(without->offset, std::nullopt);
  EXPECT_EQ(parse_written_time("2026-10-12T03:00-03:30")->offset, -12600);
  EXPECT_FALSE(parse_written_time("2026-10-12")->has_time_of_day);
  EXPECT_FALSE(parse_written_time("1791774000"));
  EXPECT_FALSE(parse_written_time("2016-12-31 23:59:60")) << "no leap second on an unknown clock";
}

TEST(ParseOffset, IsUtcOrHoursAndMinutes) {
  EXPECT_EQ(parse_offset("UTC"), 0);
  EXPECT_EQ(parse_offset("+09:00"), 32400);
  EXPECT_EQ(parse_offset("-0330"), -12600);
  EXPECT_EQ(parse_offset("9"), std::nullopt);
  EXPECT_EQ(parse_offset("Asia/Tokyo"), std::nullopt);
}

TEST(ParseTimestamp, NeedsAnOffsetAfterATimeOfDay) {
  EXPECT_EQ(parse_timestamp("2026-10-12T03:00:00"), std::nullopt);
  EXPECT_EQ(parse_timestamp("2026-10-12 03:00"), std::nullopt);
}

TEST(ParseTimestamp, RejectsEverythingElse) {
  for (const char* text : {"",
                           " ",
                           "now",
                           "nan",
                           "inf",
                           "1e999",
                           "12:00",
                           "2026-10",
                           "26-10-12",
                           "2026-1-12T03:00Z",
                           "20261012T030000Z",
                           " 2026-10-12",
                           "2026-10-12 ",
                           "2026-10-12T",
                           "2026-10-12Z",
                           "2026-10-12T3:00Z",
                           "2026-10-12T03Z",
                           "2026-10-12T24:00Z",
                           "2026-10-12T03:60Z",
                           "2026-10-12T03:00:61Z",
                           "2026-10-12T03:00:00.Z",
                           "2026-10-12T03:00:00,5Z",
                           "2026-10-12T03:00.5Z",
                           "2026-10-12T03:00:00.5e1Z",
                           "2026-10-12T03:00:00ZZ",
                           "2026-10-12T03:00:00+24:00",
                           "2026-10-12T03:00:00+09:60",
                           "2026-10-12T03:00:00+-9:00",
                           "2026-10-12T03:00:00+9",
                           "2026-10-12T03:00:00+090",
                           "2026-10-12T03:00:00 ",
                           "2026-10-12 03:00:00 JST",
                           "2026/10-12",
                           "12/10/2026",
                           "2026/13/1",
                           "+026-10-12",
                           "-026-10-12",
                           "202x-10-12",
                           "2026-1x-12"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << '"' << text << '"';
  }
}

}  // namespace
}  // namespace rolemix
