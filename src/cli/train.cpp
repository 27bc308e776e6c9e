// rolemix train: metrics -> a role's model.
#include "train/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/escape.h"
#include "cli/common.h"
#include "cli/train_report.h"
#include "cli/verbs.h"
#include "config/presets.h"
#include "config/role_config.h"
#include "model/model_file.h"
#include "source/files.h"
#include "source/write_file.h"

namespace rolemix::cli {
namespace {

constexpr const char* kExamples = R"(
Examples:
  rolemix train --input metrics/ --role blog:db -o blog-db.rolemix
  rolemix train --input a.csv b.csv.gz --config role.yaml -o blog-db.rolemix
  rolemix train --input metrics/ --role blog:db --from 2026-10-01 --to 2026-10-31 \
      --exclude 2026-10-12T03:00Z,2026-10-12T05:30Z -o blog-db.rolemix
  zcat metrics.csv.gz | rolemix train --input - --role blog:db -o blog-db.rolemix

Input is CSV: timestamp,host,<metric>,... (timestamps in epoch seconds or RFC 3339, empty = missing),
or what Prometheus answers to /api/v1/query_range (*.json; files of one host and time make one row).)";

struct Arguments {
  Inputs inputs;
  std::string role;
  std::string config;
  std::string preset;
  std::string components;
  std::string from;
  std::string to;
  std::vector<std::string> exclude;
  std::uint64_t seed = 1;
  std::string output;
  std::string format = "text";
  bool require_ready = false;
};

Result<TrainOptions> read_config(const std::string& path, const std::string& preset) {
  Result<TrainOptions> options = preset.empty() ? TrainOptions() : preset_options(preset);
  if (!options) {
    return options;
  }
  if (path.empty()) {
    options->config_digest = preset.empty() ? "" : hexadecimal(digest(preset));
    return options;
  }
  const auto text = read_file(path);
  if (!text) {
    return std::unexpected(text.error());
  }
  options = parse_role_config(*text, path, *options);
  if (options) {
    options->config_digest = hexadecimal(digest(preset + *text));
  }
  return options;
}

Result<void> apply_period(const Arguments& arguments, TrainOptions& options) {
  if (!arguments.from.empty()) {
    const auto from = time_argument(arguments.from, "--from");
    if (!from) {
      return std::unexpected(from.error());
    }
    options.from = *from;
  }
  if (!arguments.to.empty()) {
    const auto to = time_argument(arguments.to, "--to");
    if (!to) {
      return std::unexpected(to.error());
    }
    options.to = *to;
  }
  for (const std::string& period : arguments.exclude) {
    const std::size_t comma = period.find(',');
    if (comma == std::string::npos) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("--exclude: expected FROM,TO, got {}", in_quotes(period)));
    }
    const auto from = time_argument(period.substr(0, comma), "--exclude FROM,TO");
    const auto to = time_argument(period.substr(comma + 1), "--exclude FROM,TO");
    if (!from || !to) {
      return std::unexpected(from ? to.error() : from.error());
    }
    if (!(*from < *to)) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("--exclude: expected a TO after FROM, got {}", in_quotes(period)));
    }
    options.exclude.emplace_back(*from, *to);
  }
  return {};
}

Result<TrainOptions> make_options(const Arguments& arguments) {
  auto options = read_config(arguments.config, arguments.preset);
  if (!options) {
    return options;
  }
  if (!arguments.role.empty()) {
    const auto role = parse_role(arguments.role);
    if (!role) {
      return std::unexpected(role.error());
    }
    options->role = *role;
  }
  if (options->role.empty()) {
    return fail(
        ErrorCode::kInvalidArgument,
        "train: which role is this? Say --role service:role, or role: in the configuration");
  }
  if (!arguments.components.empty()) {
    const auto components = parse_components(arguments.components);
    if (!components) {
      return std::unexpected(components.error());
    }
    std::tie(options->min_components, options->max_components) = *components;
  }
  if (auto period = apply_period(arguments, *options); !period) {
    return std::unexpected(period.error());
  }
  options->seed = arguments.seed;
  options->threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  options->version = ROLEMIX_VERSION;
  return options;
}

