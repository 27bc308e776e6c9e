// Values that say nothing of the host, told by the metric's own history.
#ifndef ROLEMIX_TRAIN_FAR_VALUES_H_
#define ROLEMIX_TRAIN_FAR_VALUES_H_

#include <vector>

#include "base/matrix.h"
#include "train/training_rows.h"

namespace rolemix {

/// Of a metric's values, how many may be left out as none of a host's: a hundredth.
constexpr Index kMostFarShare = 100;

/// The rows whose value lies more than five hundred times as far from the metric's median as nearly
/// all values reach (98 %), where these rows are at most a hundredth, and of less than an eighth
/// of the host-days: what recurs, as a backup once a week does, is not far. Below 0 of what is else
/// never so it is however often. values (N) in the order of the rows, NaN = missing.
std::vector<Index> far_values(const VectorRef& values, const TrainingRows& rows);

/// The rows with the negative value that comes most often, three times or more, where negative
/// values are at most a hundredth and these rows of as few host-days: -1 where nothing was
/// measured.
std::vector<Index> sentinels(const VectorRef& values, const TrainingRows& rows);

/// The rows that are 0 in every metric that has a value, though at least two of these metrics are 0
/// in no more than a twentieth of their values: filled in where nothing was measured. values (N,
/// D).
std::vector<Index> zero_rows(const MatrixRef& values);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_FAR_VALUES_H_
