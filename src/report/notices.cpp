#include "report/notices.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "text/time.h"

namespace rolemix {
namespace {

std::string seconds_text(double seconds) { return std::to_string(std::llround(seconds)) + " s"; }

}  // namespace

std::vector<Notice> notices_of(const RoleModel& model, const Samples& samples) {
  const Calibration& calibration = model.calibration;
  std::vector<Notice> notices;
  const auto add = [&](const char* code, std::string text) {
    notices.push_back(notice(code, std::move(text)));
  };
  if (!calibration.ready) {
    add("model_not_ready",
        "the model is not ready, so severity and alerts are not to be trusted (" +
            calibration.not_ready_reason + ")");
  }
  if (const double interval = samples.interval(); interval > longest_gap(calibration)) {
    add("samples_far_apart",
        "samples of a host are " + seconds_text(interval) + " apart, " +
            seconds_text(calibration.interval_seconds) + " in training: more than " +
            seconds_text(longest_gap(calibration)) +
            " are a gap, so no alert can open unless max_check_attempts is 1; give samples as "
            "close "
            "together as in training, or train on samples as far apart as these");
  }
  if (const auto& missing = samples.missing_metrics; !missing.empty()) {
    std::string names;
    for (const std::string& metric : missing) {
      names += (names.empty() ? "" : ", ") + metric;
    }
    add("metrics_missing", "the samples lack " + std::to_string(missing.size()) +
                               " of the model's metrics, scored without them: " + names);
    notices.back().metric = missing.size() == 1 ? missing.front() : "";
  }
  if (samples.passed_over > 0) {
    const std::string many = std::to_string(samples.passed_over) +
                             (samples.passed_over == 1 ? " sample is" : " samples are");
    double known = -std::numeric_limits<double>::infinity();
    for (const HostSamples& host : samples.hosts) {
      known = std::isnan(host.before.last_at) ? known : std::max(known, host.before.last_at);
    }
    add("samples_passed_over",
        samples.rows() == 0 && std::isfinite(known)
            ? many + " not later than what was seen before, which goes on to " +
                  minute_text(known) + ": nothing is left to judge"
            : many + " not later than the last that is known of the host, and passed over");
  }
  for (Notice& far : notices_of(samples.far)) {
    notices.push_back(std::move(far));
  }
  return notices;
}

}  // namespace rolemix
