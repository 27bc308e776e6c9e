// Dirt as monitoring systems leave it in their data, put over a simulated role, each piece on
// record.
#ifndef ROLEMIX_SIMULATE_DIRT_H_
#define ROLEMIX_SIMULATE_DIRT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "simulate/simulate.h"

namespace rolemix {

/// In the order in which they are put.
enum class DirtKind : std::uint8_t {
  kIntervals,  ///< some hosts report every fifth time only
  kGaps,       ///< hours without samples, of a host or of all
  kUnits,      ///< bytes as MiB, on one host or for a while on all
  kPartial,    ///< an answer of Prometheus that says it is partial, with series that have holes
  kZeros,      ///< zeros in the place of a gap
  kSentinels,  ///< -1 or 999999 where nothing was measured
  kResets,     ///< differences of counters over a reboot: far below 0
  kOutliers,   ///< single readings of 2^64, a million times the value, or below 0
  kAhead,      ///< a few rows of a clock that is years ahead
  kShifts,     ///< an answer of Prometheus whose metrics are some seconds apart
  kRepeats,    ///< hours whose rows come twice
  kRenames,    ///< a host that goes on under another name
};

std::string_view name(DirtKind kind);

/// Of all kinds, with commas between them.
std::string dirt_kind_names();

/// All kinds where there are no names. Errors: invalid_argument, with the names there are.
Result<std::vector<DirtKind>> parse_dirt_kinds(const std::vector<std::string>& names);

/// One piece, in [from, to).
struct Dirt {
  DirtKind kind = DirtKind::kOutliers;
  std::string host;    ///< by its name at the time; empty: every host
  std::string metric;  ///< empty: all, or several
  double from = 0;     ///< epoch seconds, by a clock that is right
  double to = 0;       ///< epoch seconds
  std::string description;
};

/// A host whose samples come as an answer of Prometheus instead of CSV.
struct Answer {
  std::vector<double>
      delays;  ///< (D) whole seconds after a row's time at which metrics are stamped
  bool is_partial = false;
};

struct DirtySimulation {
  /// Rows by host, in the order in which they arrive. Incidents name hosts as they then are.
  Simulation simulation;
  std::vector<Dirt> dirt;                      ///< in order of from
  std::vector<std::optional<Answer>> answers;  ///< by host of the table; nothing: CSV
};

/// Puts dirt of these kinds over the simulation that `options` gave; the same on every platform.
/// What would hide an incident (values written over, samples taken away, other units) stays an
/// hour, or twelve intervals, away from those of its host and of the role; the rest comes anywhere.
/// Of what finds no place there is less, or none.
DirtySimulation make_dirty(Simulation simulation, const SimulateOptions& options,
                           const std::vector<DirtKind>& kinds);

}  // namespace rolemix

#endif  // ROLEMIX_SIMULATE_DIRT_H_
