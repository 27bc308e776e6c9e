#include "report/peers.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace rolemix {
namespace {

constexpr std::size_t kOneIn = 10;  // is left out at either end

/// The value in this place if they were sorted.
double nth(std::vector<double>& values, std::size_t place) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(place);
  std::ranges::nth_element(values, at);
  return *at;
}

}  // namespace

Index last_sample(const HostSamples& host, double at, double gap) {
  const Index after = std::ranges::upper_bound(host.times, at) - host.times.begin();
  return after > 0 && host.times[after - 1] >= at - gap ? after - 1 : -1;
}

std::vector<PeerValues> peer_values(const Samples& samples, const HostSamples& host, double at,
                                    double gap) {
  std::vector<PeerValues> peers(static_cast<std::size_t>(host.dimensions()));
  std::vector<double> values;
  for (std::size_t d = 0; d < peers.size(); ++d) {
    values.clear();
    for (const HostSamples& other : samples.hosts) {
      const Index sample = &other == &host ? -1 : last_sample(other, at, gap);
      const double value = sample < 0 ? std::numeric_limits<double>::quiet_NaN()
                                      : other.values()(sample, static_cast<Index>(d));
      if (!std::isnan(value)) {
        values.push_back(value);
      }
    }
    const std::size_t count = values.size();
    if (count > 0) {
      const std::size_t out = count / kOneIn;
      peers[d] = {static_cast<int>(count), nth(values, out), nth(values, count / 2),
                  nth(values, count - 1 - out)};
    }
  }
  return peers;
}

}  // namespace rolemix
