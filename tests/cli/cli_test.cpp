// The command line from end to end, on simulated data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command.h"

namespace rolemix {
namespace {

using testing::AnyOf;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A simulated role, and models trained on its quiet part; made once for all tests.
class Cli : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder();
    run("simulate --interval 300 --hosts 12 --days 7 --seed 1 -o sample");
    trained_ = new Outcome(run("train --input sample/metrics --config sample/role.yaml --to " +
                               std::string(kQuietUntil) + " -o web.rolemix"));
  }
  static void TearDownTestSuite() {
    delete trained_;
    delete folder_;
  }

  static Outcome run(const std::string& arguments) { return folder_->run(arguments); }

  static std::vector<std::map<std::string, std::string>> rows(const std::string& csv) {
    // Fields with commas are quoted and come last in every output that is read here.
    std::istringstream lines(csv);
    std::string line;
    std::getline(lines, line);
    const std::vector<std::string> names = fields(line);
    std::vector<std::map<std::string, std::string>> result;
    while (std::getline(lines, line)) {
      const std::vector<std::string> values = fields(line);
      std::map<std::string, std::string> row;
      for (std::size_t i = 0; i < names.size() && i < values.size(); ++i) {
        row[names[i]] = values[i];
      }
      result.push_back(row);
    }
    return result;
  }

  static std::vector<std::string> fields(const std::string& line) {
    std::vector<std::string> result(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        result.emplace_back();
      } else {
        result.back() += c;
      }
    }
    return result;
  }

  /// Which labelled incidents (kind, host) are found by an alert, and how many alerts fit none.
  struct Found {
    std::set<std::string> kinds;
    int false_alerts = 0;
  };
  static Found judge(const std::string& alerts_csv) {
    Found found;
    const auto incidents = rows(folder_->read("sample/incidents.csv"));
    for (auto alert : rows(alerts_csv)) {
      const double opened = std::stod(alert["opened_at"]);
      bool is_true = false;
      for (auto incident : incidents) {
        if (incident["anomalous"] == "true" && incident["host"] == alert["host"] &&
            opened >= std::stod(incident["from"]) - 600 &&
            opened < std::stod(incident["to"]) + 600) {
          found.kinds.insert(incident["kind"]);
          is_true = true;
        }
      }
      found.false_alerts += is_true ? 0 : 1;
    }
    return found;
  }

  /// The first labelled incident of a kind.
  static std::map<std::string, std::string> incident(const std::string& kind) {
    for (const auto& row : rows(folder_->read("sample/incidents.csv"))) {
      if (row.at("kind") == kind) {
        return row;
      }
    }
    ADD_FAILURE() << "no " << kind;
    return {};
  }

  static constexpr const char* kQuietUntil = "2026-10-09T04:48Z";
  static inline Folder* folder_ = nullptr;
  static inline Outcome* trained_ = nullptr;
};

TEST_F(Cli, TrainReportsOnStandardErrorOnly) {
  EXPECT_EQ(trained_->exit_code, 0) << trained_->err;
  EXPECT_EQ(trained_->out, "");
  EXPECT_THAT(trained_->err,
              HasSubstr("memory.used.bytes     tolerance 492 MiB (configured, 3 % of"));
  EXPECT_THAT(trained_->err, HasSubstr("<- chosen"));
  EXPECT_THAT(trained_->err, HasSubstr("held-out host-days"));
}

TEST_F(Cli, TrainReportsAsJson) {
  const Outcome outcome =
      run("train --input sample/metrics --config sample/role.yaml --format json --to " +
          std::string(kQuietUntil) + " -o json.rolemix");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto report = nlohmann::json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(report.is_object()) << outcome.out;
  EXPECT_EQ(report["role"], "shop:web");
  const auto& samples = report["samples"];
  EXPECT_EQ(samples["read"], samples["outside_period"].get<int>() + samples["fitted"].get<int>() +
                                 samples["trimmed"].get<int>());
  EXPECT_EQ(report["metrics"].size(), 19);
  EXPECT_EQ(report["metrics"][0]["center"], "none");
  int chosen = 0;
  for (const auto& candidate : report["candidates"]) {
    chosen += candidate["chosen"].get<bool>() ? 1 : 0;
    if (candidate["chosen"].get<bool>()) {
      EXPECT_EQ(candidate["kept"], report["states"].size());
    }
  }
  EXPECT_EQ(chosen, 1);
  EXPECT_THAT(report["states"].back()["when"].get<std::string>(), HasSubstr("UTC"))
      << "the nightly backup";
  EXPECT_EQ(report["calibration"]["history"].size(), 3);
  EXPECT_EQ(folder_->read("json.rolemix"), folder_->read("web.rolemix"));
}

TEST_F(Cli, TrainIsDeterministic) {
  run("train --input sample/metrics --config sample/role.yaml --to " + std::string(kQuietUntil) +
      " -o again.rolemix");
  EXPECT_EQ(folder_->read("again.rolemix"), folder_->read("web.rolemix"));
}

TEST_F(Cli, AlertsFindEveryIncidentAndNextToNothingElse) {
  const Outcome alerts = run("alerts -m web.rolemix --input sample/metrics --format csv");
  EXPECT_EQ(alerts.exit_code, 0) << alerts.err;
  const Found found = judge(alerts.out);
  EXPECT_THAT(found.kinds,
              testing::UnorderedElementsAre("leak", "disk_full", "noisy_neighbour", "stuck_process",
                                            "network_loss", "broken_relation"));
  // A normal host alerts once in 30 days: 84 host-days are worth two or three.
  EXPECT_LE(found.false_alerts, 2) << alerts.out;
}