/// Where fewer than half of a preset's metrics are there.
std::vector<Notice> notices_of_preset(const std::string& name, const SampleTable& table) {
  const auto preset = name.empty() ? TrainOptions() : preset_options(name);
  if (!preset || preset->metrics.empty()) {
    return {};
  }
  const auto here = [&](const auto& rule) {
    return std::ranges::find(table.metrics, rule.first) != table.metrics.end();
  };
  const auto present = std::ranges::count_if(preset->metrics, here);
  if (2 * present >= std::ssize(preset->metrics)) {
    return {};
  }
  const auto absent = std::ranges::find_if_not(preset->metrics, here);
  return {notice("preset_mostly_absent",
                 fmt::format("preset {}: {} of {} metrics are in the input; it expects names such "
                             "as {}: docs/prometheus.md",
                             name, present, preset->metrics.size(), absent->first))};
}

/// Before anything is read, so that no hour of training ends with nothing.
Result<void> check_files(const Arguments& arguments) {
  std::vector<NamedPath> outputs = {{"--output", arguments.output}};
  if (arguments.format == "json") {
    outputs.push_back(standard_output());
  }
  return check_outputs(outputs, inputs_of("", arguments.config, arguments.inputs));
}

int run(const Arguments& arguments) {
  if (auto checked = check_files(arguments); !checked) {
    return report(checked.error());
  }
  const auto options = make_options(arguments);
  if (!options) {
    return report(options.error());
  }
  const auto table = load_table(arguments.inputs);
  if (!table) {
    return report(table.error());
  }
  std::vector<Notice> of_input = table->notices;
  std::ranges::move(notices_of_preset(arguments.preset, *table), std::back_inserter(of_input));
  show(of_input);
  ProgressLine progress;
  auto result = train(*table, *options,
                      [&](const std::string& step, double done) { progress.show(step, done); });
  progress.clear();
  if (!result) {
    return report(result.error());
  }
  auto& notices = result->report.notices;
  if (auto good = check_strict(arguments.inputs, notices); !good) {
    return report(good.error());
  }
  show(notices);
  notices.insert(notices.begin(), of_input.begin(), of_input.end());
  const std::string bytes = write_model(result->model);
  if (auto written = write_file_atomically(arguments.output, bytes); !written) {
    return report(written.error());
  }
  if (arguments.format == "json") {
    if (auto printed = print(report_json(*result, arguments.output)); !printed) {
      return report(printed.error());
    }
  } else {
    to_standard_error(visible_lines(report_text(*result, arguments.output, bytes.size())));
  }
  return arguments.require_ready && !result->model.calibration.ready ? kFound : kDone;
}

}  // namespace

Run add_train(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* verb = app.add_subcommand("train", "Learn a role's model from its metrics");
  verb->footer(kExamples);
  add_inputs(*verb, arguments->inputs);
  verb->add_option("--role", arguments->role, "service:role, such as blog:db");
  verb->add_option("--config", arguments->config, "YAML: tolerances and other rules for metrics");
  verb->add_option("--preset", arguments->preset,
                   "rules for a collector's metrics, which the configuration may change: " +
                       fmt::format("{}", fmt::join(preset_names(), ", ")));
  verb->add_option("--components", arguments->components,
                   "number of states, or a range to choose from (1-8)");
  verb->add_option("--from", arguments->from, "learn from samples at or after this time");
  verb->add_option("--to", arguments->to, "learn from samples before this time");
  verb->add_option("--exclude", arguments->exclude,
                   "FROM,TO: leave this period out (may be repeated)")
      ->take_all()
      ->allow_extra_args(false);
  verb->add_option("--seed", arguments->seed,
                   "of the starting points; the same seed gives the same model");
  verb->add_option("-o,--output", arguments->output, "the model file to write")->required();
  verb->add_option("--format", arguments->format,
                   "the report: text on standard error, or json on standard output")
      ->check(CLI::IsMember({"text", "json"}));
  verb->add_flag("--require-ready", arguments->require_ready,
                 "exit with 1 when the model is not ready");
  return [arguments] { return run(*arguments); };
}

}  // namespace rolemix::cli
