#include "simulate/role.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "simulate/random.h"

namespace rolemix::simulation {

const std::array<MetricTraits, kMetricCount> kMetrics = {{
    {"requests.rate", 0.1, false, true},         {"cpu.user.pct", 0.01, false, false},
    {"cpu.system.pct", 0.01, false, false},      {"cpu.iowait.pct", 0.01, false, false},
    {"cpu.steal.pct", 0.01, false, false},       {"loadavg5", 0.01, true, false},
    {"procs.running", 1, true, false},           {"memory.used.bytes", 4096, true, false},
    {"memory.cached.pct", 0.01, true, false},    {"swap.used.pct", 0.01, true, false},
    {"disk.reads.iops", 0.1, false, true},       {"disk.writes.iops", 0.1, false, true},
    {"disk.util.pct", 0.01, false, true},        {"filesystem.used.pct", 0.01, true, false},
    {"interface.rx.bytes", 1, false, true},      {"interface.tx.bytes", 1, false, true},
    {"tcp.established", 1, true, false},         {"tcp.timewait", 1, true, false},
    {"tcp.retransmits.rate", 0.01, false, true},
}};

namespace {

constexpr double kGigabyte = 1e9;

constexpr RoleTraits kWeb = {
    .name = "web",
    .host_prefix = "shop-web",
    .peak_requests = 160,
    .night_floor = 0,
    .night_batch = 0,
    .idle_user = 0.7,
    .idle_system = 0.5,
    .user_per_request = 0.245,
    .system_per_request = 0.05,
    .cold_user = 0.35,
    .warm_up_seconds = 150,
    .base_memory = 2.0 * kGigabyte,
    .worker_count = 8,
    .worker_bytes = 270 * kMegabyte,
    .worker_growth = 260 * kMegabyte,
    .worker_life = 320'000,
    .pool_bytes = 0,
    .buffer_bytes = 0.8 * kMegabyte,
    .cached_pct = 44,
    .swap_pct = 0.7,
    .idle_reads = 1.6,
    .reads_per_request = 0.03,
    .cold_reads = 140,
    .idle_writes = 7,
    .writes_per_request = 0.27,
    .checkpoint_writes = 4,
    .read_cost = 0.1,
    .write_cost = 0.05,
    .filesystem_pct = 41,
    .log_pct_per_day = 1.3,
    .received_per_request = 9'200,
    .sent_per_request = 41'000,
    .replicated_per_request = 1'900,
    .idle_connections = 38,
    .connections_per_request = 5.4,
    .time_wait_per_request = 17,
    .backup_minutes = 21,
    .backup_reads = 390,
    .backup_sent = 13.5 * kMegabyte,
    .deploy_hour = {-1, 16.2, 10.7, -1, 14.3, 10.3, -1},
};

constexpr RoleTraits kDb = {
    .name = "db",
    .host_prefix = "shop-db",
    .peak_requests = 1450,
    .night_floor = 0.1,
    .night_batch = 0.15,
    .idle_user = 0.9,
    .idle_system = 0.7,
    .user_per_request = 0.024,
    .system_per_request = 0.0065,
    .cold_user = 0.15,
    .warm_up_seconds = 420,
    .base_memory = 1.25 * kGigabyte,
    .worker_count = 0,
    .worker_bytes = 0,
    .worker_growth = 0,
    .worker_life = 0,
    .pool_bytes = 10.6 * kGigabyte,
    .buffer_bytes = 0.25 * kMegabyte,
    .cached_pct = 16,
    .swap_pct = 1.6,
    .idle_reads = 14,
    .reads_per_request = 0.1,
    .cold_reads = 320,
    .idle_writes = 22,
    .writes_per_request = 0.16,
    .checkpoint_writes = 70,
    .read_cost = 0.06,
    .write_cost = 0.05,
    .filesystem_pct = 58,
    .log_pct_per_day = 2.2,
    .received_per_request = 420,
    .sent_per_request = 3'300,
    .replicated_per_request = 160,
    .idle_connections = 110,
    .connections_per_request = 0.13,
    .time_wait_per_request = 0.035,
    .backup_minutes = 38,
    .backup_reads = 620,
    .backup_sent = 24 * kMegabyte,
    .deploy_hour = {-1, -1, 10.7, -1, -1, -1, -1},
};

/// Hosts were bought twice: numbers with gaps where old ones retired, then a second site.
std::string host_name(const RoleTraits& role, int index, int unpaired) {
  if (index >= unpaired) return fmt::format("{}-ha{}", role.host_prefix, index - unpaired + 1);
  const int first_batch = (unpaired * 3 + 4) / 5;
  if (index < first_batch) return fmt::format("{}{:02}", role.host_prefix, index + 1 + index / 3);
  return fmt::format("{}{}.tyo", role.host_prefix, 21 + index - first_batch);
}

/// The nearest of 1, 2 and 5 times a power of ten, as people write tolerances.
double round_figure(double value) {
  double power = 1;
  while (power * 7 < value) power *= 10;
  const double lead = value / power;
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : 5);
}

}  // namespace