TEST_F(Cli, AlertsCountTheHostDaysOfTheInputWhateverItsInterval) {
  EXPECT_THAT(run("alerts -m web.rolemix --input sample/metrics").out,
              HasSubstr(" in 84.0 host-days of 12 hosts"));
  run("simulate --interval 60 --hosts 3 --days 1 --seed 1 -o dense");
  EXPECT_THAT(run("alerts -m web.rolemix --input dense/metrics").out,
              HasSubstr(" in 3.0 host-days of 3 hosts"));
}

TEST_F(Cli, OneComponentCriesWolfOverTheNightlyBackups) {
  // One Gaussian cannot hold the backup state beside the busy one, so each backup is far from its
  // only centre.
  ASSERT_EQ(run("train --input sample/metrics --config sample/role.yaml --components 1 --to " +
                std::string(kQuietUntil) + " -o one.rolemix")
                .exit_code,
            0);
  const auto at_backup_time = [](const std::string& csv) {
    int count = 0;
    for (const auto& alert : rows(csv)) {
      const double hour = std::fmod(std::stod(alert.at("opened_at")), 86400) / 3600;
      count += hour >= 2 && hour < 4.5 ? 1 : 0;
    }
    return count;
  };
  const std::string options = " --input sample/metrics --sensitivity sensitive --format csv";
  const int cries = at_backup_time(run("alerts -m one.rolemix" + options).out);
  EXPECT_GE(cries, 30);
  EXPECT_LE(at_backup_time(run("alerts -m web.rolemix" + options).out), cries / 10);
}

TEST_F(Cli, ATightToleranceCriesWolfOverFortyMegabytes) {
  std::string config = folder_->read("sample/role.yaml");
  const std::size_t at = config.find("tolerance: 3 %", config.find("memory.used.bytes"));
  ASSERT_NE(at, std::string::npos);
  folder_->write("tight.yaml", config.replace(at, 14, "tolerance: 0.001 %"));
  // With as many states as tell the standby hosts, whose memory is flat, from the others.
  ASSERT_EQ(run("train --input sample/metrics --config tight.yaml --components 5 --to " +
                std::string(kQuietUntil) + " -o tight.rolemix")
                .exit_code,
            0);
  const auto step = incident("memory_step");
  const auto about_the_step = [&](const std::string& csv) {
    int count = 0;
    for (const auto& alert : rows(csv)) {
      const bool memory = alert.at("top_metrics").find("memory.used.bytes") != std::string::npos;
      count += alert.at("host") == step.at("host") && memory &&
                       std::stod(alert.at("opened_at")) >= std::stod(step.at("from"))
                   ? 1
                   : 0;
    }
    return count;
  };
  const std::string options = " --input sample/metrics --sensitivity sensitive --format csv";
  EXPECT_GT(about_the_step(run("alerts -m tight.rolemix" + options).out), 0);
  EXPECT_EQ(about_the_step(run("alerts -m web.rolemix" + options).out), 0);
}

TEST_F(Cli, ScoreGivesOneRowPerInputRowInInputOrder) {
  const Outcome scores = run("score -m web.rolemix --input sample/metrics/shop-web03.csv");
  const auto in = rows(folder_->read("sample/metrics/shop-web03.csv"));
  auto out = rows(scores.out);
  EXPECT_THAT(scores.out,
              StartsWith("timestamp,host,anomaly_score,alert_score,severity,state,top_metric\n"));
  ASSERT_EQ(out.size(), in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    EXPECT_EQ(out[i]["timestamp"], in[i].at("timestamp"));
    const double severity = std::stod(out[i]["severity"]);
    EXPECT_TRUE(severity >= 0 && severity <= 100);
    EXPECT_TRUE(severity >= 25 || out[i]["top_metric"].empty());
  }
}

