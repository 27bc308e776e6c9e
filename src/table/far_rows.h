// Samples of a wrong clock: told by the times of the others, for the present is not known here.
#ifndef ROLEMIX_TABLE_FAR_ROWS_H_
#define ROLEMIX_TABLE_FAR_ROWS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "table/sample_table.h"

namespace rolemix {

/// How far from all others a time is, in seconds, before it is not believed. interval: the usual
/// seconds between two samples of a host; 0: not known.
double far_time(double interval);

/// Of each host the rows that are left without those, at the beginning and at the end of the
/// table's time, that lie that far from all others: those of at most half as many hosts as the
/// others are of, or two rows at most of the only host there is. More than that, or for longer than
/// that, is a pause, and stays.
std::vector<std::span<const std::int32_t>> believed_rows(const TableView& table,
                                                         const std::vector<HostRows>& hosts,
                                                         double interval);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_FAR_ROWS_H_
