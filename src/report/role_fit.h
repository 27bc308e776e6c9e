// Whether samples can be of the role that a model was trained on.
#ifndef ROLEMIX_REPORT_ROLE_FIT_H_
#define ROLEMIX_REPORT_ROLE_FIT_H_

#include <vector>

#include "base/error.h"
#include "samples/samples.h"
#include "score/score.h"
#include "table/notice.h"

namespace rolemix {

/// Errors: other_role, when the samples have values of fewer than half of the model's metrics, or
/// when more than half of the hosts, of at least three that nothing was known of before, are as far
/// off as has severity 100 from their first sample on, for a day. Of less than a day, which may be
/// an incident of the whole role, there is a notice, hosts_far_off. Where metrics are measured from
/// the level of a host, only the first is checked.
Result<std::vector<Notice>> check_role(Scorer& scorer, const Samples& samples);

}  // namespace rolemix

#endif  // ROLEMIX_REPORT_ROLE_FIT_H_
