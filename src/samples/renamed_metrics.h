// Metrics that a table lacks, and columns of it that look like them under another name.
#ifndef ROLEMIX_SAMPLES_RENAMED_METRICS_H_
#define ROLEMIX_SAMPLES_RENAMED_METRICS_H_

#include <string>
#include <vector>

#include "model/role_model.h"
#include "table/notice.h"
#include "table/sample_table.h"

namespace rolemix {

struct RenamedMetric {
  std::string metric;  ///< of the model
  std::string column;  ///< of the table
  double factor = 1;   ///< between their units, as of UnitSpan
};

/// Of the model's metrics without a value in the table those for which a column stands that the
/// model does not know: at least half of the words of their names are the same, and its median is
/// the metric's, or that in another unit.
std::vector<RenamedMetric> renamed_metrics(const RoleModel& model, const TableView& table);

/// metric_renamed, one for each.
std::vector<Notice> notices_of(const std::vector<RenamedMetric>& renamed);

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_RENAMED_METRICS_H_