TEST_F(Cli, ExplainNamesTheBrokenRelation) {
  auto broken = incident("broken_relation");
  const double middle = (std::stod(broken["from"]) + std::stod(broken["to"])) / 2;
  const std::string sample = "explain -m web.rolemix --input sample/metrics --host " +
                             broken["host"] + " --timestamp " +
                             std::to_string(std::lround(middle / 300) * 300);
  const Outcome text = run(sample);
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("cpu.user.pct is"));
  EXPECT_THAT(text.out, HasSubstr("within its usual"));
  EXPECT_THAT(text.out, HasSubstr("but the other metrics, above all interface.tx.bytes, predict"));
  EXPECT_THAT(text.out, HasSubstr("It would be normal if cpu.user.pct were"));
  const Outcome japanese = run(sample + " --language ja");
  EXPECT_THAT(japanese.out, HasSubstr("cpu.user.pct は"));
  EXPECT_THAT(japanese.out, ContainsRegex("として判定しました: .* (高|低) "));
  EXPECT_THAT(japanese.out, Not(ContainsRegex(" (high|low) ")));
  const auto json = nlohmann::json::parse(run(sample + " --format json").out);
  const auto& top = json["samples"][0]["metrics"][0];
  EXPECT_EQ(top["metric"], "cpu.user.pct");
  EXPECT_EQ(top["reason"], "unusual_given_others");
  double blame = 0;
  for (const auto& metric : json["samples"][0]["metrics"]) {
    blame += metric["blame"].get<double>();
    EXPECT_LE(metric["low"], metric["expected"]);
    EXPECT_LE(metric["expected"], metric["high"]);
  }
  EXPECT_NEAR(blame, 1, 1e-12);
  const auto& first = json["samples"][0];
  EXPECT_EQ(first["prediction"]["metric"], "cpu.user.pct");
  EXPECT_EQ(first["prediction"]["predictors"][0], "interface.tx.bytes");
  EXPECT_TRUE(first["firm"]);
  EXPECT_TRUE(first["would_be_normal"]["found"]);
  EXPECT_EQ(first["judged_in"]["state"], first["state"]);
  EXPECT_THAT(first["remarks"].back().get<std::string>(),
              HasSubstr(first["judged_in"]["name"].get<std::string>()));
  EXPECT_LE(first["runner_up"]["responsibility"], first["judged_in"]["responsibility"]);
  auto csv = rows(run(sample + " --format csv --details").out);
  EXPECT_EQ(csv.front()["state"], first["state"].dump());
  EXPECT_EQ(csv.front()["firm"], "true");
  EXPECT_THAT(csv.front()["predictors"], StartsWith("interface.tx.bytes"));
  EXPECT_EQ(std::stod(csv.front()["predicted_low"]), first["prediction"]["low"]);
  EXPECT_EQ(std::stod(csv.front()["normal_at"]), first["would_be_normal"]["metrics"][0]["value"]);
  EXPECT_EQ(csv.back()["normal_at"], "");
}

TEST_F(Cli, ExplainTellsTheStoryOfAnAlert) {
  auto broken = incident("broken_relation");
  const auto alerts =
      nlohmann::json::parse(run("alerts -m web.rolemix --input sample/metrics --format json").out);
  const auto& list = alerts["alerts"];
  const auto of_host = [&](const nlohmann::json& alert) {
    return alert["host"] == broken["host"] && alert["started_at"] >= std::stod(broken["from"]) &&
           alert["started_at"] < std::stod(broken["to"]);
  };
  const auto alert = std::ranges::find_if(list, of_host);
  ASSERT_NE(alert, list.end());
  const std::string id = (*alert)["alert_id"];
  const std::string explain = "explain -m web.rolemix --input sample/metrics --alert " + id;
  const auto json = nlohmann::json::parse(run(explain + " --format json").out)["alert"];
  EXPECT_EQ(json["alert_id"], id);
  EXPECT_EQ(json["worst"]["sentence"].get<std::string>().substr(0, 12), "cpu.user.pct");
  const Outcome japanese = run("alerts -m web.rolemix --input sample/metrics --language ja");
  EXPECT_THAT(japanese.out, HasSubstr("警告"));
  EXPECT_THAT(japanese.out, HasSubstr("cpu.user.pct は "));
  EXPECT_EQ(json["metrics"][0]["metric"], "cpu.user.pct");
  EXPECT_EQ(json["first_to_leave"][0], "cpu.user.pct");
  EXPECT_GE(json["metrics"][0]["left_at"], std::stod(broken["from"]));
  EXPECT_LE(json["metrics"][0]["left_at"], json["opened_at"]);
  EXPECT_EQ(json["unusual_hosts"], 1);
  EXPECT_EQ(json["measured_hosts"], 12);
  const Outcome text = run(explain);
  EXPECT_THAT(text.out, StartsWith("alert " + id));
  EXPECT_THAT(text.out, HasSubstr("cpu.user.pct left its range first, at 2026-"));
  EXPECT_THAT(text.out, HasSubstr("No other host of the role is unusual at that time."));
  // The same span, without the alert.
  const std::string span = "explain -m web.rolemix --input sample/metrics --merge --from " +
                           json["started_at"].dump() + " --to " + json["closed_at"].dump();
  const std::string host = " --host " + json["hosts"][0].get<std::string>();
  const auto merged = nlohmann::json::parse(run(span + host + " --format json").out)["span"];
  EXPECT_EQ(merged["host"], json["hosts"][0]);
  EXPECT_EQ(merged["from"], json["started_at"]);
  EXPECT_EQ(merged["to"], json["closed_at"]);
  for (const char* same : {"severity", "sentences", "metrics", "worst", "first_to_leave"}) {
    EXPECT_EQ(merged[same], json[same]) << same;
  }
  EXPECT_THAT(run(span + host).out, HasSubstr(json["sentences"][0].get<std::string>()));
  EXPECT_EQ(run(span).err,
            "rolemix: --merge explains a span of one host: expected --host beside it\n");
  EXPECT_THAT(run(span + " --host nobody").err, HasSubstr("--host: the input has no host"));
  const Outcome unknown = run("explain -m web.rolemix --input sample/metrics --alert 0123");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("--alert: the samples have no alert \"0123\"; they have "));
  EXPECT_EQ(run(explain + " --host web1").exit_code, 2);
}

TEST_F(Cli, ExplainPrintsThePeriodThatIsAskedFor) {
  const Outcome csv =
      run("explain -m web.rolemix --input sample/metrics --host shop-web03 --from 1791677940 --to "
          "1791679440 "
          "--format csv");
  EXPECT_EQ(rows(csv.out).size(), 5U * 19);
  EXPECT_THAT(
      csv.out,
      StartsWith(
          "timestamp,host,metric,observed,expected,low,high,typical_low,typical_high,surprise,"
          "typical_surprise,contribution,blame,rank,reason,direction\n"));
}

