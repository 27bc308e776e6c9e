#include "report/notices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Notices : public testing::Test {
 protected:
  Notices() {
    model_.calibration.ready = true;
    model_.calibration.interval_seconds = 60;
  }

  std::vector<Row> rows(double interval) {
    std::vector<Row> rows;
    for (int i = 0; i < 5; ++i) {
      rows.push_back({"a", interval * i, Vector::Zero(2)});
    }
    return rows;
  }

  static std::vector<std::string> codes(const std::vector<Notice>& notices) {
    std::vector<std::string> codes;
    for (const Notice& notice : notices) {
      codes.push_back(notice.code);
    }
    return codes;
  }

  RoleModel model_ = plain_model({Vector::Ones(1), Matrix::Zero(1, 2), {Matrix::Identity(2, 2)}});
};

TEST_F(Notices, are_none_where_all_is_as_in_training) {
  const Samples samples = samples_of(model_, table_of(model_, rows(60))).value();
  EXPECT_THAT(notices_of(model_, samples), IsEmpty());
}

TEST_F(Notices, say_what_is_to_be_known_before_anything_else) {
  model_.calibration.ready = false;
  model_.calibration.not_ready_reason = "three days are needed";
  SampleTable table = table_of(model_, rows(2307.25));
  table.metrics[0] = "other";
  Samples samples = samples_of(model_, table).value();
  ASSERT_TRUE(append(model_, table, samples));
  const std::vector<Notice> notices = notices_of(model_, samples);
  ASSERT_THAT(codes(notices), ElementsAre("model_not_ready", "samples_far_apart", "metrics_missing",
                                          "samples_passed_over"));
  EXPECT_EQ(notices[0].text,
            "the model is not ready, so severity and alerts are not to be trusted (three days are "
            "needed)");
  EXPECT_EQ(
      notices[1].text,
      "samples of a host are 2307 s apart, 60 s in training: more than 2160 s are a gap, so "
      "no alert can open unless max_check_attempts is 1; give samples as often as in training, or "
      "train on such as these");
  EXPECT_EQ(notices[2].text,
            "the samples lack 1 of the model's metrics, scored without them: metric0");
  EXPECT_EQ(notices[2].metric, "metric0");
  EXPECT_EQ(notices[3].text,
            "5 samples are not later than the last that is known of the host, and passed over");
}

TEST_F(Notices, say_how_long_an_alert_takes_of_samples_more_seldom_than_in_training) {
  const Samples samples = samples_of(model_, table_of(model_, rows(307.25))).value();
  const std::vector<Notice> notices = notices_of(model_, samples);
  ASSERT_THAT(codes(notices), ElementsAre("samples_far_apart"));
  EXPECT_EQ(
      notices[0].text,
      "samples of a host are 307 s apart, 60 s in training: with max_check_attempts 3 an alert "
      "opens no sooner than 615 s after its first sample");
  EXPECT_THAT(blind_hosts(model_.calibration, 3, samples), IsEmpty());
}

TEST_F(Notices, say_up_to_when_all_was_seen_before) {
  HostStates before;
  before["a"].last_at = 4000;
  const Samples samples = samples_of(model_, table_of(model_, rows(60)), before).value();
  EXPECT_EQ(notices_of(model_, samples).at(0).text,
            "5 samples are not later than what was seen before, which goes on to "
            "1970-01-01 01:06 UTC: nothing is left to judge");
}

TEST_F(Notices, name_times_that_are_not_believed) {
  std::vector<Row> far;
  for (const char* host : {"a", "b", "c"}) {
    far.push_back({host, 1.79e9, Vector::Zero(2)});
  }
  far.push_back({"d", 4070908800, Vector::Zero(2)});
  const Samples kept = samples_of(model_, table_of(model_, far)).value();
  EXPECT_EQ(kept.rows(), 4) << "one for each row";
  EXPECT_THAT(codes(notices_of(model_, kept)), ElementsAre("time_not_believed"));
  const Samples others = samples_of(model_, table_of(model_, far), {}).value();
  EXPECT_EQ(others.rows(), 3);
  EXPECT_EQ(notices_of(model_, others).at(0).text,
            "1 sample of \"d\" at 2099-01-01 00:00 UTC, more than a day from all "
            "others: left out");
}

TEST_F(Notices, of_one_sample_that_was_passed_over_are_about_one) {
  Samples samples = samples_of(model_, table_of(model_, rows(60))).value();
  ASSERT_TRUE(append(model_, table_of(model_, {{"a", 60.5, Vector::Zero(2)}}), samples));
  EXPECT_EQ(notices_of(model_, samples).at(0).text,
            "1 sample is not later than the last that is known of the host, and passed over");
}

}  // namespace
}  // namespace rolemix
