#include "source/write_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "source/descriptor.h"

namespace rolemix {
namespace {

namespace fs = std::filesystem;

// The errno of the first write that failed, or 0.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Result<void> write_in_place(const std::string& path, std::string_view bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.is_open()) return fail_errno(path, errno);
  if (const int error = write_all(file.number(), bytes); error != 0) return fail_errno(path, error);
  if (!file.close()) return fail_errno(path, errno);
  return {};
}

// A new file next to `path` with a name that no other writer uses, open; or the errno, negative, in
// place of its descriptor. Its mode follows the umask.
std::pair<std::string, int> create_beside(const fs::path& path) {
  for (int attempt = 0;; ++attempt) {
    const std::string name =
        ".rolemix-" + std::to_string(::getpid()) + '-' + std::to_string(attempt) + ".tmp";
    std::string temporary = (path.parent_path() / name).string();
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) return {std::move(temporary), descriptor};
    if (const int error = errno; error != EEXIST) return {std::move(temporary), -error};
  }
}

// The errno of the first step that failed, or 0.
int write_synced(Descriptor& file, std::string_view bytes) {
  if (const int error = write_all(file.number(), bytes); error != 0) return error;
  if (::fsync(file.number()) != 0) return errno;
  return file.close() ? 0 : errno;
}

// Makes a rename in the folder last; a file system that cannot do so is no reason to fail.
void sync_folder(const fs::path& folder) {
  const std::string name = folder.empty() ? "." : folder.string();
  const Descriptor descriptor(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.is_open()) ::fsync(descriptor.number());
}

}  // namespace

Result<void> write_file_atomically(const std::string& path, std::string_view bytes) {
  std::error_code unresolved;
  fs::path target = fs::canonical(path, unresolved);
  if (unresolved) target = path;
  std::error_code unknown;
  if (fs::exists(target, unknown) && !fs::is_regular_file(target, unknown)) {
    return write_in_place(path, bytes);
  }

  const auto [temporary, descriptor] = create_beside(target);
  if (descriptor < 0) return fail_errno(path, -descriptor);
  Descriptor file(descriptor);
  int error = write_synced(file, bytes);
  if (error == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    return fail_errno(path, error);
  }
  sync_folder(target.parent_path());
  return {};
}

}  // namespace rolemix
