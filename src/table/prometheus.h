// Answers of a Prometheus server -> SampleTable.
#ifndef ROLEMIX_TABLE_PROMETHEUS_H_
#define ROLEMIX_TABLE_PROMETHEUS_H_

#include <string_view>

#include "base/error.h"
#include "table/sample_table.h"
#include "table/table_options.h"

namespace rolemix {

/// Whether the bytes, from the first that is not blank, start like a JSON object.
bool looks_like_json(std::string_view bytes);

/// Reads the JSON that /api/v1/query_range (a matrix) or /api/v1/query (a vector) answers with. The
/// host is the label `instance`, else `host`, `hostname`, `node` or `nodename`, unless the options
/// name another. The metric is the label `metric`, else the series' name and its labels without
/// those of the host and `job`, as in `name{cpu="0",mode="user"}`, else the file's name. Series are
/// joined where host and timestamp are the same; rows come in order of first appearance. NaN and
/// infinities are missing values. Series whose labels are not UTF-8, or whose host or metric is
/// longer than kLongestName, are left out; the table's notices say so. `source` names the bytes in
/// messages. Errors: bad_format on bytes that are no such JSON (FILE:LINE and byte, or FILE and the
/// path inside the JSON), no value at all, a series without a host, two values for one (timestamp,
/// host, metric), and values that would fill less than 1 % of a large table; too_large on a table
/// of more than the options allow; source_failed with the server's own message when the answer is
/// one of its errors.
Result<SampleTable> parse_prometheus(std::string_view json, std::string_view source,
                                     const TableOptions& options = {});

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_PROMETHEUS_H_
