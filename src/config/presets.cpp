#include "config/presets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/escape.h"

namespace rolemix {
namespace {

struct Preset {
  std::string_view name;
  std::string_view yaml;
};

// Tolerances are what one looks at on a dashboard and does not mention: some percent of a scale
// that has an end, some percent of the usual value where nothing else is known. What only matters
// when it is high is watched above.
constexpr std::array<Preset, 1> kPresets = {{{"node-exporter", R"(
metrics:
  cpu.user.pct: { unit: percent, full_scale: 100, tolerance: 3 }
  cpu.system.pct: { unit: percent, full_scale: 100, tolerance: 2 }
  cpu.iowait.pct: { unit: percent, full_scale: 100, tolerance: 2, detection_direction: above }
  cpu.steal.pct: { unit: percent, full_scale: 100, tolerance: 2, detection_direction: above }
  loadavg5: { tolerance: 0.5 }
  loadavg5.per_cpu: { tolerance: 0.1 }
  procs.running: { tolerance: 2 }
  ctxt.rate: { unit: 1/s, tolerance: 10 %, transform: log1p }
  forks.rate: { unit: 1/s, tolerance: 5, transform: log1p }
  memory.used.pct: { unit: percent, full_scale: 100, tolerance: 3 }
  memory.cached.pct: { unit: percent, full_scale: 100, tolerance: 5 }
  swap.used.pct: { unit: percent, full_scale: 100, tolerance: 2, detection_direction: above }
  disk.reads.iops: { unit: 1/s, tolerance: 10, transform: log1p }
  disk.writes.iops: { unit: 1/s, tolerance: 10, transform: log1p }
  disk.read.bytes: { unit: bytes/s, tolerance: 250e3, transform: log1p }
  disk.write.bytes: { unit: bytes/s, tolerance: 250e3, transform: log1p }
  disk.util.pct: { unit: percent, full_scale: 100, tolerance: 3, detection_direction: above }
  filesystem.used.pct: { unit: percent, full_scale: 100, tolerance: 5, detection_direction: above }
  interface.rx.bytes: { unit: bytes/s, tolerance: 50e3, transform: log1p }
  interface.tx.bytes: { unit: bytes/s, tolerance: 50e3, transform: log1p }
  tcp.established: { tolerance: 10 %, transform: log1p }
  tcp.timewait: { tolerance: 10 %, transform: log1p }
)"}}};

}  // namespace

Result<std::string> preset_yaml(std::string_view name) {
  const auto* found = std::ranges::find(kPresets, name, &Preset::name);
  if (found == kPresets.end()) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("preset: expected {}, got {}", fmt::join(preset_names(), ", "),
                            in_quotes(name)));
  }
  return std::string(found->yaml);
}

std::vector<std::string_view> preset_names() {
  std::vector<std::string_view> names;
  for (const Preset& preset : kPresets) {
    names.push_back(preset.name);
  }
  return names;
}

}  // namespace rolemix
