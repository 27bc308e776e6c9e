// What is to be known of a role's samples before anything is said of them.
#ifndef ROLEMIX_REPORT_NOTICES_H_
#define ROLEMIX_REPORT_NOTICES_H_

#include <string>
#include <vector>

#include "model/role_model.h"
#include "samples/samples.h"
#include "table/notice.h"

namespace rolemix {

/// Hosts whose samples can open no alert: without two that are close enough together, where more
/// than one attempt is asked for, or without any value of the model's metrics; all of a model that
/// is not ready. By name.
std::vector<std::string> blind_hosts(const Calibration& calibration, int attempts,
                                     const Samples& samples);

/// model_not_ready, samples_far_apart (no alert can open), metrics_missing,
/// metrics_missing_on_hosts, unit_changed, hosts_blind, rows_repeated, samples_passed_over and
/// those of times that are not believed, where they are so.
std::vector<Notice> notices_of(const RoleModel& model, const Samples& samples);

}  // namespace rolemix

#endif  // ROLEMIX_REPORT_NOTICES_H_
