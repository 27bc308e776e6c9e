#include "train/state_times.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace rolemix {

std::vector<StateTimes> state_times(const std::vector<int>& states,
                                    const std::vector<double>& timestamps, Index components) {
  constexpr double kHour = 3600;
  constexpr double kDay = 86400;
  constexpr std::int64_t kThursday = 3;  // 1970-01-01
  std::vector<StateTimes> times(components);
  StateTimes all;
  for (std::size_t row = 0; row < states.size(); ++row) {
    if (states[row] >= 0) {
      const auto hour = static_cast<std::int64_t>(std::floor(timestamps[row] / kHour));
      const auto day = static_cast<std::int64_t>(std::floor(timestamps[row] / kDay));
      const std::int64_t of_day = hour - day * kHoursOfDay;
      const std::int64_t of_week = ((day + kThursday) % kDaysOfWeek + kDaysOfWeek) % kDaysOfWeek;
      for (StateTimes* counts : {&all, &times[states[row]]}) {
        counts->by_hour[of_day] += 1;
        counts->by_weekday[of_week] += 1;
      }
    }
  }
  for (StateTimes& counts : times) {
    counts.by_hour.array() /= all.by_hour.array().max(1);
    counts.by_weekday.array() /= all.by_weekday.array().max(1);
  }
  return times;
}

}  // namespace rolemix
