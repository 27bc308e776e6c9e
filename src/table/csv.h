// CSV bytes -> SampleTable.
#ifndef ROLEMIX_TABLE_CSV_H_
#define ROLEMIX_TABLE_CSV_H_

#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "table/sample_table.h"

namespace rolemix {

/// Reads CSV (RFC 4180) in the wide form `timestamp,host,<metric>,...` or, with exactly the columns
/// `timestamp,host,metric,value`, in the long form; columns may come in any order. Timestamps are
/// epoch seconds or RFC 3339; an empty field or `nan` is a missing value. Rows of the long form
/// come in order of first appearance of their (timestamp, host). Columns and rows whose names are
/// not UTF-8 or longer than kLongestName are left out; the table's notices say so. `source` names
/// the bytes in messages, `FILE:LINE`.
/// Errors: bad_format (with file, line, column and text) on a bad header, a wrong number of fields,
/// a bad quote, a number or timestamp that does not parse, an infinity, an empty name, a duplicate
/// column, no data row or none that is not left out; in the long form also on a second value for
/// one (timestamp, host, metric), and when the values would fill less than 1 % of a large table.
/// too_large on a table of more than `most_bytes`, as of table_bytes.
Result<SampleTable> parse_csv(std::string_view bytes, std::string_view source,
                              std::uint64_t most_bytes = kMostTableBytes);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_CSV_H_