TEST_F(Cli, InspectTellsPeopleAndPrograms) {
  EXPECT_THAT(run("inspect web.rolemix").out, HasSubstr("states"));
  const auto json = nlohmann::json::parse(run("inspect web.rolemix --format json").out);
  EXPECT_EQ(json["role"], "shop:web");
  EXPECT_EQ(json["metrics"].size(), json["means"][0].size());
  EXPECT_EQ(json["calibration"]["curves"].size(), 10U);
}

TEST_F(Cli, ReadsGzipFromStandardInput) {
  const Outcome scores =
      run("score -m web.rolemix --input sample/metrics/shop-web05.csv > plain.csv; gzip -c "
          "sample/metrics/shop-web05.csv | " +
          command_path() + " score -m web.rolemix --input - > zipped.csv");
  EXPECT_EQ(scores.exit_code, 0);
  EXPECT_EQ(folder_->read("plain.csv"), folder_->read("zipped.csv"));
}

TEST_F(Cli, ScoresWithoutAMetricThatTheInputLacks) {
  folder_->write("part.csv",
                 "timestamp,host,requests.rate,extra\n1791158400,a,70,1\n1791158700,a,71,2\n");
  const Outcome scores = run("score -m web.rolemix --any-role --input part.csv");
  EXPECT_EQ(scores.exit_code, 0);
  EXPECT_THAT(scores.err, HasSubstr("lack 18 of the model's metrics"));
  folder_->write("none.csv", "timestamp,host,extra\n1791158400,a,70\n");
  const Outcome none = run("score -m web.rolemix --input none.csv");
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("none of the model's 19 metrics"));
}

TEST_F(Cli, SaysWhenSamplesAreTooFarApartForAlerts) {
  // Every 40th sample of an incident's host, every 4th, every 3rd: 12000, 1200 and 900 s apart.
  std::istringstream lines(folder_->read("sample/metrics/shop-web01.csv"));
  std::string line;
  std::string fortieth;
  std::string fourth;
  std::string third;
  for (int i = -1; std::getline(lines, line); ++i) {
    fortieth += i < 0 || i % 40 == 0 ? line + "\n" : "";
    fourth += i < 0 || i % 4 == 0 ? line + "\n" : "";
    third += i < 0 || i % 3 == 0 ? line + "\n" : "";
  }
  folder_->write("fortieth.csv", fortieth);
  folder_->write("fourth.csv", fourth);
  folder_->write("third.csv", third);
  for (const std::string verb : {"alerts", "score"}) {
    const Outcome wide = run(verb + " -m web.rolemix --input fortieth.csv");
    EXPECT_EQ(wide.exit_code, 0);
    EXPECT_THAT(wide.err, HasSubstr("12000 s apart, 300 s in training: more than 10800 s "
                                    "are a gap"));
    EXPECT_THAT(wide.err, HasSubstr("max_check_attempts is 1"));
    EXPECT_THAT(run(verb + " -m web.rolemix --input fourth.csv").err,
                HasSubstr("1200 s apart, 300 s in training: with max_check_attempts 3 an alert "
                          "opens no sooner than 2400 s"));
    EXPECT_EQ(run(verb + " -m web.rolemix --input third.csv").err, "");
    EXPECT_EQ(run(verb + " -m web.rolemix --input sample/metrics").err, "");
  }
  for (const std::string verb : {"alerts", "explain"}) {
    const Outcome json = run(verb + " -m web.rolemix --input fourth.csv --format json");
    const auto notices = nlohmann::json::parse(json.out)["notices"];
    ASSERT_EQ(notices.size(), 1) << verb;
    EXPECT_EQ(notices[0]["code"], "samples_far_apart");
    EXPECT_EQ("rolemix: " + notices[0]["text"].get<std::string>() + "\n", json.err);
    EXPECT_EQ(notices[0]["file"], nullptr);
  }
  const std::string alerts = "alerts -m web.rolemix --sensitivity sensitive --format csv --input ";
  EXPECT_TRUE(rows(run(alerts + "fortieth.csv --max-check-attempts 2").out).empty());
  EXPECT_FALSE(rows(run(alerts + "fourth.csv --max-check-attempts 2").out).empty());
  EXPECT_FALSE(rows(run(alerts + "third.csv --max-check-attempts 2").out).empty());
}

TEST_F(Cli, FailsOnlyWhereAskedTo) {
  EXPECT_EQ(run("alerts -m web.rolemix --input sample/metrics").exit_code, 0);
  EXPECT_EQ(run("alerts -m web.rolemix --input sample/metrics --fail-on anomalous").exit_code, 1);
  EXPECT_EQ(
      run("train --input sample/metrics/shop-web05.csv --role a:b --to 2026-10-06 --components 1 "
          "-o few.rolemix --require-ready")
          .exit_code,
      1);
  EXPECT_THAT(run("score -m few.rolemix --input sample/metrics/shop-web05.csv").err,
              HasSubstr("the model is not ready"));
  EXPECT_EQ(run("alerts -m few.rolemix --input sample/metrics --require-ready").exit_code, 1);
}

