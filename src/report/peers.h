// What the other hosts of a role show at a moment.
#ifndef ROLEMIX_REPORT_PEERS_H_
#define ROLEMIX_REPORT_PEERS_H_

#include <limits>
#include <vector>

#include "samples/samples.h"

namespace rolemix {

/// Of one metric, in its unit; NaN where no other host has a value.
struct PeerValues {
  int hosts = 0;                                          ///< others that have one
  double low = std::numeric_limits<double>::quiet_NaN();  ///< where their middle 80 % begin: of
                                                          ///< nine or fewer the least
  double median = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

/// The host's last sample of at most `gap` seconds before the moment; -1 without one.
Index last_sample(const HostSamples& host, double at, double gap);

/// (D) what hosts other than this one show, each by its last sample.
std::vector<PeerValues> peer_values(const Samples& samples, const HostSamples& host, double at,
                                    double gap);

}  // namespace rolemix

#endif  // ROLEMIX_REPORT_PEERS_H_
