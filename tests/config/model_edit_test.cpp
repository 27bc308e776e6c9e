#include "config/model_edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "model/edit.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// memory: stated in its unit; cpu: 2 % of its full scale; requests: 10 % of the median;
/// temperature: the same, and below 0 at times; errors: a share of a median of 0; load: by default.
class ModelEdit : public testing::Test {
 protected:
  ModelEdit() {
    Random random(7);
    model_ = plain_model(random_parameters(random, 2, 6));
    model_.unclipped_covariances = model_.covariances;
    model_.model_id = "0123456789abcdef";
    model_.alert_settings = {Sensitivity::kSensitive, Sensitivity::kNormal, 2};
    set(0, "memory", 40, "configured");
    set(1, "cpu", 2, "configured, 2 % of full_scale").full_scale = 100;
    set(2, "requests", 5, "configured, 10 % of the median").median = 50;
    set(3, "temperature", 1, "configured, 10 % of the median").median = 9;
    set(4, "errors", 0.5, "3 % of the robust range").median = 0;
    set(5, "load", 0.25, "3 % of the robust range").median = 4;
    model_.metrics[3].non_negative = false;
  }

  MetricSpec& set(int d, const std::string& name, double tolerance, const std::string& source) {
    MetricSpec& metric = model_.metrics[d];
    metric.name = name;
    metric.tolerance = tolerance;
    metric.tolerance_source = source;
    metric.non_negative = true;
    return metric;
  }

  ConfiguredModel read(const std::string& yaml) const {
    auto result = configured(model_, yaml, "role.yaml");
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    return result.value_or(ConfiguredModel());
  }

  double tolerance(const std::string& metric, const std::string& yaml) const {
    for (const MetricSpec& spec : read(yaml).model.metrics) {
      if (spec.name == metric) {
        return spec.tolerance;
      }
    }
    return 0;
  }

  std::string error_of(const std::string& yaml) const {
    const auto result = configured(model_, yaml, "role.yaml");
    return result ? "no error" : result.error().message;
  }

  /// Whether it is the trained model, with whatever settings for alerts.
  bool is_as_trained(const std::string& yaml) const {
    const RoleModel model = read(yaml).model;
    return model.model_id == model_.model_id && model.covariances == model_.covariances &&
           model.means == model_.means;
  }

  RoleModel model_;
};

TEST_F(ModelEdit, GivesTheModelThatTheEditsGive) {
  const RoleModel model = read("metrics: { memory: { tolerance: 60 }, cpu: { drop: true } }").model;
  std::vector<MetricEdit> edits(6);
  edits[0].tolerance = 60;
  edits[1].muted = true;
  const RoleModel expected = edited(model_, edits).value();
  EXPECT_EQ(model.model_id, expected.model_id);
  EXPECT_EQ(model.means, expected.means);
  EXPECT_EQ(model.covariances, expected.covariances);
  EXPECT_EQ(model.calibration.typical_score, expected.calibration.typical_score);
  EXPECT_THAT(metric_names(model),
              ElementsAre("memory", "requests", "temperature", "errors", "load"));
}

