#include "samples/unit_change.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/escape.h"
#include "text/time.h"

namespace rolemix {
namespace {

constexpr double kKibi = 1024;
constexpr double kKilo = 1000;
constexpr double kHour = 3600;
// Between units of size, of number, of time, and between a share and percent.
constexpr std::array kFactors = {kKibi, kKibi* kKibi, kKibi* kKibi* kKibi,
                                 kKilo, kKilo* kKilo, kKilo* kKilo* kKilo,
                                 kHour, 100.,         60.};
constexpr double kSureFactor = kKilo;
constexpr double kMostSpread = 1e4;  // of a metric's usual values, high to low
constexpr double kApart = 31.6;      // the root of a thousand: half-way to the next unit
constexpr Index kFewestValues =
    12;                          // an hour of five minutes, as long as an alert outlasts its cause
constexpr double kOthers = 9;    // one of another kind weighs as much as so many
constexpr double kNear = 1.5;    // between the same host's medians in the two units
constexpr double kNearRole = 3;  // hosts of a role differ in size
constexpr double kOutside = 0.005;  // at each end of the usual values
constexpr double kSlack = 2;        // beyond them a value is no usual one

/// Below it, or above: of no usual value.
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

/// The span in which such values outweigh all others most; empty when there are too few.
UnitSpan heaviest_span(std::span<const double> values, const UsualValues& usual, double factor) {
  UnitSpan best{0, 0, factor};
  double most = 0;
  double weight = 0;
  Index begin = 0;
  for (Index i = 0; i < std::ssize(values); ++i) {
    if (std::isnan(values[i])) {
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

/// Whether usual values come right before and after the span, where any do.
bool is_sharp(std::span<const double> values, const UsualValues& usual, const UnitSpan& span) {
  Index before = span.begin - 1;
  while (before >= 0 && std::isnan(values[before])) {
    --before;
  }
  Index after = span.end;
  while (after < std::ssize(values) && std::isnan(values[after])) {
    ++after;
  }
  return (before < 0 || is_usual(values[before], usual)) &&
         (after == std::ssize(values) || is_usual(values[after], usual));
}

/// How far the span's median lies from what the host usually shows (or its role, of a host that
/// shows nothing else) times the factor, on a log scale; nothing where that is too far, or the span
/// varies more.
std::optional<double> distance_of(std::span<const double> values, const UsualValues& usual,
                                  const UnitSpan& span) {
  constexpr double kLow = 0.1;
  constexpr double kHigh = 0.9;
  std::vector<double> inside = measured(values.subspan(span.begin, span.end - span.begin));
  std::vector<double> others = measured(values.first(span.begin));
  for (const double value : measured(values.subspan(span.end))) {
    others.push_back(value);
  }
  std::erase_if(others, [&](double value) { return !is_usual(value, usual); });
  const bool is_known = std::ssize(others) >= kFewestValues;
  const double reference = is_known ? quantile(others, 0.5) : usual.median;
  const double apart = std::abs(std::log(quantile(inside, 0.5) / span.factor / reference));
  const double spread = quantile(inside, kHigh) / quantile(inside, kLow);
  const double usual_spread =
      is_known ? quantile(others, kHigh) / quantile(others, kLow) : usual.high / usual.low;
  const bool is_alike =
      apart <= std::log(is_known ? kNear : kNearRole) && spread <= kNear * usual_spread;
  return is_alike ? std::optional(apart) : std::nullopt;
}

}  // namespace

std::string factor_text(double factor) {
  const bool is_less = factor < 1;
  return std::string(is_less ? "x 1/" : "x ") +
         std::to_string(std::llround(is_less ? 1 / factor : factor));
}

bool is_of_other_unit(double value, const UsualValues& usual, double factor) {
  return is_usual(value / factor, usual) && !is_usual(value, usual);
}

std::optional<double> factor_between(double usual_median, double median) {
  if (!(usual_median > 0 && median > 0)) {
    return usual_median == median ? std::optional<double>(1) : std::nullopt;
  }
  std::optional<double> nearest;
  double least = std::log(kNearRole);
  const auto consider = [&](double factor) {
    const double apart = std::abs(std::log(median / usual_median / factor));
    if (apart <= least) {
      least = apart;
      nearest = factor;
    }
  };
  consider(1);
  for (const double between : kFactors) {
    consider(between);
    consider(1 / between);
  }
  return nearest;
}

bool UsualValues::tell() const { return low > 0 && high <= kMostSpread * low; }

std::optional<UsualValues> usual_values(std::span<const double> values) {
  std::vector<double> all = measured(values);
  if (std::ssize(all) < 2 * kFewestValues) {
    return std::nullopt;
  }
  const std::size_t count = all.size();
  const double median = quantile(all, 0.5);
  std::erase_if(all, [&](double x) { return !(x >= median / kApart && x <= median * kApart); });
  if (2 * all.size() <= count) {
    return std::nullopt;
  }
  const double low = quantile(all, kOutside);
  const UsualValues usual = {low, median, quantile(all, 1 - kOutside)};
  return usual.tell() ? std::optional(usual) : std::nullopt;
}

std::optional<UnitSpan> span_of_other_unit(std::span<const double> values,
                                           const UsualValues& usual) {
  const auto others = std::ranges::count_if(
      values, [&](double value) { return value > 0 && !is_usual(value, usual); });
  if (!usual.tell() || others < kFewestValues) {
    return std::nullopt;
  }
  std::optional<UnitSpan> nearest;
  double least = std::numeric_limits<double>::infinity();
  for (const double between : kFactors) {
    for (const double factor : {between, 1 / between}) {
      const UnitSpan span = heaviest_span(values, usual, factor);
      if (span.end == 0 || !is_sharp(values, usual, span)) {
        continue;
      }
      if (const auto distance = distance_of(values, usual, span); distance && *distance < least) {
        least = *distance;
        nearest = span;
      }
    }
  }
  return nearest;
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

bool is_believed(double factor, std::size_t hosts, std::size_t of) {
  const bool is_sure = factor >= kSureFactor || (factor > 0 && factor <= 1 / kSureFactor);
  return is_sure || (of >= 3 && 2 * hosts > of);
}

std::vector<Notice> notices_of(const std::vector<UnitChange>& changes) {
  constexpr std::size_t kNamed = 3;
  std::vector<Notice> notices;
  for (const UnitChange& change : changes) {
    std::string hosts;
    for (std::size_t i = 0; i < std::min(kNamed, change.hosts.size()); ++i) {
      hosts += (i > 0 ? ", " : "") + visible(change.hosts[i]);
    }
    const std::string what =
        change.factor > 0 ? "looks like a change of unit (" + factor_text(change.factor) + ")"
                          : std::string("counts up, as a counter does, and did not in training");
    const std::string mend =
        change.factor > 0 ? "give it in " + (change.unit.empty() ? std::string("the unit of before")
                                                                 : change.unit)
                          : std::string("give its rate");
    Notice& said = notices.emplace_back(notice(
        "unit_changed", change.metric + " " + what + " on " + std::to_string(change.hosts.size()) +
                            " of " + std::to_string(change.of) + " hosts (" + hosts +
                            (change.hosts.size() > kNamed ? ", ..." : "") + ") from " +
                            minute_text(change.from) + " on: " + std::to_string(change.values) +
                            " values count as missing; " + mend));
    said.metric = change.metric;
    said.host = change.hosts.size() == 1 ? change.hosts.front() : "";
    said.left_out = true;
  }
  return notices;
}

}  // namespace rolemix
