// The rolemix command.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/escape.h"
#include "cli/common.h"
#include "cli/verbs.h"
#include "config/edit_distance.h"
#include "source/write_file.h"

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

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands({})) {
    names.push_back(verb->get_name());
  }
  return names;
}

int unknown_verb(const std::vector<std::string>& names, const std::string& verb) {
  using namespace rolemix;
  const auto distance = [&](const std::string& name) { return edit_distance(verb, name); };
  const std::string& nearest = *std::ranges::min_element(names, {}, distance);
  constexpr std::size_t kNear = 2;
  cli::message(fmt::format("expected {}, got {}{}", cli::join(names, ", "), in_quotes(verb),
                           distance(nearest) <= kNear ? fmt::format("; did you mean {}?", nearest)
                                                      : "; see rolemix --help"));
  return cli::kBadInput;
}

/// What the parser says, in the form of all other messages. first: what came after `rolemix`.
int usage_error(const CLI::App& app, const CLI::ParseError& error, const std::string& first) {
  using namespace rolemix::cli;
  const std::vector<CLI::App*> verbs = app.get_subcommands();
  if (verbs.empty()) {
    message(fmt::format("expected {}, got {}; see rolemix --help", join(verb_names(app), ", "),
                        first.empty() ? "no verb" : rolemix::in_quotes(first)));
  } else {
    const std::string verb = verbs.front()->get_name();
    message(fmt::format("{}: {}; see rolemix {} --help", verb, error.what(), verb));
  }
  return kBadInput;
}

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
  const std::string verb = argc > 1 ? argv[1] : "";
  if (!verb.empty() && !verb.starts_with('-')) {
    const std::vector<std::string> names = verb_names(app);
    const auto known = [&](const std::string& name) {
      return std::ranges::find(names, name) != names.end();
    };
    if (verb == "help") {
      const bool of_verb = argc > 2 && known(argv[2]);
      const auto printed =
          print(of_verb ? app.get_subcommand(argv[2])->help("rolemix") : app.help());
      return printed ? kDone : report(printed.error());
    }
    if (!known(verb)) {
      return unknown_verb(names, verb);
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) {
      return usage_error(app, error, verb);
    }
    std::ostringstream text;  // of --help and --version
    app.exit(error, text, text);
    const auto printed = print(text.str());
    return printed ? kDone : report(printed.error());
  }
  const std::vector<CLI::App*> all = app.get_subcommands({});
  for (std::size_t i = 0; i < verbs.size(); ++i) {
    if (all[i]->parsed()) {
      return verbs[i]();
    }
  }
  return kBadInput;
}

/// A file that is opened must not get the number of a standard stream that is closed: what is said
/// would be written into it. On what stands in for these streams every use fails.
void hold_standard_streams() {
  for (const auto& [stream, other_way] :
       {std::pair{STDIN_FILENO, O_WRONLY}, {STDOUT_FILENO, O_RDONLY}, {STDERR_FILENO, O_RDONLY}}) {
    if (fcntl(stream, F_GETFD) == -1) {
      open("/dev/null", other_way);  // gets the lowest free number, which is the stream's
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is an error of writing
  std::signal(SIGXFSZ, SIG_IGN);  // so is a file that may grow no further
  rolemix::remove_temporary_files_on_signals();
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    rolemix::cli::message(std::string("out of resources or a fault of the program: ") +
                          error.what());
    return rolemix::cli::kBadInput;
  }
}
