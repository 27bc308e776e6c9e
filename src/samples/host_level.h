// A host's own level of late. docs/alerts.md says why.
#ifndef ROLEMIX_SAMPLES_HOST_LEVEL_H_
#define ROLEMIX_SAMPLES_HOST_LEVEL_H_

#include <cstddef>
#include <vector>

#include "base/matrix.h"
#include "model/role_model.h"

namespace rolemix {

/// Something of each metric that is kept of some of a host's samples.
struct KeptRows {
  std::vector<double> times;   ///< (n) epoch seconds, ascending
  std::vector<double> values;  ///< (n, D), NaN = missing
};

/// A host's level of late: of each metric the median of the host's last day, of which the first
/// sample of each half-hour of the clock counts.
class HostLevel {
 public:
  HostLevel() = default;

  /// kept: the samples that count, in the metrics' own units; those of another number of metrics
  /// are left aside.
  HostLevel(const std::vector<MetricSpec>& metrics, KeptRows kept);

  /// Forgets what is older than a day. Whether there is a level at that time: an hour of history.
  bool advance(double time);

  /// Takes the host's next sample in, values (D); after advance() to its time.
  void add(const std::vector<MetricSpec>& metrics, double time, const double* values);

  /// (D) the upper medians, after the metrics' transforms; NaN where nothing of a metric is known.
  /// The same until `version` changes.
  void medians(double* result) const;
  std::size_t version() const { return version_; }

  const KeptRows& kept() const { return kept_; }

 private:
  KeptRows kept_;
  std::vector<double> transformed_;          // (n, D) of the same
  std::vector<std::vector<double>> sorted_;  // (D) those of each metric that are known
  std::size_t version_ = 0;
};

/// The level of a host at each of its samples, in order of time: (n, D), NaN where there is none.
/// times (n) epoch seconds; values (n, D) as they count.
Matrix levels_of(const std::vector<double>& times, const MatrixRef& values);

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_HOST_LEVEL_H_
