// Values that look like the same metric in another unit: bytes that became MiB, a share that became
// percent. And whether values count up, as a counter's do.
#ifndef ROLEMIX_SAMPLES_UNIT_CHANGE_H_
#define ROLEMIX_SAMPLES_UNIT_CHANGE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/matrix.h"
#include "table/notice.h"

namespace rolemix {

/// Where a metric's values usually lie, in its unit. Of values on both sides of 0, or over more
/// than four orders of magnitude, no unit can be told.
struct UsualValues {
  double low = 0;
  double median = 0;
  double high = 0;

  bool tell() const;
};

/// Where most of the values lie, NaN = missing: within a factor of thirty of their median, so that
/// those in another unit are not among them. Nothing where they tell no unit.
std::optional<UsualValues> usual_values(std::span<const double> values);

/// The same of values that are all in one unit, however far apart.
std::optional<UsualValues> usual_values_of_one_unit(std::span<const double> values);

/// Whether a value tells what unit it is in: 0 is 0 in each, and one below 0, or none (NaN), is
/// no value of a metric that tells units.
bool tells_unit(double value);

/// What was in one unit and is in another: value = usual value x factor. Of its values those that
/// tell no unit are not meant.
struct UnitSpan {
  Index begin = 0;
  Index end = 0;
  double factor = 1;
};

/// Successive values of a host, in order of time, NaN = missing, that are another unit's: twelve at
/// least, of which nine in ten are usual ones times a factor between units, from one value to the
/// next, where usual ones are before or after them. unit: the usual one; of bytes, and where it is
/// not known, thousands are 1024.
std::optional<UnitSpan> span_of_other_unit(std::span<const double> values, const UsualValues& usual,
                                           std::string_view unit);

/// The span in which nine in ten values are usual ones times the factor, and most of them; empty
/// when these are fewer than twelve. What the host usually shows is not looked at: only where most
/// hosts are in that unit.
UnitSpan span_of_unit(std::span<const double> values, const UsualValues& usual, double factor);

/// Whether a value goes on with what was in the unit of this factor before.
bool is_of_other_unit(double value, const UsualValues& usual, double factor);

/// The factor, 1 too, by which a median is another one, within that by which hosts of a role
/// differ; nothing where there is none.
std::optional<double> factor_between(double usual_median, double median, std::string_view unit);

/// "x 1024", "x 1/1048576".
std::string factor_text(double factor);

/// Whether the values grow in most steps and fall in hardly any (a restart); nothing where they
/// have fewer than twenty steps, or never change.
std::optional<bool> counts_up(std::span<const double> values);

/// A metric of some hosts in another unit.
struct UnitChange {
  std::string metric;
  double factor = 1;
  std::vector<std::string> hosts;  ///< by name
  std::size_t of = 0;              ///< hosts in all
  double from = 0;                 ///< epoch seconds, of the first such value
  std::int64_t values = 0;
};

/// Most of three at least: of the others, too, values of that unit are in it then.
bool are_most(std::size_t hosts, std::size_t of);

/// Whether so many hosts, at once, are enough to believe it: one for a factor of a million or more,
/// or the inverse; else most.
bool is_believed(double factor, std::size_t hosts, std::size_t of);

/// unit_changed, one for each.
std::vector<Notice> notices_of(const std::vector<UnitChange>& changes);

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_UNIT_CHANGE_H_
