// One writer at a time for a file that is read, then replaced.
#ifndef ROLEMIX_SOURCE_FILE_LOCK_H_
#define ROLEMIX_SOURCE_FILE_LOCK_H_

#include <chrono>
#include <functional>
#include <string>

#include "base/error.h"
#include "source/descriptor.h"

namespace rolemix {

/// Held until the object or the process ends, however it ends.
class FileLock {
 public:
  /// Locks FILE.lock, beside what `path` leads to: it stays when FILE is replaced, and is not
  /// removed, since another process may be about to lock it. Where another process holds the lock
  /// this waits for up to `patience`, and calls `on_wait` once. Errors: source_failed.
  static Result<FileLock> acquire(const std::string& path, std::chrono::milliseconds patience,
                                  const std::function<void()>& on_wait);

  /// false where the file system has no locks.
  bool is_held() const { return file_.is_open(); }

 private:
  explicit FileLock(Descriptor file) : file_(std::move(file)) {}

  Descriptor file_;
};

}  // namespace rolemix

#endif  // ROLEMIX_SOURCE_FILE_LOCK_H_
