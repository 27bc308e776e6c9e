// CSV bytes -> SampleTable.
#ifndef ROLEMIX_TABLE_CSV_H_
#define ROLEMIX_TABLE_CSV_H_

#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "table/sample_table.h"
#include "table/table_options.h"

namespace rolemix {

struct CsvTable {
  SampleTable table;
  /// Its columns were series of several hosts: other files may have other metrics of these.
  bool by_series = false;
};

/// Reads CSV (RFC 4180), separated by commas, semicolons or tabs, in one of three forms, whose
/// columns may come in any order:
/// - wide, `timestamp,host,<metric>,...`; without a column of hosts the file's name is the host;
/// - long, `timestamp,host,metric,value`; rows come in order of first appearance of their
///   (timestamp, host);
/// - by series, `time,cpu{instance="a"},cpu{instance="b"},...`; hosts that have no value at a time
///   have no row.
/// docs/input.md says by which names columns are known, how times are written, and what words
/// stand for a missing value. Columns and rows whose names are not UTF-8 or longer than
/// kLongestName are left out; the table's notices say so. `source` names the bytes in messages,
/// `FILE:LINE`.
/// Errors: bad_format (with file, line, column and text) on a bad header, a wrong number of fields,
/// a bad quote, a number or timestamp that does not parse, an infinity, an empty name, a duplicate
/// column, no data row or none that is not left out; in the long form also on a second value for
/// one (timestamp, host, metric), and when the values would fill less than 1 % of a large table.
/// too_large on a table of more bytes than asked for.
Result<CsvTable> read_csv(std::string_view bytes, std::string_view source,
                          const TableOptions& options = {});

/// The table alone.
Result<SampleTable> parse_csv(std::string_view bytes, std::string_view source,
                              std::uint64_t most_bytes = kMostTableBytes);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_CSV_H_
