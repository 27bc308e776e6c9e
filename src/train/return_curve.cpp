#include "train/return_curve.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>

namespace rolemix {
namespace {

constexpr double kNormalTime = 30;     // host-days, of PeakHeights::normal_level
constexpr double kNormalSlope = 0.35;  // alert_score per factor e of return time, of normal hosts
// A metric one tolerance from its expected value raises the score by half a nat at most: log1p of
// that is not news, however steady a role is.
constexpr double kLeastThreshold = 0.41;

struct Line {
  double score;
  double log_time;
  double slope;  // > 0

  double at(double alert_score) const { return log_time + slope * (alert_score - score); }
  double score_at(double time) const { return score + (time - log_time) / slope; }
};

void add_knot(double score, double log_time, ReturnCurve& curve) {
  while (!curve.alert_scores.empty() &&
         (score <= curve.alert_scores.back() || log_time <= curve.log_return_times.back())) {
    curve.alert_scores.pop_back();
    curve.log_return_times.pop_back();
  }
  curve.alert_scores.push_back(score);
  curve.log_return_times.push_back(log_time);
}

/// Of equal heights the most seldom counts.
ReturnCurve of_peaks(const PeakHeights& heights) {
  ReturnCurve curve;
  const double tail_time = -std::log(heights.tail.rate);
  for (std::size_t i = 0; i < heights.bulk.size(); ++i) {
    const double log_time = std::log(heights.return_times[i]);
    if (heights.bulk[i] < heights.tail.threshold && log_time < tail_time) {
      add_knot(heights.bulk[i], log_time, curve);
    }
  }
  add_knot(heights.tail.threshold, tail_time, curve);
  curve.slope = 1 / heights.tail.scale;
  return curve;
}

/// The lowest return time that a curve tells apart: that of severity 0, or its own lowest.
double least_log_time(const ReturnCurve& curve) {
  return std::min(curve.log_return_times.front(), std::log(return_time_of_severity(0)));
}

/// Where the line crosses the curve, or comes down to its lowest return time.
std::vector<double> crossings(const ReturnCurve& curve, const Line& line) {
  const std::vector<double>& scores = curve.alert_scores;
  const std::vector<double>& times = curve.log_return_times;
  std::vector<double> result = {line.score_at(least_log_time(curve))};
  if (const double before = line.score_at(times.front()); before < scores.front()) {
    result.push_back(before);
  }
  for (std::size_t i = 1; i < scores.size(); ++i) {
    const double left = times[i - 1] - line.at(scores[i - 1]);
    const double right = times[i] - line.at(scores[i]);
    if ((left < 0) != (right < 0)) {
      result.push_back(scores[i - 1] + (scores[i] - scores[i - 1]) * left / (left - right));
    }
  }
  const double gap = line.at(scores.back()) - times.back();
  if (const double beyond = gap / (curve.slope - line.slope); beyond > 0 && std::isfinite(beyond)) {
    result.push_back(scores.back() + beyond);
  }
  return result;
}

/// The higher or the lower of curve and line, strictly increasing.
template <typename Choose>
ReturnCurve combined(const ReturnCurve& curve, const Line& line, const Choose& choose) {
  std::vector<double> scores = crossings(curve, line);
  scores.insert(scores.end(), curve.alert_scores.begin(), curve.alert_scores.end());
  std::ranges::sort(scores);
  const double least = least_log_time(curve);
  const auto at = [&](double score) {
    return std::max(least, choose(log_return_time(curve, score), line.at(score)));
  };
  ReturnCurve result;
  for (const double score : scores) {
    add_knot(score, at(score), result);
  }
  const double last = result.alert_scores.back();
  result.slope = at(last + 1) - at(last);
  return result;
}

}  // namespace

ReturnCurve return_curve(const PeakHeights& heights) {
  const Line normal{heights.normal_level, std::log(kNormalTime), 1 / kNormalSlope};
  const Line news{kLeastThreshold,
                  std::log(return_time_of_severity(severity_of(Sensitivity::kSensitive))),
                  1 / kLeastScale};
  const auto higher = [](double a, double b) { return std::max(a, b); };
  const auto lower = [](double a, double b) { return std::min(a, b); };
  return combined(combined(of_peaks(heights), normal, higher), news, lower);
}

}  // namespace rolemix
