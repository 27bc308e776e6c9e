// What the tests of files share.
#ifndef ROLEMIX_TESTS_SOURCE_FILES_TEST_FOLDER_H_
#define ROLEMIX_TESTS_SOURCE_FILES_TEST_FOLDER_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "source/write_file.h"

namespace rolemix {

/// Every test has a folder of its own.
class FilesTest : public testing::Test {
 protected:
  FilesTest() {
    std::string name =
        (std::filesystem::temp_directory_path() / "rolemix-files-test-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~FilesTest() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::string write(const std::string& name, std::string_view bytes) const {
    EXPECT_TRUE(write_file_atomically(path(name), bytes));
    return path(name);
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
  }

  std::filesystem::path folder_;
};

/// The message of a source_failed.
template <typename T>
std::string source_error(const Result<T>& result) {
  EXPECT_FALSE(result);
  if (result) return "";
  EXPECT_EQ(name(result.error().code), "source_failed");
  return result.error().message;
}

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_SOURCE_FILES_TEST_FOLDER_H_
