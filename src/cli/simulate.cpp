// rolemix simulate: a role of hosts with labelled incidents, to try things on.
#include "simulate/simulate.h"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/common.h"
#include "cli/verbs.h"
#include "simulate/answer_json.h"
#include "simulate/dirt.h"
#include "simulate/dirt_csv.h"
#include "simulate/incidents_csv.h"
#include "source/write_file.h"
#include "table/csv_writer.h"

namespace rolemix::cli {
namespace {

constexpr const char* kExamples = R"(
Examples:
  rolemix simulate -o sample
  rolemix simulate --role db --hosts 4 --days 14 --interval 300 --seed 7 -o sample
  rolemix simulate --dirty -o sample
  rolemix simulate --dirty outliers,gaps,renames -o sample

Writes DIR/metrics/HOST.csv, DIR/incidents.csv (what happened, and which metrics caused it) and DIR/role.yaml.
The same seed gives the same files. The first 60 % of the period is free of incidents, unless --clean-days says otherwise.
With --dirty also DIR/dirt.csv (what dirt is where); some hosts are DIR/metrics/HOST.json then, as Prometheus answers.)";

struct Arguments {
  SimulateOptions options;
  std::string output;
  bool is_dirty = false;
  std::vector<std::string> dirt_kinds;  ///< empty: all
};

/// The file of a host, in the form in which its samples come; one in the other form, of an earlier
/// simulation, would be read too.
Result<void> write_host(const SampleTable& samples, const std::optional<Answer>& answer,
                        const std::string& path) {
  std::error_code none;
  std::filesystem::remove(path + (answer ? ".csv" : ".json"), none);
  return answer ? write_file_atomically(path + ".json", answer_json(samples, *answer))
                : write_file_atomically(path + ".csv", to_csv(samples));
}

Result<void> write_all(const DirtySimulation& dirty, bool is_dirty, const std::string& folder) {
  const Simulation& simulation = dirty.simulation;
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
    const std::string path = fmt::format("{}/metrics/{}", folder, table.hosts[h]);
    if (auto ok = write_host(select_rows(table, rows[h]), dirty.answers[h], path); !ok) {
      return ok;
    }
  }
  if (auto ok =
          write_file_atomically(folder + "/incidents.csv", incidents_csv(simulation.incidents));
      !ok) {
    return ok;
  }
  if (!is_dirty) {
    std::filesystem::remove(folder + "/dirt.csv", error);
  } else if (auto ok = write_file_atomically(folder + "/dirt.csv", dirt_csv(dirty.dirt)); !ok) {
    return ok;
  }
  return write_file_atomically(folder + "/role.yaml", simulation.config_yaml);
}

int run(const Arguments& arguments) {
  const auto kinds = parse_dirt_kinds(arguments.dirt_kinds);
  if (!kinds) {
    return report(kinds.error());
  }
  auto simulation = simulate(arguments.options);
  if (!simulation) {
    return report(simulation.error());
  }
  const DirtySimulation dirty = make_dirty(std::move(*simulation), arguments.options,
                                           arguments.is_dirty ? *kinds : std::vector<DirtKind>());
  if (auto written = write_all(dirty, arguments.is_dirty, arguments.output); !written) {
    return report(written.error());
  }
  const Simulation& role = dirty.simulation;
  message(
      fmt::format("wrote {} samples of {} hosts and {} incidents{} to {}", role.table.rows(),
                  role.table.hosts.size(), role.incidents.size(),
                  arguments.is_dirty ? fmt::format(", {} pieces of dirt", dirty.dirt.size()) : "",
                  arguments.output));
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
  CLI::Option* dirty = verb->add_option(
      "--dirty", arguments->dirt_kinds,
      "put dirt over it, as in real data: all kinds, or some of " + dirt_kind_names());
  dirty->expected(0, -1)->delimiter(',')->type_name("KIND,...");
  verb->add_option("-o,--output", arguments->output, "the folder to write to")->required();
  return [arguments, dirty] {
    arguments->is_dirty = dirty->count() > 0;
    std::erase(arguments->dirt_kinds, "");  // of --dirty alone
    return run(*arguments);
  };
}

}  // namespace rolemix::cli
