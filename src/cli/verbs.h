// The verbs of the command line: each adds its sub-command, and returns what runs it.
#ifndef ROLEMIX_CLI_VERBS_H_
#define ROLEMIX_CLI_VERBS_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/common.h"
#include "text/language.h"

namespace rolemix::cli {

/// Runs a verb whose arguments have been parsed; gives the exit code.
using Run = std::function<int()>;

/// The option --language, en or ja.
void add_language(CLI::App& verb, std::string& language);
Language language_of(std::string_view option);

/// The option --config of verbs that use a model.
void add_config(CLI::App& verb, std::string& path);

/// The options --input, --max-input and --strict of verbs that read samples.
CLI::Option* add_inputs(CLI::App& verb, Inputs& inputs);

/// --any-role, of verbs that judge samples.
void add_any_role(CLI::App& verb, Inputs& inputs);

/// --fail-on: `anomalous` is what the verb takes for it.
void add_fail_on(CLI::App& verb, const std::string& anomalous, std::vector<std::string>& fail_on);

Run add_train(CLI::App& app);
Run add_score(CLI::App& app);
Run add_explain(CLI::App& app);
Run add_alerts(CLI::App& app);
Run add_inspect(CLI::App& app);
Run add_simulate(CLI::App& app);

}  // namespace rolemix::cli

#endif  // ROLEMIX_CLI_VERBS_H_
