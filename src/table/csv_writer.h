// SampleTable -> CSV bytes.
#ifndef ROLEMIX_TABLE_CSV_WRITER_H_
#define ROLEMIX_TABLE_CSV_WRITER_H_

#include <string>

#include "table/sample_table.h"

namespace rolemix {

/// The wide form `timestamp,host,<metric>,...` in the table's order of rows; numbers in shortest
/// round-trip form, missing values empty, names quoted where RFC 4180 asks for it.
std::string to_csv(const SampleTable& table);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_CSV_WRITER_H_
