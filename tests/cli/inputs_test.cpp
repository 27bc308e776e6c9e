// What the command reads: how much, of what, and in how much memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "cli/command.h"

namespace rolemix {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A model of one metric.
class Inputs : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new Folder();
    folder->write("quiet.csv", csv(3, 2000));
    const Outcome trained =
        run("train --role web:app --input quiet.csv --components 1 -o m.rolemix");
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
  }
  static void TearDownTestSuite() { delete folder; }

  static Outcome run(const std::string& arguments) { return folder->run(arguments); }

  /// A pipe that is written to without end.
  static Outcome run_with_fifo(const std::string& arguments) {
    return folder->run_shell("rm -f pipe; mkfifo pipe; cat /dev/zero > pipe 2> /dev/null & " +
                             command_path() + " " + arguments);
  }

  static std::string csv(int hosts, int minutes) {
    std::string text = "timestamp,host,cpu\n";
    for (int minute = 0; minute < minutes; ++minute) {
      for (int host = 0; host < hosts; ++host) {
        const int value = (minute * 7919 + host * 104729) % 1009;
        text += std::to_string(1760000000 + 60 * minute) + ",web-" + std::to_string(host) + ',' +
                std::to_string(40 + value % 17) + '.' + std::to_string(value % 10) + '\n';
      }
    }
    return text;
  }

  static inline Folder* folder = nullptr;
};

TEST_F(Inputs, HaveALimitThatCanBeRaised) {
  for (const char* verb : {"score -m m.rolemix", "explain -m m.rolemix", "alerts -m m.rolemix",
                           "train --role web:app -o new.rolemix"}) {
    const Outcome zeros = run(std::string(verb) + " --max-input 4MiB --input /dev/zero");
    EXPECT_EQ(zeros.exit_code, 2);
    EXPECT_EQ(
        zeros.err,
        "rolemix: /dev/zero: expected at most 4 MiB, got more; --max-input raises the limit\n");
    const std::string input = std::string(verb) + " --input quiet.csv --max-input ";
    EXPECT_THAT(run(input + "140KiB").err, HasSubstr("got 8 x 6000 x (1 + 2); --max-input"));
    EXPECT_EQ(run(input + "141KiB").exit_code, 0);
  }
  for (const char* size : {"many", "0", "2TiB", "-1"}) {
    EXPECT_EQ(
        run(std::string("score -m m.rolemix --input quiet.csv --max-input ") + size).exit_code, 2)
        << size;
  }
}

TEST_F(Inputs, WithoutEndAreNoModelsAndNoConfigurations) {
  const Outcome model = run("inspect -m /dev/zero");
  EXPECT_EQ(model.exit_code, 2);
  EXPECT_EQ(model.err, "rolemix: /dev/zero: expected at most 64 MiB, got more\n");
  EXPECT_EQ(run("score -m m.rolemix --input quiet.csv --config /dev/zero").exit_code, 2);
  EXPECT_EQ(run_with_fifo("inspect -m pipe").err,
            "rolemix: pipe: expected at most 64 MiB, got more\n");
  EXPECT_EQ(run_with_fifo("score -m m.rolemix --max-input 1MiB --input pipe").exit_code, 2);
}

TEST_F(Inputs, WhatIsLeftOutIsNamedOnEveryChannel) {
  folder->write("latin.csv", csv(2, 100) + "1760006000,caf\xE9,1\n1760006060,caf\xE9,2\n");
  const std::string named =
      "latin.csv:202: column host: expected a name in UTF-8, got \"caf\\xe9\": 2 rows are left out";
  const std::string of_model = " -m m.rolemix --input latin.csv";
  for (const std::string& verb :
       {"score" + of_model, "explain" + of_model, "alerts" + of_model,
        "train --role web:app --components 1 -o new.rolemix --input latin.csv " + std::string()}) {
    const Outcome outcome = run(verb);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("rolemix: " + named + "\n"));
    std::filesystem::remove(folder->path("new.rolemix"));
    const Outcome strict = run(verb + " --strict");
    EXPECT_EQ(strict.exit_code, 2);
    EXPECT_EQ(strict.out, "");
    EXPECT_EQ(strict.err, "rolemix: " + named + "; --strict stops here\n");
    EXPECT_FALSE(std::filesystem::exists(folder->path("new.rolemix")));
  }
  for (const std::string& verb :
       {"explain" + of_model, "alerts" + of_model,
        "train --role web:app --components 1 -o new.rolemix --input latin.csv " + std::string()}) {
    const std::string json = run(verb + " --format json").out;
    EXPECT_THAT(json, HasSubstr(R"("code": "name_not_utf8")"));
    EXPECT_THAT(json, HasSubstr(R"("file": "latin.csv")"));
    EXPECT_THAT(json, HasSubstr(R"("line": 202)"));
  }
}

