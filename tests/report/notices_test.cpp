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
  SampleTable table = table_of(model_, rows(307.25));
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
      "samples of a host are 307 s apart, 60 s in training: more than 180 s are a gap, so "
      "no alert can open unless max_check_attempts is 1; give samples as close together as in "
      "training, or train on samples as far apart as these");
  EXPECT_EQ(notices[2].text,
            "the samples lack 1 of the model's metrics, scored without them: metric0");
  EXPECT_EQ(notices[2].metric, "metric0");
  EXPECT_EQ(notices[3].text,
            "5 samples are not later than the last that is known of the host, and passed over");
}

TEST_F(Notices, of_one_sample_that_was_passed_over_are_about_one) {
  Samples samples = samples_of(model_, table_of(model_, rows(60))).value();
  ASSERT_TRUE(append(model_, table_of(model_, {{"a", 60.5, Vector::Zero(2)}}), samples));
  EXPECT_EQ(notices_of(model_, samples).at(0).text,
            "1 sample is not later than the last that is known of the host, and passed over");
}

}  // namespace
}  // namespace rolemix
