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

TEST(SimulateDirty, IsNamedByTrainingAndLearnedPast) {
  const Folder folder;
  ASSERT_EQ(folder.run(std::string("simulate ").append(kSize).append("--dirty -o dirty")).exit_code,
            0);
  const Outcome trained = folder.run(
      "train --config dirty/role.yaml --components 1-2 --input dirty/metrics --to 2026-10-09 "
      "--format json -o m.rolemix");
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  for (const char* code :
       {"values_impossible", "values_far", "rows_of_zeros", "rows_joined", "answer_partial",
        "answer_warning", "rows_repeated", "time_not_believed"}) {
    EXPECT_THAT(trained.out, HasSubstr(std::string("\"code\": \"").append(code).append("\"")));
  }
  EXPECT_THAT(trained.out, Not(HasSubstr("tolerance_raised")));
  const Outcome alerts = folder.run("alerts -m m.rolemix --input dirty/metrics");
  EXPECT_EQ(alerts.exit_code, 0) << alerts.err;
  EXPECT_THAT(alerts.err, HasSubstr("from all others: left out"));
}

}  // namespace
}  // namespace rolemix