TEST_F(Cli, AlertsGoOnFromTheirState) {
  const std::string alerts = "alerts -m web.rolemix --format csv --input ";
  std::string early;
  std::string late;
  for (const auto& entry : std::filesystem::directory_iterator(folder_->path("sample/metrics"))) {
    std::istringstream lines(folder_->read("sample/metrics/" + entry.path().filename().string()));
    std::string line;
    std::getline(lines, line);
    early = early.empty() ? line + "\n" : early;
    late = late.empty() ? line + "\n" : late;
    while (std::getline(lines, line)) {
      (std::stod(line) < 1791660000 ? early : late) += line + "\n";  // in the midst of an alert
    }
  }
  folder_->write("early.csv", early);
  folder_->write("late.csv", late);
  std::map<std::string, std::map<std::string, std::string>> told;
  for (const char* part : {"early.csv", "late.csv"}) {
    const Outcome outcome = run(alerts + part + " --state web.state");
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    for (auto& alert : rows(outcome.out)) {
      EXPECT_EQ(alert.at("change") == "closed", alert.at("closed_at") != "");
      alert.erase("change");
      told[alert.at("alert_id")] = alert;
    }
  }
  const auto once = rows(run(alerts + "sample/metrics").out);
  EXPECT_EQ(told.size(), once.size());
  for (const auto& alert : once) {
    EXPECT_EQ(told[alert.at("alert_id")], alert);
  }
  const std::string before = folder_->read("web.state");
  EXPECT_TRUE(rows(run(alerts + "late.csv --state web.state").out).empty()) << "nothing is new";
  EXPECT_EQ(folder_->read("web.state"), before);
  folder_->write("cut.state", before.substr(0, before.size() / 2));
  const Outcome cut = run(alerts + "late.csv --state cut.state");
  EXPECT_EQ(cut.exit_code, 2);
  EXPECT_THAT(cut.err, HasSubstr("cut.state: alert state file: damaged or cut off"));
  EXPECT_EQ(folder_->read("cut.state"), before.substr(0, before.size() / 2));
  EXPECT_THAT(cut.err, HasSubstr("--state-recover starts from the samples"));
  const Outcome recovered = run(alerts + "late.csv --state cut.state --state-recover");
  EXPECT_EQ(recovered.exit_code, 0) << recovered.err;
  EXPECT_THAT(recovered.err, HasSubstr("kept as cut.state.damaged"));
  EXPECT_EQ(folder_->read("cut.state.damaged"), before.substr(0, before.size() / 2));
  EXPECT_EQ(run(alerts + "late.csv --state cut.state").exit_code, 0);
}

/// Twelve hosts; memory of h3 is up by as much as `step` from minute 5000 to 5400.
std::string role_with_step(int from, int to, double step) {
  std::string table = "timestamp,host,load,memory\n";
  for (int minute = from; minute < to; minute += 5) {
    for (int host = 0; host < 12; ++host) {
      const double wave = std::sin(minute / 1440.0 * 6.28) + 0.3 * std::sin(minute * 7.7 + host);
      const double odd = host == 3 && minute > 5000 && minute < 5400 ? step : 0;
      table += std::to_string(1800000000 + 60 * minute) + ",h" + std::to_string(host) + "," +
               std::to_string(50 + 10 * wave) + "," +
               std::to_string(100 + std::sin(minute * 3.3 + 5.1 * host) + odd) + "\n";
    }
  }
  return table;
}

class OpenAlert : public Cli {
 protected:
  void SetUp() override {
    folder_->write("history.csv", role_with_step(0, 4900, 0));
    folder_->write("worse.csv", role_with_step(4900, 5100, 30));
    folder_->write("still.csv", role_with_step(5100, 5200, 30));
    folder_->write("well.csv", role_with_step(5400, 5600, 30));
    ASSERT_EQ(run("train --input history.csv --role a:b -o step.rolemix").exit_code, 0);
    std::filesystem::remove(folder_->path("step.state"));
    const auto opened = rows(run(alerts_ + "--input worse.csv").out);
    ASSERT_EQ(opened.size(), 1);
    EXPECT_EQ(opened[0].at("change"), "opened");
    id_ = opened[0].at("alert_id");
  }

  std::string alerts_ = "alerts -m step.rolemix --state step.state --format csv ";
  std::string id_;
};

TEST_F(OpenAlert, IsListedAsLongAsItIsOpen) {
  EXPECT_EQ(id_, "a:b/h3@2027-01-18T19:30:00Z");
  EXPECT_TRUE(rows(run(alerts_ + "--input still.csv").out).empty()) << "no change";
  const std::string before = folder_->read("step.state");
  const auto open = rows(run(alerts_ + "--open").out);
  ASSERT_EQ(open.size(), 1);
  EXPECT_EQ(open[0].at("alert_id"), id_);
  EXPECT_EQ(open[0].at("change"), "");
  EXPECT_EQ(open[0].at("top_metrics"), "memory");
  EXPECT_EQ(folder_->read("step.state"), before);
  EXPECT_EQ(run(alerts_ + "--open --fail-on anomalous").exit_code, 1);
  const std::string text = run("alerts -m step.rolemix --state step.state --open").out;
  EXPECT_THAT(text, HasSubstr("\n          " + id_ + "\n"));
  const auto closed = rows(run(alerts_ + "--input well.csv").out);
  ASSERT_EQ(closed.size(), 1);
  EXPECT_EQ(closed[0].at("alert_id"), id_);
  EXPECT_EQ(closed[0].at("change"), "closed");
  EXPECT_EQ(run("alerts -m step.rolemix --state step.state --open").out, "no alert is open\n");
  EXPECT_EQ(run("alerts -m step.rolemix --state step.state").exit_code, 2);
  EXPECT_THAT(run("alerts -m step.rolemix --open").err, HasSubstr("expected --state FILE"));
  EXPECT_EQ(run(alerts_ + "--open --input well.csv").exit_code, 0);
}

