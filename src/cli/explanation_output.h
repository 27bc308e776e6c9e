// Explanations as text, JSON and CSV.
#ifndef ROLEMIX_CLI_EXPLANATION_OUTPUT_H_
#define ROLEMIX_CLI_EXPLANATION_OUTPUT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/common.h"
#include "explain/detail.h"
#include "explain/similar.h"
#include "report/alert_explanation.h"
#include "say/sentence.h"

namespace rolemix::cli {

using Json = nlohmann::ordered_json;

/// All that is said of one sample.
struct ExplainedSample {
  std::int32_t row = 0;  ///< of the table
  Explanation explanation;
  Detail detail;
  std::vector<SimilarMoment> similar;
};

/// "critical", in the language.
std::string_view level_text(AlertLevel level, Language language);

/// Of CSV, with its line end. details: with the columns of what is said of the sample besides.
std::string explanation_header(bool details);

void append_csv(const Scored& scored, const ExplainedSample& sample, bool details,
                std::string& csv);
Json to_json(const Scored& scored, const ExplainedSample& sample, Language language);
std::string to_text(const Scored& scored, const ExplainedSample& sample, Language language);

/// An alert, and `worst`, what is said of its worst sample.
Json to_json(const Scored& scored, const Alert& alert, const AlertExplanation& why,
             const ExplainedSample& worst, Language language);
std::string to_text(const Scored& scored, const Alert& alert, const AlertExplanation& why,
                    const ExplainedSample& worst, Language language);

}  // namespace rolemix::cli

#endif  // ROLEMIX_CLI_EXPLANATION_OUTPUT_H_
