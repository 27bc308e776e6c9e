#include "source/check_outputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "source/files_test_folder.h"

namespace rolemix {
namespace {

namespace fs = std::filesystem;

class CheckOutputs : public FilesTest {
 protected:
  CheckOutputs() {
    fs::create_directory(folder_ / "metrics");
    write("metrics/a.csv", "a table");
    write("model", "a model");
  }

  /// The message about an output beside the inputs `metrics` and `model`; empty when it may be.
  std::string refused(const std::string& output) const {
    const auto checked =
        check_outputs({{"--output", output}},
                      {{"--input", path("metrics")}, {"--model", path("model")}, {"--input", "-"}});
    if (checked) return "";
    EXPECT_EQ(name(checked.error().code), "invalid_argument");
    return checked.error().message;
  }
};

TEST_F(CheckOutputs, RefuseAnInputWhateverPathLeadsToIt) {
  fs::create_symlink("model", folder_ / "link");
  fs::create_hard_link(path("model"), path("hard"));
  for (const char* same : {"model", "./model", "metrics/../model", "link", "hard"}) {
    EXPECT_EQ(refused(path(same)), "--output: expected a file of its own, got " + path(same) +
                                       ", which is --model " + path("model"));
  }
  EXPECT_EQ(refused(path("other")), "");
  EXPECT_EQ(refused("/dev/null"), "");
}

TEST_F(CheckOutputs, RefuseWhatIsReadWithAFolder) {
  fs::create_hard_link(path("metrics/a.csv"), path("hard"));
  write("elsewhere", "a table");
  fs::create_symlink("../elsewhere", folder_ / "metrics/linked.csv");
  fs::create_directory_symlink("metrics", folder_ / "folder");
  fs::create_symlink("metrics/new.csv.gz", folder_ / "to_new");
  for (const char* read :
       {"metrics/a.csv", "hard", "elsewhere", "metrics/new.json", "folder/new.csv", "to_new"}) {
    EXPECT_EQ(refused(path(read)), "--output: expected a file of its own, got " + path(read) +
                                       ", which is read with --input " + path("metrics"));
  }
  EXPECT_EQ(refused(path("metrics/model.rolemix")), "");
  EXPECT_EQ(refused(path("metrics/.hidden.csv")), "");
  EXPECT_EQ(refused(path("new.csv")), "");
}

TEST_F(CheckOutputs, RefuseOneFileForTwoOutputs) {
  fs::create_symlink("new", folder_ / "link");
  const auto checked = check_outputs({{"--state", path("new")}, {"--output", path("link")}}, {});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message,
            "--output: expected a file of its own, got " + path("link") + ", which is --state too");
  EXPECT_TRUE(check_outputs({{"--state", path("new")}, {"--output", path("other")}}, {}));
  EXPECT_TRUE(check_outputs({{"--state", "/dev/null"}, {"--output", "/dev/null"}}, {}));
}

TEST_F(CheckOutputs, RefuseWhatCannotBeWritten) {
  EXPECT_EQ(refused(path("metrics")),
            "--output: expected a file to write, got the folder " + path("metrics"));
  EXPECT_EQ(source_error(check_outputs({{"--output", path("none/model")}}, {})),
            "--output: " + path("none/model") + ": no file can be made in the folder " +
                path("none") + ": No such file or directory");
}

}  // namespace
}  // namespace rolemix
