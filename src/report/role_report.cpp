#include "report/role_report.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "alert/alert_id.h"
#include "alert/find_alerts.h"
#include "base/escape.h"
#include "explain/host_explainer.h"
#include "report/role_fit.h"

namespace rolemix {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

RoleReport::RoleReport(Explainer& explainer, Shared<Samples> samples)
    : explainer_(explainer), samples_(std::move(samples)) {}

Result<void> RoleReport::check_role() {
  auto fit = rolemix::check_role(explainer_.scorer(), *samples_);
  if (!fit) {
    return std::unexpected(fit.error());
  }
  fit_ = std::move(*fit);
  return {};
}

std::vector<Notice> RoleReport::notices() const {
  std::vector<Notice> all = notices_of(model(), *samples_);
  for (const Notice& said : fit_) {
    all.push_back(said);
  }
  return all;
}

const TableScores& RoleReport::scores() {
  score_some(std::numeric_limits<Index>::max());
  return scores_;
}

bool RoleReport::score_some(Index most) {
  all_scored_ = all_scored_ || score_new(explainer_.scorer(), *samples_, scores_, most);
  return all_scored_;
}

Samples& RoleReport::own_samples() {
  last_moment_.reset();
  if (!samples_.is_alone()) {
    samples_ = Shared<Samples>::of(*samples_);
  }
  return *samples_;
}

Result<std::vector<std::int32_t>> RoleReport::append(const TableView& table) {
  all_scored_ = false;
  return rolemix::append(model(), table, own_samples());
}

void RoleReport::forget(double before) {
  scores();
  Samples& samples = own_samples();
  std::vector<Index> counts;
  std::vector<HostState> states;
  for (const HostSamples& host : samples.hosts) {
    const Index count = host.first_from(before);
    counts.push_back(count);
    states.push_back(
        state_before(explainer_, host, count, memory_before(explainer_.scorer(), host, count)));
  }
  TableScores left;
  for (std::size_t row = 0; row < samples.places.size(); ++row) {
    const auto [host, sample] = samples.places[row];
    if (sample >= counts[host]) {
      left.anomaly_score.push_back(scores_.anomaly_score[row]);
      left.alert_score.push_back(scores_.alert_score[row]);
      left.severity.push_back(scores_.severity[row]);
      left.state.push_back(scores_.state[row]);
    }
  }
  left.memories = std::move(scores_.memories);
  remove_first(counts, samples);
  for (std::size_t h = 0; h < counts.size(); ++h) {
    samples.hosts[h].before = std::move(states[h]);
    left.scored.push_back(samples.hosts[h].size());
  }
  scores_ = std::move(left);
}

std::int32_t RoleReport::worst_row(std::string_view host) {
  const TableScores& scored = scores();
  std::int32_t worst = -1;
  for (std::int32_t row = 0; row < samples_->rows(); ++row) {
    if (scored.state[row] < 0 || (!host.empty() && samples_->host(row).name != host)) {
      continue;
    }
    const auto key = [&](std::int32_t of) {
      return std::pair(scored.severity[of], scored.anomaly_score[of]);
    };
    if (worst < 0 || key(row) > key(worst)) {
      worst = row;
    }
  }
  return worst;
}

std::vector<std::int32_t> RoleReport::worst_rows() {
  const std::vector<double>& severity = scores().severity;
  const double interval = std::max(samples_->interval(), 1.);  // one sample has none
  double start = kInfinity;
  for (const HostSamples& host : samples_->hosts) {
    start = host.times.empty() ? start : std::min(start, host.times.front());
  }
  const auto step_at = [&](const std::vector<std::int32_t>& rows, std::size_t i) {
    return i < rows.size() ? std::round((samples_->time(rows[i]) - start) / interval) : kInfinity;
  };
  std::vector<std::int32_t> worst;
  for (const HostSamples& host : samples_->hosts) {
    std::vector<std::int32_t> merged;
    for (std::size_t i = 0, j = 0; i < worst.size() || j < host.rows.size();) {
      const double step = std::min(step_at(worst, i), step_at(host.rows, j));
      std::int32_t row = step_at(worst, i) == step ? worst[i++] : host.rows[j++];
      for (; step_at(host.rows, j) == step; ++j) {
        if (!(severity[host.rows[j]] <= severity[row]) && !std::isnan(severity[host.rows[j]])) {
          row = host.rows[j];
        }
      }
      merged.push_back(row);
    }
    worst = std::move(merged);
  }
  return worst;
}

CoveredTime RoleReport::covered() {
  constexpr double kDay = 86400;
  return {host_days(samples_->times()),
          static_cast<double>(worst_rows().size()) * samples_->interval() / kDay};
}

std::int32_t RoleReport::nearest_row(std::string_view host, double timestamp) const {
  const HostSamples* found = samples_->find(host);
  if (found == nullptr || found->size() == 0) {
    return -1;
  }
  const Index after = std::min(found->first_from(timestamp), found->size() - 1);
  const Index before = std::max<Index>(after - 1, 0);
  const auto distance = [&](Index i) { return std::abs(found->times[i] - timestamp); };
  return found->rows[distance(before) <= distance(after) ? before : after];
}

std::int32_t RoleReport::row_at(std::string_view host, double timestamp) const {
  const HostSamples* found = samples_->find(host);
  const Index sample = found == nullptr ? -1 : found->at(timestamp);
  return sample < 0 ? -1 : found->rows[sample];
}

Vector RoleReport::values(std::int32_t row) const {
  return samples_->host(row).values(samples_->places[row].sample, 1).row(0).transpose();
}

MomentReport RoleReport::moment(std::int32_t row, Language language) {
  return std::move(moments({row}, language, false).front());
}

std::vector<MomentReport> RoleReport::moments(const std::vector<std::int32_t>& rows,
                                              Language language, bool plain) {
  std::vector<MomentReport> reports(rows.size());
  const TableScores& scored = scores();
  rolemix::explain(
      explainer_, *samples_, rows,
      [&](std::size_t i, Explanation&& explanation, const HostExplainer& host, Index sample) {
        MomentReport& report = reports[i];
        if (plain) {
          report.explanation = std::move(explanation);
        } else {
          report = moment_report(explainer_, host.values(sample), host.shift(sample),
                                 std::move(explanation), language);
        }
        report.host = samples_->host(rows[i]).name;
        report.timestamp = samples_->time(rows[i]);
        report.alert_score = scored.alert_score[rows[i]];
        report.severity = scored.severity[rows[i]];
      });
  return reports;
}

const HostMoment& RoleReport::moment_before(std::int32_t row) {
  if (!last_moment_ || last_moment_->first != row) {
    last_moment_ = {row, moment_of(explainer_, samples_->host(row), samples_->places[row].sample)};
  }
  return last_moment_->second;
}

MomentReport RoleReport::moment_with(std::int32_t row, const VectorRef& values, Language language) {
  const HostMoment& before = moment_before(row);
  MomentReport report = moment_report(explainer_, values, before.shift.row(0).transpose(),
                                      explain_at(explainer_, before, values), language);
  report.host = samples_->host(row).name;
  report.timestamp = samples_->time(row);
  report.alert_score = alert_score_at(explainer_.scorer(), before, report.timestamp, values);
  report.severity = severity_at(model().calibration, report.alert_score);
  return report;
}

std::vector<JointEllipse> RoleReport::joint(std::int32_t row, const VectorRef& values, int first,
                                            int second) {
  return joint_ellipses(explainer_, values, moment_before(row).shift.row(0).transpose(), first,
                        second);
}

std::vector<SimilarMoment> RoleReport::similar(std::int32_t row) {
  const HostSamples& host = samples_->host(row);
  const Explanation here =
      HostExplainer(explainer_, host).explain(samples_->places[row].sample, 1).front();
  return similar_moments(explainer_, *samples_, scores(), row, here);
}

std::vector<Alert> RoleReport::alerts(const AlertSettings& settings, bool explained) {
  return find_alerts(explainer_, *samples_, scores(), settings, explained);
}

std::vector<AlertEvent> RoleReport::follow_alerts(const AlertSettings& settings,
                                                  AlertState& state) {
  return rolemix::follow_alerts(explainer_, *samples_, scores(), settings, state);
}

Result<FoundAlert> RoleReport::alert(const std::string& id, const AlertSettings& settings) {
  constexpr std::size_t kMostNamed = 12;
  std::string known;
  std::optional<FoundAlert> overlapping;
  for (const int attempts : {settings.max_check_attempts, 1}) {
    for (const Sensitivity sensitivity : {settings.warning, Sensitivity::kSensitive}) {
      AlertSettings tried = settings;
      tried.warning = sensitivity;
      tried.max_check_attempts = attempts;
      const std::vector<Alert> all = alerts(tried, false);
      if (known.empty()) {  // of the first settings that have some
        for (std::size_t i = 0; i < std::min(kMostNamed, all.size()); ++i) {
          known += (i == 0 ? "" : ", ") + all[i].alert_id;
        }
      }
      const Alert* const found = find_alert(model().role, id, all);
      if (found != nullptr && found->alert_id == id) {
        return FoundAlert{*found, tried};
      }
      if (found != nullptr && !overlapping) {
        overlapping = {*found, tried, false};
      }
    }
  }
  if (overlapping) {
    return *overlapping;
  }
  return fail(ErrorCode::kInvalidArgument, "the samples have no alert " + in_quotes(id) +
                                               "; they have " + (known.empty() ? "none" : known));
}

Result<AlertExplanation> RoleReport::explain(const Alert& alert, const AlertSettings& settings,
                                             Language language) {
  return explain_alert(explainer_, *samples_, scores(),
                       alert_thresholds(model().calibration, settings), alert, language);
}

Result<AlertExplanation> RoleReport::explain(const HostSpan& span, const AlertSettings& settings,
                                             Language language) {
  return explain_span(explainer_, *samples_, scores(),
                      alert_thresholds(model().calibration, settings), span, language);
}

std::vector<Price> RoleReport::prices(std::span<const AlertSettings> settings) {
  std::vector<Price> prices;
  for (const AlertSettings& each : settings) {
    Price& price = prices.emplace_back();
    for (const Alert& alert : alerts(each, false)) {
      ++price.alerts;
      price.critical += alert.level == AlertLevel::kCritical ? 1 : 0;
    }
  }
  return prices;
}

}  // namespace rolemix
