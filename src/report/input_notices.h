// What samples are like beside what a model knows. The command says it; the WebAssembly module does
// not have it, which would be 5 kB larger.
#ifndef ROLEMIX_REPORT_INPUT_NOTICES_H_
#define ROLEMIX_REPORT_INPUT_NOTICES_H_

#include <vector>

#include "model/role_model.h"
#include "samples/samples.h"
#include "table/notice.h"

namespace rolemix {

/// values_impossible, rows_of_zeros, metrics_only_grow, and those of hosts' times.
std::vector<Notice> input_notices(const RoleModel& model, const Samples& samples);

}  // namespace rolemix

#endif  // ROLEMIX_REPORT_INPUT_NOTICES_H_
