// All that is said of one sample of a host.
#ifndef ROLEMIX_REPORT_MOMENT_REPORT_H_
#define ROLEMIX_REPORT_MOMENT_REPORT_H_

#include <limits>
#include <string>
#include <vector>

#include "explain/detail.h"
#include "explain/explain.h"
#include "explain/similar.h"
#include "text/language.h"

namespace rolemix {

struct MomentReport {
  std::string host;
  double timestamp = 0;  ///< epoch seconds
  double alert_score = std::numeric_limits<double>::quiet_NaN();
  double severity = std::numeric_limits<double>::quiet_NaN();  ///< 0-100
  Explanation explanation;
  Detail detail;
  std::string sentence;
  std::vector<std::string> remarks;
  std::string judged_in;               ///< the name of the state; empty when nothing was measured
  std::string runner_up;               ///< the name of the next probable state; empty without one
  std::vector<SimilarMoment> similar;  ///< past moments like it, where they were asked for
};

/// Of a sample, values (D), its explanation with its host's history, and its shift (D) as Explainer
/// takes it. Host, time, alert_score and severity are left to the caller.
MomentReport moment_report(Explainer& explainer, const VectorRef& values, const VectorRef& shift,
                           Explanation explanation, Language language);

}  // namespace rolemix

#endif  // ROLEMIX_REPORT_MOMENT_REPORT_H_
