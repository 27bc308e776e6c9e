#include "report/role_fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// Hosts of four metrics around 0, every hour; those named so are at a value instead.
class RoleFit : public testing::Test {
 protected:
  RoleFit() {
    model_ = plain_model({Vector::Ones(1), Matrix::Zero(1, 4), {Matrix::Identity(4, 4)}});
    model_.role = "blog:db";
    model_.calibration = simple_calibration();
  }

  std::vector<Row> hosts(int far, int usual, int samples, double value = 1e4) {
    std::vector<Row> rows;
    for (int h = 0; h < far + usual; ++h) {
      for (int i = 0; i < samples; ++i) {
        rows.push_back({"h" + std::to_string(h), 3600.0 * i,
                        Vector::Constant(4, h < far ? value : 0.1 * (i % 3))});
      }
    }
    return rows;
  }

  Result<std::vector<Notice>> check(const SampleTable& table, const HostStates& before = {}) {
    Scorer scorer = Scorer::create(model_).value();
    return check_role(scorer, samples_of(model_, table, before).value());
  }

  Result<std::vector<Notice>> check(const std::vector<Row>& rows) {
    return check(table_of(model_, rows));
  }

  RoleModel model_;
};

TEST_F(RoleFit, refuses_samples_with_fewer_than_half_of_the_metrics) {
  SampleTable table = table_of(model_, hosts(0, 3, 30));
  table.metrics[0] = "other0";
  table.metrics[1] = "other1";
  EXPECT_TRUE(check(table)) << "half of them are enough";
  table.metrics[2] = "other2";
  const auto checked = check(table);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::kOtherRole);
  EXPECT_THAT(checked.error().message, HasSubstr("not of \"blog:db\": values of 1 of 4"));
}

TEST_F(RoleFit, refuses_most_hosts_that_are_far_off_for_a_day_from_the_start) {
  EXPECT_THAT(check(hosts(0, 5, 30)).value(), IsEmpty());
  EXPECT_THAT(check(hosts(2, 3, 30)).value(), IsEmpty()) << "two of five";
  const auto checked = check(hosts(3, 2, 30));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::kOtherRole);
  EXPECT_THAT(checked.error().message, HasSubstr("3 of 5 hosts are far off what"));
}

TEST_F(RoleFit, only_says_so_of_less_than_a_day_which_may_be_an_incident) {
  const auto checked = check(hosts(3, 0, 20));
  ASSERT_TRUE(checked);
  ASSERT_EQ(checked->size(), 1U);
  EXPECT_EQ(checked->front().code, "hosts_far_off");
  EXPECT_THAT(check(hosts(3, 0, 11)).value(), IsEmpty()) << "too few to tell";
}

TEST_F(RoleFit, takes_hosts_that_were_usual_first_few_hosts_and_known_ones) {
  std::vector<Row> later = hosts(0, 5, 60);
  for (Row& row : later) {
    row.values.setConstant(row.timestamp > 6 * 3600 ? 1e4 : 0.1);
  }
  EXPECT_THAT(check(later).value(), IsEmpty()) << "an incident of days";
  EXPECT_THAT(check(hosts(2, 0, 30)).value(), IsEmpty())
      << "of two hosts none can be told from most";
  HostStates known;
  for (const char* host : {"h0", "h1", "h2"}) {
    known[host].last_at = -3600;
  }
  EXPECT_THAT(check(table_of(model_, hosts(3, 0, 30)), known).value(), IsEmpty());
  model_.calibration.ready = false;
  EXPECT_THAT(check(hosts(3, 0, 30)).value(), IsEmpty());
}

}  // namespace
}  // namespace rolemix
