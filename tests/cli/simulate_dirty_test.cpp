// simulate --dirty as a user runs it, and what the other verbs say of what it wrote.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "cli/command.h"

namespace rolemix {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kSize = "--hosts 5 --days 5 --clean-days 4 --interval 600 --seed 2 ";

TEST(SimulateDirty, SaysWhatDirtIsWhere) {
  const Folder folder;
  const Outcome outliers =
      folder.run(std::string("simulate ").append(kSize).append("--dirty outliers,ahead -o some"));
  ASSERT_EQ(outliers.exit_code, 0) << outliers.err;
  EXPECT_THAT(outliers.err, HasSubstr("pieces of dirt to some"));
  const std::string listed = folder.read("some/dirt.csv");
  EXPECT_THAT(listed, HasSubstr("\noutliers,shop-web"));
  EXPECT_THAT(listed, HasSubstr("\nahead,shop-web"));
  EXPECT_THAT(listed, Not(HasSubstr("\ngaps,")));
  const Outcome unknown = folder.run("simulate --dirty mud -o some");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("expected some of intervals, gaps, units, partial"));
  EXPECT_THAT(unknown.err, HasSubstr("got \"mud\""));
}

TEST(SimulateDirty, LeavesNoHostInTwoForms) {
  const Folder folder;
  const std::string simulate = std::string("simulate ").append(kSize);
  ASSERT_EQ(folder.run(simulate + "-o clean").exit_code, 0);
  ASSERT_EQ(folder.run(simulate + "-o again").exit_code, 0);
  ASSERT_EQ(folder.run(simulate + "-o again --dirty shifts,partial").exit_code, 0);
  EXPECT_EQ(folder.run_shell("ls again/metrics | grep -c json").out, "2\n");
  EXPECT_EQ(folder.run_shell("ls again/metrics | wc -l").out, "5\n");
  ASSERT_EQ(folder.run(simulate + "-o again").exit_code, 0);
  EXPECT_EQ(folder.run_shell("diff -r clean again").exit_code, 0);
}

}  // namespace
}  // namespace rolemix
