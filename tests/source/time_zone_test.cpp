#include "source/time_zone.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

#include "table/timestamp.h"

namespace rolemix {
namespace {

/// Epoch seconds of a time on clocks of a zone.
LocalTime shown(const std::string& zone, std::string_view text) {
  const auto found = find_time_zone(zone, "--timezone");
  EXPECT_TRUE(found) << found.error().message;
  return local_time(*found, parse_written_time(text)->clock);
}

double at(std::string_view text) { return parse_timestamp(text).value(); }

TEST(FindTimeZone, KnowsZonesWithoutChanges) {
  const auto tokyo = find_time_zone("Asia/Tokyo", "--timezone");
  ASSERT_TRUE(tokyo) << tokyo.error().message;
  EXPECT_EQ(tokyo->name, "Asia/Tokyo");
  ASSERT_EQ(tokyo->periods.size(), 1);
  EXPECT_EQ(tokyo->periods.front().offset, 32400);
  EXPECT_EQ(shown("UTC", "2026-10-05 00:00").time, at("2026-10-05"));
  EXPECT_EQ(shown("+05:30", "2026-10-05 05:30").time, at("2026-10-05"));
}

TEST(FindTimeZone, KnowsWhenClocksChange) {
  EXPECT_EQ(shown("Europe/Berlin", "2026-07-01 02:00").time, at("2026-07-01"));
  EXPECT_EQ(shown("Europe/Berlin", "1995-01-01 01:00").time, at("1995-01-01"));
  EXPECT_EQ(shown("Europe/Berlin", "2036-07-01 02:00").time, at("2036-07-01"));
  EXPECT_TRUE(shown("Europe/Berlin", "2026-03-29 02:30").skipped);
  EXPECT_EQ(shown("America/New_York", "2026-11-01 01:30").time, at("2026-11-01T05:30Z"));
  EXPECT_EQ(shown("America/New_York", "2026-11-01 01:30").later, at("2026-11-01T06:30Z"));
  EXPECT_EQ(shown("Australia/Lord_Howe", "2026-04-05 01:45").later, at("2026-04-04T15:15Z"));
}

TEST(FindTimeZone, FindsTheSystemsOwn) { EXPECT_TRUE(find_time_zone("local", "--timezone")); }

TEST(FindTimeZone, RefusesOthers) {
  for (const std::string name : {"Asia/Tokio", "", "../UTC", "JST+", "+25:00"}) {
    const auto zone = find_time_zone(name, "--timezone");
    ASSERT_FALSE(zone) << name;
    EXPECT_EQ(zone.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(zone.error().message,
              "--timezone: expected a time zone, such as Asia/Tokyo, UTC, +09:00 or local, got \"" +
                  name + '"');
  }
}

}  // namespace
}  // namespace rolemix
