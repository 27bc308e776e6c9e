#include "config/role_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include "places.h"

namespace rolemix {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(const std::string& yaml) {
  const auto options = parse_role_config(yaml, "role.yaml");
  return options ? "no error" : options.error().message;
}

TEST(RoleConfig, ReadsEveryKey) {
  const auto options = parse_role_config(R"(
role: "blog: db"
metrics:
  memory.used.pct: { unit: percent, full_scale: 100, tolerance: 5, detection_direction: above, transform: logit }
  disk.writes.iops: { unit: 1/s, tolerance: 10 %, transform: log1p, center: host }
  disk.reads.iops: { center: none }
  cpu.guest.pct: { drop: true }
defaults: { tolerance: 3 % }
training: { from: 2026-10-01, to: 2026-10-31, exclude: [[2026-10-12T03:00Z, 2026-10-12T05:30Z]] }
components: 2-6
alerts: { warning_sensitivity: sensitive, critical_sensitivity: normal, max_check_attempts: 5 }
)",
                                         "role.yaml");
  ASSERT_TRUE(options.has_value()) << options.error().message;
  EXPECT_EQ(options->role, "blog:db");
  const MetricRule& memory = options->metrics.at("memory.used.pct");
  EXPECT_EQ(memory.unit, "percent");
  EXPECT_EQ(memory.full_scale, 100);
  EXPECT_EQ(memory.tolerance->value, 5);
  EXPECT_FALSE(memory.tolerance->is_share);
  EXPECT_EQ(memory.detection_direction, DetectionDirection::kAbove);
  EXPECT_EQ(memory.transform, Transform::kLogit);
  EXPECT_NEAR(options->metrics.at("disk.writes.iops").tolerance->value, 0.1, 1e-15);
  EXPECT_TRUE(options->metrics.at("disk.writes.iops").tolerance->is_share);
  EXPECT_TRUE(options->metrics.at("disk.writes.iops").center_by_host);
  EXPECT_FALSE(options->metrics.at("disk.reads.iops").center_by_host);
  EXPECT_TRUE(options->metrics.at("cpu.guest.pct").drop);
  EXPECT_NEAR(options->default_tolerance, 0.03, 1e-15);
  EXPECT_EQ(options->from, 1790812800);
  EXPECT_EQ(options->exclude.at(0).second - options->exclude.at(0).first, 9000);
  EXPECT_EQ(options->min_components, 2);
  EXPECT_EQ(options->max_components, 6);
  EXPECT_EQ(options->alert_settings.warning, Sensitivity::kSensitive);
  EXPECT_EQ(options->alert_settings.max_check_attempts, 5);
}

TEST(RoleConfig, EveryKeyIsOptional) {
  EXPECT_TRUE(parse_role_config("", "role.yaml").has_value());
  EXPECT_TRUE(parse_role_config("defaults: {}", "role.yaml").has_value());
  EXPECT_TRUE(parse_role_config("metrics: { cpu: {} }", "role.yaml").has_value());
}

TEST(RoleConfig, NamesTheNearestKeyOfAnUnknownOne) {
  EXPECT_EQ(error_of("metrics:\n  cpu:\n    tolerence: 5\n"),
            "role.yaml:3:5: metric \"cpu\": unknown key \"tolerence\"; did you mean tolerance?");
  EXPECT_THAT(error_of("component: 3"), HasSubstr("did you mean components?"));
}

