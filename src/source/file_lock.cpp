#include "source/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <string>
#include <thread>
#include <utility>

#include "source/target.h"

namespace rolemix {
namespace {

using Clock = std::chrono::steady_clock;

// Writing, since locks over NFS ask for it; of a user who may only read it, reading does elsewhere.
int open_lock(const std::string& name) {
  const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  return file >= 0 || errno != EACCES ? file : ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
}

// The errno of an attempt that failed, or 0.
int try_lock(int file) {
  int failed = 0;
  do {
    failed = ::flock(file, LOCK_EX | LOCK_NB);
  } while (failed != 0 && errno == EINTR);
  return failed == 0 ? 0 : errno;
}

bool means_no_locks(int error) {
  return error == ENOLCK || error == EOPNOTSUPP || error == ENOSYS || error == EINVAL;
}

}  // namespace

Result<FileLock> FileLock::acquire(const std::string& path, std::chrono::milliseconds patience,
                                   const std::function<void()>& on_wait) {
  const Result<Target> target = find_target(path);
  if (!target) return std::unexpected(target.error());
  const std::string name = target->path.string() + ".lock";
  Descriptor file(open_lock(name));
  if (!file.is_open()) return fail_errno(name, errno);
  const Clock::time_point end = Clock::now() + patience;
  int error = try_lock(file.number());
  if (error == EWOULDBLOCK) on_wait();
  while (error == EWOULDBLOCK && Clock::now() < end) {
    constexpr std::chrono::milliseconds kPause(20);  // nobody notices
    std::this_thread::sleep_for(kPause);
    error = try_lock(file.number());
  }
  if (error == EWOULDBLOCK) {
    return fail_file(path, "another process holds " + name + " for longer than " +
                               std::to_string(patience.count() / 1000) +
                               " s; try again when it has ended");
  }
  if (means_no_locks(error)) return FileLock(Descriptor(-1));
  if (error != 0) return fail_errno(name, error);
  return FileLock(std::move(file));
}

}  // namespace rolemix
