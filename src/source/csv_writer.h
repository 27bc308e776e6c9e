// SampleTable and incidents -> CSV bytes.
#ifndef ROLEMIX_SOURCE_CSV_WRITER_H_
#define ROLEMIX_SOURCE_CSV_WRITER_H_

#include <string>
#include <string_view>
#include <vector>

#include "source/simulate.h"
#include "table/sample_table.h"

namespace rolemix {

/// The text as a CSV field, quoted where RFC 4180 asks for it.
std::string csv_field(std::string_view text);

/// The wide form `timestamp,host,<metric>,...` in the table's order of rows; numbers in shortest
/// round-trip form, missing values empty, names quoted where RFC 4180 asks for it.
std::string to_csv(const SampleTable& table);

/// `kind,host,from,to,anomalous,cause_metrics,description`; `;` between metrics.
std::string incidents_csv(const std::vector<Incident>& incidents);

}  // namespace rolemix

#endif  // ROLEMIX_SOURCE_CSV_WRITER_H_
