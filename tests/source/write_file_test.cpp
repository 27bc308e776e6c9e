#include "source/write_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
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

TEST_F(WriteFileAtomically, FollowsLinks) {
  fs::create_symlink(write("v1.rolemix", "old"), folder_ / "current.rolemix");
  write("current.rolemix", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "current.rolemix"));
  EXPECT_EQ(read_file(path("v1.rolemix")).value(), "new");
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
}

TEST_F(WriteFileAtomically, FailsWithThePathAndTheReason) {
  EXPECT_EQ(source_error(write_file_atomically(path("none/model"), "bytes")),
            path("none/model") + ": No such file or directory");
  EXPECT_EQ(source_error(write_file_atomically(folder_.string(), "bytes")),
            folder_.string() + ": Is a directory");
  EXPECT_THAT(names(), IsEmpty());
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
