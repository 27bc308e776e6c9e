// Values of a training period in another unit than most of it.
#ifndef ROLEMIX_TRAIN_OTHER_UNITS_H_
#define ROLEMIX_TRAIN_OTHER_UNITS_H_

#include "base/matrix.h"
#include "table/sample_table.h"
#include "train/train.h"
#include "train/training_rows.h"

namespace rolemix {

/// Takes values for missing that look like another unit than most of their metric's, as of
/// span_of_other_unit, and says so. values (N, D) of the rows.
void leave_out_other_units(const SampleTable& table, const TrainingRows& rows,
                           const TrainOptions& options, Matrix& values, TrainReport& report);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_OTHER_UNITS_H_
