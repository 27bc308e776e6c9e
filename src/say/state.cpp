#include "say/state.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

#include "base/sort_indices.h"
#include "model/units.h"
#include "say/words.h"
#include "text/format.h"

namespace rolemix {
namespace {

constexpr double kMost = 0.8;         // of a state's time, where that time is to name it
constexpr Index kLongestWindow = 12;  // hours
constexpr std::size_t kNamedMetrics = 3;
constexpr double kLeastDistance = 0.5;  // standard deviations
constexpr std::array kDays = {Text::kMonday, Text::kTuesday,  Text::kWednesday, Text::kThursday,
                              Text::kFriday, Text::kSaturday, Text::kSunday};
constexpr Index kSaturday = 5;

/// Whether the history holds samples of each hour (or day): the states' shares of it sum to 1.
bool all_seen(const std::vector<StateTimes>& times, Vector StateTimes::* shares) {
  Vector sums = Vector::Zero((times.front().*shares).size());
  for (const StateTimes& state : times) {
    sums += state.*shares;
  }
  return sums.minCoeff() > 0.5;
}

std::string clock(Index hour) { return (hour < 10 ? "0" : "") + std::to_string(hour) + ":00"; }

/// The shortest run of hours around the clock that holds most of the state's time.
std::string hours_text(const Vector& by_hour, Language language) {
  const double total = by_hour.sum();
  for (Index length = 1; total > 0 && length <= kLongestWindow; ++length) {
    Index best = 0;
    double most = -1;
    for (Index first = 0; first < kHoursOfDay; ++first) {
      double inside = 0;
      for (Index i = 0; i < length; ++i) {
        inside += by_hour[(first + i) % kHoursOfDay];
      }
      if (inside > most) {
        most = inside;
        best = first;
      }
    }
    if (most >= kMost * total) {
      return fill(Text::kHours, language, {clock(best), clock((best + length) % kHoursOfDay)});
    }
  }
  return "";
}

std::string_view days_text(const Vector& by_weekday, Language language) {
  const double total = by_weekday.sum();
  Index busiest = 0;
  if (by_weekday.maxCoeff(&busiest) >= kMost * total) {
    return words(kDays[busiest], language);
  }
  const double weekend = by_weekday.tail(kDaysOfWeek - kSaturday).sum();
  if (weekend >= kMost * total) {
    return words(Text::kWeekends, language);
  }
  return weekend <= (1 - kMost) / 4 * total ? words(Text::kWeekdays, language) : "";
}

std::string when(const RoleModel& model, Index state, Language language) {
  if (model.state_times.empty() || model.components() == 1) {
    return "";
  }
  const StateTimes& times = model.state_times[state];
  std::string text;
  if (all_seen(model.state_times, &StateTimes::by_weekday)) {
    text = days_text(times.by_weekday, language);
  }
  if (all_seen(model.state_times, &StateTimes::by_hour)) {
    const std::string hours = hours_text(times.by_hour, language);
    text += (text.empty() || hours.empty() ? "" : " ") + hours;
  }
  return text;
}

/// (D) how far a state's means lie from those of the role's other time, in the role's standard
/// deviations.
Vector distances(const RoleModel& model, Index state) {
  Vector result(model.dimensions());
  for (Index d = 0; d < model.dimensions(); ++d) {
    double average = 0;
    for (Index k = 0; k < model.components(); ++k) {
      average += model.weights[k] * model.means(k, d);
    }
    double variance = 0;
    for (Index k = 0; k < model.components(); ++k) {
      const double offset = model.means(k, d) - average;
      variance += model.weights[k] * (model.covariances[k](d, d) + offset * offset);
    }
    result[d] = (model.means(state, d) - average) / std::sqrt(variance);
  }
  return result;
}

}  // namespace

StateDescription describe_state(const RoleModel& model, Index state, Language language) {
  StateDescription description{when(model, state, language), {}};
  const Vector distance = distances(model, state);
  std::vector<int> order(model.metrics.size());
  std::iota(order.begin(), order.end(), 0);
  sort_indices(order, [&](int a, int b) { return std::abs(distance[a]) > std::abs(distance[b]); });
  for (const int d : order) {
    if (description.metrics.size() == kNamedMetrics || std::abs(distance[d]) < kLeastDistance) {
      break;
    }
    const MetricSpec& metric = model.metrics[d];
    description.metrics.push_back(
        {d, distance[d] > 0,
         to_possible_value(metric, from_model_units(metric, model.means(state, d)))});
  }
  return description;
}

std::string state_name(const RoleModel& model, Index state, Language language) {
  if (model.components() == 1) {
    return std::string(words(Text::kOnlyState, language));
  }
  const StateDescription description = describe_state(model, state, language);
  std::vector<std::string> parts;
  for (const StateMetric& part : description.metrics) {
    const MetricSpec& metric = model.metrics[part.metric];
    parts.push_back(fill(part.high ? Text::kHigh : Text::kLow, language,
                         {metric.name, format_value(part.value, metric.unit)}));
  }
  const std::string text =
      parts.empty() ? std::string(words(Text::kAverage, language)) : joined(parts, language);
  return description.when.empty() ? text : description.when + ": " + text;
}

}  // namespace rolemix
