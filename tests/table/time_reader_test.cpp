// Times of files as people have them, through CSV.
#include "table/time_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "table/csv.h"
#include "table/timestamp.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const TimeZone kTokyo{"Asia/Tokyo", {{kZonesFrom, 32400}}};
/// 2026-03-29T01:00Z and 2026-10-25T01:00Z.
const TimeZone kBerlin{"Europe/Berlin",
                       {{kZonesFrom, 3600}, {1774746000, 7200}, {1792890000, 3600}}};

Result<CsvTable> read(const std::vector<std::string_view>& times, const TimeZone* zone = nullptr) {
  std::string csv = "timestamp,host,cpu\n";
  for (const std::string_view time : times) csv.append("\"").append(time).append("\",a,1\n");
  return read_csv(csv, "a.csv", {.zone = zone});
}

std::vector<double> times_of(const std::vector<std::string_view>& times,
                             const TimeZone* zone = nullptr) {
  const auto table = read(times, zone);
  EXPECT_TRUE(table) << table.error().message;
  return table ? table->table.timestamps : std::vector<double>{};
}

std::vector<std::string> notices_of(const std::vector<std::string_view>& times,
                                    const TimeZone* zone) {
  std::vector<std::string> texts;
  const auto table = read(times, zone);
  EXPECT_TRUE(table) << table.error().message;
  if (!table) return texts;
  for (const Notice& said : table->table.notices) {
    EXPECT_FALSE(said.left_out);
    texts.push_back(said.code + ' ' + message_of(said));
  }
  return texts;
}

std::string fault(const std::vector<std::string_view>& times, const TimeZone* zone = nullptr) {
  const auto table = read(times, zone);
  EXPECT_FALSE(table);
  return table ? "" : table.error().message;
}

TEST(Times, AreInOneUnitToldBySize) {
  EXPECT_THAT(times_of({"1791774000.25", "0", "-1"}), ElementsAre(1791774000.25, 0, -1));
  EXPECT_THAT(times_of({"1791774000250", "1791774060000"}), ElementsAre(1791774000.25, 1791774060));
  EXPECT_THAT(times_of({"1791774000250000"}), ElementsAre(1791774000.25));
  EXPECT_THAT(times_of({"1791774000000000000"}), ElementsAre(1791774000));
  EXPECT_THAT(times_of({"253402300799"}), ElementsAre(253402300799));
}

TEST(Times, OfTwoUnitsAreRefused) {
  EXPECT_EQ(
      fault({"1791774000", "1791774060000"}),
      "a.csv:3: column timestamp: expected seconds as in line 2, got \"1791774060000\", which "
      "looks like milliseconds");
  EXPECT_EQ(fault({"1791774000000", "1791774060"}),
            "a.csv:3: column timestamp: expected milliseconds as in line 2, got \"1791774060\", "
            "which looks like seconds");
  EXPECT_THAT(fault({"1e300"}), HasSubstr("expected epoch seconds or RFC 3339"));
}

TEST(Times, ThatAreASpreadsheetsDayNumbersAreRefused) {
  const std::string what =
      ", which looks like a spreadsheet's day number; export times as text, yyyy-mm-dd hh:mm:ss";
  EXPECT_EQ(fault({"46307.125", "46307.1284722222"}),
            "a.csv:2: column timestamp: expected epoch seconds or RFC 3339 "
            "(2026-10-12T03:00:00Z), got \"46307.125\"" +
                what);
  EXPECT_THAT(fault({"20000", "80000"}), HasSubstr(what));
  EXPECT_THAT(times_of({"19999", "80000"}), ElementsAre(19999, 80000));
  EXPECT_THAT(times_of({"20000", "80000.5"}), ElementsAre(20000, 80000.5));
}

