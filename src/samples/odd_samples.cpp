#include "samples/odd_samples.h"

#include <algorithm>
#include <cmath>

#include "base/escape.h"
#include "model/units.h"
#include "table/timestamp.h"
#include "text/format.h"
#include "text/lists.h"

namespace rolemix {
namespace {

constexpr double kRounding = 1e-9;  // of the full scale: less is above it by rounding
constexpr int kLeastMetrics = 2;    // that never were 0, in a sample that is

/// What a metric's values can be.
struct Possible {
  double low = -kLargestValue;
  double high = kLargestValue;
};

Possible possible_of(const MetricSpec& metric) {
  Possible possible;
  if (counts_from_zero(metric.unit) && metric.non_negative) {
    possible.low = 0;
  }
  if (!std::isnan(metric.full_scale)) {
    possible.high = metric.full_scale * (1 + kRounding);
  }
  return possible;
}

void add(const std::string& host, double time, double value, OddSamples& to) {
  if (to.count++ == 0) {
    to.host = host;
    to.time = time;
    to.value = value;
  }
}

bool is_zero(const RoleModel& model, const double* values) {
  int telling = 0;
  for (std::size_t d = 0; d < model.metrics.size(); ++d) {
    if (!(values[d] == 0 || std::isnan(values[d]))) {
      return false;
    }
    telling += values[d] == 0 && model.metrics[d].usual_low > 0 ? 1 : 0;
  }
  return telling >= kLeastMetrics;
}

/// "of host "a" at ...), ...".
std::string first_of(const OddSamples& odd) {
  return concat({"of host ", in_quotes(odd.host), " at ", shown_time(odd.time),
                 odd.count == 1 ? ")" : ", ...)"});
}

}  // namespace

void find_odd_samples(const RoleModel& model, const std::string& host,
                      std::span<const double> times, const Eigen::Map<const Matrix>& values,
                      FoundOddSamples& found) {
  std::vector<Possible> possible;
  std::ranges::transform(model.metrics, std::back_inserter(possible), possible_of);
  for (Index i = 0; i < values.rows(); ++i) {
    const double* row = values.row(i).data();
    for (std::size_t d = 0; d < possible.size(); ++d) {
      if (row[d] > possible[d].high || row[d] < possible[d].low) {
        found.impossible.resize(possible.size());
        add(host, times[i], row[d], found.impossible[d]);
      }
    }
    if (is_zero(model, row)) {
      add(host, times[i], 0, found.zeros);
    }
  }
}

std::vector<Notice> notices_of(const RoleModel& model, const FoundOddSamples& found) {
  std::vector<Notice> notices;
  for (std::size_t d = 0; d < found.impossible.size(); ++d) {
    const OddSamples& odd = found.impossible[d];
    const MetricSpec& metric = model.metrics[d];
    if (odd.count > 0) {
      const std::string why =
          odd.value < 0 ? "below 0"
          : std::isnan(metric.full_scale)
              ? "beyond 1e50"
              : concat({"above the full scale of ", format_value(metric.full_scale, metric.unit)});
      notices.push_back(
          notice("values_impossible",
                 concat({metric.name, ": ", count_of(static_cast<std::size_t>(odd.count), "value"),
                         " (", format_value(odd.value, metric.unit), " ", first_of(odd),
                         " that cannot be, ", why, ": judged as they are"})));
      notices.back().metric = metric.name;
    }
  }
  if (found.zeros.count > 0) {
    notices.push_back(
        notice("rows_of_zeros",
               concat({count_of(static_cast<std::size_t>(found.zeros.count), "sample"),
                       found.zeros.count == 1 ? " is" : " are", " 0 in every metric (",
                       first_of(found.zeros),
                       ", as filled in where nothing was measured: judged as they are"})));
  }
  return notices;
}

}  // namespace rolemix
