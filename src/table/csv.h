// CSV bytes -> SampleTable.
#ifndef ROLEMIX_TABLE_CSV_H_
#define ROLEMIX_TABLE_CSV_H_

#include <string_view>

#include "base/error.h"
#include "table/sample_table.h"

namespace rolemix {

/// Reads CSV (RFC 4180) in the wide form `timestamp,host,<metric>,...` or, with exactly the columns
/// `timestamp,host,metric,value`, in the long form; columns may come in any order. Timestamps are
/// epoch seconds or RFC 3339; an empty field or `nan` is a missing value. Rows of the long form
/// come in order of first appearance of their (timestamp, host). `source` names the bytes in error
/// messages, `FILE:LINE`.
/// Errors: bad_format (with file, line, column and text) on a bad header, a wrong number of fields,
/// a bad quote, a number or timestamp that does not parse, an infinity, a name that is empty or not
/// UTF-8, a duplicate column, no data row; in the long form also on a second value for one
/// (timestamp, host, metric), and when the values would fill less than 1 % of a large table.
Result<SampleTable> parse_csv(std::string_view bytes, std::string_view source);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_CSV_H_
