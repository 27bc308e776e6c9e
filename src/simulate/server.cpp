#include "simulate/server.h"

#include <algorithm>
#include <cmath>

namespace rolemix::simulation {
namespace {

constexpr double kDay = 86400;
constexpr double kMinute = 60;

struct NoiseTraits {
  double wander;          ///< standard deviation
  double minutes;         ///< its time constant
  double quick;           ///< standard deviation of the mean of a minute
  double bursts = 0;      ///< per minute
  double burst_size = 0;  ///< mean
};

constexpr std::array<NoiseTraits, kNoiseCount> kNoises = {{
    {0.012, 8, 0.012, 0.004, 1.6},  // user: of the value; bursts in %
    {0.006, 8, 0.02},               // system: of the value
    {0, 1, 0.05},                   // idle: of user and system, in %
    {0.05, 10, 0.16},               // wait: of its logarithm
    {0.45, 20, 0.3, 0.004, 0.012},  // steal: of its logarithm; bursts in shares of time
    {0, 1, 0.08, 0.006, 0.8},       // load: of the value; bursts in processes
    {1, 25, 0},                     // memory: in units that grow with the load
    {0.12, 90, 0},                  // cached: in %
    {0.2, 6, 0.12, 0.006, 25},      // reads: of their logarithm; bursts in 1/s
    {0.05, 5, 0.035, 0.008, 12},    // writes: likewise
    {0, 1, 0.05},                   // util: of the logarithm of the disk's work
    {0.01, 6, 0.012},               // received: of the value
    {0.012, 6, 0.014},              // sent: of the value
    {0.3, 15, 0.3, 0.005, 0.0005},  // loss: of its logarithm; bursts in shares of packets
    {0.004, 10, 0.008},             // connections: of the value
    {0.004, 10, 0.014},             // time wait: of the value
    {0.09, 2, 0.04},                // backup: of the value
    {0.15, 4, 0.15},                // pressure: of the value
    {0.1, 90, 0.15},                // tasks: of the value
    {0, 1, 0, 0.002, 0.03},         // swap: pages that go out, in % of the swap space
}};

/// Seconds since the last multiple of `period`, shifted by `offset`.
double phase(double time, double period, double offset) {
  const double t = time - offset;
  return t - period * std::floor(t / period);
}

}  // namespace

Server::Server(const RoleTraits& role, const HostTraits& host, double step, Variates random,
               Variates events)
    : role_(role),
      host_(host),
      step_(step),
      random_(random),
      events_(events),
      pool_(role.pool_bytes),
      cached_(host.cached_pct),
      swap_(host.swap_pct),
      swap_level_(host.swap_pct),
      logs_(0.7 * role.log_pct_per_day) {
  for (const NoiseTraits& noise : kNoises) {
    wanders_.emplace_back(noise.wander, noise.minutes * kMinute, step, random_);
  }
  for (int i = 0; i < static_cast<int>(role.worker_count); ++i) {
    const double life = role.worker_life * events_.uniform(0.6, 1.4);
    workers_.push_back({host.paired ? 0 : life * events_.uniform(), life});
  }
}

/// Draws all noise of a step, always as many numbers and in one order.
void Server::draw_noise(bool quiet) {
  const double per_minute = step_ / kMinute;
  const double quick = 1 / std::sqrt(per_minute);
  for (std::size_t k = 0; k < kNoiseCount; ++k) {
    const NoiseTraits& traits = kNoises[k];
    noise_[k] = wanders_[k].next(random_);
    noise_[k] += traits.quick * quick * random_.normal();
    const bool bursts = random_.uniform() < traits.bursts * per_minute;
    const double size = traits.burst_size * random_.exponential();
    burst_[k] = bursts && !quiet ? size : 0;
    if (quiet) noise_[k] *= 0.6;
  }
}

Sample Server::advance(const Conditions& now) {
  draw_noise(now.quiet);
  run_tasks(now.time);
  if (now.restart) restart();
  Sample sample{};
  Work work;
  remember(now, sample);
  use_disk(now, work, sample);
  compute(now, work, sample);
  queue(now, work, sample);
  talk(now, work, sample);
  started_ = true;
  return sample;
}

void Server::restart() {
  warm_ = 0;
  for (Worker& worker : workers_) worker = {0, role_.worker_life * events_.uniform(0.6, 1.4)};
  pool_ *= 0.6;  // the rest is loaded from a dump
  established_ *= 0.2;
  swap_ = std::max(host_.swap_pct, 0.2 * swap_);
}

/// The configuration run of each half an hour and the nightly log rotation.
void Server::run_tasks(double time) {
  const bool half_hourly = phase(time, 1800, host_.cron_offset) < step_;
  const bool nightly = phase(time, kDay, 300 + host_.cron_offset / 6) < 2 * step_;
  tasks_ =
      (half_hourly ? std::min(1.0, 25 / step_) : 0) + (nightly ? std::min(1.0, 40 / step_) : 0);
  tasks_ *= std::max(0.3, 1 + noise_[kTasksNoise]);
}

/// Memory of the service itself: workers that grow with what they serve, and a pool that fills.
double Server::heap(double requests) {
  double bytes = 0;
  for (Worker& worker : workers_) {
    worker.served += requests * step_ / role_.worker_count;
    if (worker.served > worker.life) worker = {0, role_.worker_life * events_.uniform(0.6, 1.4)};
    const double age = worker.served / (0.25 * role_.worker_life);
    bytes += role_.worker_bytes + role_.worker_growth * age / (1 + age);
  }
  pool_ += (role_.pool_bytes - pool_) * approach(step_, 6 * kMinute);
  return bytes + pool_;
}

void Server::remember(const Conditions& now, Sample& sample) {
  const double busy = now.requests / role_.peak_requests;
  const double jitter = 0.25 * kMegabyte * events_.normal();
  double used = role_.base_memory + host_.memory_offset + heap(now.requests) +
                role_.buffer_bytes * now.requests +
                (0.7 + 28 * busy) * kMegabyte * noise_[kMemoryNoise] + jitter +
                2 * kMegabyte * now.backup + now.leaked + now.extra_memory;
  const double room = (0.955 + 0.004 * noise_[kPressureNoise]) * kMemoryBytes;
  const double overflow = std::max(0.0, used - room);
  used -= overflow;
  pressure_ = std::clamp(overflow / (0.4 * kSwapBytes), 0.0, 1.0);
  swap_level_ += burst_[kSwapNoise] + (host_.swap_pct - swap_level_) * approach(step_, 1.5 * kDay);
  const double swap = std::min(98.0, swap_level_ + 100 * overflow / kSwapBytes);
  const double swap_minutes = overflow > 0 ? 3 : swap_ > swap ? 40 : 900;
  swap_ += (swap - swap_) * approach(step_, swap_minutes * kMinute);

  const double used_pct = 100 * used / kMemoryBytes;
  const double target = host_.cached_pct + 7 * now.backup;
  cached_ += (target - cached_) * approach(step_, (cached_ < target ? 20 : 45) * kMinute);
  cached_ = std::min(cached_, std::max(0.8, 97.5 - used_pct));

  sample[kMemoryUsed] = used;
  const double wander = std::min(1.0, 0.05 * cached_) * noise_[kCachedNoise];
  sample[kMemoryCached] = std::max(0.0, cached_ + wander);
  sample[kSwapUsed] = swap_;
}

void Server::use_disk(const Conditions& now, Work& work, Sample& sample) {
  warm_ += (1 - warm_) * approach(step_, role_.warm_up_seconds);
  const double thrash = pressure_ * std::max(0.0, 1 + noise_[kPressureNoise]);
  const double queries = role_.idle_reads + role_.reads_per_request * now.requests * now.mix +
                         role_.cold_reads * (1 - warm_) +
                         60 * std::max(0.0, 1 - cached_ / (0.3 * role_.cached_pct));
  work.reads = queries * portable_exp(noise_[kReadsNoise]) + burst_[kReadsNoise] + 30 * tasks_ +
               role_.backup_reads * now.backup * (1 + noise_[kBackupNoise]) + 620 * thrash;
  const bool flushing = phase(now.time, 1800, host_.cron_offset) < 200;
  const double busy = now.requests / role_.peak_requests;
  const double changes = role_.idle_writes +
                         (flushing ? role_.checkpoint_writes * (0.3 + busy) : 0) +
                         role_.writes_per_request * (now.requests + 0.8 * now.replicated);
  work.writes = changes * portable_exp(noise_[kWritesNoise]) + burst_[kWritesNoise] + 25 * tasks_ +
                now.fill_writes * (1 + 2 * noise_[kWritesNoise]) + 380 * thrash;
  fill_filesystem(now, sample);
  if (filesystem_full_) work.writes *= 0.3;

  work.reads = std::max(0.0, work.reads);
  const double utilised = work.reads * role_.read_cost + work.writes * role_.write_cost;
  const double util = 100 * (1 - portable_exp(-utilised / 100 * portable_exp(noise_[kUtilNoise])));
  const double wait = 0.05 + 0.012 * util + 0.0012 * util * util;
  sample[kDiskReads] = work.reads;
  sample[kDiskWrites] = work.writes;
  sample[kDiskUtil] = util;
  sample[kCpuIowait] = (wait + 9 * thrash) * portable_exp(noise_[kWaitNoise]);
}

void Server::fill_filesystem(const Conditions& now, Sample& sample) {
  const double served = (now.requests + now.replicated) / role_.peak_requests;
  age_ += step_ / kDay;
  logs_ += role_.log_pct_per_day * served / 0.6 * step_ / kDay;
  if (phase(now.time, kDay, 300 + host_.cron_offset / 6) < step_) logs_ *= 0.1;
  const double temporary = 0.15 * served * phase(now.time, 7200, host_.cron_offset) / 7200;
  const double filesystem = host_.filesystem_pct + 0.03 * age_ + logs_ + temporary + now.filled;
  filesystem_full_ = filesystem >= 100;
  sample[kFilesystem] = std::min(100.0, filesystem);
}

void Server::compute(const Conditions& now, Work& work, Sample& sample) {
  work.requests = now.requests * (1 - std::min(0.6, 7 * now.packet_loss)) * (1 - 0.12 * pressure_);
  const double user_each = role_.user_per_request * host_.work * now.mix * now.cpu_factor *
                           (1 + role_.cold_user * (1 - warm_));
  const double system_each = role_.system_per_request * host_.work;
  work.user = role_.idle_user + work.requests * user_each * (1 + noise_[kUserNoise]) +
              100 / kCores * now.spinning + 5 * now.backup * (1 + noise_[kBackupNoise]) +
              3.5 * tasks_ + noise_[kIdleNoise] + burst_[kUserNoise] +
              0.04 * role_.user_per_request * now.replicated;
  work.system = role_.idle_system + work.requests * system_each * (1 + noise_[kSystemNoise]) +
                0.004 * (work.reads + work.writes) + 1.2 * now.backup + 0.8 * tasks_ +
                5 * pressure_ + 0.6 * noise_[kIdleNoise] +
                0.03 * role_.system_per_request * now.replicated;
  work.user = std::max(0.05, work.user);
  work.system = std::max(0.05, work.system);
  // Shared caches and threads: work costs more on a busy host.
  const double busy = std::min(1.0, (work.user + work.system) / 100);
  work.user *= 1 + 0.1 * busy * busy;
  share_cpu(now, work, sample);
}

/// What the hypervisor leaves of the CPU goes to the work; beyond that work waits or is turned
/// away.
void Server::share_cpu(const Conditions& now, Work& work, Sample& sample) {
  const double usual = 0.0025 * portable_exp(noise_[kStealNoise]);
  const double stolen = std::min(0.6, usual + burst_[kStealNoise] + now.stolen);
  const double limit = 98.5 * (1 - stolen);
  const double wanted = work.user + work.system;
  if (wanted > limit) {
    work.user *= limit / wanted;
    work.system *= limit / wanted;
    work.requests *= limit / wanted;
  }
  const double run = work.user + work.system;
  const double steal = std::min(run * stolen / (1 - stolen) + 0.01, 99.8 - run);
  sample[kRequests] = std::max(0.0, work.requests);
  sample[kCpuUser] = work.user;
  sample[kCpuSystem] = work.system;
  sample[kCpuSteal] = steal;
  sample[kCpuIowait] = std::min(sample[kCpuIowait], 99.8 - run - steal);
  const double pressed = std::min(0.985, wanted / 100 / (1 - stolen));
  work.latency = 1 + 0.5 * pressed * pressed * pressed * pressed + 14 * now.packet_loss +
                 0.5 * pressure_ + 0.8 * now.stolen;
}

void Server::queue(const Conditions& now, const Work& work, Sample& sample) {
  const double pressed = std::min(0.985, (work.user + work.system + sample[kCpuSteal]) / 100);
  // Beyond the cores in use, a queue as of several servers (Sakasegawa's form, rounded).
  const double square = pressed * pressed;
  const double running = kCores * pressed + square * square * pressed / (1.02 - pressed);
  const double blocked = kCores * 0.9 * sample[kCpuIowait] / 100 + 2.5 * pressure_;
  const double waiting = running + blocked + 0.03;
  const double sampled = waiting * (1 + noise_[kLoadNoise]) + burst_[kLoadNoise];
  load_ = started_ ? load_ + (sampled - load_) * approach(step_, 300) : waiting;
  sample[kLoad] = std::max(0.0, load_);
  const double steady = std::min(now.spinning, running);
  const double others = 0.85 * (running - steady);
  const double counted = events_.poisson(others);
  sample[kProcsRunning] = 1 + steady + (now.quiet ? std::min(counted, 1 + 1.5 * others) : counted);
}

void Server::talk(const Conditions& now, const Work& work, Sample& sample) {
  const double backup = now.backup * role_.backup_sent * (1 + noise_[kBackupNoise]);
  const double replica = role_.replicated_per_request;
  const double received = (9'000 + role_.received_per_request * host_.bytes * work.requests +
                           replica * now.replicated + 0.012 * backup) *
                          (1 + noise_[kReceivedNoise]);
  const double answers = role_.sent_per_request * host_.bytes * work.requests * now.content;
  const double sent = (11'000 + answers + (now.feeds_standby ? replica * work.requests : 0) +
                       0.05 * replica * now.replicated) *
                          (1 + noise_[kSentNoise]) +
                      backup;
  sample[kReceived] = std::max(1'000.0, received);
  sample[kSent] = std::max(1'000.0, sent);

  const double packets = (received + sent) / 950;
  const double usual = 2.2e-4 * portable_exp(noise_[kLossNoise]) + burst_[kLossNoise];
  const double lost = 0.75 * now.packet_loss * portable_exp(0.5 * noise_[kLossNoise]);
  sample[kRetransmits] = packets * (usual + lost);

  const double open = role_.idle_connections + 3 * now.backup +
                      role_.connections_per_request * now.requests * work.latency;
  const double closing = 14 + role_.time_wait_per_request * work.requests;
  established_ = started_ ? established_ + (open - established_) * approach(step_, 50) : open;
  time_wait_ = started_ ? time_wait_ + (closing - time_wait_) * approach(step_, 55) : closing;
  sample[kEstablished] = established_ * (1 + noise_[kConnectionsNoise]) + 0.7 * events_.normal();
  sample[kTimeWait] = time_wait_ * (1 + noise_[kTimeWaitNoise]) + 1.2 * events_.normal();
  sample[kEstablished] = std::max(0.0, sample[kEstablished]);
  sample[kTimeWait] = std::max(0.0, sample[kTimeWait]);
}

}  // namespace rolemix::simulation
