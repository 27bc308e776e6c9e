#include "train/counter.h"

#include <cmath>
#include <cstddef>

namespace rolemix {
namespace {

constexpr double kFewestSteps = 20;  // of a host that tells anything
constexpr double kLeastUp = 0.5;     // of all steps
constexpr double kMostDown = 0.01;

/// The steps between a host's successive values.
struct Steps {
  double all = 0;
  double up = 0;
  double down = 0;

  bool tell() const { return all >= kFewestSteps && up + down > 0; }
  bool only_grow() const { return up >= kLeastUp * all && down <= kMostDown * all; }
};

}  // namespace

bool only_grows(const Vector& values, const TrainingRows& rows) {
  bool found = false;
  for (std::size_t row = 0; row < rows.host.size();) {
    const std::int32_t host = rows.host[row];
    Steps steps;
    double last = std::nan("");
    for (; row < rows.host.size() && rows.host[row] == host; ++row) {
      const double value = values[static_cast<Index>(row)];
      if (std::isnan(value)) {
        continue;
      }
      steps.all += std::isnan(last) ? 0 : 1;
      steps.up += value > last ? 1 : 0;
      steps.down += value < last ? 1 : 0;
      last = value;
    }
    if (steps.tell() && !steps.only_grow()) {
      return false;
    }
    found |= steps.tell();
  }
  return found;
}

}  // namespace rolemix
