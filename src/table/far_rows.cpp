#include "table/far_rows.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace rolemix {
namespace {

constexpr double kDay = 86400;           // clocks set to another time zone are off by less
constexpr double kFarIntervals = 100;    // what is sampled once a day may pause for weeks
constexpr std::size_t kFewRows = 2;      // fewer than the three in a row that open an alert
constexpr std::size_t kEnoughRows = 20;  // of the only host, beside which those are few
constexpr int kRounds = 8;               // of each end: more wrong clocks at once are no accident
constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Rows = std::span<const std::int32_t>;

/// Leaves out what is far away at one end, where that is little: sign is 1 at the end, -1 at the
/// beginning. Whether anything was.
bool leave_out(std::span<const double> timestamps, double sign, double far,
               std::vector<Rows>& hosts) {
  // Of a host's rows the i-th from this end, as if that were the end.
  const auto time = [&](const Rows& rows, std::size_t i) {
    return sign * timestamps[rows[sign > 0 ? rows.size() - 1 - i : i]];
  };
  double last = -kInfinity;
  for (const Rows& rows : hosts) {
    last = rows.empty() ? last : std::max(last, time(rows, 0));
  }
  std::vector<std::size_t> counts;  // of each host the rows that may be left out
  double first = kInfinity;         // of all these
  double before = -kInfinity;       // the last of all others
  std::size_t few = 0;              // hosts with such rows
  std::size_t others = 0;           // hosts with others
  for (const Rows& rows : hosts) {
    std::size_t count = 0;
    for (std::size_t end = rows.size(); count < end;) {
      const std::size_t middle = (count + end) / 2;
      if (time(rows, middle) >= last - far) {
        count = middle + 1;
      } else {
        end = middle;
      }
    }
    counts.push_back(count);
    if (count > 0) {
      ++few;
      first = std::min(first, time(rows, count - 1));
    }
    if (count < rows.size()) {
      ++others;
      before = std::max(before, time(rows, count));
    }
  }
  const bool are_few = hosts.size() == 1
                           ? counts[0] <= kFewRows && hosts[0].size() >= kEnoughRows + counts[0]
                           : 2 * few <= others;
  if (!(first - before > far) || !are_few) {
    return false;
  }
  for (std::size_t h = 0; h < hosts.size(); ++h) {
    hosts[h] = hosts[h].subspan(sign > 0 ? 0 : counts[h], hosts[h].size() - counts[h]);
  }
  return true;
}

}  // namespace

double far_time(double interval) { return std::max(kDay, kFarIntervals * interval); }

std::vector<Rows> believed_rows(const TableView& table, const std::vector<HostRows>& hosts,
                                double interval) {
  std::vector<Rows> believed;
  for (const HostRows& host : hosts) {
    believed.emplace_back(host.rows);
  }
  for (const double sign : {1., -1.}) {
    for (int round = 0;
         round < kRounds && leave_out(table.timestamps, sign, far_time(interval), believed);) {
      ++round;
    }
  }
  return believed;
}

}  // namespace rolemix
