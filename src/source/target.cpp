#include "source/target.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>
#include <system_error>

#include "source/descriptor.h"

namespace rolemix {
namespace {

namespace fs = std::filesystem;

// What is open under a path such as /dev/stdout or /dev/fd/3, or -1.
int descriptor_of(std::string_view path) {
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  constexpr std::array<std::string_view, 2> kFolders = {"/dev/fd/", "/proc/self/fd/"};
  for (const std::string_view folder : kFolders) {
    if (!path.starts_with(folder)) continue;
    const std::string_view digits = path.substr(folder.size());
    int number = -1;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
    if (error == std::errc() && end == digits.end()) return number;
  }
  return -1;
}

// The errno of an access that is not allowed, or 0.
int access_error(const fs::path& path, int mode) {
  return ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0 ? 0 : errno;
}

}  // namespace

Result<Target> find_target(const std::string& path) {
  constexpr int kMostLinks = 40;  // as many as Linux follows
  Target target{.path = path, .descriptor = descriptor_of(path), .status = {}};
  std::error_code error;
  for (int links = 0; target.descriptor < 0 && fs::is_symlink(target.path, error); ++links) {
    if (links == kMostLinks) return fail_errno(path, ELOOP);
    const fs::path next = fs::read_symlink(target.path, error);
    if (error) return fail_errno(path, error.value());
    target.path = target.path.parent_path() / next;
    target.descriptor = descriptor_of(target.path.native());
  }
  struct stat status{};
  const int failed = target.descriptor >= 0 ? ::fstat(target.descriptor, &status)
                                            : ::stat(target.path.c_str(), &status);
  if (failed == 0) {
    target.status = status;
  } else if (errno != ENOENT) {
    return fail_errno(path, errno);
  }
  return target;
}

Result<void> check_writable(const Target& target, const std::string& path) {
  if (target.status && S_ISDIR(target.status->st_mode)) {
    return fail(ErrorCode::kInvalidArgument, "expected a file to write, got the folder " + path);
  }
  if (target.is_in_place()) return {};
  if (target.status) {
    if (const int error = access_error(target.path, W_OK); error != 0) {
      return fail_errno(path, error);
    }
  }
  const fs::path folder = target.path.has_parent_path() ? target.path.parent_path() : ".";
  if (const int error = access_error(folder, W_OK | X_OK); error != 0) {
    return fail_file(
        path, "no file can be made in the folder " + folder.string() + ": " + std::strerror(error));
  }
  return {};
}

}  // namespace rolemix
