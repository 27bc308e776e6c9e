#include "source/write_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>

#include "source/descriptor.h"
#include "source/target.h"

namespace rolemix {
namespace {

namespace fs = std::filesystem;

// What a signal removes: a handler can be told only by what is global. No two files are written at
// the same time.
std::array<char, PATH_MAX> temporary_name;
volatile std::sig_atomic_t has_temporary = 0;

constexpr std::array<int, 4> kEnding = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

// Calls only what a handler may (signal-safety(7)).
void end_by_signal(int signal) {
  if (has_temporary != 0) ::unlink(temporary_name.data());
  ::raise(signal);  // SA_RESETHAND: the default, which ends the process once this has returned
}

// No signal comes between the making of a file and the note of its name.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t ending;
    ::sigemptyset(&ending);
    for (const int signal : kEnding) ::sigaddset(&ending, signal);
    ::pthread_sigmask(SIG_BLOCK, &ending, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

// The errno of the first write that failed, or 0.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Result<void> write_in_place(const std::string& path, int open_file, std::string_view bytes) {
  if (open_file >= 0) {
    const int error = write_all(open_file, bytes);
    return error == 0 ? Result<void>() : fail_errno(path, error);
  }
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.is_open()) return fail_errno(path, errno);
  if (const int error = write_all(file.number(), bytes); error != 0) return fail_errno(path, error);
  if (!file.close()) return fail_errno(path, errno);
  return {};
}

// A new file next to another, with a name that no other writer uses; removed with the object unless
// it was renamed, and by a signal.
class TemporaryFile {
 public:
  TemporaryFile(const fs::path& beside, mode_t mode) : file_(create(beside, mode)) {}
  ~TemporaryFile() {
    if (has_temporary != 0) ::unlink(temporary_name.data());
    has_temporary = 0;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  bool is_open() const { return file_.is_open(); }
  int number() const { return file_.number(); }

  // Each gives the errno of the first step that failed, or 0.
  int write(std::string_view bytes) {
    if (const int error = write_all(file_.number(), bytes); error != 0) return error;
    if (::fsync(file_.number()) != 0) return errno;
    return file_.close() ? 0 : errno;
  }
  int rename(const fs::path& target) {
    if (::rename(temporary_name.data(), target.c_str()) != 0) return errno;
    has_temporary = 0;
    return 0;
  }

 private:
  static int create(const fs::path& beside, mode_t mode) {
    const SignalsBlocked blocked;
    for (int attempt = 0;; ++attempt) {
      const std::string name =
          ".rolemix-" + std::to_string(::getpid()) + '-' + std::to_string(attempt) + ".tmp";
      const std::string path = (beside.parent_path() / name).string();
      if (path.size() >= temporary_name.size()) {
        errno = ENAMETOOLONG;
        return -1;
      }
      std::ranges::copy(path + '\0', temporary_name.begin());
      const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
      has_temporary = file >= 0 ? 1 : 0;
      if (file >= 0 || errno != EEXIST) return file;
    }
  }

  Descriptor file_;
};

// Gives a file the owner, group and mode of another, as far as allowed: who may not, or a file
// system without them, is no reason to fail.
void make_like(int file, const struct stat& other) {
  mode_t mode = other.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
  if (::fchown(file, other.st_uid, other.st_gid) != 0 &&
      ::fchown(file, static_cast<uid_t>(-1), other.st_gid) != 0) {
    // Another group than before: to the old file its members were all others.
    mode = (mode & ~static_cast<mode_t>(S_IRWXG)) | (mode & S_IRWXO) << 3;
  }
  ::fchmod(file, mode);
}

// Makes a rename in the folder last; a file system that cannot do so is no reason to fail.
void sync_folder(const fs::path& folder) {
  const std::string name = folder.empty() ? "." : folder.string();
  const Descriptor descriptor(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.is_open()) ::fsync(descriptor.number());
}

Result<void> replace(const std::string& path, const fs::path& target, std::string_view bytes,
                     const std::optional<struct stat>& like) {
  // Nobody else reads what may be meant for fewer than the umask lets in.
  TemporaryFile file(target, like ? S_IRUSR | S_IWUSR : 0666);
  if (!file.is_open()) return fail_errno(path, errno);
  if (like) make_like(file.number(), *like);
  if (const int error = file.write(bytes); error != 0) return fail_errno(path, error);
  if (const int error = file.rename(target); error != 0) return fail_errno(path, error);
  sync_folder(target.parent_path());
  return {};
}

}  // namespace

Result<void> write_file_atomically(const std::string& path, std::string_view bytes,
                                   const std::string& like) {
  const Result<Target> target = find_target(path);
  if (!target) return std::unexpected(target.error());
  if (auto writable = check_writable(*target, path); !writable) return writable;
  if (target->is_in_place()) return write_in_place(path, target->descriptor, bytes);
  if (like.empty()) return replace(path, target->path, bytes, target->status);
  const Result<Target> other = find_target(like);
  if (!other) return std::unexpected(other.error());
  return replace(path, target->path, bytes, other->status);
}

void remove_temporary_files_on_signals() {
  for (const int signal : kEnding) {
    struct sigaction now{};
    if (::sigaction(signal, nullptr, &now) != 0 || now.sa_handler == SIG_IGN) continue;
    struct sigaction action{};
    action.sa_handler = end_by_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigemptyset(&action.sa_mask);
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace rolemix
