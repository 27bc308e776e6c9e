#include "samples/unit_change.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include "text/lists.h"
#include "text/time.h"

namespace rolemix {
namespace {

// What becomes a millionth, or a million times as much, and varies as before, is the same in
// another unit. A thousand times is what trouble may be too: of one host it is believed of none,
// and of many only close by.
constexpr double kSureFactor = 1e6;
constexpr double kClose = 1.25;
constexpr double kMostSpread = 1e4;  // of a metric's usual values, high to low
constexpr double kApart = 31.6;      // the root of a thousand: half-way to the next unit
constexpr Index kFewestValues =
    12;                        // an hour of five minutes, as long as an alert outlasts its cause
constexpr double kOthers = 9;  // one of another kind weighs as much as so many
// Between medians of a host in the two units, which are of other times of day.
constexpr double kNear = 2;
constexpr double kNearRole = 3;     // hosts of a role differ in size
constexpr double kOutside = 0.005;  // at each end of the usual values
constexpr double kSlack = 2;        // beyond them a value is no usual one

/// Between units of size or number, and between a share and percent, larger than 1.
std::array<double, 4> factors(std::string_view unit) {
  constexpr double kPercent = 100;
  const double kilo = unit.empty() || unit.starts_with("bytes") ? 1024 : 1000;
  return {kilo, kilo * kilo, kilo * kilo * kilo, kPercent};
}

/// Not below the usual values, nor above.
bool is_usual(double value, const UsualValues& usual) {
  return value >= usual.low / kSlack && value <= usual.high * kSlack;
}

/// (p) of the values, which are put in another order.
double quantile(std::vector<double>& values, double p) {
  const auto place = values.begin() + std::lround(p * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, place);
  return *place;
}

std::vector<double> measured(std::span<const double> values) {
  std::vector<double> some;
  std::ranges::copy_if(values, std::back_inserter(some), [](double x) { return !std::isnan(x); });
  return some;
}

/// Whether usual values come right before and after the span, where any do.
bool is_sharp(std::span<const double> values, const UsualValues& usual, const UnitSpan& span) {
  Index before = span.begin - 1;
  while (before >= 0 && !tells_unit(values[before])) {
    --before;
  }
  Index after = span.end;
  while (after < std::ssize(values) && !tells_unit(values[after])) {
    ++after;
  }
  return (before < 0 || is_usual(values[before], usual)) &&
         (after == std::ssize(values) || is_usual(values[after], usual));
}

/// The factor nearest to what lies between two medians, within that by which hosts of a role
/// differ.
std::optional<double> nearest_factor(double from, double to, std::string_view unit) {
  std::optional<double> nearest;
  double least = std::log(kNearRole);
  for (const double between : factors(unit)) {
    for (const double factor : {between, 1 / between}) {
      const double apart = std::abs(std::log(to / from / factor));
      if (apart <= least) {
        least = apart;
        nearest = factor;
      }
    }
  }
  return nearest;
}

bool are_equal(const std::vector<double>& values) {
  return std::ranges::adjacent_find(values, std::not_equal_to<>()) == values.end();
}

bool is_sure(double factor) { return factor >= kSureFactor || factor <= 1 / kSureFactor; }

/// Whether the span is what the host usually shows, or its role where it shows nothing else, times
/// the factor, at another time of day. What is one number over and over, where others vary, stands
/// for nothing measured.
bool is_alike(std::span<const double> values, const UsualValues& usual, const UnitSpan& span) {
  std::vector<double> inside;
  std::vector<double> others;
  for (Index i = 0; i < std::ssize(values); ++i) {
    const bool is_inside = i >= span.begin && i < span.end;
    if (is_inside ? tells_unit(values[i]) : is_usual(values[i], usual)) {
      (is_inside ? inside : others).push_back(values[i]);
    }
  }
  if (are_equal(inside) && !are_equal(others)) {
    return false;
  }
  const bool is_known = std::ssize(others) >= kFewestValues;
  const double reference = is_known ? quantile(others, 0.5) : usual.median;
  const double near = !is_sure(span.factor) ? kClose : is_known ? kNear : kNearRole;
  return std::abs(std::log(quantile(inside, 0.5) / span.factor / reference)) <= std::log(near);
}

}  // namespace

std::string factor_text(double factor) {
  const bool is_less = factor < 1;
  return std::string(is_less ? "x 1/" : "x ") +
         std::to_string(std::llround(is_less ? 1 / factor : factor));
}

bool tells_unit(double value) { return value > 0; }

bool is_of_other_unit(double value, const UsualValues& usual, double factor) {
  return is_usual(value / factor, usual) && !is_usual(value, usual);
}

std::optional<double> factor_between(double usual_median, double median, std::string_view unit) {
  if (!(usual_median > 0 && median > 0)) {
    return usual_median == median ? std::optional<double>(1) : std::nullopt;
  }
  return std::abs(std::log(median / usual_median)) <= std::log(kNearRole)
             ? std::optional<double>(1)
             : nearest_factor(usual_median, median, unit);
}

bool UsualValues::tell() const { return low > 0 && high <= kMostSpread * low; }

std::optional<UsualValues> usual_values_of_one_unit(std::span<const double> values) {
  std::vector<double> all = measured(values);
  if (std::ssize(all) < 2 * kFewestValues) {
    return std::nullopt;
  }
  const UsualValues usual = {quantile(all, kOutside), quantile(all, 0.5),
                             quantile(all, 1 - kOutside)};
  return usual.tell() ? std::optional(usual) : std::nullopt;
}

std::optional<UsualValues> usual_values(std::span<const double> values) {
  std::vector<double> all = measured(values);
  if (std::ssize(all) < 2 * kFewestValues) {
    return std::nullopt;
  }
  const std::size_t count = all.size();
  const double median = quantile(all, 0.5);
  std::erase_if(all, [&](double x) { return !(x >= median / kApart && x <= median * kApart); });
  return 2 * all.size() > count ? usual_values_of_one_unit(all) : std::nullopt;
}

UnitSpan span_of_unit(std::span<const double> values, const UsualValues& usual, double factor) {
  UnitSpan best{0, 0, factor};
  double most = 0;
  double weight = 0;
  Index begin = 0;
  for (Index i = 0; i < std::ssize(values); ++i) {
    if (!tells_unit(values[i])) {
      continue;
    }
    if (weight <= 0) {
      weight = 0;
      begin = i;
    }
    weight += is_of_other_unit(values[i], usual, factor) ? 1 : -kOthers;
    if (weight > most) {
      most = weight;
      best.begin = begin;
      best.end = i + 1;
    }
  }
  return most >= static_cast<double>(kFewestValues) ? best : UnitSpan{0, 0, factor};
}

std::optional<UnitSpan> span_of_other_unit(std::span<const double> values, const UsualValues& usual,
                                           std::string_view unit) {
  std::vector<double> others;
  for (const double value : values) {
    if (usual.tell() && tells_unit(value) && !is_usual(value, usual)) {
      others.push_back(value);
    }
  }
  if (std::ssize(others) < kFewestValues) {
    return std::nullopt;
  }
  const auto factor = nearest_factor(usual.median, quantile(others, 0.5), unit);
  if (!factor) {
    return std::nullopt;
  }
  const UnitSpan span = span_of_unit(values, usual, *factor);
  return span.end > 0 && is_sharp(values, usual, span) && is_alike(values, usual, span)
             ? std::optional(span)
             : std::nullopt;
}

std::optional<bool> counts_up(std::span<const double> values) {
  constexpr double kFewestSteps = 20;  // that tell anything
  constexpr double kLeastUp = 0.5;     // of all steps
  constexpr double kMostDown = 0.01;
  double all = 0;
  double up = 0;
  double down = 0;
  double last = std::numeric_limits<double>::quiet_NaN();
  for (const double value : values) {
    if (std::isnan(value)) {
      continue;
    }
    all += std::isnan(last) ? 0 : 1;
    up += value > last ? 1 : 0;
    down += value < last ? 1 : 0;
    last = value;
  }
  if (all < kFewestSteps || up + down == 0) {
    return std::nullopt;
  }
  return up >= kLeastUp * all && down <= kMostDown * all;
}

bool are_most(std::size_t hosts, std::size_t of) { return of >= 3 && 2 * hosts > of; }

bool is_believed(double factor, std::size_t hosts, std::size_t of) {
  return is_sure(factor) || are_most(hosts, of);
}

std::vector<Notice> notices_of(const std::vector<UnitChange>& changes) {
  std::vector<Notice> notices;
  for (const UnitChange& change : changes) {
    Notice& said = notices.emplace_back(notice(
        "unit_changed",
        change.metric + " looks like a change of unit (" + factor_text(change.factor) + ") on " +
            std::to_string(change.hosts.size()) + " of " + std::to_string(change.of) + " hosts (" +
            some_of(change.hosts) + "), from " + minute_text(change.from) + ": " +
            std::to_string(change.values) + " values left out; give it as before"));
    said.metric = change.metric;
    said.host = change.hosts.size() == 1 ? change.hosts.front() : "";
    said.left_out = true;
  }
  return notices;
}

}  // namespace rolemix
