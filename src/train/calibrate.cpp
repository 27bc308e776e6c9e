#include "train/calibrate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "core/alert.h"
#include "core/format.h"
#include "core/score.h"
#include "random.h"

namespace rolemix {
namespace {

constexpr double kDay = 86400;
constexpr double kMemoryIntervals = 6;   // the memory's time constant in intervals, but at least
constexpr double kLeastMemory = 600;     // ten minutes
constexpr double kSeparation = 3600;     // peaks an hour apart are two
constexpr double kHostDaysPerPeak = 3;   // the tail starts where a host peaks once in three days
constexpr std::size_t kLeastPeaks = 20;  // fewer do not make a tail
constexpr double kLeastHostDays = 5;
constexpr int kBulkKnots = 12;
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

std::vector<double> alert_scores(const HeldOutSeries& host, const Calibration& calibration) {
  std::vector<double> scores;
  ScoreMemory memory;
  for (std::size_t i = 0; i < host.timestamps.size(); ++i) {
    scores.push_back(update(memory, calibration, host.timestamps[i], host.completed_scores[i]));
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

/// Of at least two peaks, in any order.
Tail tail_of(std::vector<double> peaks, double span_host_days) {
  const auto wanted = static_cast<std::size_t>(span_host_days / kHostDaysPerPeak);
  const std::size_t count = std::min(std::max(wanted, kLeastPeaks), peaks.size() - 1);
  std::ranges::partial_sort(peaks, peaks.begin() + static_cast<std::ptrdiff_t>(count) + 1,
                            std::greater<>());
  std::vector<double> excesses;
  for (std::size_t i = count; i-- > 0;) {
    excesses.push_back(peaks[i] - peaks[count]);
  }
  Tail tail = fit_tail(excesses);
  tail.threshold = peaks[count];
  tail.rate = static_cast<double>(count) / span_host_days;
  return tail;
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

/// The 95 % intervals of the thresholds by a bootstrap of blocks (Davison & Hinkley 1997,
/// section 8.3), into the records of this number of attempts.
void add_intervals(const std::vector<std::vector<double>>& blocks, int attempts,
                   Calibration& calibration) {
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
    const Tail tail = tail_of(std::move(peaks), calibration.span_host_days);
    for (const Sensitivity sensitivity : kAllSensitivities) {
      thresholds[static_cast<std::size_t>(sensitivity)].push_back(
          level_of(tail, return_time_of_severity(severity_of(sensitivity))));
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
void count_alerts(const std::vector<HeldOutSeries>& hosts,
                  const std::vector<std::vector<double>>& scores, Calibration& calibration) {
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

/// Knots of the empirical return time below the tail, evenly spread in its logarithm.
void add_bulk(const std::vector<double>& peaks, Calibration& calibration) {
  const double tail_time = 1 / calibration.tails.front().rate;
  const auto count = static_cast<double>(peaks.size());
  const double shortest = calibration.span_host_days / count;
  for (int i = 0; i < kBulkKnots; ++i) {
    const double time =
        shortest * std::pow(tail_time / shortest, static_cast<double>(i) / (kBulkKnots - 1));
    const auto rank =
        static_cast<std::size_t>(std::clamp(calibration.span_host_days / time - 1, 0.0, count - 1));
    const bool last = i + 1 == kBulkKnots;
    const double score = last ? calibration.tails.front().threshold : peaks[rank];
    const bool ascends =
        calibration.bulk_alert_scores.empty() || (score > calibration.bulk_alert_scores.back() &&
                                                  time > calibration.bulk_return_times.back());
    if (ascends && score <= calibration.tails.front().threshold) {
      calibration.bulk_alert_scores.push_back(score);
      calibration.bulk_return_times.push_back(time);
    }
  }
}

std::string days(double value) { return format_value(value, "") + " days"; }

}  // namespace

Tail fit_tail(const std::vector<double>& excesses) {
  constexpr double kLargestShape = 0.5;
  constexpr double kLeastScale = 1e-6;
  const auto n = static_cast<double>(excesses.size());
  double mean = 0;
  double weighted = 0;
  for (std::size_t i = 0; i < excesses.size(); ++i) {
    mean += excesses[i] / n;
    weighted += (1 - (static_cast<double>(i) + 0.65) / n) * excesses[i] / n;
  }
  const double denominator = mean - 2 * weighted;
  const double shape = denominator > 0 ? 2 - mean / denominator : kLargestShape;
  Tail tail;
  tail.shape = std::clamp(shape, 0.0, kLargestShape);
  // At the bounds the scale that keeps the mean; inside them this is Hosking & Wallis's estimate.
  tail.scale = std::max(kLeastScale, mean * (1 - tail.shape));
  return tail;
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
  Calibration calibration;
  calibration.interval_seconds = interval_seconds;
  calibration.memory_seconds = std::max(kLeastMemory, kMemoryIntervals * interval_seconds);
  std::vector<double> all;
  for (const HeldOutSeries& host : hosts) {
    all.insert(all.end(), host.completed_scores.begin(), host.completed_scores.end());
  }
  calibration.typical_score = median(all);
  calibration.span_host_days = static_cast<double>(all.size()) * interval_seconds / kDay;
  std::vector<std::vector<double>> scores;
  for (const HeldOutSeries& host : hosts) {
    scores.push_back(alert_scores(host, calibration));
  }
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
  for (int attempts = 1; attempts <= kMaxCheckAttempts; ++attempts) {
    const std::vector<double> lasting = attempts == 1 ? peaks : peaks_of(hosts, scores, attempts);
    calibration.tails.push_back(tail_of(lasting, calibration.span_host_days));
  }
  add_bulk(peaks, calibration);
  calibration.ready = true;
  calibration.history.resize(std::size_t{kSensitivities} * kMaxCheckAttempts);
  for (int attempts = 1; attempts <= kMaxCheckAttempts; ++attempts) {
    add_intervals(peaks_by_block(hosts, scores, attempts), attempts, calibration);
  }
  count_alerts(hosts, scores, calibration);
  return calibration;
}

}  // namespace rolemix
