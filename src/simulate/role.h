// What the servers of a simulated role are like: hardware, metrics, traits of the role and of each
// host.
#ifndef ROLEMIX_SIMULATE_ROLE_H_
#define ROLEMIX_SIMULATE_ROLE_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rolemix::simulation {

inline constexpr double kCores = 8;
inline constexpr double kMemoryBytes = 16.0 * 1024 * 1024 * 1024;
inline constexpr double kSwapBytes = 4.0 * 1024 * 1024 * 1024;
inline constexpr double kMegabyte = 1e6;

enum Metric : std::size_t {
  kRequests,
  kCpuUser,
  kCpuSystem,
  kCpuIowait,
  kCpuSteal,
  kLoad,
  kProcsRunning,
  kMemoryUsed,
  kMemoryCached,
  kSwapUsed,
  kDiskReads,
  kDiskWrites,
  kDiskUtil,
  kFilesystem,
  kReceived,
  kSent,
  kEstablished,
  kTimeWait,
  kRetransmits,
  kMetricCount,
};

using Sample = std::array<double, kMetricCount>;

struct MetricTraits {
  std::string_view name;
  double quantum;  ///< what agents round to, in the metric's unit
  bool gauge;      ///< read at the moment of the sample; else the mean since the last one
  bool counter;    ///< a difference of counters: missing in the first sample after an agent's start
};

extern const std::array<MetricTraits, kMetricCount> kMetrics;

/// One server of the role as it was bought and set up. Rates are per second, CPU in % of the host.
struct RoleTraits {
  std::string_view name;
  std::string_view host_prefix;
  double peak_requests;  ///< of one host at the usual evening peak
  double night_floor;    ///< share of the peak that does not follow people
  double night_batch;    ///< share of the peak added by reports at 04:00

  double idle_user;
  double idle_system;
  double user_per_request;
  double system_per_request;
  double cold_user;        ///< relative rise of CPU per request after a restart
  double warm_up_seconds;  ///< time constant of caches after a restart

  double base_memory;   ///< bytes
  double worker_count;  ///< processes that grow with requests served and are then recycled
  double worker_bytes;
  double worker_growth;  ///< bytes, when old
  double worker_life;    ///< requests until recycled
  double pool_bytes;     ///< a buffer pool that fills after a restart
  double buffer_bytes;   ///< memory per 1/s of requests
  double cached_pct;
  double swap_pct;

  double idle_reads;
  double reads_per_request;
  double cold_reads;
  double idle_writes;
  double writes_per_request;
  double checkpoint_writes;  ///< height of a hump every half an hour
  double read_cost;          ///< % of the disk's time per 1/s
  double write_cost;
  double filesystem_pct;
  double log_pct_per_day;

  double received_per_request;    ///< bytes
  double sent_per_request;        ///< bytes
  double replicated_per_request;  ///< bytes to the passive host of a pair
  double idle_connections;
  double connections_per_request;
  double time_wait_per_request;

  double backup_minutes;
  double backup_reads;
  double backup_sent;                 ///< bytes/s
  std::array<double, 7> deploy_hour;  ///< per day of week, Sunday first; negative = none
};

/// How one host differs from the next.
struct HostTraits {
  std::string name;
  bool paired = false;       ///< one of the active/standby pair
  double work = 1;           ///< CPU per request, relative
  double share = 1;          ///< the load balancer's weight
  double bytes = 1;          ///< network bytes per request, relative
  double memory_offset = 0;  ///< bytes
  double cached_pct = 0;
  double swap_pct = 0;
  double filesystem_pct = 0;
  double backup_offset = 0;  ///< seconds after 02:00
  double cron_offset = 0;    ///< seconds into each half an hour
  double oddity = 0;         ///< largest deviation from the role's mean, in standard deviations
};

/// The traits of "web" or "db"; nullptr for any other name.
const RoleTraits* find_role(std::string_view name);

/// The hosts of the role; from four on, the last two are a pair.
std::vector<HostTraits> make_hosts(const RoleTraits& role, int count, std::uint64_t seed);

/// A configuration file for the role, as a person who runs it would write it.
std::string make_config(const RoleTraits& role);

}  // namespace rolemix::simulation

#endif  // ROLEMIX_SIMULATE_ROLE_H_
