#include "train/return_curve.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

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

/// Of two slopes: what rounding makes of one, as that of `raised`. Lines so close would cross where
/// no score is.
constexpr double kParallel = 1e-6;

/// The knots of a curve and where a line crosses it, ascending.
std::vector<double> breakpoints(const ReturnCurve& curve, const Line& line) {
  const std::vector<double>& scores = curve.alert_scores;
  const std::vector<double>& times = curve.log_return_times;
  std::vector<double> result = scores;
  for (std::size_t i = 1; i < scores.size(); ++i) {
    const double left = times[i - 1] - line.at(scores[i - 1]);
    const double right = times[i] - line.at(scores[i]);
    if ((left < 0) != (right < 0)) {
      result.push_back(scores[i - 1] + (scores[i] - scores[i - 1]) * left / (left - right));
    }
  }
  const double gap = line.at(scores.back()) - times.back();
  const double steeper = curve.slope - line.slope;
  if (std::abs(steeper) > kParallel * line.slope && gap / steeper > 0) {
    result.push_back(scores.back() + gap / steeper);
  }
  std::ranges::sort(result);
  return result;
}

/// As seldom as the line says, where the curve says less.
ReturnCurve raised(const ReturnCurve& curve, const Line& line) {
  const double first = curve.log_return_times.front();
  const auto at = [&](double score) {
    return std::max(log_return_time(curve, score), line.at(score));
  };
  ReturnCurve result;
  if (line.at(curve.alert_scores.front()) > first) {
    add_knot(line.score_at(first), first, result);
  }
  for (const double score : breakpoints(curve, line)) {
    add_knot(score, at(score), result);
  }
  const double last = result.alert_scores.back();
  result.slope = at(last + 1) - at(last);
  return result;
}

/// Never more seldom than the line says. Up to the curve's first knot it rises from where the line
/// has severity 0.
ReturnCurve capped(const ReturnCurve& curve, const Line& line) {
  const double least =
      std::min(curve.log_return_times.front(), std::log(return_time_of_severity(0)));
  const auto at = [&](double score) {
    return std::min(log_return_time(curve, score), line.at(score));
  };
  ReturnCurve result;
  add_knot(line.score_at(least), least, result);
  for (const double score : breakpoints(curve, line)) {
    if (score > line.score_at(least) && at(score) >= least) {
      add_knot(score, at(score), result);
    }
  }
  const double last = result.alert_scores.back();
  result.slope = at(last + 1) - at(last);
  return result;
}

}  // namespace

ReturnCurve return_curve(const PeakHeights& heights) {
  const double week = return_time_of_severity(severity_of(Sensitivity::kSensitive));
  const Line normal{heights.normal_level, std::log(kNormalTime), 1 / kNormalSlope};
  const Line news{kLeastThreshold, std::log(week), 1 / kLeastScale};
  return capped(raised(of_peaks(heights), normal), news);
}

}  // namespace rolemix
