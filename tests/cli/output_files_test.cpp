// Files of others: what the command's outputs keep, refuse and leave behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "cli/command.h"

namespace rolemix {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A simulated role and a model of it; made once for all tests.
class OutputFiles : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new Folder();
    run("simulate --interval 300 --hosts 6 --days 7 --seed 1 -o sample");
    ASSERT_EQ(run(std::string(kTrain) + "web.rolemix").exit_code, 0);
  }
  static void TearDownTestSuite() { delete folder; }

  static Outcome run(const std::string& arguments) { return folder->run(arguments); }
  static fs::perms mode(const std::string& name) {
    return fs::status(folder->path(name)).permissions();
  }
  static void set_mode(const std::string& name, unsigned mode) {
    fs::permissions(folder->path(name), fs::perms(mode));
  }

  static constexpr const char* kTrain =
      "train --input sample/metrics --config sample/role.yaml --components 1 --to "
      "2026-10-09T04:48Z -o ";
  static constexpr const char* kAlerts =
      "alerts -m web.rolemix --input sample/metrics --format csv --state ";
  static inline Folder* folder = nullptr;
};

TEST_F(OutputFiles, KeepTheirModes) {
  const mode_t before = ::umask(022);
  EXPECT_EQ(run(std::string(kTrain) + "kept.rolemix").exit_code, 0);
  EXPECT_EQ(mode("kept.rolemix"), fs::perms(0644));
  set_mode("kept.rolemix", 0600);
  EXPECT_EQ(run(std::string(kTrain) + "kept.rolemix").exit_code, 0);
  EXPECT_EQ(mode("kept.rolemix"), fs::perms(0600));

  folder->write("kept.state", "damaged");
  set_mode("kept.state", 0600);
  EXPECT_EQ(run(std::string(kAlerts) + "kept.state --state-recover").exit_code, 0);
  EXPECT_EQ(mode("kept.state"), fs::perms(0600));
  EXPECT_EQ(mode("kept.state.damaged"), fs::perms(0600));

  const std::string simulate = "simulate --interval 300 --hosts 1 --days 1 -o private";
  EXPECT_EQ(run(simulate).exit_code, 0);
  set_mode("private/role.yaml", 0640);
  EXPECT_EQ(run(simulate).exit_code, 0);
  EXPECT_EQ(mode("private/role.yaml"), fs::perms(0640));
  EXPECT_EQ(mode("private/incidents.csv"), fs::perms(0644));
  ::umask(before);
}

TEST_F(OutputFiles, AreWhatLinksLeadTo) {
  fs::create_symlink("linked.rolemix", folder->path("link"));
  EXPECT_EQ(run(std::string(kTrain) + "link").exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(folder->path("link")));
  EXPECT_EQ(folder->read("linked.rolemix"), folder->read("web.rolemix"));
}

TEST_F(OutputFiles, AreStandardOutputPipesAndDevicesToo) {
  const std::string model = folder->read("web.rolemix");
  EXPECT_EQ(run(std::string(kTrain) + "/dev/null").exit_code, 0);
  EXPECT_EQ(run(std::string(kTrain) + "/dev/stdout; echo end").out, model + "end\n");
}

}  // namespace
}  // namespace rolemix
