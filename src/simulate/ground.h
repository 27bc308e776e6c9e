// The samples that dirt is put on: where it may go, where some lies already.
#ifndef ROLEMIX_SIMULATE_GROUND_H_
#define ROLEMIX_SIMULATE_GROUND_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulate/dirt.h"
#include "simulate/random.h"
#include "simulate/workload.h"

namespace rolemix::simulation {

class Ground {
 public:
  Ground(Simulation simulation, const SimulateOptions& options);

  SampleTable& table() { return simulation_.table; }
  std::size_t hosts() const { return ends_.size(); }  ///< without those that renaming added
  double interval() const { return interval_; }       ///< seconds
  const Span& period() const { return period_; }

  Variates random(DirtKind kind) const;

  /// How many pieces there are at one in so many host-days, at least one.
  int count(double host_days) const;

  /// So large a share of the hosts, at least one, in random order, without those to avoid.
  std::vector<std::size_t> some_hosts(double share, Variates& random,
                                      const std::vector<std::size_t>& avoid = {}) const;

  /// The time before the first incident of a host (nothing: of any host); empty where it is short.
  Span clean_stretch(std::optional<std::size_t> host) const;

  /// A time of such length, of whole intervals, without incident or earlier dirt of the host
  /// (nothing: of any host) and with samples left; it counts as dirt from then on.
  std::optional<Span> take(std::optional<std::size_t> host, double seconds, Variates& random);

  /// The same, in an incident or not: of dirt that hides none.
  std::optional<Span> take_anywhere(std::size_t host, double seconds, Variates& random);

  /// As take() of one sample at which the metric has a value other than 0; its row.
  std::optional<Index> take_reading(std::size_t host, std::size_t metric, Variates& random);

  /// Rows of a host that are left, in order of time.
  std::vector<Index> rows(std::size_t host, const Span& span) const;

  double time(Index row) const { return simulation_.table.timestamps[row]; }
  void remove(Index row) { removed_[row] = true; }
  void repeat(const std::vector<Index>& rows) { repeated_[rows.back()] = rows; }
  void set_ahead(Index row, double seconds) { ahead_[row] = seconds; }
  void rename(std::size_t host, double from, const std::string& name);
  Answer& answer(std::size_t host);
  bool has_answer(std::size_t host) const { return answers_[host].has_value(); }

  /// Puts a piece on record; host: nothing is every host.
  void record(DirtKind kind, std::optional<std::size_t> host, const std::string& metric,
              const Span& span, std::string description);

  /// What has become of it.
  DirtySimulation finish() &&;

 private:
  bool is_free(std::size_t host, const Span& span, bool anywhere) const;
  std::optional<Span> take(std::size_t begin, std::size_t end, double seconds, bool anywhere,
                           Variates& random);

  Simulation simulation_;
  double interval_;
  Span period_;
  std::uint64_t seed_;
  std::vector<Index> ends_;                       ///< by host: after its last row
  std::vector<std::vector<Span>> incidents_;      ///< by host, with the margin
  std::vector<std::vector<Span>> taken_;          ///< by host: dirt so far
  std::vector<bool> removed_;                     ///< by row
  std::map<Index, std::vector<Index>> repeated_;  ///< rows that come again after a row
  std::map<Index, double> ahead_;                 ///< seconds that a row's clock is ahead
  std::vector<std::optional<Answer>> answers_;
  std::vector<Dirt> dirt_;
};

}  // namespace rolemix::simulation

#endif  // ROLEMIX_SIMULATE_GROUND_H_
