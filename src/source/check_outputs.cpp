#include "source/check_outputs.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "source/files.h"
#include "source/target.h"

namespace rolemix {
namespace {

namespace fs = std::filesystem;

bool is_same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

std::optional<struct stat> status_of(const std::string& path) {
  struct stat status{};
  const int failed = path == "-" ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status);
  return failed == 0 ? std::optional(status) : std::nullopt;
}

// Only a regular file is changed for who reads it: a terminal or /dev/null may be both.
bool is_file(const Target& target, const std::string& path) {
  const std::optional<struct stat> status = status_of(path);
  return status && target.status && target.is_regular() && is_same(*status, *target.status);
}

// Whether a folder that is read has the target among its tables, or will have it once it is there.
bool is_in_folder(const Target& target, const std::string& folder) {
  const auto content = list_folder(folder);
  if (!content) return false;
  if (std::ranges::any_of(content->files,
                          [&](const std::string& table) { return is_file(target, table); })) {
    return true;
  }
  if (target.is_in_place() || !is_table_name(target.path.filename().string())) return false;
  const fs::path parent = target.path.has_parent_path() ? target.path.parent_path() : ".";
  const std::optional<struct stat> a = status_of(parent.string());
  return a && std::ranges::any_of(content->folders, [&](const std::string& read) {
           const std::optional<struct stat> b = status_of(read);
           return b && is_same(*a, *b);
         });
}

bool are_same(const Target& a, const Target& b) {
  if (a.status && b.status) {
    return a.is_regular() && b.is_regular() && is_same(*a.status, *b.status);
  }
  return !a.status && !b.status && a.path == b.path;
}

std::unexpected<Error> refuse(const NamedPath& output, const std::string& why) {
  return fail(ErrorCode::kInvalidArgument,
              output.name + ": expected a file of its own, got " + output.path + ", which " + why);
}

Result<void> check_inputs(const NamedPath& output, const Target& target,
                          const std::vector<NamedPath>& inputs) {
  for (const NamedPath& input : inputs) {
    std::error_code error;
    if (input.path != "-" && fs::is_directory(input.path, error)) {
      if (is_in_folder(target, input.path)) {
        return refuse(output, "is read with " + input.name + ' ' + input.path);
      }
    } else if (is_file(target, input.path)) {
      return refuse(output, "is " + input.name + ' ' + input.path);
    }
  }
  return {};
}

}  // namespace

Result<void> check_outputs(const std::vector<NamedPath>& outputs,
                           const std::vector<NamedPath>& inputs) {
  std::vector<Target> targets;
  for (const NamedPath& output : outputs) {
    Result<Target> target = find_target(output.path);
    if (!target) return std::unexpected(std::move(target.error()));
    if (auto writable = check_writable(*target, output.path); !writable) {
      return fail(writable.error().code, output.name + ": " + writable.error().message);
    }
    if (auto checked = check_inputs(output, *target, inputs); !checked) return checked;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (are_same(*target, targets[i])) return refuse(output, "is " + outputs[i].name + " too");
    }
    targets.push_back(std::move(*target));
  }
  return {};
}

}  // namespace rolemix
