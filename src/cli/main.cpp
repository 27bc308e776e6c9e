// The rolemix command.
#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/common.h"
#include "cli/verbs.h"

namespace {

constexpr const char* kExamples = R"(
Start here:
  rolemix simulate -o sample
  rolemix train --input sample/metrics --config sample/role.yaml --to 2026-10-09 -o web.rolemix
  rolemix alerts -m web.rolemix --input sample/metrics
  rolemix explain -m web.rolemix --input sample/metrics

Results go to standard output, progress and messages to standard error.
Exit codes: 0 done, 1 found what --fail-on or --require-ready ask for, 2 usage or bad input,
3 a file could not be read or written.)";

int run(int argc, char** argv) {
  using namespace rolemix::cli;
  CLI::App app{
      "Learns what is normal for a role of hosts, finds hosts that are not, and says why."};
  app.name("rolemix");
  app.set_version_flag("--version", std::string("rolemix ") + ROLEMIX_VERSION);
  app.footer(kExamples);
  app.require_subcommand(1);
  const std::vector<Run> verbs = {add_train(app),  add_score(app),   add_explain(app),
                                  add_alerts(app), add_inspect(app), add_simulate(app)};
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kBadInput;
  }
  const std::vector<CLI::App*> all = app.get_subcommands({});
  for (std::size_t i = 0; i < verbs.size(); ++i) {
    if (all[i]->parsed()) {
      return verbs[i]();
    }
  }
  return kBadInput;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    rolemix::cli::message(std::string("out of resources or a fault of the program: ") +
                          error.what());
    return rolemix::cli::kBadInput;
  }
}
