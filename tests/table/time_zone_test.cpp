#include "table/time_zone.h"

#include <gtest/gtest.h>

#include "table/timestamp.h"

namespace rolemix {
namespace {

double at(std::string_view text) { return parse_timestamp(text).value(); }
double clock(std::string_view text) { return parse_written_time(text).value().clock; }

std::int64_t instant(std::string_view text) { return static_cast<std::int64_t>(at(text)); }

/// Central Europe in 2026.
const TimeZone kBerlin{"Europe/Berlin",
                       {{kZonesFrom, 3600},
                        {instant("2026-03-29T01:00Z"), 7200},
                        {instant("2026-10-25T01:00Z"), 3600}}};

TEST(LocalTime, IsThatOfThePeriod) {
  for (const auto& [shown, time] : {std::pair{"2026-01-10 12:00", "2026-01-10T11:00Z"},
                                    {"2026-03-29 01:59:59", "2026-03-29T00:59:59Z"},
                                    {"2026-03-29 03:00", "2026-03-29T01:00Z"},
                                    {"2026-07-01 00:00", "2026-06-30T22:00Z"},
                                    {"2026-10-25 01:59:59", "2026-10-24T23:59:59Z"},
                                    {"2026-10-25 03:00", "2026-10-25T02:00Z"},
                                    {"1980-07-01 00:00", "1980-06-30T23:00Z"},
                                    {"2050-07-01 00:00", "2050-06-30T23:00Z"}}) {
    const LocalTime local = local_time(kBerlin, clock(shown));
    EXPECT_EQ(local.time, at(time)) << shown;
    EXPECT_EQ(local.later, local.time) << shown;
    EXPECT_FALSE(local.skipped) << shown;
  }
}

TEST(LocalTime, IsTwoWhereClocksGoBack) {
  for (const char* shown : {"2026-10-25 02:00:00", "2026-10-25 02:59:59"}) {
    const LocalTime local = local_time(kBerlin, clock(shown));
    EXPECT_EQ(local.time, clock(shown) - 7200);
    EXPECT_EQ(local.later, clock(shown) - 3600);
    EXPECT_FALSE(local.skipped);
  }
}

TEST(LocalTime, MovesOnWhereClocksGoForward) {
  for (const char* shown : {"2026-03-29 02:00:00", "2026-03-29 02:59:59"}) {
    const LocalTime local = local_time(kBerlin, clock(shown));
    EXPECT_EQ(local.time, clock(shown) - 3600);
    EXPECT_EQ(local.later, local.time);
    EXPECT_TRUE(local.skipped);
  }
}

TEST(FixedZone, HasOneOffset) {
  EXPECT_EQ(fixed_zone("UTC")->periods.front().offset, 0);
  EXPECT_EQ(fixed_zone("+09:00")->periods.front().offset, 32400);
  EXPECT_EQ(fixed_zone("+09:00")->name, "+09:00");
  EXPECT_EQ(local_time(*fixed_zone("-03:30"), 0).time, 12600);
  EXPECT_FALSE(fixed_zone("Asia/Tokyo"));
  EXPECT_FALSE(fixed_zone("+25:00"));
}

}  // namespace
}  // namespace rolemix
