// From scores on held-out time to the calibration of severity.
#ifndef ROLEMIX_TRAIN_CALIBRATE_H_
#define ROLEMIX_TRAIN_CALIBRATE_H_

#include <vector>

#include "base/matrix.h"
#include "model/calibration.h"

namespace rolemix {

/// The held-out scores of one host in order of time.
struct HeldOutSeries {
  std::vector<double> timestamps;        ///< epoch seconds, ascending
  std::vector<double> completed_scores;  ///< nats, as SampleScore::completed_score
};

/// Typical score, memory, how often peaks of the alert_score reach which height, how sure that is,
/// and the alerts that each sensitivity would have raised on these very scores; ready when
/// there is enough time behind it, else not_ready_reason says what is missing.
Calibration calibrate(const std::vector<HeldOutSeries>& hosts, double interval_seconds);

/// The alert_score that three successive samples of a host reach in four of five host-days; NaN
/// with too few peaks to say.
double usual_peak(const std::vector<HeldOutSeries>& hosts, double interval_seconds);

/// Heights of the peaks of a series: values that are the largest within `separation` seconds on
/// both sides.
std::vector<double> declustered_peaks(const std::vector<double>& timestamps,
                                      const std::vector<double>& values, double separation);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_CALIBRATE_H_
