// What the times of hosts' samples tell: silence, other paces than most, and hosts that go on under
// another name.
#ifndef ROLEMIX_SAMPLES_HOST_TIMES_H_
#define ROLEMIX_SAMPLES_HOST_TIMES_H_

#include <span>
#include <string>
#include <vector>

#include "table/notice.h"

namespace rolemix {

/// When a host was measured: epoch seconds, ascending, at least one.
struct HostTimes {
  std::string host;
  std::span<const double> times;
};

/// hosts_silent (more than an hour and three usual intervals between two samples, or until the last
/// sample of all), intervals_differ (a host's samples come half as often as most hosts', or twice
/// as often) and host_renamed (one ends as another begins). interval: the usual seconds between
/// samples.
std::vector<Notice> notices_of(std::span<const HostTimes> hosts, double interval);

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_HOST_TIMES_H_
