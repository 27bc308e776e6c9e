#include "cli/common.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "base/escape.h"
#include "cli/verbs.h"
#include "config/model_edit.h"
#include "model/model_file.h"
#include "report/input_notices.h"
#include "report/notices.h"
#include "samples/renamed_metrics.h"
#include "source/files.h"
#include "source/time_zone.h"
#include "table/timestamp.h"

namespace rolemix::cli {

int report(const Error& error) {
  message(error.message);
  return error.code == ErrorCode::kSourceFailed ? kSourceFailed : kBadInput;
}

void to_standard_error(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

void message(std::string_view text) {
  to_standard_error(fmt::format("rolemix: {}\n", visible_lines(text)));
}

void show(const std::vector<Notice>& notices) {
  for (const Notice& notice : notices) {
    message(message_of(notice));
  }
}

Result<void> check_strict(const Inputs& inputs, const std::vector<Notice>& notices) {
  const auto left_out = std::ranges::find_if(notices, &Notice::left_out);
  if (!inputs.strict || left_out == notices.end()) {
    return {};
  }
  return fail(ErrorCode::kBadFormat, message_of(*left_out) + "; --strict stops here");
}

ProgressLine::ProgressLine() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::show(std::string_view step, double done) {
  if (!is_terminal_) {
    return;
  }
  constexpr int kWidth = 30;
  const int filled = static_cast<int>(std::lround(done * kWidth));
  to_standard_error(fmt::format("\r\033[K[{:#<{}}{:.<{}}] {:3.0f} %  {}", "", filled, "",
                                kWidth - filled, 100 * done, step));
  shown_ = true;
}

void ProgressLine::clear() {
  if (shown_) {
    to_standard_error("\r\033[K");
    shown_ = false;
  }
}

Result<RoleModel> load_model(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes) {
    return std::unexpected(bytes.error());
  }
  auto model =
      read_model(std::span(reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()));
  if (!model) {
    return std::unexpected(Error{model.error().code, path + ": " + model.error().message});
  }
  return model;
}

Result<RoleModel> load_model(const std::string& path, const std::string& config_path,
                             std::vector<Notice>& notices) {
  auto model = load_model(path);
  if (!model || config_path.empty()) {
    return model;
  }
  const auto yaml = read_file(config_path);
  if (!yaml) {
    return std::unexpected(yaml.error());
  }
  auto result = configured(*model, *yaml, config_path);
  if (!result) {
    return std::unexpected(result.error());
  }
  for (Notice& notice : result->notices) {
    notice.file = config_path;
    notices.push_back(std::move(notice));
  }
  return std::move(result->model);
}

void add_config(CLI::App& verb, std::string& path) {
  verb.add_option("--config", path,
                  "YAML: the role's tolerances, dropped metrics and alert settings, at once");
}

std::vector<NamedPath> inputs_of(const std::string& model, const std::string& config,
                                 const Inputs& inputs) {
  std::vector<NamedPath> all;
  if (!model.empty()) {
    all.emplace_back("--model", model);
  }
  if (!config.empty()) {
    all.emplace_back("--config", config);
  }
  for (const std::string& input : inputs.paths) {
    all.emplace_back("--input", input);
  }
  return all;
}

NamedPath standard_output() { return {"standard output", "/dev/stdout"}; }

CLI::Option* add_inputs(CLI::App& verb, Inputs& inputs) {
  CLI::Option* const paths =
      verb.add_option("--input", inputs.paths,
                      "CSV or Prometheus JSON files, .gz too, folders, or - for standard input");
  paths->required();
  verb.add_option("--max-input", inputs.most_bytes,
                  "what a file may hold, unzipped, and the tables of all files (8 bytes x rows x "
                  "(metrics + 2)); 2GiB")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40))
      ->type_name("SIZE");
  verb.add_option("--host-label", inputs.host_label,
                  "the label of series, or column of CSV, that names hosts, if another than usual")
      ->type_name("NAME");
  verb.add_option(
          "--drop-label", inputs.dropped_labels,
          "labels of series that are no part of metric names, or columns of CSV; repeatable")
      ->type_name("NAME")
      ->take_all()
      ->allow_extra_args(false);
  verb.add_option("--timezone", inputs.timezone,
                  "of times in CSV that name no zone: Asia/Tokyo, UTC, +09:00 or local")
      ->type_name("ZONE");
  verb.add_flag("--strict", inputs.strict,
                "stop where some of the input would be left out with a message");
  return paths;
}

void add_any_role(CLI::App& verb, Inputs& inputs) {
  verb.add_flag("--any-role", inputs.any_role, "judge samples that look like another role's, too");
}

void add_fail_on(CLI::App& verb, const std::string& anomalous, std::vector<std::string>& fail_on) {
  verb.add_option("--fail-on", fail_on,
                  "exit with 1 when " + anomalous +
                      " (anomalous), when a host cannot alert (blind); both may be given")
      ->check(CLI::IsMember({std::string(kAnomalous), std::string(kBlind)}))
      ->take_all()
      ->allow_extra_args(false);
}