TEST(RoleConfig, SaysWhereAndWhatIsWrong) {
  EXPECT_THAT(error_of("metrics: { cpu: { tolerance: some } }"),
              HasSubstr("expected a number above 0 or a share such as 5 %, got \"some\""));
  EXPECT_THAT(error_of("metrics: { cpu: { tolerance: -1 } }"), HasSubstr("got \"-1\""));
  EXPECT_THAT(error_of("metrics: { cpu: { full_scale: 0 } }"), HasSubstr("above 0"));
  EXPECT_THAT(error_of("metrics: { cpu: { detection_direction: up } }"), HasSubstr("got \"up\""));
  EXPECT_THAT(error_of("metrics: { cpu: { transform: sqrt } }"), HasSubstr("got \"sqrt\""));
  EXPECT_THAT(error_of("metrics: { cpu: { drop: 1 } }"), HasSubstr("true or false"));
  EXPECT_EQ(error_of("metrics: { cpu: { center: role } }"),
            "role.yaml:1:27: metric \"cpu\" center: expected host or none, got \"role\"");
  EXPECT_THAT(error_of("metrics: [cpu]"), HasSubstr("expected a map"));
  EXPECT_THAT(error_of("role: blogdb"), HasSubstr("service:role"));
  EXPECT_THAT(error_of("components: 9-3"), HasSubstr("components"));
  EXPECT_THAT(error_of("components: 2.5"), HasSubstr("components"));
  EXPECT_THAT(error_of("training: { from: yesterday }"), HasSubstr("got \"yesterday\""));
  EXPECT_THAT(error_of("training: { exclude: [2026-10-01] }"), HasSubstr("pairs"));
  EXPECT_THAT(error_of("alerts: { max_check_attempts: 11 }"), HasSubstr("1-10"));
  EXPECT_THAT(
      error_of("alerts: { warning_sensitivity: insensitive, critical_sensitivity: normal }"),
      HasSubstr("more sensitive"));
  EXPECT_THAT(error_of("defaults: { tolerance: 5 }"), HasSubstr("a share such as 2 %"));
}

TEST(RoleConfig, RefusesPeriodsThatLeaveNothingOut) {
  EXPECT_EQ(
      error_of("training:\n  exclude: 2026-10-05T03:00Z\n"),
      "role.yaml:2:12: training exclude: expected pairs such as [[2026-10-12, 2026-10-13]], got "
      "\"2026-10-05T03:00Z\"");
  EXPECT_EQ(error_of("training:\n  exclude:\n  - [2026-10-07, 2026-10-05]\n"),
            "role.yaml:3:5: training exclude: expected an end after \"2026-10-07\", got "
            "\"2026-10-05\"");
  EXPECT_THAT(error_of("training: { exclude: [[1, 1]] }"), HasSubstr("expected an end after"));
  EXPECT_THAT(error_of("training: { exclude: { a: b } }"), HasSubstr("got a map"));
  EXPECT_THAT(error_of("training: { exclude: [[1, 2, 3]] }"), HasSubstr("got a list of 3"));
  EXPECT_THAT(error_of("training: { from: 2026-10-07, to: 2026-10-05 }"),
              HasSubstr("training to: expected a time after from"));
  EXPECT_THAT(error_of("training: { from: 20261007 }"), HasSubstr("which looks like a date"));
  EXPECT_THAT(error_of("training: { from: -1e300 }"), HasSubstr("expected epoch seconds"));
}

TEST(RoleConfig, RefusesWhatYamlWouldPassOver) {
  EXPECT_EQ(error_of("components: 1-2\n---\ncomponents: 3\n"),
            "role.yaml:2:1: expected one document and nothing after it");
  EXPECT_EQ(error_of("{ role: a:b }, x"),
            "role.yaml:1:14: expected one document and nothing after it");
  EXPECT_EQ(error_of("---\ncomponents: 1-2\n...\n"), "no error");
  EXPECT_EQ(error_of("metrics:\n  cpu:\n  tolerance: 5\n"),
            "role.yaml:2:3: metrics: expected a value of \"cpu\", got nothing");
  EXPECT_THAT(error_of("training: { exclude: }"), HasSubstr("got nothing"));
  EXPECT_EQ(error_of("metrics: { cpu: !include cpu.yaml }"),
            "role.yaml:1:17: metric \"cpu\": expected no tag, got \"!include\"");
  EXPECT_THAT(error_of("metrics: { a: &a { drop: true }, <<: *a }"), HasSubstr("merge keys"));
  EXPECT_EQ(error_of("metrics: { a: &a { drop: true }, b: *a }"), "no error");
  EXPECT_EQ(error_of("% components: 3\n"),
            "role.yaml:1:1: expected no line that begins with %; comments begin with #");
  EXPECT_THAT(error_of("metrics: { cpu: { unit: [percent] } }"), HasSubstr("got a list"));
  EXPECT_THAT(error_of("metrics:\n  cpu:\n    unit: |\n      percent\n"),
              HasSubstr("expected one line, got \"percent\\n\""));
  EXPECT_THAT(error_of("metrics: { '': {} }"), HasSubstr("expected a name"));
}

