// Answers of a Prometheus server -> SampleTable.
#ifndef ROLEMIX_TABLE_PROMETHEUS_H_
#define ROLEMIX_TABLE_PROMETHEUS_H_

#include <string_view>

#include "base/error.h"
#include "table/sample_table.h"

namespace rolemix {

/// Whether the bytes, from the first that is not blank, start like a JSON object.
bool looks_like_json(std::string_view bytes);

/// Reads the JSON that /api/v1/query_range (a matrix) or /api/v1/query (a vector) answers with. The
/// host is the label `instance`, else `host`, `hostname`, `node` or `nodename`. The metric is the
/// label `metric`, else the series' name and its labels without those of the host and `job`, as in
/// `name{cpu="0",mode="user"}`, else the file's name. Series are joined where host and timestamp
/// are the same; rows come in order of first appearance. NaN and infinities are missing values.
/// `source` names the bytes in error messages.
/// Errors: bad_format on bytes that are no such JSON (FILE:LINE and byte, or FILE and the path
/// inside the JSON), no value at all, a series without a host, two values for one (timestamp, host,
/// metric), and values that would fill less than 1 % of a large table; source_failed with the
/// server's own message when the answer is one of its errors.
Result<SampleTable> parse_prometheus(std::string_view json, std::string_view source);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_PROMETHEUS_H_
