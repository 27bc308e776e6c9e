#include "report/role_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "base/escape.h"

namespace rolemix {
namespace {

constexpr double kDay = 86400;
constexpr double kSampling = 3600;  // a day that lacks its last samples is one
constexpr Index kMostRows = 48;     // of a host's first day that are looked at
constexpr Index kFewestRows = 12;   // that tell anything: an alert outlasts its cause by as many
constexpr std::size_t kMostHosts = 100;
constexpr std::size_t kFewestHosts = 3;
constexpr double kNearlyAll = 0.9;

/// Whether a sample like this, if it lasted, would have severity 100.
bool is_far_off(const Calibration& calibration, double completed_score) {
  const double excess =
      std::max(0.0, completed_score - calibration.typical_score) * calibration.score_scale;
  return std::log1p(excess) >=
         alert_score_of(calibration.curves.front(), std::log(return_time_of_severity(100)));
}

/// Whether nearly all samples of the host's first day are. Metrics that are measured from the
/// host's level are left out, since a new host has none.
bool is_far_off(Scorer& scorer, const HostSamples& host) {
  const RoleModel& model = scorer.model();
  const Index day = host.first_from(host.times.front() + kDay);
  const Index count = std::min(day, kMostRows);
  Matrix rows(count, host.dimensions());
  for (Index i = 0; i < count; ++i) {
    rows.row(i) = host.values(i * day / count, 1).row(0);
  }
  for (Index d = 0; d < rows.cols(); ++d) {
    if (model.metrics[d].center_by_host) {
      rows.col(d).setConstant(std::numeric_limits<double>::quiet_NaN());
    }
  }
  const Vector scores = scorer.score_rows(rows).completed_score;
  Index measured = 0;
  Index far = 0;
  for (const double score : scores) {
    measured += std::isnan(score) ? 0 : 1;
    far += is_far_off(model.calibration, score) ? 1 : 0;  // NaN: no
  }
  return measured >= kFewestRows &&
         static_cast<double>(far) >= kNearlyAll * static_cast<double>(measured);
}

std::string share_text(std::size_t part, std::size_t all) {
  return std::to_string(part) + " of " + std::to_string(all);
}

}  // namespace

Result<std::vector<Notice>> check_role(Scorer& scorer, const Samples& samples) {
  const RoleModel& model = scorer.model();
  const std::size_t metrics = model.metrics.size();
  const std::size_t found = metrics - samples.missing_metrics.size();
  if (2 * found < metrics) {
    return fail(ErrorCode::kOtherRole,
                "these samples do not look like " + in_quotes(model.role) +
                    ": they have values of " + share_text(found, metrics) +
                    " of the model's metrics, expected half at least; missing are " +
                    in_quotes(samples.missing_metrics.front()) + " and others");
  }
  if (!model.calibration.ready || model.calibration.curves.empty()) {
    return {};
  }
  std::size_t hosts = 0;
  std::size_t far = 0;
  std::size_t lasting = 0;
  std::string first;
  for (const std::int32_t h : samples.by_name) {
    const HostSamples& host = samples.hosts[h];
    if (host.size() < kFewestRows || !std::isnan(host.before.last_at) || hosts == kMostHosts) {
      continue;
    }
    ++hosts;
    if (is_far_off(scorer, host)) {
      first = far++ == 0 ? host.name : first;
      lasting += host.times.back() - host.times.front() >= kDay - kSampling ? 1 : 0;
    }
  }
  if (hosts < kFewestHosts || 2 * far <= hosts) {
    return {};
  }
  const std::string text = share_text(far, hosts) + " hosts (" + visible(first) +
                           (far > 1 ? ", ..." : "") + ") are far from what " +
                           in_quotes(model.role) + " ever was, from their first sample on";
  if (2 * lasting > hosts) {
    return fail(ErrorCode::kOtherRole, text + ", for a day: is this the model of their role?");
  }
  return std::vector{
      notice("hosts_far_off", text + ": an incident of the whole role, or the model of another")};
}

}  // namespace rolemix
