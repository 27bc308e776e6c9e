// How a table is read.
#ifndef ROLEMIX_TABLE_TABLE_OPTIONS_H_
#define ROLEMIX_TABLE_TABLE_OPTIONS_H_

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "table/sample_table.h"
#include "table/time_zone.h"

namespace rolemix {

using LabelNames = std::set<std::string, std::less<>>;

/// What labels of series, and columns of CSV, mean where their names do not say it.
struct LabelOptions {
  std::string host;    ///< names the hosts; empty: docs/input.md says which do
  LabelNames dropped;  ///< no part of a metric's name; columns: not read
};

struct TableOptions {
  std::uint64_t most_bytes = kMostTableBytes;  ///< of a table, as of table_bytes
  const TimeZone* zone = nullptr;  ///< of times in CSV that name none; null: these are errors
  bool named = true;               ///< the source is a file's name, which may name a host or metric
  LabelOptions labels = {};
};

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_TABLE_OPTIONS_H_