TEST_F(OpenAlert, IsExplainedByItsStateWithOrWithoutSamples) {
  const std::string explain = "explain -m step.rolemix --state step.state --alert " + id_;
  const std::string kept = run(explain).out;
  EXPECT_THAT(kept, StartsWith("alert " + id_ + ": h3, critical"));
  EXPECT_THAT(kept, HasSubstr("memory is 13"));
  const auto json = nlohmann::json::parse(run(explain + " --format json").out)["alert"];
  EXPECT_EQ(json["metrics"][0]["metric"], "memory");
  EXPECT_EQ(json["worst_host"], "h3");
  EXPECT_EQ(rows(run(explain + " --format csv").out).at(0).at("metric"), "memory");
  // The samples that the state has seen tell its story; later ones do not.
  EXPECT_THAT(run(explain + " --input worse.csv").out, HasSubstr("left its range"));
  EXPECT_EQ(run(explain + " --input well.csv").out, kept);
  EXPECT_EQ(run("explain -m step.rolemix --state step.state --alert h3@2027-01-18T20:00Z").out,
            kept);
  const Outcome none = run("explain -m step.rolemix --state step.state --alert h4@1800305100");
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err,
              HasSubstr("step.state has no open alert \"h4@1800305100\"; open are " + id_));
  EXPECT_EQ(run("explain -m step.rolemix --state step.state").exit_code, 2);
}

TEST_F(OpenAlert, IsCarriedOnByAnotherModelOrClosed) {
  const auto carried = [&](const std::string& model, const std::string& input) {
    std::filesystem::copy_file(folder_->path("step.state"), folder_->path("other.state"),
                               std::filesystem::copy_options::overwrite_existing);
    const Outcome outcome =
        run("alerts " + model + " --format csv --state other.state --input " + input);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return rows(outcome.out);
  };
  ASSERT_EQ(run("train --input history.csv --role a:b --seed 9 --components 2 -o again.rolemix")
                .exit_code,
            0);
  EXPECT_TRUE(carried("-m again.rolemix", "still.csv").empty()) << "still open";
  EXPECT_EQ(rows(run("alerts -m again.rolemix --state other.state --open --format csv").out)
                .at(0)
                .at("alert_id"),
            id_);
  EXPECT_EQ(carried("-m again.rolemix", "well.csv").at(0).at("alert_id"), id_);
  // A step of 30 is fine from now on: the alert closes, and it is said.
  folder_->write("wide.yaml", "metrics: { memory: { tolerance: 60 } }\n");
  const auto wide = carried("-m step.rolemix --config wide.yaml", "still.csv");
  ASSERT_EQ(wide.size(), 1);
  EXPECT_EQ(wide[0].at("alert_id"), id_);
  EXPECT_EQ(wide[0].at("change"), "closed");
  // The metric that is to blame is no longer watched.
  folder_->write("without.yaml", "metrics: { memory: { drop: true } }\n");
  const auto without = carried("-m step.rolemix --config without.yaml", "still.csv");
  ASSERT_EQ(without.size(), 1);
  EXPECT_EQ(without[0].at("change"), "closed");
}

TEST_F(Cli, LeavesSamplesOfAWrongClockOutAndNamesThem) {
  std::string table;
  for (const auto& entry : std::filesystem::directory_iterator(folder_->path("sample/metrics"))) {
    std::istringstream lines(folder_->read("sample/metrics/" + entry.path().filename().string()));
    std::string line;
    std::getline(lines, line);
    table = table.empty() ? line + "\n" : table;
    while (std::getline(lines, line)) {
      table += line + "\n";
    }
  }
  folder_->write("right.csv", table);
  const std::size_t last = table.rfind('\n', table.size() - 2) + 1;
  folder_->write("wrong.csv", table + "4070908800" + table.substr(table.find(',', last)));
  const auto both = [&](const std::string& verb) {
    const Outcome wrong = run(verb + " --input wrong.csv");
    EXPECT_EQ(wrong.exit_code, 0) << verb << wrong.err;
    EXPECT_THAT(wrong.err, HasSubstr("at 2099-01-01 00:00 UTC, more than a day from "
                                     "all others: left out"))
        << verb;
    EXPECT_EQ(wrong.out, run(verb + " --input right.csv").out) << verb;
  };
  both("score -m web.rolemix");
  both("explain -m web.rolemix");
  both("alerts -m web.rolemix");
  const std::string train = "train --role a:b --components 1 -o clock.rolemix --input ";
  EXPECT_THAT(run(train + "wrong.csv").err, HasSubstr("more than a day from all others: left out"));
  const std::string learned = folder_->read("clock.rolemix");
  run(train + "right.csv");
  EXPECT_EQ(folder_->read("clock.rolemix"), learned);
}

