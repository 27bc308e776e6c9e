// Peaks of alert scores -> how seldom a normal host reaches an alert score.
#ifndef ROLEMIX_TRAIN_RETURN_CURVE_H_
#define ROLEMIX_TRAIN_RETURN_CURVE_H_

#include <vector>

#include "model/calibration.h"

namespace rolemix {

/// Of a tail, at least: less is one regular event of one host, seen on many days. A fifth of what
/// normal hosts of simulated roles rise by when the return time grows by a factor e.
constexpr double kLeastScale = 0.07;

/// Exponential tail of the declustered peaks above a threshold (Coles 2001, section 4.2).
struct Tail {
  double threshold = 0;  ///< alert_score
  double rate = 0;       ///< peaks above the threshold per host-day, > 0
  double scale = 0;      ///< > 0
};

/// What the peaks of one number of attempts say.
struct PeakHeights {
  std::vector<double> bulk;          ///< alert_scores at return_times, not descending
  std::vector<double> return_times;  ///< host-days, strictly ascending
  Tail tail;                         ///< beyond the bulk
  double normal_level = 0;           ///< alert_score that a normal host reaches once in 30 days
};

/// One curve of all of it: the bulk, then the tail; at least as seldom as among normal hosts, whose
/// level and slope are known from many roles: more is no longer normal, however often the history
/// has it; and no score that is not news however steady the role is, is as seldom as the lowest
/// severity that alerts. docs/alerts.md says where the constants come from.
ReturnCurve return_curve(const PeakHeights& heights);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_RETURN_CURVE_H_
