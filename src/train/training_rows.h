// The rows of a table as training sees them.
#ifndef ROLEMIX_TRAIN_TRAINING_ROWS_H_
#define ROLEMIX_TRAIN_TRAINING_ROWS_H_

#include <cstdint>
#include <vector>

#include "base/matrix.h"
#include "table/sample_table.h"
#include "train/train.h"

namespace rolemix {

/// Those inside the training period: hosts by name, each in order of time.
struct TrainingRows {
  std::vector<std::int32_t> host;       ///< (N) running number
  std::vector<double> position;         ///< (N) 0..1 within the host's time
  std::vector<double> timestamps;       ///< (N) epoch seconds
  std::vector<std::int32_t> table_row;  ///< (N)
  int hosts = 0;
};

TrainingRows collect_rows(const SampleTable& table, const std::vector<HostRows>& hosts,
                          const TrainOptions& options);

/// Rows of which anything was measured. samples (N, D), NaN = missing.
std::vector<Index> measured_rows(const Matrix& samples);

/// At most `most` of the rows, evenly spread.
std::vector<Index> thin(const std::vector<Index>& rows, Index most);

/// (N, D) how far each host's level of late lies from the medians (D), in the order of the rows.
/// samples (N, D) in model units.
Matrix shifts_of(const Matrix& samples, const TrainingRows& rows, const Vector& medians);

/// The table's values, (N, metrics of the table), those of centred metrics less their host's level;
/// (0, 0) when none is centred.
Matrix less_levels(const SampleTable& table, const Matrix& values, const TrainingRows& rows,
                   const TrainOptions& options);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_TRAINING_ROWS_H_
