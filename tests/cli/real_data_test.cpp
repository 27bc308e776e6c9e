// Real servers' metrics, where they are at hand: ROLEMIX_DATA names a folder with asd/ and
// jumpstarter/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/command.h"

namespace rolemix {
namespace {

using testing::HasSubstr;

class RealData : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("ROLEMIX_DATA");  // NOLINT(concurrency-mt-unsafe)
    if (folder == nullptr || *folder == '\0') {
      GTEST_SKIP() << "ROLEMIX_DATA is not set";
    }
    data_ = folder;
  }

  /// The train files of a role, as arguments.
  std::string train_files(const std::string& set, const std::string& role) const {
    std::ifstream hosts(data_ + "/" + set + "/hosts.csv");
    std::string files;
    for (std::string line; std::getline(hosts, line);) {
      if (line.find("," + role + ",") != std::string::npos) {
        files += " '" + data_ + "/" + set + "/train/" + line.substr(0, line.find(',')) + ".csv.gz'";
      }
    }
    return files;
  }

  std::string data_;
  Folder folder_;
};

TEST_F(RealData, SixApplicationServersGiveAModelThatScoresTheirTestHalf) {
  const Outcome trained =
      folder_.run("train --input '" + data_ + "/asd/train' --role asd:app -o asd.rolemix");
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const auto model = nlohmann::json::parse(folder_.run("inspect asd.rolemix --format json").out);
  EXPECT_TRUE(model["calibration"]["ready"]);
  EXPECT_EQ(model["provenance"]["hosts"], 6);
  const Outcome scores =
      folder_.run("score -m asd.rolemix --input '" + data_ + "/asd/test/omi-1.csv.gz'");
  EXPECT_EQ(std::count(scores.out.begin(), scores.out.end(), '\n'), 4320 + 1);
}

TEST_F(RealData, FifteenHostsInRawUnitsGiveAModel) {
  const Outcome trained = folder_.run("train --input" + train_files("jumpstarter", "role-A") +
                                      " --role a:b -o a.rolemix");
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.err, HasSubstr("15 hosts"));
  EXPECT_EQ(folder_.run("inspect a.rolemix").exit_code, 0);
}

}  // namespace
}  // namespace rolemix
