// Which values of a table count as missing, since they are in another unit than the model's.
#ifndef ROLEMIX_SAMPLES_OTHER_UNITS_H_
#define ROLEMIX_SAMPLES_OTHER_UNITS_H_

#include <span>
#include <string_view>
#include <vector>

#include "base/matrix.h"
#include "model/role_model.h"
#include "samples/unit_change.h"
#include "table/sample_table.h"

namespace rolemix {

/// A host's rows of a table, in order of time.
struct HostTable {
  std::string_view name;
  std::span<const std::int32_t> rows;
  std::span<const double> units;  ///< (D) the unit of the last sample before, as HostSamples has it
};

/// Values to leave out: of a metric of the model, as places in the rows of a host. One of both at
/// most.
struct FoundSpan {
  std::size_t host = 0;
  Index metric = 0;
  UnitSpan span;
};

struct FoundUnits {
  std::vector<FoundSpan> spans;
  std::vector<UnitChange> changes;
};

/// columns: of each of the model's metrics the table's, or -1.
FoundUnits find_other_units(const RoleModel& model, const TableView& table,
                            std::span<const Index> columns, std::span<const HostTable> hosts);

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_OTHER_UNITS_H_
