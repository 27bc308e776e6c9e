#include "report/peers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <string>

#include "model/random_model.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// So many hosts h0, h1, ... with a sample of two metrics at 0 and one at 60 s: the host's number,
/// and ten times as much.
SampleTable role_of(int hosts, const RoleModel& model) {
  SampleTable table;
  table.metrics = metric_names(model);
  table.values.resize(2 * hosts, 2);
  for (std::int32_t h = 0; h < hosts; ++h) {
    table.hosts.push_back("h" + std::to_string(h));
    for (int i = 0; i < 2; ++i) {
      table.host.push_back(h);
      table.timestamps.push_back(60.0 * i);
      table.values.row(2 * h + i) << h, 10 * h;
    }
  }
  return table;
}

RoleModel model_of_two() {
  return plain_model({Vector::Ones(1), Matrix::Zero(1, 2), {Matrix::Identity(2, 2)}});
}

TEST(PeerValues, are_of_the_middle_of_the_other_hosts) {
  const RoleModel model = model_of_two();
  for (const auto& [hosts, low, median, high] :
       {std::tuple(10, 0, 4, 8), {11, 1, 5, 8}, {2, 0, 0, 0}}) {
    const Samples samples = samples_of(model, role_of(hosts, model)).value();
    const HostSamples* last = samples.find("h" + std::to_string(hosts - 1));
    const std::vector<PeerValues> peers = peer_values(samples, *last, 60, 100);
    ASSERT_EQ(peers.size(), 2U);
    EXPECT_EQ(peers[0].hosts, hosts - 1);
    EXPECT_EQ(peers[0].low, low);
    EXPECT_EQ(peers[0].median, median);
    EXPECT_EQ(peers[0].high, high);
    EXPECT_EQ(peers[1].high, 10 * high);
  }
}

TEST(PeerValues, are_of_hosts_that_sent_something_about_then) {
  const RoleModel model = model_of_two();
  SampleTable table = role_of(4, model);
  table.values(1, 0) = kNaN;   // h0 at 60 s lacks the first metric
  table.timestamps[2] = -500;  // h1 sent long before,
  table.timestamps[3] = 500;   // and after
  const Samples samples = samples_of(model, table).value();
  const std::vector<PeerValues> peers = peer_values(samples, *samples.find("h3"), 60, 100);
  EXPECT_EQ(peers[0].hosts, 1) << "h2";
  EXPECT_EQ(peers[1].hosts, 2);
  EXPECT_EQ(peers[1].low, 0);
  EXPECT_EQ(peers[1].high, 20);
  EXPECT_EQ(last_sample(*samples.find("h1"), 60, 100), -1);
  EXPECT_EQ(last_sample(*samples.find("h1"), 60, 560), 0) << "at the gap";
  EXPECT_EQ(last_sample(*samples.find("h1"), 500, 0), 1);
  const PeerValues alone = peer_values(samples, *samples.find("h3"), 1e6, 1)[0];
  EXPECT_EQ(alone.hosts, 0);
  EXPECT_TRUE(std::isnan(alone.median));
}

}  // namespace
}  // namespace rolemix
