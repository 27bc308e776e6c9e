// A role's samples, and all that is said of them: each answer is composed here, and what was
// computed for one is kept for the next.
#ifndef ROLEMIX_REPORT_ROLE_REPORT_H_
#define ROLEMIX_REPORT_ROLE_REPORT_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alert/alert.h"
#include "base/error.h"
#include "base/shared.h"
#include "explain/explain.h"
#include "explain/joint.h"
#include "explain/similar.h"
#include "report/alert_explanation.h"
#include "report/moment_report.h"
#include "report/notices.h"
#include "samples/samples.h"
#include "score/score.h"

namespace rolemix {

/// What settings would have raised in the samples.
struct Price {
  int alerts = 0;
  int critical = 0;  ///< of these
};

/// An alert, and the settings that raise it.
struct FoundAlert {
  Alert alert;
  AlertSettings settings;
  bool is_same = true;  ///< it has the id that was asked for, and does not only overlap it
};

/// For how long there are samples.
struct CoveredTime {
  double host_days = 0;  ///< as of host_days
  double role_days = 0;  ///< the usual interval for each time at which any host has a sample
};

class RoleReport {
 public:
  /// The samples are those of the explainer's model. Others may look at them too: they are copied
  /// before they change.
  RoleReport(Explainer& explainer, Shared<Samples> samples);

  const RoleModel& model() const { return explainer_.scorer().model(); }
  const Samples& samples() const { return *samples_; }
  const Shared<Samples>& shared_samples() const { return samples_; }

  /// Whether the samples can be of the model's role, as of rolemix::check_role; its notices are
  /// kept.
  Result<void> check_role();

  /// What is to be known before anything is said of the samples.
  std::vector<Notice> notices() const;

  /// Of all samples; those without are scored first.
  const TableScores& scores();

  /// Scores at most so many rows that have no score yet, or little more. Whether all have one.
  bool score_some(Index most);

  /// As append() of samples.
  Result<std::vector<std::int32_t>> append(const TableView& table);

  /// Drops the samples before a time: what was known of their hosts by then is kept. Rows are
  /// numbered anew.
  void forget(double before);

  /// The row of the highest severity, then anomaly_score; of one host if it is named. -1 when there
  /// is none.
  std::int32_t worst_row(std::string_view host = {});

  /// The worst row of all hosts at each time, ascending: those less than half the usual interval
  /// apart count as of one time. A row without a severity only where no other has one.
  std::vector<std::int32_t> worst_rows();

  CoveredTime covered();

  /// The row of a host's sample that is nearest in time, of two the earlier; -1 when it has none.
  std::int32_t nearest_row(std::string_view host, double timestamp) const;

  /// The row of a host's sample; -1 when there is none.
  std::int32_t row_at(std::string_view host, double timestamp) const;

  /// (D) of a row's sample, in the metrics' own units.
  Vector values(std::int32_t row) const;

  /// All that is said of a row's sample.
  MomentReport moment(std::int32_t row, Language language);

  /// The same of many rows, in their order; `plain`: the explanation and scores alone.
  std::vector<MomentReport> moments(const std::vector<std::int32_t>& rows, Language language,
                                    bool plain);

  /// That of a row if it had other values (D) at its time. The host's history is read once for
  /// successive calls of one row.
  MomentReport moment_with(std::int32_t row, const VectorRef& values, Language language);

  /// What two metrics of a row's sample, with these values (D), could be, given the others.
  std::vector<JointEllipse> joint(std::int32_t row, const VectorRef& values, int first, int second);

  /// Past moments like a row's sample, as of similar_moments.
  std::vector<SimilarMoment> similar(std::int32_t row);

  /// All alerts, as of find_alerts.
  std::vector<Alert> alerts(const AlertSettings& settings, bool explained = true);

  /// As of follow_alerts.
  std::vector<AlertEvent> follow_alerts(const AlertSettings& settings, AlertState& state);

  /// The alert of this id: of the settings, else of the most sensitive ones; else one that overlaps
  /// it, as of find_alert. Errors: invalid_argument, with the ids that there are.
  Result<FoundAlert> alert(const std::string& id, const AlertSettings& settings);

  /// All that is said of an alert. Errors: those of explain_alert.
  Result<AlertExplanation> explain(const Alert& alert, const AlertSettings& settings,
                                   Language language);

  /// The same of any span of a host. Errors: those of explain_span.
  Result<AlertExplanation> explain(const HostSpan& span, const AlertSettings& settings,
                                   Language language);

  /// What each of these settings would have raised.
  std::vector<Price> prices(std::span<const AlertSettings> settings);

 private:
  Samples& own_samples();
  const HostMoment& moment_before(std::int32_t row);

  Explainer& explainer_;
  Shared<Samples> samples_;
  std::vector<Notice> fit_;  // of check_role
  TableScores scores_;
  bool all_scored_ = false;  // asked for once a row, it must not be looked for in all hosts
  std::optional<std::pair<std::int32_t, HostMoment>> last_moment_;  // of the last row asked for
};

}  // namespace rolemix

#endif  // ROLEMIX_REPORT_ROLE_REPORT_H_