bool is_asked(const std::vector<std::string>& fail_on, std::string_view what) {
  return std::ranges::find(fail_on, what) != fail_on.end();
}

bool fails_on_blind(const std::vector<std::string>& fail_on, const OpenRole& role, int attempts) {
  return is_asked(fail_on, kBlind) &&
         !blind_hosts(role.model().calibration, attempts, role.report.samples()).empty();
}

Result<SampleTable> load_table(const Inputs& inputs) {
  TimeZone zone;
  if (!inputs.timezone.empty()) {
    auto found = find_time_zone(inputs.timezone, "--timezone");
    if (!found) {
      return std::unexpected(found.error());
    }
    zone = std::move(*found);
  }
  ProgressLine progress;
  auto table =
      read_tables(inputs.paths,
                  [&](std::string_view file, std::size_t done, std::size_t total) {
                    progress.show(fmt::format("reading {}", file),
                                  static_cast<double>(done) / static_cast<double>(total));
                  },
                  {.most_bytes = inputs.most_bytes,
                   .zone = inputs.timezone.empty() ? nullptr : &zone,
                   .labels = {inputs.host_label,
                              {inputs.dropped_labels.begin(), inputs.dropped_labels.end()}}});
  if (!table) {
    if (table.error().code == ErrorCode::kTooLarge) {
      table.error().message += "; --max-input raises the limit";
    }
    return table;
  }
  if (auto good = check_strict(inputs, table->notices); !good) {
    return std::unexpected(good.error());
  }
  return table;
}

Result<std::unique_ptr<OpenRole>> open_inputs(const std::string& model_path,
                                              const std::string& config_path,
                                              const Inputs& inputs) {
  const auto checked =
      check_outputs({standard_output()}, inputs_of(model_path, config_path, inputs));
  if (!checked) {
    return std::unexpected(checked.error());
  }
  std::vector<Notice> notices;
  const auto model = load_model(model_path, config_path, notices);
  if (!model) {
    return std::unexpected(model.error());
  }
  return open_table(*model, model_path, inputs, std::move(notices));
}

namespace {

struct OpenSamples {
  Samples samples;
  std::int64_t rows = 0;        ///< of the table
  std::vector<Notice> notices;  ///< of reading them
};

/// The table goes when its samples are there.
Result<OpenSamples> open_samples(const RoleModel& model, const Inputs& inputs,
                                 const HostStates& before) {
  auto table = load_table(inputs);
  if (!table) {
    return std::unexpected(table.error());
  }
  auto samples = samples_of(model, *table, before);
  if (!samples) {
    return std::unexpected(samples.error());
  }
  std::vector<Notice> notices = std::move(table->notices);
  std::ranges::move(notices_of(renamed_metrics(model, *table)), std::back_inserter(notices));
  return OpenSamples{std::move(*samples), table->rows(), std::move(notices)};
}

}  // namespace

Result<std::unique_ptr<OpenRole>> open_table(const RoleModel& model, const std::string& model_path,
                                             const Inputs& inputs, std::vector<Notice> notices,
                                             const HostStates& before) {
  auto scorer = Scorer::create(model);
  if (!scorer) {
    return std::unexpected(scorer.error());
  }
  auto opened = open_samples(model, inputs, before);
  if (!opened) {
    return std::unexpected(opened.error());
  }
  auto role = std::make_unique<OpenRole>(std::move(*scorer), std::move(opened->samples));
  role->rows_read = opened->rows;
  role->notices = std::move(notices);
  std::ranges::move(opened->notices, std::back_inserter(role->notices));
  std::ranges::move(input_notices(model, role->report.samples()),
                    std::back_inserter(role->notices));
  const auto fits = inputs.any_role ? Result<void>() : role->report.check_role();
  for (Notice& notice : role->report.notices()) {
    if (notice.code == "model_not_ready") {
      notice.file = model_path;
    }
    role->notices.push_back(std::move(notice));
  }
  if (!fits) {
    show(role->notices);  // they may say why
    return fail(fits.error().code, "the samples do not fit the model: " + fits.error().message +
                                       "; --any-role judges them all the same");
  }
  if (auto good = check_strict(inputs, role->notices); !good) {
    return std::unexpected(good.error());
  }
  show(role->notices);
  return role;
}

RowCounts row_counts(const OpenRole& role) {
  const Samples& samples = role.report.samples();
  RowCounts counts;
  counts.read = role.rows_read;
  counts.repeated = std::ssize(samples.repeated);
  counts.used = samples.rows() - counts.repeated;
  counts.passed_over = samples.passed_over;
  counts.left_out = counts.read - counts.used - counts.repeated - counts.passed_over;
  return counts;
}

std::string number(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

Result<double> time_argument(std::string_view text, std::string_view option) {
  if (const std::optional<double> time = parse_timestamp(text)) {
    return *time;
  }
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("{}: expected epoch seconds or a date such as 2026-10-12T03:00Z, got {}",
                          option, shown_timestamp(text)));
}

Result<void> print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    return fail(ErrorCode::kSourceFailed,
                fmt::format("cannot write to standard output: {}", std::strerror(errno)));
  }
  return {};
}

}  // namespace rolemix::cli
