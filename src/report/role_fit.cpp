#include "report/role_fit.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/escape.h"
#include "text/lists.h"

namespace rolemix {
namespace {

constexpr double kDay = 86400;
constexpr double kSampling = 3600;  // a day that lacks its last samples is one
constexpr Index kMostRows = 48;     // of a host's first day that are looked at
constexpr Index kFewestRows = 12;   // that tell anything: an alert outlasts its cause by as many
constexpr std::size_t kFewestHosts = 3;
constexpr double kNearlyAll = 0.9;

/// Whether a sample like this, if it lasted, would have severity 100.
bool is_far_off(const Calibration& calibration, double completed_score) {
  const double excess =
      std::max(0.0, completed_score - calibration.typical_score) * calibration.score_scale;
  return std::log1p(excess) >=
         alert_score_of(calibration.curves.front(), std::log(return_time_of_severity(100)));
}

/// Whether nearly all samples of the host's first day are.
bool is_far_off(Scorer& scorer, const HostSamples& host) {
  const Index day = host.first_from(host.times.front() + kDay);
  const Index count = std::min(day, kMostRows);
  Matrix rows(count, host.dimensions());
  for (Index i = 0; i < count; ++i) {
    rows.row(i) = host.values(i * day / count, 1).row(0);
  }
  const Vector scores = scorer.score_rows(rows).completed_score;
  Index measured = 0;
  Index far = 0;
  for (const double score : scores) {
    measured += std::isnan(score) ? 0 : 1;
    far += is_far_off(scorer.model().calibration, score) ? 1 : 0;  // NaN: no
  }
  return measured >= kFewestRows &&
         static_cast<double>(far) >= kNearlyAll * static_cast<double>(measured);
}

}  // namespace

Result<std::vector<Notice>> check_role(Scorer& scorer, const Samples& samples) {
  const RoleModel& model = scorer.model();
  const std::size_t metrics = model.metrics.size();
  const std::size_t found = metrics - samples.missing_metrics.size();
  if (2 * found < metrics) {
    return fail(ErrorCode::kOtherRole, "not of " + in_quotes(model.role) + ": values of " +
                                           std::to_string(found) + " of " +
                                           std::to_string(metrics) + " metrics, expected half");
  }
  // What is measured from the level of a host is nowhere before it has one.
  if (!model.calibration.ready || model.calibration.curves.empty() || centers_by_host(model)) {
    return {};
  }
  std::size_t hosts = 0;
  std::size_t far = 0;
  std::size_t lasting = 0;
  for (const std::int32_t h : samples.by_name) {
    const HostSamples& host = samples.hosts[h];
    if (host.size() < kFewestRows || !std::isnan(host.before.last_at)) {
      continue;
    }
    ++hosts;
    if (is_far_off(scorer, host)) {
      ++far;
      lasting += host.times.back() - host.times.front() >= kDay - kSampling ? 1 : 0;
    }
  }
  if (hosts < kFewestHosts || 2 * far <= hosts) {
    return {};
  }
  const std::string text = std::to_string(far) + " of " + std::to_string(hosts) +
                           " hosts are far off what " + in_quotes(model.role) +
                           " ever was, from the start";
  if (2 * lasting > hosts) {
    return fail(ErrorCode::kOtherRole, text);
  }
  return std::vector{notice("hosts_far_off", text + ": an incident, or another role")};
}

}  // namespace rolemix
