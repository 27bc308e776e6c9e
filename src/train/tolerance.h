// From what people state, or from the data's resolution and range, to each metric's tolerance in
// its own unit.
#ifndef ROLEMIX_TRAIN_TOLERANCE_H_
#define ROLEMIX_TRAIN_TOLERANCE_H_

#include <algorithm>
#include <string>
#include <string_view>

#include "base/matrix.h"
#include "train/train.h"

namespace rolemix {

/// Of so many values of a metric, or rows, how many at each end may be nonsense: nothing is learned
/// from them. One in ten thousand, and of a thousand one; of fewer none.
constexpr Index odd_of(Index count) { return count < 1000 ? 0 : std::max<Index>(1, count / 10000); }

/// What the observed values of one metric look like.
struct ValueSummary {
  Index count = 0;          ///< values that are not missing
  bool constant = false;    ///< all are the same
  double low = 0;           ///< smallest but for the odd ones
  double high = 0;          ///< largest but for the odd ones
  double robust_range = 0;  ///< from the 0.5 % to the 99.5 % quantile; where that is 0, how far the
                            ///< values that differ from the median usually lie from it
  double resolution = 0;    ///< smallest step between two different values, but for odd ones
  double median = 0;
  double median_size = 0;  ///< median of the absolute values
};

/// values (N), NaN = missing.
ValueSummary summarise(const VectorRef& values);

struct Tolerance {
  double value = 0;    ///< in the metric's unit; 0 when nothing is known to derive it from
  std::string source;  ///< as MetricSpec::tolerance_source keeps it
};

/// How a source tells of shares: "3 % of the robust range", "configured, 10 % of the median".
inline constexpr std::string_view kFullScale = "full_scale";
inline constexpr std::string_view kMedian = "the median";
inline constexpr std::string_view kRobustRange = "the robust range";
inline constexpr std::string_view kStated = "configured";
std::string share_text(double share, std::string_view of);
std::string stated_text(const std::string& share);

/// How the source of a stated tolerance ends that was too small.
inline constexpr std::string_view kRaised = ", raised to 0.001 % of the range";

/// The stated tolerance, else the larger of the resolution and `default_share` of the robust range.
Tolerance tolerance_of(const MetricRule& rule, const ValueSummary& summary, double default_share);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_TOLERANCE_H_
