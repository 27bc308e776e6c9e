// What the verbs share: reading models and tables, progress, messages, exit codes.
#ifndef ROLEMIX_CLI_COMMON_H_
#define ROLEMIX_CLI_COMMON_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "explain/explain.h"
#include "model/role_model.h"
#include "report/role_report.h"
#include "samples/samples.h"
#include "score/score.h"
#include "source/check_outputs.h"
#include "table/sample_table.h"

namespace rolemix::cli {

enum ExitCode : int {
  kDone = 0,
  kFound = 1,         ///< only where asked for: --fail-on, --require-ready
  kBadInput = 2,      ///< usage or bad input
  kSourceFailed = 3,  ///< a file or server could not be read or written
};

/// What a verb reads samples from, and how.
struct Inputs {
  std::vector<std::string> paths;
  std::uint64_t most_bytes = kMostTableBytes;  ///< as of read_tables
  std::string host_label;                      ///< as of LabelOptions
  std::vector<std::string> dropped_labels;     ///< the same
  std::string timezone;                        ///< of times that name none; empty: an error
  bool strict = false;                         ///< to leave some of the input out is an error
  bool any_role = false;                       ///< samples that look like another role's are taken
};

/// Errors: bad_format, with the first notice that some of the input is left out, if so asked.
Result<void> check_strict(const Inputs& inputs, const std::vector<Notice>& notices);

/// Prints the error on standard error; gives the exit code that fits it.
int report(const Error& error);

/// Writes to standard error. What cannot be said there, since it is full or closed, is lost: it
/// ends nothing.
void to_standard_error(std::string_view text);

/// A line on standard error.
void message(std::string_view text);

/// The same for each notice, after the file and line that it is about.
void show(const std::vector<Notice>& notices);

/// A progress line on standard error that overwrites itself; silent when that is not a terminal.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(std::string_view step, double done);
  void clear();

 private:
  bool is_terminal_;
  bool shown_ = false;
};

/// With a configuration's tolerances, muted metrics and settings when one is named; notices:
/// config_without_effect is added.
Result<RoleModel> load_model(const std::string& path, const std::string& config_path,
                             std::vector<Notice>& notices);
Result<RoleModel> load_model(const std::string& path);

/// What a verb that uses a model reads.
std::vector<NamedPath> inputs_of(const std::string& model, const std::string& config,
                                 const Inputs& inputs);

/// Standard output, as one of the outputs of check_outputs.
NamedPath standard_output();

struct OpenRole;

/// What --fail-on can ask for.
inline constexpr std::string_view kAnomalous = "anomalous";
inline constexpr std::string_view kBlind = "blind";

bool is_asked(const std::vector<std::string>& fail_on, std::string_view what);

/// Whether --fail-on asks for hosts that cannot alert, and there are some.
bool fails_on_blind(const std::vector<std::string>& fail_on, const OpenRole& role, int attempts);

/// Reads all inputs with progress.
Result<SampleTable> load_table(const Inputs& inputs);

/// What score, explain and alerts start from: a model, and what it says of samples.
struct OpenRole {
  OpenRole(Scorer&& of_model, Samples&& of_role)
      : scorer(std::move(of_model)),
        explainer(scorer),
        report(explainer, Shared<Samples>::of(std::move(of_role))) {}
  OpenRole(const OpenRole&) = delete;  // its parts refer to each other
  OpenRole& operator=(const OpenRole&) = delete;

  const RoleModel& model() const { return scorer.model(); }

  Scorer scorer;
  Explainer explainer;
  RoleReport report;
  std::vector<Notice> notices;  ///< of the model, its configuration and the samples
  std::int64_t rows_read = 0;   ///< of all inputs
};

/// What became of the rows that were read.
struct RowCounts {
  std::int64_t read = 0;
  std::int64_t used = 0;         ///< samples that are judged
  std::int64_t repeated = 0;     ///< that are the sample of another row
  std::int64_t passed_over = 0;  ///< not later than what was known of their hosts
  std::int64_t left_out = 0;     ///< all others; notices say why
};

RowCounts row_counts(const OpenRole& role);

/// Reads the inputs and opens them with a model, going on from what was known of hosts. `notices`
/// so far, and those of the samples, are the role's, and are shown on standard error.
Result<std::unique_ptr<OpenRole>> open_table(const RoleModel& model, const std::string& model_path,
                                             const Inputs& inputs, std::vector<Notice> notices,
                                             const HostStates& before = {});

/// Loads and opens; says on standard error when the model is not ready, the samples are too far
/// apart for alerts, or the table lacks metrics. The configuration as in load_model.
Result<std::unique_ptr<OpenRole>> open_inputs(const std::string& model_path,
                                              const std::string& config_path, const Inputs& inputs);

/// Shortest text that reads back as the same number; empty for NaN.
std::string number(double value);

/// The value of an option that takes a time, epoch seconds. Errors: invalid_argument.
Result<double> time_argument(std::string_view text, std::string_view option);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// Writes to standard output. Errors: source_failed.
Result<void> print(std::string_view text);

}  // namespace rolemix::cli

#endif  // ROLEMIX_CLI_COMMON_H_
