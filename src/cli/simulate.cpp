// rolemix simulate: a role of hosts with labelled incidents, to try things on.
#include "simulate/simulate.h"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/common.h"
#include "cli/verbs.h"
#include "simulate/incidents_csv.h"
#include "source/write_file.h"
#include "table/csv_writer.h"

namespace rolemix::cli {
namespace {

constexpr const char* kExamples = R"(
Examples:
  rolemix simulate -o sample
  rolemix simulate --role db --hosts 4 --days 14 --interval 300 --seed 7 -o sample

Writes DIR/metrics/HOST.csv, DIR/incidents.csv (what happened, and which metrics caused it) and DIR/role.yaml.
The same seed gives the same files. The first 60 % of the period is free of incidents, unless --clean-days says otherwise.)";

struct Arguments {
  SimulateOptions options;
  std::string output;
};

Result<void> write_all(const Simulation& simulation, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder + "/metrics", error);
  if (error) {
    return fail(ErrorCode::kSourceFailed, fmt::format("{}: {}", folder, error.message()));
  }
  const SampleTable& table = simulation.table;
  std::vector<std::vector<std::int32_t>> rows(table.hosts.size());
  for (std::int32_t row = 0; row < table.rows(); ++row) {
    rows[table.host[row]].push_back(row);
  }
  ProgressLine progress;
  for (std::size_t h = 0; h < rows.size(); ++h) {
    progress.show("writing", static_cast<double>(h) / static_cast<double>(rows.size()));
    const std::string path = fmt::format("{}/metrics/{}.csv", folder, table.hosts[h]);
    if (auto ok = write_file_atomically(path, to_csv(select_rows(table, rows[h]))); !ok) {
      return ok;
    }
  }
  if (auto ok =
          write_file_atomically(folder + "/incidents.csv", incidents_csv(simulation.incidents));
      !ok) {
    return ok;
  }
  return write_file_atomically(folder + "/role.yaml", simulation.config_yaml);
}

int run(const Arguments& arguments) {
  const auto simulation = simulate(arguments.options);
  if (!simulation) {
    return report(simulation.error());
  }
  if (auto written = write_all(*simulation, arguments.output); !written) {
    return report(written.error());
  }
  message(fmt::format("wrote {} samples of {} hosts and {} incidents to {}",
                      simulation->table.rows(), simulation->table.hosts.size(),
                      simulation->incidents.size(), arguments.output));
  return kDone;
}

}  // namespace

Run add_simulate(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  SimulateOptions& options = arguments->options;
  CLI::App* verb =
      app.add_subcommand("simulate", "Make sample data: a role with labelled incidents");
  verb->footer(kExamples);
  verb->add_option("--role", options.role, "web or db")->capture_default_str();
  verb->add_option("--hosts", options.hosts, "number of hosts")->capture_default_str();
  verb->add_option("--days", options.days, "length of the period")->capture_default_str();
  verb->add_option("--interval", options.interval, "seconds between samples")
      ->capture_default_str();
  verb->add_option("--clean-days", options.clean_days,
                   "days without incidents at the beginning; as many as --days: none at all");
  verb->add_option("--seed", options.seed, "the same seed gives the same data")
      ->capture_default_str();
  verb->add_option("-o,--output", arguments->output, "the folder to write to")->required();
  return [arguments] { return run(*arguments); };
}

}  // namespace rolemix::cli
