#include "report/notices.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "base/escape.h"
#include "text/lists.h"
#include "text/time.h"

namespace rolemix {
namespace {

/// "db-1", "db-1, db-2 (2)", "db-1, db-2, db-3, ... (7)".
std::string counted(const std::vector<std::string>& names) {
  return names.size() == 1 ? some_of(names)
                           : some_of(names) + " (" + std::to_string(names.size()) + ")";
}

std::string seconds_text(double seconds) { return std::to_string(std::llround(seconds)) + " s"; }

/// Seconds after which there is a gap, of the slowest host.
double slowest_gap(const Calibration& calibration) {
  return longest_gap(calibration, std::numeric_limits<double>::infinity());
}

/// Whether nothing that the host sends can open an alert.
bool is_blind(const Calibration& calibration, int attempts, const HostSamples& host) {
  const bool is_sparse = attempts > 1 && host.size() > 1 &&
                         std::ranges::adjacent_find(host.times, [&](double a, double b) {
                           return b - a <= slowest_gap(calibration);
                         }) == host.times.end();
  const double* const end = host.numbers.data() + host.numbers.size();
  return host.size() > 0 && (is_sparse || std::none_of(host.numbers.data(), end,
                                                       [](double x) { return !std::isnan(x); }));
}

}  // namespace

std::vector<std::string> blind_hosts(const Calibration& calibration, int attempts,
                                     const Samples& samples) {
  std::vector<std::string> blind;
  for (const std::int32_t h : samples.by_name) {
    if (!calibration.ready || is_blind(calibration, attempts, samples.hosts[h])) {
      blind.push_back(samples.hosts[h].name);
    }
  }
  return blind;
}

std::vector<Notice> notices_of(const RoleModel& model, const Samples& samples) {
  const Calibration& calibration = model.calibration;
  std::vector<Notice> notices;
  const auto add = [&](const char* code, std::string text) {
    notices.push_back(notice(code, std::move(text)));
  };
  for (const Notice& left_out : samples.left_out_hosts) {
    notices.push_back(left_out);
  }
  if (!calibration.ready) {
    add("model_not_ready",
        "the model is not ready, so severity and alerts are not to be trusted (" +
            calibration.not_ready_reason + ")");
  }
  const double interval = samples.interval();
  const int attempts = model.alert_settings.max_check_attempts;
  const bool is_sparse = interval > slowest_gap(calibration);
  if (interval > longest_gap(calibration)) {
    const std::string told =
        is_sparse ? "more than " + seconds_text(slowest_gap(calibration)) +
                        " are a gap, so no alert can open unless max_check_attempts is 1; give "
                        "samples as often as in training, or train on such as these"
                  : "with max_check_attempts " + std::to_string(attempts) +
                        " an alert opens no sooner than " +
                        seconds_text((attempts - 1) * interval) + " after its first sample";
    add("samples_far_apart", "samples of a host are " + seconds_text(interval) + " apart, " +
                                 seconds_text(calibration.interval_seconds) +
                                 " in training: " + told);
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
  for (const LackingHosts& lacking : samples.lacking) {
    add("metrics_missing_on_hosts", lacking.metric + " has no value on " + counted(lacking.hosts) +
                                        " of " + std::to_string(lacking.of) +
                                        " hosts, which are scored without it");
    notices.back().metric = lacking.metric;
    notices.back().host = lacking.hosts.size() == 1 ? lacking.hosts.front() : "";
  }
  for (Notice& changed : notices_of(samples.unit_changes)) {
    notices.push_back(std::move(changed));
  }
  const auto blind = blind_hosts(calibration, attempts, samples);
  if (calibration.ready && !is_sparse && !blind.empty()) {
    add("hosts_blind", counted(blind) + " cannot alert: no two of their samples are within " +
                           seconds_text(slowest_gap(calibration)) +
                           " of each other, or none has a value of the model's metrics");
    notices.back().host = blind.size() == 1 ? blind.front() : "";
  }
  if (!samples.repeated.empty()) {
    const auto count = samples.repeated.size();
    add("rows_repeated",
        std::to_string(count) +
            (count == 1 ? " row repeats another of the same host and time, and counts once"
                        : " rows repeat others of the same host and time, and count once"));
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