TEST(RoleConfig, RefusesNumbersThatAreNotReadAsTheyStand) {
  for (const char* text : {"5 %x", "10 MBs", "10MB", "5 %%", ".inf", ".nan", "inf", "1e400", "1e60",
                           "1e-60", "1e300 %", "+5", "0x10", "1_000"}) {
    EXPECT_THAT(error_of(std::string("metrics: { cpu: { tolerance: ") + text + " } }"),
                HasSubstr(std::string("got \"") + text + '"'));
  }
  EXPECT_THAT(error_of("metrics: { cpu: { full_scale: 1e60 } }"), HasSubstr("1e-50..1e50"));
  EXPECT_THAT(error_of("defaults: { tolerance: 150 % }"), HasSubstr("below 100 %, got"));
  EXPECT_THAT(error_of("alerts: { max_check_attempts: 3.5 }"), HasSubstr("1-10, got \"3.5\""));
  EXPECT_THAT(error_of("metrics: { cpu: { transform: logit } }"),
              HasSubstr("expected a full_scale above two tolerances for logit, got none"));
  EXPECT_THAT(error_of("metrics: { cpu: { transform: logit, full_scale: 9, tolerance: 60 % } }"),
              HasSubstr("got 9"));
}

TEST(RoleConfig, RefusesWhatIsNoConfiguration) {
  EXPECT_EQ(error_of(std::string("role: a:b\n\x1f\x8b\x08\n", 14)),
            "role.yaml:2:1: expected text in UTF-8, got other bytes");
  EXPECT_THAT(error_of(std::string("components: 3\0", 14)), HasSubstr("expected text in UTF-8"));
  EXPECT_THAT(error_of(std::string(100000, '[')), HasSubstr("nested too deeply"));
  EXPECT_THAT(error_of(std::string(5 << 20, '#')), HasSubstr("expected at most 4194304 bytes"));
  EXPECT_THAT(error_of("metrics: { cpu: { unit: " + std::string(5000, 'x') + " } }"),
              HasSubstr("expected at most 4096 bytes, got 5000"));
}

TEST(RoleConfig, SaysWhereYamlItselfIsBroken) {
  EXPECT_THAT(error_of("metrics: {\n  cpu: ["), StartsWith("role.yaml:"));
  EXPECT_THAT(error_of("metrics: { cpu: {}, cpu: {} }"), HasSubstr("appears twice"));
  EXPECT_EQ(error_of("role: \"\\\u20ac\""), "role.yaml:1:10: unknown escape character: \\xe2");
}

TEST(RoleConfig, TheDocumentationHasAQueryForEveryMetricOfThePreset) {
  std::ostringstream text;
  text << std::ifstream(source_folder() + "/docs/prometheus.md").rdbuf();
  const auto preset = preset_options("node-exporter");
  ASSERT_TRUE(preset.has_value()) << preset.error().message;
  for (const auto& [name, rule] : preset->metrics) {
    EXPECT_THAT(text.str(), testing::ContainsRegex("\n" + name + " +.*by [(]instance[)]"));
  }
}

TEST(RoleConfig, ChangesOfAPresetOnlyTheKeysThatItNames) {
  const auto preset = preset_options("node-exporter");
  ASSERT_TRUE(preset.has_value()) << preset.error().message;
  EXPECT_EQ(preset->metrics.size(), 22);
  EXPECT_TRUE(preset->metrics.at("cpu.user.pct").from_preset);
  const auto options =
      parse_role_config("metrics: { cpu.user.pct: { tolerance: 7 } }", "role.yaml", *preset);
  ASSERT_TRUE(options.has_value()) << options.error().message;
  const MetricRule& cpu = options->metrics.at("cpu.user.pct");
  EXPECT_EQ(cpu.tolerance->value, 7);
  EXPECT_EQ(cpu.full_scale, 100);
  EXPECT_FALSE(cpu.from_preset);
  EXPECT_EQ(options->metrics.at("disk.util.pct").detection_direction, DetectionDirection::kAbove);
}

TEST(RoleConfig, NamesThePresetsThatThereAre) {
  const auto options = preset_options("node_exporter");
  ASSERT_FALSE(options.has_value());
  EXPECT_EQ(options.error().message, "preset: expected node-exporter, got \"node_exporter\"");
}

}  // namespace
}  // namespace rolemix
