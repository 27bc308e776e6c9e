// What is to be known of a role's samples before anything is said of them.
#ifndef ROLEMIX_REPORT_NOTICES_H_
#define ROLEMIX_REPORT_NOTICES_H_

#include <vector>

#include "model/role_model.h"
#include "samples/samples.h"
#include "table/notice.h"

namespace rolemix {

/// model_not_ready, samples_far_apart (no alert can open), metrics_missing and samples_passed_over,
/// where they are so.
std::vector<Notice> notices_of(const RoleModel& model, const Samples& samples);

}  // namespace rolemix

#endif  // ROLEMIX_REPORT_NOTICES_H_
