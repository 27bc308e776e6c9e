#include "table/far_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kNow = 1.79e9;
constexpr double kYear2099 = 4070908800;
constexpr double kDay = 86400;

/// Samples of hosts by name, a minute apart but for those that are added.
class Times {
 public:
  void add(const std::string& host, double time) {
    std::size_t place = 0;
    while (place < table_.hosts.size() && table_.hosts[place] != host) ++place;
    if (place == table_.hosts.size()) table_.hosts.push_back(host);
    table_.host.push_back(static_cast<std::int32_t>(place));
    table_.timestamps.push_back(time);
  }

  void add_minutes(const std::string& host, double from, int count) {
    for (int i = 0; i < count; ++i) add(host, from + 60 * i);
  }

  /// The hosts and times that are taken away.
  std::vector<std::pair<std::string, double>> taken(double interval = 60) {
    table_.values = Matrix::Zero(std::ssize(table_.timestamps), 1);
    table_.metrics = {"cpu"};
    const std::vector<HostRows> hosts = rows_by_host(table_).value();
    const auto believed = believed_rows(table_, hosts, interval);
    std::vector<std::pair<std::string, double>> result;
    for (std::size_t h = 0; h < hosts.size(); ++h) {
      std::size_t left = 0;
      for (const std::int32_t row : hosts[h].rows) {
        if (left < believed[h].size() && believed[h][left] == row) {
          ++left;
        } else {
          result.emplace_back(table_.hosts[hosts[h].host], table_.timestamps[row]);
        }
      }
      EXPECT_EQ(left, believed[h].size());
    }
    return result;
  }

 private:
  SampleTable table_;
};

TEST(FarRows, AreThoseOfOneHostWhoseClockIsWrong) {
  Times times;
  for (const char* host : {"a", "b", "c"}) times.add_minutes(host, kNow, 5);
  times.add("b", kYear2099);
  EXPECT_THAT(times.taken(), ElementsAre(std::pair("b", kYear2099)));
}

TEST(FarRows, AreFoundAmongSamplesOfOneMinute) {
  Times times;
  for (const char* host : {"a", "b", "c"}) times.add(host, kNow);
  times.add("d", kYear2099);
  times.add("e", 0);
  EXPECT_THAT(times.taken(), ElementsAre(std::pair("d", kYear2099), std::pair("e", 0.)));
}

TEST(FarRows, MayBeSeveralClocks) {
  Times times;
  for (const char* host : {"a", "b", "c", "d"}) times.add_minutes(host, kNow, 3);
  times.add_minutes("b", kYear2099, 30);
  times.add("c", kYear2099 + 400 * kDay);
  times.add("d", 3);
  EXPECT_EQ(times.taken().size(), 32U);
}

TEST(FarRows, OfTheOnlyHostAreOneOrTwo) {
  for (const int count : {1, 2, 3}) {
    Times times;
    times.add_minutes("a", kNow, 100);
    times.add_minutes("a", kYear2099, count);
    EXPECT_EQ(times.taken().size(), count < 3 ? count : 0) << count;
  }
  Times few;
  few.add_minutes("a", kNow, 19);
  few.add("a", kYear2099);
  EXPECT_THAT(few.taken(), IsEmpty()) << "which are the wrong ones?";
}

TEST(FarRows, AreNotThoseAfterAPause) {
  Times weekend;
  for (const char* host : {"a", "b", "c"}) {
    weekend.add_minutes(host, kNow, 100);
    weekend.add(host, kNow + 3 * kDay);
  }
  EXPECT_THAT(weekend.taken(), IsEmpty()) << "all hosts are back";
  Times one_left;
  for (const char* host : {"a", "b", "c"}) one_left.add_minutes(host, kNow, 100);
  one_left.add_minutes("a", kNow + 3 * kDay, 1500);
  EXPECT_THAT(one_left.taken(), IsEmpty()) << "for more than a day";
}

TEST(FarRows, BeginADayAwayFromAllOthers) {
  for (const double away : {kDay - 1, kDay, kDay + 1}) {
    Times times;
    for (const char* host : {"a", "b", "c"}) times.add_minutes(host, kNow - 240, 5);
    times.add("a", kNow + away);
    EXPECT_EQ(times.taken().size(), away > kDay ? 1 : 0) << away;
  }
}

TEST(FarRows, AreAHundredIntervalsAwayWhereThatIsMore) {
  for (const double away : {99., 101.}) {
    Times daily;
    for (const char* host : {"a", "b", "c"}) {
      for (int day = 0; day < 30; ++day) daily.add(host, kNow + day * kDay);
    }
    daily.add("a", kNow + (29 + away) * kDay);
    EXPECT_EQ(daily.taken(kDay).size(), away > 100 ? 1 : 0);
  }
}

TEST(FarRows, AreLookedForEightTimesAtEachEnd) {
  Times times;
  for (int host = 0; host < 50; ++host) {
    times.add_minutes("h" + std::to_string(host), kNow, 3);
  }
  for (int host = 0; host < 12; ++host) {
    times.add("h" + std::to_string(host), kNow + (host + 2) * 2 * kDay);
  }
  EXPECT_EQ(times.taken().size(), 8U);
}

TEST(FarRows, MayLieAtTheEndsOfAllNumbers) {
  Times times;
  for (const char* host : {"a", "b", "c"}) times.add_minutes(host, kNow, 5);
  times.add("a", 1.7e308);
  times.add("b", -1.7e308);
  EXPECT_EQ(times.taken().size(), 2U);
}

TEST(FarRows, OfNoTableAreNone) { EXPECT_THAT(Times().taken(), IsEmpty()); }

}  // namespace
}  // namespace rolemix
