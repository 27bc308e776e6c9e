// What a table's samples hold that cannot be, or looks filled in: it is judged as it is, and said.
#ifndef ROLEMIX_SAMPLES_ODD_SAMPLES_H_
#define ROLEMIX_SAMPLES_ODD_SAMPLES_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "model/role_model.h"
#include "table/notice.h"

namespace rolemix {

/// The first of some, and how many they are.
struct OddSamples {
  std::int64_t count = 0;
  std::string host;
  double time = 0;   ///< epoch seconds
  double value = 0;  ///< of the metric, in its unit
};

struct FoundOddSamples {
  std::vector<OddSamples> impossible;  ///< (D) values above the full scale, negative ones of what
                                       ///< is counted, beyond 1e50; or empty
  OddSamples zeros;  ///< 0 in every metric, of which at least two never were in training
};

/// Adds those among a host's samples. values (n, D) in the metrics' own units, NaN = missing.
void find_odd_samples(const RoleModel& model, const std::string& host,
                      std::span<const double> times, const Eigen::Map<const Matrix>& values,
                      FoundOddSamples& found);

/// values_impossible, one for each metric, and rows_of_zeros.
std::vector<Notice> notices_of(const RoleModel& model, const FoundOddSamples& found);

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_ODD_SAMPLES_H_
