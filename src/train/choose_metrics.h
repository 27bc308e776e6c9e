// Which metrics a model is made of, and how their values become numbers of the mixture.
#ifndef ROLEMIX_TRAIN_CHOOSE_METRICS_H_
#define ROLEMIX_TRAIN_CHOOSE_METRICS_H_

#include <vector>

#include "model/role_model.h"
#include "table/sample_table.h"
#include "train/train.h"
#include "train/training_rows.h"

namespace rolemix {

/// Specs of the metrics that are used; why the others are not goes into the report, as does what a
/// person should know of those that are. values (N, metrics of the table): of the rows to learn
/// from; `measured`: the same, of which those of centred metrics count, from their host's level.
std::vector<MetricSpec> choose_metrics(const SampleTable& table, const TrainingRows& rows,
                                       const Matrix& values, const Matrix& measured,
                                       const TrainOptions& options, TrainReport& report);

/// (N, specs) in model units.
Matrix transform_rows(const SampleTable& table, const Matrix& values,
                      const std::vector<MetricSpec>& specs);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_CHOOSE_METRICS_H_
