// --config of alerts, score and explain: a model as the configuration says, without training.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "cli/command.h"

namespace rolemix {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A simulated role with metrics of every kind of tolerance, and a model of it; made once.
class ModelConfig : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new Folder();
    run("simulate --interval 300 --hosts 6 --days 7 --seed 1 -o sample");
    for (const auto& file : std::filesystem::directory_iterator(folder->path("sample/metrics"))) {
      add_metrics("sample/metrics/" + file.path().filename().string());
    }
    const std::string simulated = folder->read("sample/role.yaml");
    folder->write("role.yaml", simulated.substr(0, simulated.find("components")) + R"(
  temperature: { tolerance: 10 % }
  errors: { tolerance: 10 % }
  step: { detection_direction: above }
  bytes: { tolerance: 1e-3 }
  constant: { unit: 1/s }
  nowhere: { drop: true }
  unused: { drop: true }
defaults: { tolerance: 2 % }
training: { to: 2026-10-09T04:48Z }
components: 1-4
alerts: { warning_sensitivity: sensitive, max_check_attempts: 2 }
)");
    trained = new Outcome(run("train --input sample/metrics --config role.yaml -o web.rolemix"));
  }
  static void TearDownTestSuite() {
    delete trained;
    delete folder;
  }

  /// temperature is below 0 at times, errors are 0 most of the time, bytes are large numbers.
  static void add_metrics(const std::string& path) {
    std::istringstream lines(folder->read(path));
    std::string line;
    std::getline(lines, line);
    std::ostringstream csv;
    csv << line << ",temperature,errors,step,bytes,constant,unused,noise\n";
    for (int i = 0; std::getline(lines, line); ++i) {
      csv << line << ',' << 6 + 9 * std::sin(i * 0.37) + 3 * std::sin(i * 1.7) << ','
          << (i % 3 == 0 ? i % 7 : 0) << ',' << 100 * (i * i % 5) << ','
          << 1e9 * (2 + std::sin(i * 0.11)) << ",1," << i << ',' << std::sin(i * 0.71) << '\n';
    }
    folder->write(path, csv.str());
  }

  static Outcome run(const std::string& arguments) { return folder->run(arguments); }

  static inline Folder* folder = nullptr;
  static inline Outcome* trained = nullptr;
};

/// What is printed, but for what is said of the configuration.
std::string without_notices(const std::string& out) {
  if (!out.starts_with("{")) {
    return out;
  }
  auto json = nlohmann::ordered_json::parse(out);
  json.erase("notices");
  return json.dump();
}

TEST_F(ModelConfig, OfTrainingChangesNoByte) {
  ASSERT_EQ(trained->exit_code, 0) << trained->err;
  for (const char* source :
       {"(configured, 10 % of the median)", "(2 % of the robust range)", "(resolution)",
        "(configured, raised to 0.001 % of the range)", "% of full_scale)"}) {
    EXPECT_THAT(trained->err, HasSubstr(source));
  }
  EXPECT_THAT(run("alerts --format json -m web.rolemix --input sample/metrics").out,
              HasSubstr("alert_id"));
  for (const char* verb :
       {"alerts --format json", "alerts", "score", "explain --format json --host shop-web03"}) {
    const std::string command = std::string(verb) + " -m web.rolemix --input sample/metrics";
    const Outcome plain = run(command);
    const Outcome same = run(command + " --config role.yaml");
    ASSERT_EQ(same.exit_code, 0) << same.err;
    EXPECT_TRUE(without_notices(same.out) == without_notices(plain.out)) << verb;
    EXPECT_EQ(same.err,
              "rolemix: role.yaml: not among the model's metrics, so without effect: \"constant\", "
              "\"nowhere\", \"unused\"\n" +
                  plain.err);
  }
}

TEST_F(ModelConfig, ChangesWhatEveryVerbSaysAlike) {
  folder->write("edit.yaml",
                "role: shop:web\n"
                "metrics: { memory.used.bytes: { tolerance: 4e9 }, cpu.user.pct: { drop: true } }\n"
                "alerts: { max_check_attempts: 4 }\n");
  const std::string input = " -m web.rolemix --input sample/metrics";
  const std::string config = " --config edit.yaml";
  EXPECT_NE(run("score" + input).out, run("score" + input + config).out);
  const std::string alerts = run("alerts --format json" + input + config).out;
  EXPECT_THAT(alerts, HasSubstr("\"max_check_attempts\": 4"));
  EXPECT_THAT(alerts, HasSubstr("\"warning_sensitivity\": \"sensitive\""));
  EXPECT_THAT(alerts, Not(HasSubstr("cpu.user.pct")));
  const std::string why = run("explain --format json" + input + config).out;
  EXPECT_THAT(why, Not(HasSubstr("cpu.user.pct")));
  const auto id = [](const std::string& json) {
    return json.substr(json.find("\"model_id\""), 30);
  };
  EXPECT_EQ(id(alerts), id(why));
  EXPECT_NE(id(alerts), id(run("alerts --format json" + input).out));
  EXPECT_THAT(run("alerts --format json --max-check-attempts 5" + input + config).out,
              HasSubstr("\"max_check_attempts\": 5"))
      << "the command line wins";
}

TEST_F(ModelConfig, LetsAStateGoOnWithAnEditedModelAndSaysSo) {
  folder->write("settings.yaml", "alerts: { max_check_attempts: 3 }\n");
  folder->write("mute.yaml", "metrics: { cpu.user.pct: { drop: true } }\n");
  const std::string alerts = "alerts -m web.rolemix --input sample/metrics --state web.state";
  EXPECT_EQ(run(alerts).exit_code, 0);
  EXPECT_THAT(run(alerts + " --config settings.yaml").err, Not(HasSubstr("goes on with")))
      << "settings make no other model";
  const Outcome muted = run(alerts + " --config mute.yaml");
  EXPECT_EQ(muted.exit_code, 0);
  EXPECT_THAT(muted.err, HasSubstr("web.state: written with model "));
  EXPECT_THAT(muted.err, HasSubstr(", goes on with "));
  EXPECT_THAT(muted.out, HasSubstr("nothing new: 12088 samples, none later than the state"))
      << "all samples were seen before";
  EXPECT_THAT(run(alerts + " --config mute.yaml").err, Not(HasSubstr("goes on with")));
}

TEST_F(ModelConfig, IsRefusedOfAnotherRoleOrUnreadable) {
  folder->write("other.yaml", "role: blog:db\n");
  for (const std::string verb : {"alerts", "score", "explain"}) {
    const std::string command = verb + " -m web.rolemix --input sample/metrics --config ";
    const Outcome other = run(command + "other.yaml");
    EXPECT_EQ(other.exit_code, 2);
    EXPECT_EQ(other.out, "");
    EXPECT_EQ(other.err, "rolemix: other.yaml: role: \"blog:db\", the model is of \"shop:web\"\n");
    EXPECT_EQ(run(command + "missing.yaml").exit_code, 3);
  }
}

}  // namespace
}  // namespace rolemix