TEST_F(Inputs, WithoutAZoneAreReadByTheOneThatIsNamed) {
  folder->write("web-1.csv", "Time,cpu\n2026-10-05 09:00:00,41\n2026-10-05 09:01:00,42\n");
  const std::string score = "score -m m.rolemix --input web-1.csv";
  const Outcome refused = run(score);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err,
              HasSubstr("web-1.csv:2: column Time: expected a time with its zone "
                        "(2026-10-12T03:00:00Z), got \"2026-10-05 09:00:00\"; say which zone"));
  for (const char* zone : {"Asia/Tokyo", "+09:00"}) {
    const Outcome read = run(score + " --timezone " + zone);
    EXPECT_EQ(read.exit_code, 0) << read.err;
    EXPECT_THAT(read.out, HasSubstr("\n1791158400,web-1,"));
    EXPECT_THAT(read.err, HasSubstr("rolemix: web-1.csv:2: times without a zone are read as " +
                                    std::string(zone) + "\n"));
    EXPECT_EQ(run(score + " --strict --timezone " + zone).exit_code, 0) << "nothing is left out";
  }
  const Outcome unknown = run(score + " --timezone Asia/Tokio");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_EQ(unknown.err,
            "rolemix: --timezone: expected a time zone, such as Asia/Tokyo, UTC, +09:00 or local, "
            "got \"Asia/Tokio\"\n");
}

TEST_F(Inputs, OfEveryVerbTakeATimezone) {
  folder->write("local.csv", "time;instance;cpu\n2026/10/5 0:00;a;40,5\n2026/10/5 0:01;a;41,5\n");
  const std::string input = " --input local.csv --timezone Europe/Berlin";
  for (const std::string verb : {"score", "explain", "alerts"}) {
    const Outcome outcome = run(verb + " -m m.rolemix" + input);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("times without a zone are read as Europe/Berlin"));
  }
  EXPECT_THAT(run("train --role web:app -o none.rolemix" + input).err,
              Not(HasSubstr("expected a time with its zone")));
}

TEST_F(Inputs, OfEveryVerbTakeTheLabelOfHosts) {
  folder->write("gateway.csv",
                "time,instance,server,pod,cpu\n1791158400,gw,a,x-1,40\n1791158460,gw,a,x-2,41\n");
  const std::string input = " --input gateway.csv --host-label server --drop-label pod";
  for (const std::string verb : {"score", "explain", "alerts"}) {
    const Outcome outcome = run(verb + " -m m.rolemix" + input);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  EXPECT_THAT(run("score -m m.rolemix" + input).out, HasSubstr("\n1791158460,a,"));
  const Outcome other = run("score -m m.rolemix --input gateway.csv --host-label machine");
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("expected a column \"machine\", which names hosts"));
}

TEST_F(Inputs, InFoldersThatAreReadAreNoOutputs) {
  folder->run_shell("mkdir -p tree/days && cp quiet.csv tree/days/");
  const Outcome refused =
      run("train --role web:app --components 1 --input tree -o tree/days/m.csv");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("is read with --input tree"));
  EXPECT_EQ(run("train --role web:app --components 1 --input tree -o tree/days/m").exit_code, 0);
  folder->run_shell("rm -r tree");
}

TEST_F(Inputs, StrictStopsAtTimesThatAreNotBelieved) {
  folder->write("ahead.csv", csv(3, 100) + "1860006000,web-1,40\n");
  const std::string score = "score -m m.rolemix --input ahead.csv";
  EXPECT_EQ(run(score).exit_code, 0);
  const Outcome strict = run(score + " --strict");
  EXPECT_EQ(strict.exit_code, 2);
  EXPECT_THAT(strict.err,
              HasSubstr("1 sample of \"web-1\" at 2028-12-09 20:20 UTC, more than a day "
                        "from all others: left out; --strict stops here"));
  EXPECT_EQ(strict.out, "");
}

/// Of `rolemix score` on this file, bytes.
std::int64_t peak_memory_of_score(const Folder& folder, const std::string& file) {
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string command = command_path();
    const std::string model = folder.path("m.rolemix");
    const std::string input = folder.path(file);
    if (::freopen("/dev/null", "w", stdout) != nullptr) {
      ::execl(command.c_str(), command.c_str(), "score", "-m", model.c_str(), "--input",
              input.c_str(), nullptr);
    }
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  EXPECT_EQ(::wait4(child, &status, 0, &usage), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  return 1024 * usage.ru_maxrss;
}

TEST_F(Inputs, AreScoredInThreeTimesTheMemoryOfTheTable) {
  constexpr int kRows = 2'400'000;  // with few, what the process itself takes counts for much
  folder->write("few.csv", csv(30, 1));
  folder->write("many.csv", csv(30, kRows / 30));
  const std::int64_t more =
      peak_memory_of_score(*folder, "many.csv") - peak_memory_of_score(*folder, "few.csv");
  EXPECT_LE(more, 3 * 8 * std::int64_t{kRows} * (1 + 2));
}

}  // namespace
}  // namespace rolemix
