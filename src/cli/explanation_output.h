// Explanations as text, JSON and CSV.
#ifndef ROLEMIX_CLI_EXPLANATION_OUTPUT_H_
#define ROLEMIX_CLI_EXPLANATION_OUTPUT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/common.h"
#include "model/role_model.h"
#include "report/alert_explanation.h"
#include "report/moment_report.h"
#include "table/notice.h"
#include "text/language.h"

namespace rolemix::cli {

using Json = nlohmann::ordered_json;

/// "critical", in the language.
std::string_view level_text(AlertLevel level, Language language);

/// Of CSV, with its line end. details: with the columns of what is said of the sample besides.
std::string explanation_header(bool details);

/// [{code, text, file, line, host, metric}], null where there is none.
Json notices_json(const std::vector<Notice>& notices);

/// {read, used, repeated, passed_over, left_out}, which add up.
Json rows_json(const RowCounts& counts);

/// Indented, with a line break at its end; U+FFFD for bytes that are not UTF-8.
std::string json_text(const Json& json);

void append_csv(const RoleModel& model, const MomentReport& sample, bool details, std::string& csv);
Json to_json(const RoleModel& model, const MomentReport& sample);
std::string to_text(const RoleModel& model, const MomentReport& sample, Language language);

/// What is kept of an alert alone: its sentence, and the metrics that carry the blame at its worst
/// sample.
void append_csv(const RoleModel& model, const Alert& alert, std::string& csv);
Json to_json(const RoleModel& model, const Alert& alert, Language language);
std::string to_text(const RoleModel& model, const Alert& alert, Language language);

/// Of an alert, or of a span, whose alert has no id.
Json to_json(const RoleModel& model, const AlertExplanation& why);
std::string to_text(const RoleModel& model, const AlertExplanation& why, Language language);

}  // namespace rolemix::cli

#endif  // ROLEMIX_CLI_EXPLANATION_OUTPUT_H_
