#include "alert/alert_id.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>
#include <vector>

namespace rolemix {
namespace {

constexpr double kStart = 1791774300;  // 2026-10-12T03:05:00Z

Alert alert_of(const std::vector<std::string>& hosts, double started_at,
               double closed_at = std::numeric_limits<double>::quiet_NaN()) {
  Alert alert;
  alert.hosts = hosts;
  alert.scope = hosts.size() == 1 ? AlertScope::kHost : AlertScope::kRole;
  alert.started_at = started_at;
  alert.closed_at = closed_at;
  alert.alert_id = make_alert_id("blog:db", hosts.size() == 1 ? hosts.front() : "", started_at);
  return alert;
}

TEST(AlertId, names_role_host_and_start) {
  EXPECT_EQ(make_alert_id("blog:db", "db-3", kStart), "blog:db/db-3@2026-10-12T03:05:00Z");
  EXPECT_EQ(make_alert_id("blog:db", "db-3", kStart + 0.9), "blog:db/db-3@2026-10-12T03:05:00Z");
  EXPECT_EQ(make_alert_id("blog:db", {}, kStart), "blog:db@2026-10-12T03:05:00Z");
  EXPECT_EQ(make_alert_id("a:b", "h", -1), "a:b/h@-1");
  EXPECT_EQ(make_alert_id("a:b", "h", 1e300), "a:b/h@1000000000000000");
}

TEST(AlertId, is_read_back) {
  for (const std::string host : {"db-3", "10.0.0.1:9100", "a@b", "a/b", "データ"}) {
    const auto named = parse_alert_id("blog:db", make_alert_id("blog:db", host, kStart));
    ASSERT_TRUE(named);
    EXPECT_EQ(named->host, host);
    EXPECT_EQ(named->started_at, kStart);
  }
  EXPECT_EQ(parse_alert_id("blog:db", "blog:db@2026-10-12T03:05:00Z")->host, "");
  EXPECT_EQ(parse_alert_id("blog:db", "db-3@2026-10-12T03:05Z")->host, "db-3");
  EXPECT_EQ(parse_alert_id("blog:db", "db-3@1791774300")->started_at, kStart);
  for (const std::string bad : {"", "db-3", "db-3@", "db-3@noon", "496fc86807ecf2bc"}) {
    EXPECT_FALSE(parse_alert_id("blog:db", bad)) << bad;
  }
}

TEST(AlertId, finds_the_alert_itself_else_one_that_overlaps_it) {
  const std::array alerts = {
      alert_of({"a"}, kStart, kStart + 600), alert_of({"b"}, kStart - 7200, kStart - 6000),
      alert_of({"a", "b", "c"}, kStart + 60, kStart + 1200), alert_of({"a"}, kStart + 3000)};
  const auto found = [&](const std::string& id) {
    const Alert* alert = find_alert("blog:db", id, alerts);
    return alert == nullptr ? -1 : static_cast<int>(alert - alerts.data());
  };
  const auto at = [](const char* host, double time) {
    return make_alert_id("blog:db", host, time);
  };
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(found(alerts[i].alert_id), i);
  }
  EXPECT_EQ(found(at("a", kStart + 120)), 0) << "the host's own before the role's";
  EXPECT_EQ(found(at("a", kStart - 120)), 0) << "it starts two minutes later";
  EXPECT_EQ(found(at("a", kStart + 900)), 2) << "in the role's alert";
  EXPECT_EQ(found(at("c", kStart + 120)), 2);
  EXPECT_EQ(found(at("a", kStart + 86400)), 3) << "still open";
  EXPECT_EQ(found(at("b", kStart - 6000)), 1) << "closed then: the nearest start";
  EXPECT_EQ(found(at("b", kStart - 7200 - 3600)), -1) << "an hour away";
  EXPECT_EQ(found(at("d", kStart)), -1);
  EXPECT_EQ(found("blog:db@1791774400"), 2) << "of the role alone";
  EXPECT_EQ(found("other:role@1791774400"), -1);
}

}  // namespace
}  // namespace rolemix
