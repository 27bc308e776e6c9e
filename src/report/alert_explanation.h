// Why there is an alert: which metrics over its span, which left its range first, what changed, and
// whether it is this host alone.
#ifndef ROLEMIX_REPORT_ALERT_EXPLANATION_H_
#define ROLEMIX_REPORT_ALERT_EXPLANATION_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "alert/alert.h"
#include "base/error.h"
#include "explain/explain.h"
#include "report/moment_report.h"
#include "report/peers.h"
#include "samples/samples.h"
#include "say/sentence.h"
#include "score/score.h"

namespace rolemix {

/// One metric over the span of an alert; values in the metric's unit, NaN where there are none.
struct SpanMetric {
  double blame = 0;                                           ///< share, sums to 1 over the metrics
  int rank = 0;                                               ///< 1..D
  double left_at = std::numeric_limits<double>::quiet_NaN();  ///< when it left a range, epoch
                                                              ///< seconds; NaN: it did not
  double before = 0;  ///< median of what AlertExplanation::before says
  double during = 0;  ///< median of the alert's samples, up to the last in which any metric is
                      ///< clearly outside of a range
  PeerValues peers;   ///< at the worst moment
};

/// An alert explained, by the samples of its host; of a role's alert those of its worst host.
struct AlertExplanation {
  Alert alert;
  MomentReport worst;                  ///< of its worst sample
  std::vector<SpanMetric> metrics;     ///< (D) in the model's order
  std::vector<int> ranking;            ///< (D) metric indices, most to blame over the span first
  Before before = Before::kSameHour;   ///< what the metrics' `before` is of
  std::vector<int> first_to_leave;     ///< metric indices by rank; those that left a range first
  int unusual_hosts = 0;               ///< of the role at the worst moment, with this one
  int hosts = 0;                       ///< that sent something about then
  std::vector<std::string> sentences;  ///< as of span_sentences
};

/// Explains an alert of samples with their scores. Blame over the span is of the root mean square
/// of what speaks against each metric in its samples. thresholds: those of the alert. Errors:
/// invalid_argument when the alert's worst sample is not among them.
Result<AlertExplanation> explain_alert(Explainer& explainer, const Samples& samples,
                                       const TableScores& scores, const AlertThresholds& thresholds,
                                       const Alert& alert, Language language = Language::kEnglish);

/// A host's samples, from <= t < to, epoch seconds.
struct HostSpan {
  std::string host;
  double from = -std::numeric_limits<double>::infinity();
  double to = std::numeric_limits<double>::infinity();
};

/// Explains a span as if it were an alert, whatever its samples score. `alert` says what the span
/// is: its id is empty, its level that of its highest alert_score, it starts and opens with the
/// first sample and is closed by the first after it. Errors: invalid_argument without a sample with
/// a score in it.
Result<AlertExplanation> explain_span(Explainer& explainer, const Samples& samples,
                                      const TableScores& scores, const AlertThresholds& thresholds,
                                      const HostSpan& span, Language language = Language::kEnglish);

/// For people, each when it is known: what left its range first, what the first metric was and is,
/// and whether other hosts are unusual too.
std::vector<std::string> span_sentences(const RoleModel& model, const AlertExplanation& why,
                                        Language language = Language::kEnglish);

}  // namespace rolemix

#endif  // ROLEMIX_REPORT_ALERT_EXPLANATION_H_
