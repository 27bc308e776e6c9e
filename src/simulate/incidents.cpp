#include "simulate/incidents.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace rolemix::simulation {
namespace {

constexpr double kMinute = 60;

struct KindText {
  std::string_view name;
  bool anomalous;
  std::vector<Metric> cause;
  std::string_view description;
};

KindText text(Kind kind) {
  switch (kind) {
    case Kind::kBrokenRelation:
      return {"broken_relation",
              true,
              {kCpuUser, kLoad},
              "After a configuration change each request costs several times the CPU (a cache of "
              "templates or plans is off): CPU as at midday under the requests of the night, every "
              "metric within its usual range."};
    case Kind::kLeak:
      return {
          "leak",
          true,
          {kMemoryUsed, kMemoryCached, kSwapUsed, kCpuIowait, kDiskUtil, kDiskReads, kLoad},
          "The service leaks memory with every request: the page cache is squeezed out, then the "
          "host swaps and waits for its disk, until the service is restarted."};
    case Kind::kTrafficSpike:
      return {"traffic_spike",
              false,
              {kRequests, kCpuUser, kSent, kReceived, kEstablished},
              "More users than usual; every metric of the active hosts follows as it always does."};
    case Kind::kMemoryStep:
      return {
          "memory_step",
          false,
          {kMemoryUsed},
          "40 MB more memory in use on a host whose line was flat (an agent was added); it stays."};
    case Kind::kStuckProcess:
      return {"stuck_process",
              true,
              {kCpuUser, kProcsRunning, kLoad},
              "A process spins on one of the eight cores until it is killed."};
    case Kind::kNetworkLoss:
      return {"network_loss",
              true,
              {kRetransmits, kRequests, kReceived, kSent, kEstablished},
              "A network port drops packets: segments are sent again, transfers crawl, connections "
              "pile up and fewer requests get through."};
    case Kind::kDiskFull:
      return {
          "disk_full",
          true,
          {kFilesystem, kDiskWrites, kRequests},
          "A debug log fills the file system; once it is full writes fail and requests with them, "
          "until somebody cleans up."};
    case Kind::kNoisyNeighbour:
      return {"noisy_neighbour",
              true,
              {kCpuSteal, kLoad, kProcsRunning, kEstablished},
              "Another guest of the same machine takes CPU time: steal goes up, processes queue, "
              "requests take longer."};
    case Kind::kBackupMoved:
      return {"backup_moved",
              false,
              {kDiskReads, kDiskUtil, kSent, kCpuIowait},
              "The nightly backup of this host runs a few hours later than usual."};
  }
  return {};
}

}  // namespace

Incident describe(const Plan& plan, const std::vector<HostTraits>& hosts) {
  const KindText words = text(plan.kind);
  Incident incident;
  incident.kind = words.name;
  if (plan.host != kEveryHost) incident.host = hosts[static_cast<std::size_t>(plan.host)].name;
  incident.from = plan.span.from;
  incident.to = plan.span.to;
  for (const Metric metric : words.cause) {
    incident.cause_metrics.emplace_back(kMetrics[metric].name);
  }
  incident.anomalous = words.anomalous;
  incident.description = words.description;
  return incident;
}

ActiveIncident::ActiveIncident(const Plan& plan, const Setting& setting, const Demand& demand)
    : plan_(plan),
      step_(setting.clock.step()),
      random_(setting.seed, Stream::kIncident, static_cast<std::int64_t>(plan.span.from)),
      wobble_(1, 9 * kMinute, step_, random_) {
  const HostTraits& host = setting.hosts[static_cast<std::size_t>(plan.host)];
  filesystem_room_ = 101 - host.filesystem_pct;
  if (plan.kind != Kind::kLeak) return;
  double sum = 0;
  for (std::int64_t i = 0; i < setting.clock.steps(); ++i) {
    const double t = setting.clock.time(i);
    if (t <= plan.span.from || t > plan.turn) continue;
    progress_.push_back(sum += demand.level[static_cast<std::size_t>(i)]);
  }
  for (double& share : progress_) share /= sum;
}

double ActiveIncident::envelope(double time, double rise, double fall) const {
  return smooth_step((time - plan_.span.from) / rise) * smooth_step((plan_.span.to - time) / fall);
}

void ActiveIncident::apply(Conditions& now) {
  const double t = now.time;
  if (t <= plan_.span.from || t > plan_.span.to) return;
  const double wobble = wobble_.next(random_);
  switch (plan_.kind) {
    case Kind::kBrokenRelation:
      now.cpu_factor = 1 + (plan_.size - 1) * envelope(t, 6 * kMinute, 3 * kMinute);
      now.quiet = true;  // nothing else may leave its usual range
      return;
    case Kind::kLeak: {
      const auto index = static_cast<std::size_t>((t - plan_.span.from) / step_);
      if (t <= plan_.turn) {
        now.leaked = plan_.size * progress_[std::min(index, progress_.size() - 1)];
      }
      if (t - step_ <= plan_.turn && plan_.turn < t) {
        now.restart = true;
        now.requests *= 0.45;
      }
      return;
    }
    case Kind::kMemoryStep:
      now.extra_memory = plan_.size;
      return;
    case Kind::kStuckProcess:
      now.spinning = plan_.size;
      return;
    case Kind::kNetworkLoss:
      now.packet_loss = plan_.size * envelope(t, 4 * kMinute, 4 * kMinute) *
                        std::clamp(1 + 0.3 * wobble + 0.14 * random_.normal(), 0.3, 1.8);
      return;
    case Kind::kDiskFull: {
      const double grown = std::min(1.0, (t - plan_.span.from) / (plan_.turn - plan_.span.from));
      const double cleaned = smooth_step((plan_.span.to - 4 * kMinute - t) / (3 * kMinute));
      now.filled = filesystem_room_ * grown * (0.8 + 0.2 * grown) * cleaned;
      now.fill_writes = grown < 1 ? plan_.size : 0;
      return;
    }
    case Kind::kNoisyNeighbour:
      now.stolen = plan_.size * envelope(t, 8 * kMinute, 6 * kMinute) *
                   std::clamp(1 + 0.28 * wobble, 0.3, 1.7);
      return;
    case Kind::kTrafficSpike:
    case Kind::kBackupMoved:
      return;  // part of the demand and of the schedule
  }
}

}  // namespace rolemix::simulation
