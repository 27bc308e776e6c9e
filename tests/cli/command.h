// Runs the rolemix command as a user would, in a folder of its own.
#ifndef ROLEMIX_TESTS_CLI_COMMAND_H_
#define ROLEMIX_TESTS_CLI_COMMAND_H_

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "places.h"

namespace rolemix {

struct Outcome {
  int exit_code = 0;
  std::string out;
  std::string err;
};

/// A temporary folder that is removed with the object.
class Folder {
 public:
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "rolemix-test-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name) const { return path_ / name; }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path_ / name, std::ios::binary).rdbuf();
    return text.str();
  }

  /// `rolemix ARGUMENTS` by the shell, in this folder.
  Outcome run(const std::string& arguments) const {
    return run_shell(command_path() + " " + arguments);
  }

  /// Any command of the shell, in this folder.
  Outcome run_shell(const std::string& script) const {
    const std::string command = "cd '" + path_.string() + "' && { " + script + "; } > .out 2> .err";
    const int status = std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe)
    return {WEXITSTATUS(status), read(".out"), read(".err")};
  }

 private:
  std::filesystem::path path_;
};

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_CLI_COMMAND_H_
