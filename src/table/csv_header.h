// The first line of CSV: what each column is.
#ifndef ROLEMIX_TABLE_CSV_HEADER_H_
#define ROLEMIX_TABLE_CSV_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "table/csv_scanner.h"
#include "table/left_out.h"
#include "table/name_index.h"
#include "table/notice.h"
#include "table/table_options.h"

namespace rolemix {

enum class CsvColumn : std::uint8_t { kTimestamp, kHost, kMetric, kValue, kLeftOut };

/// How the rows are to be read.
struct CsvHeader {
  std::vector<std::string> names;    ///< of all columns, for messages
  std::vector<CsvColumn> columns;    ///< the same
  bool is_long = false;              ///< one value a row, with its metric's name
  bool has_host = false;             ///< a column names the row's host
  NameIndex metrics;                 ///< those of columns
  NameIndex hosts;                   ///< where no column names them: of columns, or one of all
  std::vector<std::int32_t> host;    ///< of each value column, where columns are series
  std::vector<std::int32_t> metric;  ///< the same
  std::vector<Notice> notices;

  bool by_series() const { return !host.empty(); }
};

/// Where the header begins, and how it is separated: as a line `sep=;` says, else by what comes
/// first in it outside of quotes, a comma, a semicolon or a tab.
CsvScanner csv_scanner(std::string_view bytes);

/// Reads the header. Columns whose names cannot be used are left out. Which names columns of times,
/// hosts, metrics and values may have is in docs/input.md. Errors: bad_format, as of parse_csv.
Result<CsvHeader> read_csv_header(CsvScanner& scanner, std::string_view source,
                                  const TableOptions& options, LeftOut& left_out);

/// What is wrong with a field that the scanner could not read.
std::string quote_reason(const CsvScanner& scanner, CsvScanner::Status status,
                         std::string_view column);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_CSV_HEADER_H_
