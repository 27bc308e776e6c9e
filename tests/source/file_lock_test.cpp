#include "source/file_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>

#include "source/files_test_folder.h"

/// What flock fails with when it is no lock that fails; 0: it does not. The tests are linked with
/// --wrap=flock.
static int flock_error = 0;

extern "C" {
int __real_flock(int file, int operation);
int __wrap_flock(int file, int operation) {
  if (flock_error == 0) return __real_flock(file, operation);
  errno = flock_error;
  return -1;
}
}

namespace rolemix {
namespace {

using std::chrono::milliseconds;

class FileLockTest : public FilesTest {
 protected:
  Result<FileLock> lock(const std::string& name) {
    return FileLock::acquire(path(name), milliseconds(50), [&] { ++waits_; });
  }

  int waits_ = 0;
};

TEST_F(FileLockTest, IsHeldByOne) {
  {
    const auto first = lock("state");
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_TRUE(first->is_held());
    EXPECT_TRUE(lock("other")->is_held());
    EXPECT_EQ(waits_, 0);
    EXPECT_EQ(source_error(lock("state")), path("state") + ": another process holds " +
                                               path("state.lock") +
                                               " for longer than 0 s; try again when it has ended");
    EXPECT_EQ(waits_, 1);
  }
  EXPECT_TRUE(lock("state"));
}

TEST_F(FileLockTest, IsTheSameForLinks) {
  std::filesystem::create_symlink("state", folder_ / "link");
  const auto first = lock("link");
  EXPECT_FALSE(lock("state"));
}

TEST_F(FileLockTest, OutlivesTheReplacementOfTheFile) {
  write("state", "old");
  const auto first = lock("state");
  write("state", "new");
  EXPECT_FALSE(lock("state"));
}

TEST_F(FileLockTest, EndsWithItsProcess) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = lock("state");
    [[maybe_unused]] const auto told = ::write(ready[1], "x", 1);
    ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_FALSE(lock("state"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(lock("state"));
}

TEST_F(FileLockTest, IsDoneWithoutWhereThereAreNoLocks) {
  flock_error = ENOLCK;
  const auto none = lock("state");
  flock_error = EIO;
  const auto failed = lock("state");
  flock_error = 0;
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->is_held());
  EXPECT_EQ(source_error(failed), path("state.lock") + ": Input/output error");
}

TEST_F(FileLockTest, NeedsAFolderThatCanBeWritten) {
  EXPECT_EQ(source_error(lock("none/state")), path("none/state.lock: No such file or directory"));
}

}  // namespace
}  // namespace rolemix