TEST(Times, WithoutAZoneAreRefusedWhereNoneIsGiven) {
  EXPECT_EQ(fault({"2026-10-05 00:00:00"}),
            "a.csv:2: column timestamp: expected a time with its zone (2026-10-12T03:00:00Z), got "
            "\"2026-10-05 00:00:00\"; say which zone such times are of, as in --timezone "
            "Asia/Tokyo or { timezone: 'Asia/Tokyo' }");
  EXPECT_THAT(fault({"1791774000", "2026/10/5 0:00"}), HasSubstr("a.csv:3: column timestamp: "));
  EXPECT_THAT(fault({"10/5/2026 0:00"}), HasSubstr("; write dates as yyyy-mm-dd hh:mm:ss"));
  EXPECT_THAT(times_of({"2026-10-05"}), ElementsAre(parse_timestamp("2026-10-05").value()));
}

TEST(Times, WithoutAZoneAreOfTheOneGiven) {
  const double midnight = parse_timestamp("2026-10-04T15:00Z").value();
  EXPECT_THAT(
      times_of({"2026-10-05 00:00:00", "2026-10-05T00:00", "2026/10/5 0:00", "2026-10-05",
                "2026-10-05 00:00:00.500000", "2026-10-05 00:00:00+00:00"},
               &kTokyo),
      ElementsAre(midnight, midnight, midnight, midnight, midnight + 0.5, midnight + 32400));
  EXPECT_THAT(
      notices_of({"1791774000", "2026-10-05 00:00:00", "2026-10-05 00:01:00"}, &kTokyo),
      ElementsAre("times_without_zone a.csv:3: times without a zone are read as Asia/Tokyo"));
  EXPECT_THAT(notices_of({"1791774000", "2026-10-05T00:00Z"}, &kTokyo), ElementsAre());
}

TEST(Times, ThatExistTwiceAreTheEarlierUntilThatHasPassed) {
  const double two = parse_timestamp("2026-10-25T00:00Z").value();
  const std::vector<std::string_view> shown = {"2026-10-25 01:30", "2026-10-25 02:00",
                                               "2026-10-25 02:30", "2026-10-25 02:00",
                                               "2026-10-25 02:30", "2026-10-25 03:00"};
  EXPECT_THAT(times_of(shown, &kBerlin),
              ElementsAre(two - 1800, two, two + 1800, two + 3600, two + 5400, two + 7200));
  EXPECT_THAT(notices_of(shown, &kBerlin),
              ElementsAre("times_without_zone a.csv:2: times without a zone are read as "
                          "Europe/Berlin",
                          "times_twice a.csv:3: 4 times that clocks in Europe/Berlin show twice, "
                          "as they go back: the earlier one is meant, unless rows before show that "
                          "it has passed"));
}

TEST(Times, ThatExistTwicePassForEachHostAndMetricOnItsOwn) {
  const std::string_view csv =
      "timestamp,host,metric,value\n"
      "2026-10-25 02:30,a,cpu,1\n"
      "2026-10-25 02:30,b,cpu,2\n"
      "2026-10-25 02:30,a,cpu,3\n"
      "2026-10-25 02:30,a,disk,4\n"
      "2026-10-25 02:30,a,disk,5\n";
  const auto read = read_csv(csv, "a.csv", {.zone = &kBerlin});
  ASSERT_TRUE(read) << read.error().message;
  const double first = parse_timestamp("2026-10-25T00:30Z").value();
  EXPECT_THAT(read->table.timestamps, ElementsAre(first, first, first + 3600));
  EXPECT_THAT(read->table.host, ElementsAre(0, 1, 0));
  EXPECT_THAT(read->table.values.row(2), ElementsAre(3, 5));
}

TEST(Times, ThatNeverAreMoveOn) {
  EXPECT_THAT(times_of({"2026-03-29 02:30"}, &kBerlin),
              ElementsAre(parse_timestamp("2026-03-29T01:30Z").value()));
  EXPECT_THAT(notices_of({"2026-03-29 01:30", "2026-03-29 02:30"}, &kBerlin),
              ElementsAre(HasSubstr("times_without_zone a.csv:2: "),
                          "times_skipped a.csv:3: 1 time that clocks in Europe/Berlin never show, "
                          "as they go forward: taken as later by as much as they go forward"));
}

}  // namespace
}  // namespace rolemix