TEST_F(Cli, NamesFromOutsideAreShownAndNotObeyed) {
  const std::string path =
      std::filesystem::directory_iterator(folder_->path("sample/metrics"))->path().filename();
  std::istringstream lines(folder_->read("sample/metrics/" + path));
  std::string line;
  std::getline(lines, line);
  std::string table = line + "\n";
  while (std::getline(lines, line)) {
    const std::size_t host = line.find(',');
    table += line.substr(0, host) + ",\"=\x1b]0;x\x07\xE2\x80\xAE\nOK\"" +
             line.substr(line.find(',', host + 1)) + "\n";
  }
  folder_->write("odd.csv", table);
  for (const char* verb :
       {"score -m web.rolemix", "explain -m web.rolemix", "explain -m web.rolemix --format csv",
        "explain -m web.rolemix --format json", "alerts -m web.rolemix --sensitivity sensitive",
        "alerts -m web.rolemix --format csv", "alerts -m web.rolemix --format json",
        "train --role a:b --components 1 -o odd.rolemix"}) {
    const Outcome outcome = run(std::string(verb) + " --input odd.csv");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const std::string all = outcome.out + outcome.err;
    EXPECT_EQ(all.find_first_of("\x1b\x07"), std::string::npos) << verb;
    EXPECT_EQ(all.find("\xE2\x80\xAE"), std::string::npos) << verb;
    EXPECT_EQ(all.find("\nOK"), std::string::npos) << verb;
    EXPECT_EQ(all.find(",="), std::string::npos) << verb;
  }
  EXPECT_THAT(run("explain -m web.rolemix --input odd.csv").out,
              HasSubstr(R"(=\x1b]0;x\x07\u202e\nOK)"));
}

TEST_F(Cli, WhatCannotBeSaidEndsNothing) {
  const std::string alerts = "alerts -m web.rolemix --input sample/metrics --format csv ";
  const std::string train =
      "train --input sample/metrics --role a:b --components 1 -o quiet.rolemix ";
  const std::string told = run(alerts).out;
  for (const std::string standard_error : {"2> /dev/full", "2>&-"}) {
    EXPECT_EQ(run(alerts + standard_error).out, told) << standard_error;
    EXPECT_EQ(run("alerts -m gone.rolemix --input x " + standard_error).exit_code, 3);
    EXPECT_EQ(run("alerts --gone " + standard_error).exit_code, 2);
    EXPECT_EQ(run(train + standard_error).exit_code, 0) << standard_error;
    EXPECT_EQ(run("inspect quiet.rolemix").exit_code, 0) << "nothing was said into the model";
  }
}

TEST_F(Cli, AnOutputThatFailsHasACodeOfItsOwnAndChangesNoState) {
  const std::string alerts = "alerts -m web.rolemix --input sample/metrics --state full.state";
  for (const std::string& arguments : {alerts, std::string("--help"), std::string("alerts --help"),
                                       std::string("--version"), std::string("help train")}) {
    for (const char* output : {" > /dev/full", " >&-"}) {
      const Outcome outcome = run(arguments + output);
      EXPECT_EQ(outcome.exit_code, 3) << arguments << output;
      EXPECT_THAT(outcome.err,
                  AnyOf("rolemix: cannot write to standard output: No space left on device\n",
                        "rolemix: cannot write to standard output: Bad file descriptor\n"));
    }
  }
  EXPECT_FALSE(std::filesystem::exists(folder_->path("full.state")));
}

TEST_F(Cli, AMetricIsCentredByHostThroughout) {
  // Every host has memory of its own, from 100 to 1200.
  std::string early;
  std::string late;
  const std::string head = "timestamp,host,load,memory\n";
  for (int minute = 0; minute < 4 * 1440; minute += 5) {
    for (int host = 0; host < 12; ++host) {
      const double wave = std::sin(minute / 1440.0 * 6.28) + 0.3 * std::sin(minute * 7.7 + host);
      const double step = host == 3 && minute > 5000 && minute < 5400 ? 30 : 0;
      const double memory = 100 * (1 + host) + std::sin(minute * 3.3 + 5.1 * host) + step;
      (minute < 5200 ? early : late) +=
          std::to_string(1800000000 + 60 * minute) + ",h" + std::to_string(host) + "," +
          std::to_string(50 + 10 * wave) + "," + std::to_string(memory) + "\n";
    }
  }
  folder_->write("early.csv", head + early);
  folder_->write("late.csv", head + late);
  folder_->write("all.csv", head + early + late);
  folder_->write("center.yaml", "metrics: { memory: { center: host } }\n");
  ASSERT_EQ(run("train --input all.csv --role a:b --config center.yaml --to " +
                std::to_string(1800000000 + 4900 * 60) + " -o center.rolemix")
                .exit_code,
            0);
  EXPECT_THAT(run("inspect center.rolemix").out, HasSubstr(", center: host"));
  const auto json = nlohmann::json::parse(run("inspect center.rolemix --format json").out);
  EXPECT_EQ(json["metrics"][0]["center"], "none");
  EXPECT_EQ(json["metrics"][1]["center"], "host");
  const std::string alerts = "alerts -m center.rolemix --format csv --input ";
  const auto once = rows(run(alerts + "all.csv --state once.state").out);
  ASSERT_EQ(once.size(), 1);
  EXPECT_EQ(once[0].at("host"), "h3");
  EXPECT_EQ(once[0].at("top_metrics"), "memory");
  EXPECT_THAT(once[0].at("sentence"), testing::ContainsRegex("outside its usual (39.|400)-40"));
  run(alerts + "early.csv --state parts.state");
  const auto rest = rows(run(alerts + "late.csv --state parts.state").out);
  ASSERT_EQ(rest.size(), 1);
  EXPECT_EQ(rest[0].at("alert_id"), once[0].at("alert_id"));
  EXPECT_EQ(folder_->read("parts.state"), folder_->read("once.state"));
}