const RoleTraits* find_role(std::string_view name) {
  if (name == kWeb.name) return &kWeb;
  if (name == kDb.name) return &kDb;
  return nullptr;
}

std::vector<HostTraits> make_hosts(const RoleTraits& role, int count, std::uint64_t seed) {
  const int unpaired = count >= 4 ? count - 2 : count;
  std::vector<HostTraits> hosts(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    HostTraits& host = hosts[static_cast<std::size_t>(i)];
    Variates random(seed, Stream::kHost, i);
    const auto deviation = [&](double spread) {
      const double z = std::clamp(random.normal(), -2.0, 2.0);
      host.oddity = std::max(host.oddity, std::abs(z));
      return spread * z;
    };
    host.name = host_name(role, i, unpaired);
    host.paired = i >= unpaired;
    host.work = 1 + deviation(0.025);
    host.share = 1 + deviation(0.02);
    host.bytes = 1 + deviation(0.01);
    // The pair was set up from one image: idle, the two differ by next to nothing.
    host.memory_offset = deviation(host.paired ? 0.4 * kMegabyte : 45 * kMegabyte);
    host.cached_pct = role.cached_pct + deviation(0.06 * role.cached_pct);
    host.swap_pct = role.swap_pct * (1 + deviation(0.2));
    host.filesystem_pct = role.filesystem_pct + deviation(2.2);
    host.backup_offset = 3600.0 * i / count + random.uniform(0, 90);
    host.cron_offset = random.uniform(0, 1800);
  }
  return hosts;
}

std::string make_config(const RoleTraits& role) {
  const double peak = role.peak_requests;
  return fmt::format(
      R"(# A role and what its people know about it. Every key is optional.
# tolerance: a move this small is never news, in the metric's own unit or in % of full_scale.
# detection_direction: above = a low value is never news (full disks alert, empty ones do not).
role: shop:{role}
metrics:
  requests.rate: {{ unit: 1/s, tolerance: {requests} }}
  cpu.user.pct: {{ unit: percent, full_scale: 100, tolerance: 2 }}
  cpu.system.pct: {{ unit: percent, full_scale: 100, tolerance: 1 }}
  cpu.iowait.pct: {{ unit: percent, full_scale: 100, tolerance: 2, detection_direction: above }}
  cpu.steal.pct: {{ unit: percent, full_scale: 100, tolerance: 2, detection_direction: above }}
  loadavg5: {{ tolerance: 0.4, detection_direction: above }}          # of 8 cores
  procs.running: {{ tolerance: 3, detection_direction: above }}       # a count of one moment: jumpy
  # 16 GiB: 40 MB more is nothing, however flat the line was before.
  memory.used.bytes: {{ unit: bytes, full_scale: {memory:.0f}, tolerance: 3 %, detection_direction: above }}
  memory.cached.pct: {{ unit: percent, full_scale: 100, tolerance: 4 }}
  swap.used.pct: {{ unit: percent, full_scale: 100, tolerance: 2, detection_direction: above }}
  disk.reads.iops: {{ unit: 1/s, tolerance: {reads} }}
  disk.writes.iops: {{ unit: 1/s, tolerance: {writes} }}
  disk.util.pct: {{ unit: percent, full_scale: 100, tolerance: 4, detection_direction: above }}
  filesystem.used.pct: {{ unit: percent, full_scale: 100, tolerance: 3, detection_direction: above }}
  interface.rx.bytes: {{ unit: bytes/s, tolerance: {received} }}
  interface.tx.bytes: {{ unit: bytes/s, tolerance: {sent} }}
  tcp.established: {{ tolerance: {connections} }}
  tcp.timewait: {{ tolerance: {time_wait} }}
  tcp.retransmits.rate: {{ unit: 1/s, tolerance: 2, detection_direction: above }}
components: 1-8
)",
      fmt::arg("role", role.name), fmt::arg("requests", round_figure(0.03 * peak)),
      fmt::arg("memory", kMemoryBytes),
      fmt::arg("reads", round_figure(20 + 0.1 * peak * role.reads_per_request)),
      fmt::arg("writes", round_figure(10 + 0.12 * peak * role.writes_per_request)),
      fmt::arg("received", round_figure(0.05 * peak * role.received_per_request)),
      fmt::arg("sent", round_figure(0.05 * peak * role.sent_per_request)),
      fmt::arg("connections", round_figure(0.1 * peak * role.connections_per_request)),
      fmt::arg("time_wait", round_figure(0.1 * peak * role.time_wait_per_request)));
}

}  // namespace rolemix::simulation
