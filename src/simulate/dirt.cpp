#include "simulate/dirt.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/escape.h"
#include "simulate/ground.h"
#include "simulate/pieces.h"

namespace rolemix {
namespace {

struct KindEntry {
  DirtKind kind;
  std::string_view name;
  void (*put)(simulation::Ground&);
};

// Rows go first, so that no later piece lies where nothing is left; names last.
constexpr std::array<KindEntry, 12> kKinds = {{
    {DirtKind::kIntervals, "intervals", simulation::put_intervals},
    {DirtKind::kGaps, "gaps", simulation::put_gaps},
    {DirtKind::kUnits, "units", simulation::put_units},
    {DirtKind::kPartial, "partial", simulation::put_partial},
    {DirtKind::kZeros, "zeros", simulation::put_zeros},
    {DirtKind::kSentinels, "sentinels", simulation::put_sentinels},
    {DirtKind::kResets, "resets", simulation::put_resets},
    {DirtKind::kOutliers, "outliers", simulation::put_outliers},
    {DirtKind::kAhead, "ahead", simulation::put_ahead},
    {DirtKind::kShifts, "shifts", simulation::put_shifts},
    {DirtKind::kRepeats, "repeats", simulation::put_repeats},
    {DirtKind::kRenames, "renames", simulation::put_renames},
}};

}  // namespace

std::string_view name(DirtKind kind) {
  return std::ranges::find(kKinds, kind, &KindEntry::kind)->name;
}

std::string dirt_kind_names() {
  std::string names;
  for (const KindEntry& entry : kKinds) {
    names.append(names.empty() ? "" : ", ").append(entry.name);
  }
  return names;
}

Result<std::vector<DirtKind>> parse_dirt_kinds(const std::vector<std::string>& names) {
  std::vector<DirtKind> kinds;
  for (const KindEntry& entry : kKinds) {
    if (names.empty() || std::ranges::find(names, entry.name) != names.end()) {
      kinds.push_back(entry.kind);
    }
  }
  for (const std::string& wanted : names) {
    if (std::ranges::find(kKinds, wanted, &KindEntry::name) != kKinds.end()) continue;
    return fail(ErrorCode::kInvalidArgument, fmt::format("dirty: expected some of {}, got {}",
                                                         dirt_kind_names(), in_quotes(wanted)));
  }
  return kinds;
}

DirtySimulation make_dirty(Simulation simulation, const SimulateOptions& options,
                           const std::vector<DirtKind>& kinds) {
  simulation::Ground ground(std::move(simulation), options);
  for (const KindEntry& entry : kKinds) {
    if (std::ranges::find(kinds, entry.kind) != kinds.end()) entry.put(ground);
  }
  return std::move(ground).finish();
}

}  // namespace rolemix