TEST_F(Cli, BadInputIsNamedAndLeavesNoFile) {
  folder_->write("bad.csv", "timestamp,host,cpu\n1,a,2\n2,a,12;5\n");
  const Outcome bad = run("train --input bad.csv --role a:b -o bad.rolemix");
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, HasSubstr("bad.csv:3: column cpu: expected a number, got \"12;5\""));
  EXPECT_FALSE(std::filesystem::exists(folder_->path("bad.rolemix")));
  folder_->write("twice.csv", "timestamp,host,cpu\n1,a,2\n1,a,3\n");
  EXPECT_THAT(
      run("train --input twice.csv --role a:b -o bad.rolemix").err,
      HasSubstr("twice.csv:3: host \"a\": expected one sample per timestamp, got another at 1 "
                "(1970-01-01T00:00:01Z) than twice.csv:2; where clocks went back"));
  folder_->write("days.csv", "timestamp,host,cpu\n46307.25,a,2\n");
  EXPECT_THAT(run("train --input days.csv --role a:b -o bad.rolemix").err,
              HasSubstr("days.csv:2: column timestamp: expected epoch seconds"));
  EXPECT_EQ(run("train --input sample/metrics -o bad.rolemix").exit_code, 2);
  EXPECT_THAT(run("train --input sample/metrics -o bad.rolemix").err, HasSubstr("--role"));
  EXPECT_EQ(run("train --input missing.csv --role a:b -o bad.rolemix").exit_code, 3);
  EXPECT_EQ(run("train --input sample/metrics --role a:b -o no/such/folder/m.rolemix").exit_code,
            3);
  for (const auto& entry : std::filesystem::directory_iterator(folder_->path("."))) {
    EXPECT_THAT(entry.path().filename().string(), testing::Not(StartsWith("bad.rolemix")));
  }
}

TEST_F(Cli, SaysWhenTheInputIsNotWhatAPresetIsFor) {
  folder_->write("little.csv", "timestamp,host,cpu.user.pct\n1,a,2\n");
  EXPECT_THAT(
      run("train --input little.csv --role a:b --preset node-exporter -o bad.rolemix").err,
      StartsWith("rolemix: preset node-exporter: 1 of 22 metrics are in the input; it expects "
                 "names such as cpu.iowait.pct: docs/prometheus.md\n"));
}

TEST_F(Cli, ADamagedModelIsRefused) {
  std::string bytes = folder_->read("web.rolemix");
  folder_->write("cut.rolemix", bytes.substr(0, bytes.size() / 2));
  EXPECT_THAT(run("inspect cut.rolemix").err,
              HasSubstr("cut.rolemix: model file: damaged or cut off"));
  bytes[bytes.size() / 2] ^= 4;
  folder_->write("flipped.rolemix", bytes);
  EXPECT_EQ(run("score -m flipped.rolemix --input sample/metrics").exit_code, 2);
  EXPECT_THAT(run("inspect sample/role.yaml").err, HasSubstr("not a rolemix model"));
}

TEST_F(Cli, UsageErrorsSayWhatToDo) {
  EXPECT_EQ(run("").exit_code, 2);
  EXPECT_EQ(run("").err,
            "rolemix: expected train, score, explain, alerts, inspect, simulate, got no verb; "
            "see rolemix --help\n");
  EXPECT_THAT(run("--guess").err, EndsWith("got \"--guess\"; see rolemix --help\n"));
  EXPECT_EQ(run("guess").exit_code, 2);
  EXPECT_THAT(run("guess").err, EndsWith("got \"guess\"; see rolemix --help\n"));
  EXPECT_EQ(run("alert -m web.rolemix").exit_code, 2);
  EXPECT_THAT(run("alert -m web.rolemix").err, EndsWith("got \"alert\"; did you mean alerts?\n"));
  EXPECT_EQ(run("help").exit_code, 0);
  EXPECT_EQ(run("help").out, run("--help").out);
  EXPECT_EQ(run("help score").out, run("score --help").out);
  EXPECT_EQ(run("score --input x.csv").err,
            "rolemix: score: --model is required; see rolemix score --help\n");
  const std::string train = "train --input sample/metrics --role a:b -o x.rolemix ";
  EXPECT_EQ(run(train + "--exclude 2026-10-01").err,
            "rolemix: --exclude: expected FROM,TO, got \"2026-10-01\"\n");
  EXPECT_THAT(run(train + "--from 1791158400000").err,
              HasSubstr("got \"1791158400000\", which looks like milliseconds"));
  EXPECT_EQ(run("score --input x.csv").exit_code, 2);
  EXPECT_EQ(run("alerts -m web.rolemix --input sample/metrics --max-check-attempts 11").exit_code,
            2);
  EXPECT_THAT(run("explain -m web.rolemix --input sample/metrics --host nobody").err,
              HasSubstr("it has"));
  EXPECT_THAT(run("explain -m web.rolemix --input sample/metrics --timestamp 1791158401").err,
              HasSubstr("the nearest is at 2026-10-05T00:00:00Z"));
  EXPECT_EQ(run("--help").exit_code, 0);
  for (const char* verb : {"train", "score", "explain", "alerts", "inspect", "simulate"}) {
    EXPECT_THAT(run(std::string(verb) + " --help").out, HasSubstr("Examples:")) << verb;
  }
}

}  // namespace
}  // namespace rolemix
