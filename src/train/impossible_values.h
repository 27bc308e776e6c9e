// What a metric's values can be, and those that cannot.
#ifndef ROLEMIX_TRAIN_IMPOSSIBLE_VALUES_H_
#define ROLEMIX_TRAIN_IMPOSSIBLE_VALUES_H_

#include <string>
#include <string_view>

#include "base/matrix.h"
#include "table/sample_table.h"
#include "train/train.h"
#include "train/training_rows.h"

namespace rolemix {

/// What is known of a metric; of one that nobody named nothing.
MetricRule rule_of(const TrainOptions& options, const std::string& metric);

/// The stated unit, else what a name that follows Prometheus' conventions says; empty: nothing. Of
/// counters, whose names end in _total, the rate is learned, in another unit.
std::string unit_of(const MetricRule& rule, std::string_view metric);

/// The stated one; else 100 of a percentage whose largest value, but for odd ones, is within 100;
/// else NaN.
double full_scale_of(const MetricRule& rule, std::string_view unit, double high);

/// Takes what cannot be for missing, where that is no more than the odd values of a metric
/// (odd_of): above the full scale, below 0 of what is counted, beyond 1e50. Says so, and of values
/// above a stated full scale that are more. values (N, D) of the rows.
void leave_out_impossible(const SampleTable& table, const TrainingRows& rows,
                          const TrainOptions& options, Matrix& values, TrainReport& report);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_IMPOSSIBLE_VALUES_H_
