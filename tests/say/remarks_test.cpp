#include "say/remarks.h"

#include <gmock/gmock.h>

#include <Eigen/Dense>
#include <string>
#include <vector>

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A role of two states and three metrics, and a sample that is surely in the second one.
class Remarks : public testing::Test {
 protected:
  Remarks() {
    model_.metrics.resize(3);
    for (int d = 0; d < 3; ++d) {
      model_.metrics[d].name = std::string(1, static_cast<char>('a' + d));
    }
    model_.metrics[0].unit = "percent";
    model_.weights = Vector{{0.75, 0.25}};
    model_.means = Matrix{{0, 0, 0}, {0, 0, 9}};
    model_.covariances = {Matrix::Identity(3, 3), Matrix::Identity(3, 3)};
    explanation_.state = 1;
    explanation_.responsibilities = Vector{{0.001, 0.999}};
    detail_.runner_up = 0;
  }

  std::vector<std::string> said(Language language = Language::kEnglish) const {
    return remarks(model_, explanation_, detail_, language);
  }

  RoleModel model_;
  Explanation explanation_;
  Detail detail_;
};

constexpr const char* kState =
    "Judged in state 1 (100 % likely, 25 % of the role's time): c high (9).";

TEST_F(Remarks, name_the_state_and_no_next_one_that_is_hardly_likely) {
  EXPECT_THAT(said(), ElementsAre(kState));
  EXPECT_THAT(
      said(Language::kJapanese),
      ElementsAre("状態 1 (確率 100 %、ロールの時間の 25 %)として判定しました: c 高 (9)。"));
}

TEST_F(Remarks, name_the_next_state_when_it_is_likely) {
  explanation_.responsibilities = Vector{{0.1, 0.9}};
  EXPECT_THAT(said(), ElementsAre(HasSubstr("Next is state 0 (10 %): ")));
}

TEST_F(Remarks, are_none_of_an_only_state_or_of_a_sample_without_values) {
  explanation_.state = -1;
  EXPECT_THAT(said(), IsEmpty());
  explanation_.state = 0;
  model_.weights = Vector::Ones(1);
  model_.means = model_.means.topRows(1).eval();
  model_.covariances.pop_back();
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(Remarks, tell_what_is_known_of_the_metrics_before_the_state) {
  detail_.prediction = {0, {1, 2}, 20, 17, 22};
  detail_.groups = {{{0, 1}, 0.5}};
  detail_.firm = false;
  detail_.remedy = {{0}, {20}, true, true};
  EXPECT_THAT(said(), ElementsAre("b and c alone would predict 17-22 % for a.",
                                  "Move together: a, b", "It would be normal if a were 20 %.",
                                  "The first metric is not clearly ahead of the next.", kState));
}

TEST_F(Remarks, say_of_a_remedy_how_far_it_goes) {
  detail_.remedy = {{0, 1}, {20, 3}, true, false};
  EXPECT_EQ(said().front(), "It would be normal if a were 20 % and b 3. Maybe fewer are enough.");
  detail_.remedy = {{0, 1}, {20, 3}, false, false};
  EXPECT_EQ(said().front(),
            "No few values make it normal; it would be nearest if a were 20 % and b 3.");
  EXPECT_EQ(said(Language::kJapanese).front(),
            "少数の値を変えるだけでは正常になりません。最も近づくのは a が 20 %、b が 3 "
            "の場合です。");
}

}  // namespace
}  // namespace rolemix
