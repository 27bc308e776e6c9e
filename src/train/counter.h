// Metrics that count since a start, of which only the rate says what a host does.
#ifndef ROLEMIX_TRAIN_COUNTER_H_
#define ROLEMIX_TRAIN_COUNTER_H_

#include "base/matrix.h"
#include "train/training_rows.h"

namespace rolemix {

/// Whether a metric grows in most steps of every host at which it changes, and falls in hardly any
/// (a restart). values (N) in the order of the rows, NaN = missing.
bool only_grows(const Vector& values, const TrainingRows& rows);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_COUNTER_H_
