#include "report/input_notices.h"

#include <cstddef>
#include <cstdint>
#include <span>

#include "samples/host_times.h"
#include "samples/odd_samples.h"
#include "samples/unit_change.h"
#include "text/lists.h"

namespace rolemix {
namespace {

/// Of metrics that count up on most hosts, of three at least, far above what they were.
std::vector<Notice> counters(const RoleModel& model, const Samples& samples) {
  constexpr double kFarAbove =
      100;  // times: what grows on its own, as a leak does, is not so at once
  constexpr std::size_t kFewestHosts = 3;
  std::vector<Notice> notices;
  for (Index d = 0; d < model.dimensions(); ++d) {
    const MetricSpec& metric = model.metrics[d];
    std::size_t hosts = 0;
    std::size_t counting = 0;
    for (const HostSamples& host : samples.hosts) {
      if (host.size() == 0) {
        continue;
      }
      ++hosts;
      if (const double first = host.values(0, 1)(0, d); first > kFarAbove * metric.usual_high) {
        const Vector values = host.values().col(d);
        counting +=
            counts_up(std::span(values.data(), values.data() + values.size())).value_or(false) ? 1
                                                                                               : 0;
      }
    }
    if (hosts >= kFewestHosts && 2 * counting > hosts) {
      notices.push_back(notice(
          "metrics_only_grow",
          concat({metric.name,
                  " counts up, as a counter does, and did not in training: give its rate"})));
      notices.back().metric = metric.name;
    }
  }
  return notices;
}

}  // namespace

std::vector<Notice> input_notices(const RoleModel& model, const Samples& samples) {
  std::vector<HostTimes> times;
  FoundOddSamples odd;
  for (const std::int32_t h : samples.by_name) {
    const HostSamples& host = samples.hosts[h];
    if (host.size() > 0) {
      times.push_back({host.name, host.times});
      find_odd_samples(model, host.name, host.times, host.values(), odd);
    }
  }
  std::vector<Notice> notices = notices_of(model, odd);
  for (auto& found : {counters(model, samples), notices_of(times, samples.interval())}) {
    notices.insert(notices.end(), found.begin(), found.end());
  }
  return notices;
}

}  // namespace rolemix
