#include "train/calibrate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <utility>

#include "alert/alert.h"
#include "base/random.h"
#include "score/score.h"
#include "text/format.h"
#include "train/return_curve.h"

namespace rolemix {
namespace {

constexpr double kDay = 86400;
constexpr double kMemoryIntervals = 6;   // the memory's time constant in intervals, but at least
constexpr double kLeastMemory = 600;     // ten minutes
constexpr double kSeparation = 3600;     // peaks an hour apart are two
constexpr std::size_t kLeastPeaks = 20;  // fewer do not make a calibration
constexpr double kLeastHostDays = 5;
constexpr int kBulkKnots = 16;
constexpr std::size_t kTailPeaks = 10;          // that the tail is fitted to
constexpr std::size_t kLeastPeaksToJudge = 12;  // fewer do not tell incidents apart
constexpr std::size_t kMostPeaksToJudge = 1000;
constexpr double kImprobable = 0.001;   // that so much of the highest peaks is normal
constexpr double kLeastOuterScale = 1;  // of what is far off; rare is not yet far
// Of normal hosts, on simulated roles and on labelled real ones: once in 30 days from twice a day.
constexpr double kNormalShare = 0.7;
constexpr double kNormalOffset = 1.85;
constexpr double kUsual = 0.8;  // times a host-day: as often as a state that most days have
constexpr double kBootstrapBlock = 3 * kDay;
constexpr int kBootstrapDraws = 200;
constexpr std::array kAllSensitivities = {Sensitivity::kSensitive, Sensitivity::kNormal,
                                          Sensitivity::kInsensitive};

double median(std::vector<double> values) {
  if (values.empty()) {
    return 0;
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Typical score and memory, all that alert scores need.
Calibration with_memory(const std::vector<HeldOutSeries>& hosts, double interval_seconds) {
  Calibration calibration;
  calibration.interval_seconds = interval_seconds;
  calibration.memory_seconds = std::max(kLeastMemory, kMemoryIntervals * interval_seconds);
  std::vector<double> all;
  for (const HeldOutSeries& host : hosts) {
    all.insert(all.end(), host.completed_scores.begin(), host.completed_scores.end());
  }
  calibration.span_host_days = static_cast<double>(all.size()) * interval_seconds / kDay;
  calibration.typical_score = median(std::move(all));
  return calibration;
}

/// By host; `next`: update or update_in_full.
std::vector<std::vector<double>> alert_scores(const std::vector<HeldOutSeries>& hosts,
                                              const Calibration& calibration,
                                              decltype(update_in_full)& next) {
  std::vector<std::vector<double>> scores;
  for (const HeldOutSeries& host : hosts) {
    ScoreMemory memory;
    std::vector<double>& of_host = scores.emplace_back();
    for (std::size_t i = 0; i < host.timestamps.size(); ++i) {
      of_host.push_back(next(memory, calibration, host.timestamps[i], host.completed_scores[i]));
    }
  }
  return scores;
}

/// Minimum over each entry and the n - 1 before it: n successive samples are all at least this
/// high.
std::vector<double> trailing_minimum(const std::vector<double>& values, int n) {
  std::vector<double> result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t first = i + 1 >= static_cast<std::size_t>(n) ? i + 1 - n : 0;
    result[i] = *std::min_element(values.begin() + static_cast<std::ptrdiff_t>(first),
                                  values.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
  return result;
}

/// All peaks of the statistic "n successive alert_scores at least this high", highest first.
std::vector<double> peaks_of(const std::vector<HeldOutSeries>& hosts,
                             const std::vector<std::vector<double>>& scores, int attempts) {
  std::vector<double> peaks;
  for (std::size_t h = 0; h < hosts.size(); ++h) {
    const std::vector<double> found =
        declustered_peaks(hosts[h].timestamps, trailing_minimum(scores[h], attempts), kSeparation);
    peaks.insert(peaks.end(), found.begin(), found.end());
  }
  std::ranges::sort(peaks, std::greater<>());
  return peaks;
}

/// log n! for n = 0 ... most.
std::vector<double> log_factorials(std::size_t most) {
  std::vector<double> logs(most + 1, 0);
  for (std::size_t n = 1; n <= most; ++n) {
    logs[n] = logs[n - 1] + std::log(static_cast<double>(n));
  }
  return logs;
}

/// P(F > f) of an F distribution with 2j and 2(n - j) degrees of freedom: a sum of binomial
/// probabilities (Abramowitz & Stegun 1964, eq. 26.5.24, 26.6.2).
double upper_tail(double f, std::size_t j, std::size_t n,
                  const std::vector<double>& log_factorial) {
  const auto inner = static_cast<double>(n - j);
  const double x = inner / (inner + static_cast<double>(j) * f);
  double sum = 0;
  for (std::size_t i = n - j; i < n; ++i) {
    const auto hits = static_cast<double>(i);
    const auto misses = static_cast<double>(n - 1 - i);
    sum += std::exp(log_factorial[n - 1] - log_factorial[i] - log_factorial[n - 1 - i] +
                    hits * std::log(x) + (misses > 0 ? misses * std::log1p(-x) : 0));
  }
  return sum;
}

/// How many of the highest peaks, in falling order, are not those of normal hosts: they lie further
/// above the next than the exponential tail of the rest makes likely (outward testing, after
/// Barnett & Lewis 1994, section 6.4).
std::size_t count_incidents(const std::vector<double>& peaks, double span_host_days) {
  const std::size_t n =
      std::min({static_cast<std::size_t>(span_host_days), peaks.size() - 1, kMostPeaksToJudge});
  if (n < kLeastPeaksToJudge) {
    return 0;
  }
  const std::vector<double> log_factorial = log_factorials(n);
  double above_last = 0;  // of all n
  for (std::size_t i = 0; i < n; ++i) {
    above_last += peaks[i] - peaks[n];
  }
  double outer_sum = 0;
  double least = kImprobable;
  std::size_t incidents = 0;
  for (std::size_t j = 1; j + 1 <= 2 * n / 3; ++j) {
    outer_sum += peaks[j - 1];
    const auto count = static_cast<double>(j);
    const double outer = outer_sum / count - peaks[j];
    // The highest j count as no more than the next.
    const double inner = (above_last - count * outer) / static_cast<double>(n - j);
    if (outer < kLeastOuterScale || inner <= 0) {
      continue;
    }
    const double p = upper_tail(outer / inner, j, n, log_factorial);
    if (p < least) {
      least = p;
      incidents = j;
    }
  }
  return incidents;
}

/// The height of peaks, in falling order, at a rank from 0 between whole ones.
double height_at(const std::vector<double>& peaks, double rank) {
  if (!(rank > 0)) {
    return peaks.front();
  }
  const auto below = static_cast<std::size_t>(rank);
  if (below + 1 >= peaks.size()) {
    return peaks.back();
  }
  const double share = rank - static_cast<double>(below);
  return std::lerp(peaks[below], peaks[below + 1], share);
}

/// What one number of attempts learns from its peaks. peaks: at least two, in falling order;
/// return_times: those of the bulk.
ReturnCurve curve_from(std::vector<double> peaks, double span_host_days,
                       const std::vector<double>& return_times) {
  PeakHeights heights;
  heights.return_times = return_times;
  heights.normal_level = kNormalShare * height_at(peaks, 2 * span_host_days - 1) + kNormalOffset;
  const std::size_t incidents = count_incidents(peaks, span_host_days);
  peaks.erase(peaks.begin(), peaks.begin() + static_cast<std::ptrdiff_t>(incidents));
  const std::size_t count = std::min(kTailPeaks, peaks.size() - 1);
  double mean = 0;
  for (std::size_t i = 0; i < count; ++i) {
    mean += (peaks[i] - peaks[count]) / static_cast<double>(count);
  }
  heights.tail = {peaks[count], (static_cast<double>(count) + 0.5) / span_host_days,
                  std::max(kLeastScale, mean)};
  for (const double time : return_times) {
    heights.bulk.push_back(height_at(peaks, span_host_days / time - 0.5));
  }
  return return_curve(heights);
}

/// Return times of the bulk's knots, evenly spread in their logarithm up to where the tail begins.
std::vector<double> bulk_times(std::size_t peaks, double span_host_days) {
  const double shortest = span_host_days / static_cast<double>(peaks);
  const double longest = span_host_days / (static_cast<double>(kTailPeaks) + 0.5);
  std::vector<double> times;
  for (int i = 0; i < kBulkKnots; ++i) {
    times.push_back(shortest *
                    std::pow(longest / shortest, static_cast<double>(i) / (kBulkKnots - 1)));
  }
  return times;
}

/// The peaks of each block of some days of each host: what is drawn again by the bootstrap.
std::vector<std::vector<double>> peaks_by_block(const std::vector<HeldOutSeries>& hosts,
                                                const std::vector<std::vector<double>>& scores,
                                                int attempts) {
  std::vector<std::vector<double>> blocks;
  for (std::size_t h = 0; h < hosts.size(); ++h) {
    const std::vector<double>& times = hosts[h].timestamps;
    const std::vector<double> lasting = trailing_minimum(scores[h], attempts);
    for (std::size_t first = 0; first < times.size();) {
      const auto end = std::ranges::lower_bound(times, times[first] + kBootstrapBlock);
      const auto last = static_cast<std::size_t>(end - times.begin());
      blocks.push_back(declustered_peaks({times.begin() + static_cast<std::ptrdiff_t>(first), end},
                                         {lasting.begin() + static_cast<std::ptrdiff_t>(first),
                                          lasting.begin() + static_cast<std::ptrdiff_t>(last)},
                                         kSeparation));
      first = last;
    }
  }
  return blocks;
}

/// The thresholds of all sensitivities from the peaks of one draw of blocks.
std::array<double, kSensitivities> drawn_thresholds(std::vector<double> peaks,
                                                    double span_host_days,
                                                    const std::vector<double>& return_times) {
  std::ranges::sort(peaks, std::greater<>());
  const ReturnCurve curve = curve_from(std::move(peaks), span_host_days, return_times);
  std::array<double, kSensitivities> thresholds{};
  for (const Sensitivity sensitivity : kAllSensitivities) {
    thresholds[static_cast<std::size_t>(sensitivity)] =
        alert_score_of(curve, std::log(return_time_of_severity(severity_of(sensitivity))));
  }
  return thresholds;
}

/// The 95 % intervals of the thresholds by a bootstrap of blocks (Davison & Hinkley 1997,
/// section 8.3), into the records of this number of attempts.
void add_intervals(const std::vector<std::vector<double>>& blocks, int attempts,
                   const std::vector<double>& return_times, Calibration& calibration) {
  std::array<std::vector<double>, kSensitivities> thresholds;
  Random random(static_cast<std::uint64_t>(attempts));
  for (int draw = 0; draw < kBootstrapDraws; ++draw) {
    std::vector<double> peaks;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const std::vector<double>& block = blocks[random.next() % blocks.size()];
      peaks.insert(peaks.end(), block.begin(), block.end());
    }
    if (peaks.size() < 2) {
      continue;
    }
    const auto drawn = drawn_thresholds(std::move(peaks), calibration.span_host_days, return_times);
    for (std::size_t s = 0; s < drawn.size(); ++s) {
      thresholds[s].push_back(drawn[s]);
    }
  }
  for (std::size_t s = 0; s < thresholds.size(); ++s) {
    std::vector<double>& sorted = thresholds[s];
    std::ranges::sort(sorted);
    if (!sorted.empty()) {
      HistoryRecord& record = calibration.history[s * kMaxCheckAttempts + attempts - 1];
      record.threshold_low = sorted[sorted.size() / 40];
      record.threshold_high = sorted[sorted.size() - 1 - sorted.size() / 40];
    }
  }
}

/// Alerts that would have opened on the role's own history, host by host.
void count_alerts(const std::vector<HeldOutSeries>& hosts, Calibration& calibration) {
  const std::vector<std::vector<double>> scores = alert_scores(hosts, calibration, update);
  for (const Sensitivity sensitivity : kAllSensitivities) {
    for (int attempts = 1; attempts <= kMaxCheckAttempts; ++attempts) {
      const AlertThresholds thresholds =
          alert_thresholds(calibration, {sensitivity, sensitivity, attempts});
      std::int64_t alerts = 0;
      for (std::size_t h = 0; h < hosts.size(); ++h) {
        HostAlertState state;
        for (std::size_t i = 0; i < scores[h].size(); ++i) {
          const ScoredSample sample{hosts[h].timestamps[i], hosts[h].completed_scores[i],
                                    scores[h][i]};
          alerts += std::ranges::count(update(state, calibration, thresholds, sample),
                                       AlertChange::kOpened, &AlertEvent::change);
        }
      }
      const std::size_t place = static_cast<std::size_t>(sensitivity) * kMaxCheckAttempts;
      calibration.history[place + attempts - 1].alerts = alerts;
    }
  }
}

std::string days(double value) { return format_value(value, "") + " days"; }

}  // namespace

double usual_peak(const std::vector<HeldOutSeries>& hosts, double interval_seconds) {
  const Calibration calibration = with_memory(hosts, interval_seconds);
  const std::vector<double> peaks =
      peaks_of(hosts, alert_scores(hosts, calibration, update_in_full), 3);
  return peaks.size() < 2 ? std::numeric_limits<double>::quiet_NaN()
                          : height_at(peaks, kUsual * calibration.span_host_days - 1);
}

std::vector<double> declustered_peaks(const std::vector<double>& timestamps,
                                      const std::vector<double>& values, double separation) {
  // Sliding maximum over a window centred on each sample; the first of equal values is the peak.
  std::vector<double> peaks;
  std::deque<std::size_t> falling;  // candidates for the maximum, values falling
  std::size_t next = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (; next < values.size() && timestamps[next] <= timestamps[i] + separation; ++next) {
      while (!falling.empty() && values[falling.back()] < values[next]) {
        falling.pop_back();
      }
      falling.push_back(next);
    }
    while (timestamps[falling.front()] < timestamps[i] - separation) {
      falling.pop_front();
    }
    if (falling.front() == i) {
      peaks.push_back(values[i]);
    }
  }
  return peaks;
}

Calibration calibrate(const std::vector<HeldOutSeries>& hosts, double interval_seconds) {
  Calibration calibration = with_memory(hosts, interval_seconds);
  const std::vector<std::vector<double>> scores = alert_scores(hosts, calibration, update_in_full);
  const std::vector<double> peaks = peaks_of(hosts, scores, 1);
  if (calibration.span_host_days >= kLeastHostDays && peaks.size() < 2 * kLeastPeaks) {
    calibration.not_ready_reason =
        "too few peaks of the alert score: " + std::to_string(peaks.size()) +
        " at least an hour apart in " + days(calibration.span_host_days) +
        " summed over the hosts, " + std::to_string(2 * kLeastPeaks) + " are needed";
    return calibration;
  }
  if (calibration.span_host_days < kLeastHostDays) {
    calibration.not_ready_reason = "too little history: " + days(calibration.span_host_days) +
                                   " summed over the hosts, at least " + days(kLeastHostDays) +
                                   " are needed";
    return calibration;
  }
  const std::vector<double> return_times = bulk_times(peaks.size(), calibration.span_host_days);
  for (int attempts = 1; attempts <= kMaxCheckAttempts; ++attempts) {
    calibration.curves.push_back(
        curve_from(attempts == 1 ? peaks : peaks_of(hosts, scores, attempts),
                   calibration.span_host_days, return_times));
  }
  calibration.ready = true;
  calibration.history.resize(std::size_t{kSensitivities} * kMaxCheckAttempts);
  for (int attempts = 1; attempts <= kMaxCheckAttempts; ++attempts) {
    add_intervals(peaks_by_block(hosts, scores, attempts), attempts, return_times, calibration);
  }
  count_alerts(hosts, calibration);
  return calibration;
}

}  // namespace rolemix
