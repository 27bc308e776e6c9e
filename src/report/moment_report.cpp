#include "report/moment_report.h"

#include <utility>

#include "explain/finding.h"
#include "say/remarks.h"
#include "say/sentence.h"
#include "say/state.h"

namespace rolemix {

MomentReport moment_report(Explainer& explainer, const VectorRef& values, const VectorRef& shift,
                           Explanation explanation, Language language) {
  const RoleModel& model = explainer.scorer().model();
  const auto name = [&](int state) {
    return state < 0 ? std::string() : state_name(model, state, language);
  };
  MomentReport report;
  report.explanation = std::move(explanation);
  report.detail = detail_of(explainer, values, shift, report.explanation);
  report.sentence =
      sentence(model, finding_of(report.explanation, report.detail.prediction), language);
  report.remarks = remarks(model, report.explanation, report.detail, language);
  report.judged_in = name(report.explanation.state);
  report.runner_up = name(report.detail.runner_up);
  return report;
}

}  // namespace rolemix