TEST_F(ModelEdit, LeavesTheModelAsItIsWhereTheConfigurationIsItsOwn) {
  EXPECT_TRUE(is_as_trained(""));
  EXPECT_TRUE(is_as_trained(R"(
role: "test: role"
metrics:
  memory: { tolerance: 40 }
  cpu: { full_scale: 100, tolerance: 2 % }
  requests: { tolerance: 10 % }
  temperature: { tolerance: 10 % }
  errors: { tolerance: 7 % }
defaults: { tolerance: 3 % }
training: { from: 2026-10-01 }
components: 4
)"));
}

TEST_F(ModelEdit, ResolvesSharesAsTrainingDoes) {
  EXPECT_EQ(tolerance("cpu", "metrics: { cpu: { tolerance: 5 % } }"), 5);
  EXPECT_EQ(tolerance("cpu", "metrics: { cpu: { full_scale: 200, tolerance: 5 % } }"), 10);
  EXPECT_EQ(tolerance("requests", "metrics: { requests: { tolerance: 20 % } }"), 10);
  EXPECT_EQ(tolerance("load", "metrics: { load: { tolerance: 50 % } }"), 2);
}

TEST_F(ModelEdit, SaysWhenTheModelDoesNotKeepWhatAShareIsOf) {
  EXPECT_EQ(error_of("metrics: { temperature: { tolerance: 20 % } }"),
            "role.yaml: metric \"temperature\": tolerance: 20 % of the median, the model has "
            "\"configured, 10 % of the median\", and the model does not keep what it is a share "
            "of: give the tolerance in the metric's unit, or train again");
  EXPECT_EQ(tolerance("temperature", "metrics: { temperature: { tolerance: 2 } }"), 2);
  model_.metrics[4].tolerance_source = "configured";
  EXPECT_THAT(error_of("metrics: { errors: { tolerance: 20 % } }"), HasSubstr("train again"));
  EXPECT_THAT(error_of("defaults: { tolerance: 2 % }"),
              StartsWith("role.yaml: defaults tolerance: 2 % of the robust range, the model has "
                         "\"3 % of the robust range\" for \"load\""));
  EXPECT_EQ(error_of("{ defaults: { tolerance: 2 % }, metrics: { load: { tolerance: 1 } } }"),
            "no error");
  EXPECT_EQ(error_of("{ defaults: { tolerance: 2 % }, metrics: { load: { drop: true } } }"),
            "no error");
}

TEST_F(ModelEdit, RaisesWhatTrainingRaised) {
  set(0, "memory", 40, "configured, raised to 0.001 % of the range");
  set(3, "temperature", 1, "configured, 10 % of the median, raised to 0.001 % of the range");
  EXPECT_TRUE(is_as_trained("metrics: { memory: { tolerance: 1 } }"));
  EXPECT_TRUE(is_as_trained("metrics: { temperature: { tolerance: 10 % } }"));
  EXPECT_EQ(tolerance("memory", "metrics: { memory: { tolerance: 41 } }"), 41);
}

TEST_F(ModelEdit, TakesTheAlertSettingsThatAreStated) {
  const RoleModel model = read("alerts: { max_check_attempts: 5 }").model;
  EXPECT_EQ(model.model_id, model_.model_id);
  EXPECT_EQ(model.alert_settings.max_check_attempts, 5);
  EXPECT_EQ(model.alert_settings.warning, Sensitivity::kSensitive);
  EXPECT_EQ(model.alert_settings.critical, Sensitivity::kNormal);
  EXPECT_EQ(read("metrics: { cpu: { drop: true } }").model.alert_settings.max_check_attempts, 2);
}

TEST_F(ModelEdit, NotesWhatHasNoEffect) {
  EXPECT_THAT(read("metrics: { cpu: { tolerance: 3 }, memory: { unit: '' } }").notices, IsEmpty());
  EXPECT_THAT(read("metrics: { gone: { drop: true }, \"a\\nb\": { tolerance: 3 % } }").notices,
              ElementsAre(Field(&Notice::text,
                                "not among the model's metrics, so without effect: "
                                "\"a\\\\nb\", \"gone\"")));
  EXPECT_THAT(
      read("metrics: { cpu: { detection_direction: above, center: host }, load: { unit: x } }")
          .notices,
      ElementsAre(Field(&Notice::text,
                        "not as in training, without effect until the role is trained again: "
                        "detection_direction of \"cpu\", center of \"cpu\", unit of \"load\"")));
}

TEST_F(ModelEdit, NotesWhatOnlyTrainingReadsUnlessItDid) {
  const std::string yaml =
      "{ training: { from: 1, to: 2, exclude: [[1, 2]] }, components: 3, defaults: {} }";
  const auto noted = ElementsAre(
      Field(&Notice::text,
            "only training reads these: training from, training to, training exclude, components"));
  EXPECT_THAT(read(yaml).notices, noted);
  model_.provenance.config_digest = hexadecimal(digest(yaml));
  EXPECT_THAT(read(yaml).notices, IsEmpty());
  model_.provenance.config_digest = hexadecimal(digest("node-exporter" + yaml));
  EXPECT_THAT(read(yaml).notices, IsEmpty());
  EXPECT_THAT(read(yaml + "\n").notices, noted);
}

TEST_F(ModelEdit, RefusesWhatCannotBe) {
  EXPECT_EQ(error_of("role: blog:db"),
            "role.yaml: role: \"blog:db\", the model is of \"test:role\"");
  EXPECT_EQ(error_of("metrics: { cpu: { tolerence: 3 } }"),
            "role.yaml:1:19: metric \"cpu\": unknown key \"tolerence\"; did you mean tolerance?");
  std::string all = "metrics: {";
  for (const MetricSpec& metric : model_.metrics) {
    all += metric.name + ": { drop: true }, ";
  }
  EXPECT_EQ(error_of(all + "}"), "role.yaml: mute: expected a metric that is left, got none");
  EXPECT_THAT(error_of("metrics: { cpu: { tolerance: 1e60 } }"), HasSubstr("1e-50..1e50"));
  model_.unclipped_covariances.clear();
  EXPECT_THAT(error_of("metrics: { cpu: { tolerance: 3 } }"), HasSubstr("no unclipped"));
}

}  // namespace
}  // namespace rolemix
