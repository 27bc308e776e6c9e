#include "source/write_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "source/files.h"
#include "source/files_test_folder.h"

namespace rolemix {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr unsigned kNobody = 65534;

class WriteFileAtomically : public FilesTest {};

TEST_F(WriteFileAtomically, MakesAndReplacesAFileAndLeavesNothingElse) {
  EXPECT_TRUE(write_file_atomically(path("model"), "first"));
  EXPECT_EQ(read_file(path("model")).value(), "first");
  EXPECT_TRUE(write_file_atomically(path("model"), "second"));
  EXPECT_EQ(read_file(path("model")).value(), "second");
  EXPECT_THAT(names(), ElementsAre("model"));
}

TEST_F(WriteFileAtomically, WritesIntoTheCurrentFolder) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  EXPECT_TRUE(write_file_atomically("model", "bytes"));
  fs::current_path(before);
  EXPECT_EQ(read_file(path("model")).value(), "bytes");
}

TEST_F(WriteFileAtomically, HonoursTheUmask) {
  const mode_t before = ::umask(027);
  write("model", "bytes");
  ::umask(before);
  EXPECT_EQ(fs::status(path("model")).permissions(), fs::perms(0640));
}

TEST_F(WriteFileAtomically, KeepsTheModeOfTheFileThatItReplaces) {
  const mode_t before = ::umask(022);
  for (const mode_t mode : {0600, 0640, 0666, 0755}) {
    write("model", "old");
    ::chmod(path("model").c_str(), mode);
    write("model", "new");
    EXPECT_EQ(read_file(path("model")).value(), "new");
    EXPECT_EQ(fs::status(path("model")).permissions(), fs::perms(mode));
  }
  ::umask(before);
}

TEST_F(WriteFileAtomically, GivesTheModeOfAnotherFile) {
  write("state", "private");
  ::chmod(path("state").c_str(), 0600);
  EXPECT_TRUE(write_file_atomically(path("copy"), "private", path("state")));
  EXPECT_EQ(fs::status(path("copy")).permissions(), fs::perms(0600));
}

TEST_F(WriteFileAtomically, KeepsOwnerAndGroup) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  write("model", "old");
  ASSERT_EQ(::chown(path("model").c_str(), 1234, 2345), 0);
  write("model", "new");
  struct stat status{};
  ASSERT_EQ(::stat(path("model").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 1234);
  EXPECT_EQ(status.st_gid, 2345);
}

/// Does something as a user who is not root, in a child process; whether it gave true.
template <typename Act>
bool as_nobody(const Act& act) {
  const pid_t child = ::fork();
  if (child == 0) {
    const bool dropped =
        ::setgroups(0, nullptr) == 0 && ::setgid(kNobody) == 0 && ::setuid(kNobody) == 0;
    ::_exit(dropped && act() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_F(WriteFileAtomically, GivesAGroupThatCannotBeKeptNoMoreThanOthersHad) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  ::chmod(folder_.c_str(), 0777);
  write("model", "old");
  ASSERT_EQ(::chown(path("model").c_str(), kNobody, 2345), 0);
  ::chmod(path("model").c_str(), 0664);
  EXPECT_TRUE(as_nobody([&] { return write_file_atomically(path("model"), "new").has_value(); }));
  EXPECT_EQ(read_file(path("model")).value(), "new");
  EXPECT_EQ(fs::status(path("model")).permissions(), fs::perms(0644));
}

TEST_F(WriteFileAtomically, RefusesWhatIsWriteProtected) {
  if (::geteuid() != 0) GTEST_SKIP() << "becomes another user";
  ::chmod(folder_.c_str(), 0777);
  write("model", "old");
  EXPECT_TRUE(as_nobody([&] {
    return source_error(write_file_atomically(path("model"), "new")) ==
           path("model") + ": Permission denied";
  }));
  ::chmod(folder_.c_str(), 0755);
  EXPECT_TRUE(as_nobody([&] {
    return source_error(write_file_atomically(path("other"), "new")) ==
           path("other") + ": no file can be made in the folder " + folder_.string() +
               ": Permission denied";
  }));
  EXPECT_EQ(read_file(path("model")).value(), "old");
  EXPECT_THAT(names(), ElementsAre("model"));
}

TEST_F(WriteFileAtomically, FollowsLinks) {
  fs::create_symlink(write("v1.rolemix", "old"), folder_ / "current.rolemix");
  write("current.rolemix", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "current.rolemix"));
  EXPECT_EQ(read_file(path("v1.rolemix")).value(), "new");
}

TEST_F(WriteFileAtomically, MakesWhatALinkLeadsTo) {
  fs::create_directory(folder_ / "models");
  fs::create_symlink("models/v1.rolemix", folder_ / "latest.rolemix");
  fs::create_symlink("latest.rolemix", folder_ / "current.rolemix");
  write("current.rolemix", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "current.rolemix"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "latest.rolemix"));
  EXPECT_EQ(read_file(path("models/v1.rolemix")).value(), "new");
}

TEST_F(WriteFileAtomically, WritesInPlaceWhatIsNotARegularFile) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const int reader = ::open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  EXPECT_TRUE(write_file_atomically(path("pipe"), "bytes"));
  char got[8] = {};
  EXPECT_EQ(::read(reader, got, sizeof got), 5);
  ::close(reader);
  EXPECT_STREQ(got, "bytes");
  EXPECT_TRUE(fs::is_fifo(path("pipe")));
  EXPECT_TRUE(write_file_atomically("/dev/null", "bytes"));
  EXPECT_EQ(source_error(write_file_atomically("/dev/full", "bytes")),
            "/dev/full: No space left on device");
}

TEST_F(WriteFileAtomically, GoesOnInWhatIsOpenAndReplacesItNot) {
  const int file = ::open(write("log", "first ").c_str(), O_WRONLY | O_APPEND);
  EXPECT_TRUE(write_file_atomically("/dev/fd/" + std::to_string(file), "second"));
  fs::create_symlink("/proc/self/fd/" + std::to_string(file), folder_ / "link");
  EXPECT_TRUE(write_file_atomically(path("link"), " third"));
  ::close(file);
  EXPECT_EQ(read_file(path("log")).value(), "first second third");
}

TEST_F(WriteFileAtomically, FailsWithThePathAndTheReason) {
  EXPECT_EQ(source_error(write_file_atomically(path("none/model"), "bytes")),
            path("none/model") + ": no file can be made in the folder " + path("none") +
                ": No such file or directory");
  const auto into_folder = write_file_atomically(folder_.string(), "bytes");
  EXPECT_EQ(into_folder.error().message,
            "expected a file to write, got the folder " + folder_.string());
  EXPECT_EQ(name(into_folder.error().code), "invalid_argument");
  EXPECT_THAT(names(), IsEmpty());
  fs::create_symlink("circle", folder_ / "circle");
  EXPECT_EQ(source_error(write_file_atomically(path("circle"), "bytes")),
            path("circle") + ": Too many levels of symbolic links");
}

TEST_F(WriteFileAtomically, KeepsTheOldFileAndNoOtherWhenWritingFails) {
  write("model", "old");
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 1000;
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto written = write_file_atomically(path("model"), std::string(2000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(source_error(written), path("model") + ": File too large");
  EXPECT_THAT(names(), ElementsAre("model"));
  EXPECT_EQ(read_file(path("model")).value(), "old");
}

}  // namespace
}  // namespace rolemix
