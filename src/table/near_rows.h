// Answers that come some seconds apart -> rows that are whole.
#ifndef ROLEMIX_TABLE_NEAR_ROWS_H_
#define ROLEMIX_TABLE_NEAR_ROWS_H_

#include "table/sample_table.h"

namespace rolemix {

/// Of the usual time between two values of a host's metric: rows that are closer are one sample.
constexpr double kNearShare = 0.5;

/// Makes one row of successive rows of a host that are closer than kNearShare of its step and have
/// no metric in common: at the time of the first, in the place of the one that came first. The step
/// is the shortest usual time between two values of one of its metrics, of those that it has often.
/// Adds a notice, `rows_joined`, where there were such rows.
SampleTable join_near_rows(SampleTable table);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_NEAR_ROWS_H_
