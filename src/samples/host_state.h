// What is carried of a host after its last sample: the host's part of a state.
#ifndef ROLEMIX_SAMPLES_HOST_STATE_H_
#define ROLEMIX_SAMPLES_HOST_STATE_H_

#include <functional>
#include <limits>
#include <map>
#include <string>

#include "samples/host_level.h"

namespace rolemix {

/// What a host's alert_score remembers between samples; update() in score/score_memory.h is the
/// rule.
struct ScoreMemory {
  double slow = 0;       ///< weighted mean of the excess over the typical score, nats
  double fast = 0;       ///< the same over a fifth of the time
  double timestamp = 0;  ///< of the last sample that was scored, epoch seconds
  bool started = false;
  double excess = 0;   ///< nats of the last sample above the typical score, in full
  bool alone = false;  ///< that sample was the first: nothing bears it out yet
  double apart = 0;    ///< seconds between the last two samples; 0: there were none
};

struct HostState {
  double last_at = std::numeric_limits<double>::quiet_NaN();  ///< its last sample; NaN: none yet
  KeptRows level;                                             ///< as of HostLevel, in the units
  ScoreMemory memory;
  KeptRows evidence;  ///< of the last samples, (2 D) each, as of evidence_of
};

using HostStates = std::map<std::string, HostState, std::less<>>;  ///< by name

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_HOST_STATE_H_
