#include "cli/common.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <utility>

#include "cli/verbs.h"
#include "config/model_edit.h"
#include "model/model_file.h"
#include "source/files.h"
#include "table/timestamp.h"

namespace rolemix::cli {
namespace {

/// Where every sample comes after a gap, none follows another: no run of anomalous samples.
void warn_of_wide_intervals(const Calibration& calibration, const Samples& samples) {
  const double interval = median_interval(samples.times());
  if (interval > longest_gap(calibration)) {
    message(fmt::format(
        "samples of a host are {} s apart in the input, {} s in training: more than {} s are a "
        "gap, "
        "so no alert can open unless --max-check-attempts is 1; give samples as close together as "
        "in training, or train on samples as far apart as these",
        number(interval), number(calibration.interval_seconds), number(longest_gap(calibration))));
  }
}

}  // namespace

int report(const Error& error) {
  message(error.message);
  return error.code == ErrorCode::kSourceFailed ? kSourceFailed : kBadInput;
}

void message(std::string_view text) { fmt::print(stderr, "rolemix: {}\n", text); }

ProgressLine::ProgressLine() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::show(std::string_view step, double done) {
  if (!is_terminal_) {
    return;
  }
  constexpr int kWidth = 30;
  const int filled = static_cast<int>(std::lround(done * kWidth));
  fmt::print(stderr, "\r\033[K[{:#<{}}{:.<{}}] {:3.0f} %  {}", "", filled, "", kWidth - filled,
             100 * done, step);
  std::fflush(stderr);
  shown_ = true;
}

void ProgressLine::clear() {
  if (shown_) {
    fmt::print(stderr, "\r\033[K");
    shown_ = false;
  }
}

Result<RoleModel> load_model(const std::string& path, const std::string& config_path) {
  const auto bytes = read_file(path);
  if (!bytes) {
    return std::unexpected(bytes.error());
  }
  auto model =
      read_model(std::span(reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()));
  if (!model) {
    return std::unexpected(Error{model.error().code, path + ": " + model.error().message});
  }
  if (config_path.empty()) {
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
  for (const std::string& note : result->notes) {
    message(note);
  }
  return std::move(result->model);
}

void add_config(CLI::App& verb, std::string& path) {
  verb.add_option("--config", path,
                  "YAML: the role's tolerances, dropped metrics and alert settings, at once");
}

Result<SampleTable> load_table(const std::vector<std::string>& inputs) {
  ProgressLine progress;
  return read_tables(inputs, [&](std::string_view file, std::size_t done, std::size_t total) {
    progress.show(fmt::format("reading {}", file),
                  static_cast<double>(done) / static_cast<double>(total));
  });
}

Result<std::unique_ptr<OpenRole>> open_inputs(const std::string& model_path,
                                              const std::string& config_path,
                                              const std::vector<std::string>& inputs) {
  const auto model = load_model(model_path, config_path);
  if (!model) {
    return std::unexpected(model.error());
  }
  auto table = load_table(inputs);
  if (!table) {
    return std::unexpected(table.error());
  }
  return open_table(*model, model_path, *table);
}

Result<std::unique_ptr<OpenRole>> open_table(const RoleModel& model, const std::string& model_path,
                                             const SampleTable& table, const HostStates& before) {
  auto scorer = Scorer::create(model);
  if (!scorer) {
    return std::unexpected(scorer.error());
  }
  auto samples = samples_of(model, table, before);
  if (!samples) {
    return std::unexpected(samples.error());
  }
  if (!model.calibration.ready) {
    message(
        fmt::format("{}: the model is not ready, so severity and alerts are not to be trusted ({})",
                    model_path, model.calibration.not_ready_reason));
  }
  warn_of_wide_intervals(model.calibration, *samples);
  if (!samples->missing_metrics.empty()) {
    message(fmt::format("the input lacks {} of the model's metrics, scored without them: {}",
                        samples->missing_metrics.size(), join(samples->missing_metrics, ", ")));
  }
  return std::make_unique<OpenRole>(std::move(*scorer), std::move(*samples));
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
    return fail(ErrorCode::kSourceFailed, "cannot write to standard output");
  }
  return {};
}

}  // namespace rolemix::cli
