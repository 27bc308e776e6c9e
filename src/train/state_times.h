// When a role is in which state.
#ifndef ROLEMIX_TRAIN_STATE_TIMES_H_
#define ROLEMIX_TRAIN_STATE_TIMES_H_

#include <vector>

#include "base/matrix.h"
#include "model/role_model.h"

namespace rolemix {

/// (K) each state's share of the samples of every hour and day. states (N), -1 for none; timestamps
/// (N) epoch seconds.
std::vector<StateTimes> state_times(const std::vector<int>& states,
                                    const std::vector<double>& timestamps, Index components);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_STATE_TIMES_H_
