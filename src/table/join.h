// Values that come one by one -> rows of a table.
#ifndef ROLEMIX_TABLE_JOIN_H_
#define ROLEMIX_TABLE_JOIN_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "table/sample_table.h"

namespace rolemix {

/// Numbers the pairs (timestamp, host) in order of first appearance.
class RowIndex {
 public:
  std::int32_t find_or_add(double timestamp, std::int32_t host);

  std::vector<double> timestamps;   ///< by row
  std::vector<std::int32_t> hosts;  ///< by row

 private:
  struct Key {
    double timestamp;
    std::int32_t host;
    auto operator<=>(const Key&) const = default;
  };

  bool is_at(std::size_t row, double timestamp, std::int32_t host) const {
    return row < timestamps.size() && timestamps[row] == timestamp && hosts[row] == host;
  }

  std::map<Key, std::int32_t> rows_;
  std::size_t last_ = 0;  // found last
};

/// Puts values into the rows of a table, whose cells are missing at first. Two that differ are not
/// one sample: of each host the first such value becomes a row of its own, for rows_by_host to
/// find.
class JoinedValues {
 public:
  explicit JoinedValues(SampleTable& table) : table_(table) {}

  /// Whether the value is one that gets a row of its own, the next after those of the table.
  bool put(std::int32_t row, std::int32_t metric, double value);

  /// Adds these rows, in the order in which they were put.
  void finish();

 private:
  struct Value {
    std::int32_t row;
    std::int32_t metric;
    double value;
  };

  SampleTable& table_;
  std::vector<Value> contradicting_;
  std::set<std::int32_t> hosts_;
};

/// Few values can span a table that no memory holds: what is expected instead, and what came; empty
/// when the table may be made.
std::string sparseness(std::size_t values, std::size_t rows, std::size_t metrics);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_JOIN_H_
