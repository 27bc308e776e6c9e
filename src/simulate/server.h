// One simulated server: what it is asked and what befalls it in, its metrics out.
#ifndef ROLEMIX_SIMULATE_SERVER_H_
#define ROLEMIX_SIMULATE_SERVER_H_

#include <array>
#include <vector>

#include "simulate/random.h"
#include "simulate/role.h"

namespace rolemix::simulation {

/// Everything outside the server that bears on it during one step.
struct Conditions {
  double time = 0;
  double requests = 0;    ///< offered by the load balancer, 1/s
  double replicated = 0;  ///< requests of the pair's other host whose changes arrive here, 1/s
  bool feeds_standby = false;
  double mix = 1;        ///< CPU cost of a request, relative
  double content = 1;    ///< bytes of an answer, relative
  double backup = 0;     ///< 0-1
  bool restart = false;  ///< of the service, in this step

  double cpu_factor = 1;    ///< CPU per request, relative
  double spinning = 0;      ///< cores lost to a stuck process
  double stolen = 0;        ///< share of the CPU time that the hypervisor gives to others
  double leaked = 0;        ///< bytes
  double extra_memory = 0;  ///< bytes
  double filled = 0;        ///< % of the filesystem
  double fill_writes = 0;   ///< 1/s
  double packet_loss = 0;   ///< share
  bool quiet = false;       ///< no bursts and less noise than usual
};

/// What fluctuates by itself, each a slow wander, a quick noise and rare bursts.
enum Noise : std::size_t {
  kUserNoise,
  kSystemNoise,
  kIdleNoise,
  kWaitNoise,
  kStealNoise,
  kLoadNoise,
  kMemoryNoise,
  kCachedNoise,
  kReadsNoise,
  kWritesNoise,
  kUtilNoise,
  kReceivedNoise,
  kSentNoise,
  kLossNoise,
  kConnectionsNoise,
  kTimeWaitNoise,
  kBackupNoise,
  kPressureNoise,
  kTasksNoise,
  kSwapNoise,
  kNoiseCount,
};

class Server {
 public:
  Server(const RoleTraits& role, const HostTraits& host, double step, Variates random,
         Variates events);

  /// Lets one step pass; the metrics of that step.
  Sample advance(const Conditions& now);

  bool filesystem_full() const { return filesystem_full_; }

 private:
  struct Worker {
    double served = 0;
    double life = 0;
  };
  /// Quantities of the running step that several metrics depend on.
  struct Work {
    double requests = 0;  ///< answered, 1/s
    double user = 0;      ///< % of the host
    double system = 0;
    double latency = 1;  ///< relative
    double reads = 0;
    double writes = 0;
  };

  void restart();
  void remember(const Conditions& now, Sample& sample);
  void fill_filesystem(const Conditions& now, Sample& sample);
  void use_disk(const Conditions& now, Work& work, Sample& sample);
  void compute(const Conditions& now, Work& work, Sample& sample);
  void share_cpu(const Conditions& now, Work& work, Sample& sample);
  void queue(const Conditions& now, const Work& work, Sample& sample);
  void talk(const Conditions& now, const Work& work, Sample& sample);
  double heap(double requests);
  void draw_noise(bool quiet);
  void run_tasks(double time);

  const RoleTraits& role_;
  const HostTraits& host_;
  double step_;
  Variates random_;  ///< of the noise alone, which an incident leaves as it would have been
  Variates events_;

  std::vector<Worker> workers_;
  double pool_;
  double warm_ = 1;  ///< 0 = caches empty, 1 = full
  double cached_;
  double swap_;
  double pressure_ = 0;  ///< 0-1: how much the host suffers from a lack of memory
  double swap_level_;    ///< where it settles
  double tasks_ = 0;     ///< share of the step that regular jobs take
  double logs_;
  double age_ = 0;  ///< days
  double load_ = 0;
  double established_ = 0;
  double time_wait_ = 0;
  bool started_ = false;
  bool filesystem_full_ = false;

  std::vector<Wander> wanders_;
  std::array<double, kNoiseCount> noise_{};  ///< of this step: wander and quick noise
  std::array<double, kNoiseCount> burst_{};  ///< of this step, mostly 0
};

}  // namespace rolemix::simulation

#endif  // ROLEMIX_SIMULATE_SERVER_H_
