// What the command does with data as they come: odd values, clocks, names and gaps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "cli/command.h"

namespace rolemix {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Json = nlohmann::json;

constexpr int kStep = 300;
constexpr int kPerDay = 288;

/// Two metrics that follow the day, a third that does not: hosts of one role, each a little apart.
/// Nothing of it is random, so a value can be told.
double value_of(int metric, int host, int step) {
  const double day = std::sin(2 * M_PI * step / kPerDay);
  const double noise = static_cast<double>((step * 7919 + host * 104729 + metric * 1299709) % 1009);
  const double own = noise / 1009 - 0.5;
  switch (metric) {
    case 0:
      return 30 + 15 * day + 4 * own;  // cpu.pct
    case 1:
      return 55 + 3 * own;  // memory.pct
    default:
      return 200 + 120 * day + 20 * own;  // requests
  }
}

/// What a field is instead; nothing: a gap.
using Change = std::function<std::optional<double>(int metric, int host, int step, double value)>;

class DirtyData : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new Folder();
    folder->write("train.csv", csv(0, 6 * kPerDay));
    const Outcome trained = train("train.csv", "m.rolemix");
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
  }
  static void TearDownTestSuite() { delete folder; }

  static Outcome run(const std::string& arguments) { return folder->run(arguments); }

  static Outcome train(const std::string& input, const std::string& model) {
    return run("train --role web:app --components 1 --input " + input + " -o " + model);
  }

  static std::string csv(int from, int to, const Change& change = {}) {
    std::string text = "timestamp,host,cpu.pct,memory.pct,requests\n";
    for (int step = from; step < to; ++step) {
      for (int host = 0; host < 3; ++host) {
        text += std::to_string(1790985600 + kStep * step) + ",web-" + std::to_string(host);
        for (int metric = 0; metric < 3; ++metric) {
          std::optional<double> value = value_of(metric, host, step);
          if (change) value = change(metric, host, step, *value);
          text += ',' + (value ? std::to_string(*value) : "");
        }
        text += '\n';
      }
    }
    return text;
  }

  /// Alerts of a day that begins after training.
  static Outcome alerts(const Change& change, const std::string& options = "") {
    folder->write("day.csv", csv(6 * kPerDay, 7 * kPerDay, change));
    return run("alerts -m m.rolemix --input day.csv " + options);
  }

  static Change with(int metric, int host, int from, int to, double value) {
    return [=](int of, int on, int step, double usual) -> std::optional<double> {
      const int at = step - 6 * kPerDay;
      return of == metric && on == host && at >= from && at < to ? value : usual;
    };
  }

  static Json inspected(const std::string& model) {
    return Json::parse(run("inspect " + model + " --format json").out);
  }

  static inline Folder* folder = nullptr;
};

TEST_F(DirtyData, OneOddReadingInTrainingHidesNoIncident) {
  const double clean = inspected("m.rolemix").at("metrics")[1].at("tolerance");
  for (const double odd : {0x1p64, -1e9, 1e6, 0., -2e-14, 1e40}) {
    const Change one = [&](int metric, int host, int step, double usual) -> std::optional<double> {
      return metric == 1 && host == 1 && step == 500 ? odd : usual;
    };
    folder->write("odd.csv", csv(0, 6 * kPerDay, one));
    const Outcome trained = train("odd.csv", "odd.rolemix");
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    EXPECT_NEAR(inspected("odd.rolemix").at("metrics")[1].at("tolerance"), clean, 0.02 * clean)
        << odd;
    if (odd > 100 || odd < -1) {
      EXPECT_THAT(trained.err, HasSubstr("memory.pct: 1 value")) << odd;
      EXPECT_THAT(trained.err, HasSubstr("of host \"web-1\"")) << odd;
    }
    folder->write("day.csv", csv(6 * kPerDay, 7 * kPerDay, with(1, 2, 100, 140, 90)));
    EXPECT_THAT(run("alerts -m odd.rolemix --input day.csv").out, HasSubstr("web-2")) << odd;
  }
}

TEST_F(DirtyData, OneOddSampleOpensNothingAndHidesNothing) {
  for (const int metric : {0, 1, 2}) {
    for (const double odd : {99., 1e6, 1e19, -1e30}) {
      for (const char* attempts : {"2", "3", "10"}) {
        const std::string options = std::string("--max-check-attempts ") + attempts;
        EXPECT_THAT(alerts(with(metric, 1, 60, 61, odd), options).out, StartsWith("0 alerts"))
            << odd << ", metric " << metric << ", at " << attempts;
        EXPECT_THAT(alerts(with(metric, 1, 0, 1, odd), options).out, StartsWith("0 alerts"))
            << odd << " at first, metric " << metric << ", at " << attempts;
      }
    }
  }
  const auto odd_then_incident = [](int metric, int host, int step, double usual) {
    const auto value = with(1, 1, 60, 61, 1e19)(metric, host, step, usual);
    return with(1, 1, 90, 120, 85)(metric, host, step, *value);
  };
  EXPECT_THAT(alerts(odd_then_incident).out, HasSubstr("web-1"));
}

TEST_F(DirtyData, AnAlertIsOverSoonAfterItsCause) {
  for (const double bad : {80., 1e9, 1e25}) {
    const Json told = Json::parse(alerts(with(1, 1, 60, 84, bad), "--format json").out);
    ASSERT_EQ(told.at("alerts").size(), 1) << bad;
    const Json& alert = told.at("alerts")[0];
    const double end = 1790985600 + kStep * (6 * kPerDay + 84);
    EXPECT_LE(alert.at("closed_at").get<double>(), end + 12 * kStep) << bad;
  }
}

TEST_F(DirtyData, WhatIsEmptyIsNamed) {
  const auto empty = [](int metric, int, int, double usual) {
    return metric == 1 ? std::nullopt : std::optional(usual);
  };
  EXPECT_THAT(alerts(empty).err, HasSubstr("lack 1 of the model's metrics, scored without them: "
                                           "memory.pct"));
  const auto of_one = [](int metric, int host, int, double usual) {
    return metric == 1 && host == 2 ? std::nullopt : std::optional(usual);
  };
  EXPECT_THAT(alerts(of_one).err, HasSubstr("memory.pct has no value on web-2 of 3 hosts"));
  EXPECT_EQ(alerts(of_one, "--fail-on blind").exit_code, 0) << "it is scored by the others";
  const auto blind = [](int, int host, int, double usual) {
    return host == 2 ? std::nullopt : std::optional(usual);
  };
  const Outcome told = alerts(blind, "--fail-on anomalous --fail-on blind");
  EXPECT_EQ(told.exit_code, 1);
  EXPECT_THAT(told.err, HasSubstr("web-2 cannot alert"));
  EXPECT_EQ(alerts({}, "--fail-on anomalous --fail-on blind").exit_code, 0);
}

TEST_F(DirtyData, AHostOfAnotherPaceIsNamed) {
  std::string text = csv(6 * kPerDay, 7 * kPerDay);
  for (int hour = 0; hour < 24; hour += 6) {
    text += std::to_string(1790985600 + kStep * 6 * kPerDay + 3600 * hour) + ",slow,30,55,200\n";
  }
  folder->write("paces.csv", text);
  const Outcome told = run("score -m m.rolemix --input paces.csv --fail-on blind");
  EXPECT_EQ(told.exit_code, 1);
  EXPECT_THAT(told.err, HasSubstr("slow cannot alert: no two of their samples are within 10800 s"));
}

/// A metric times a factor from a step on, of some hosts.
Change times(int metric, int hosts, int from, double factor) {
  return [=](int of, int on, int step, double usual) -> std::optional<double> {
    return of == metric && on < hosts && step >= from ? usual * factor : usual;
  };
}

TEST_F(DirtyData, AnotherUnitIsNamedAndNoAlert) {
  constexpr int kDay = 6 * kPerDay;
  for (const auto& [change, text] :
       {std::pair(times(1, 3, kDay, 1 / 1024.),
                  "memory.pct looks like a change of unit (x 1/1000) "
                  "on 3 of 3 hosts"),
        {times(1, 1, kDay + 100, 1024. * 1024), "(x 1000000) on 1 of 3 hosts (web-0)"},
        {times(2, 3, kDay, 1 / 1000.), "requests looks like a change of unit (x 1/1024)"},
        {times(1, 3, kDay, 100), "(x 100) on 3 of 3 hosts"}}) {
    const Outcome told = alerts(change, "--format json");
    EXPECT_EQ(told.exit_code, 0) << told.err;
    EXPECT_THAT(told.err, HasSubstr(text));
    EXPECT_EQ(Json::parse(told.out).at("alerts").size(), 0) << text;
    EXPECT_THAT(told.out, HasSubstr("\"code\": \"unit_changed\""));
  }
  EXPECT_EQ(alerts(times(1, 3, kDay, 1 / 1024.), "--strict").exit_code, 2);
  // In training: what is left says what the metric is.
  folder->write("units.csv", csv(0, kDay, times(1, 3, 4 * kPerDay, 1 / 1048576.)));
  const Outcome trained = train("units.csv", "units.rolemix");
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.err, HasSubstr("memory.pct looks like a change of unit (x 1/1000000)"));
  EXPECT_NEAR(inspected("units.rolemix").at("metrics")[1].at("tolerance"),
              inspected("m.rolemix").at("metrics")[1].at("tolerance"), 0.01);
  // What is a thousand times as much on one host is an incident, as is what lies between no units.
  EXPECT_THAT(alerts(times(2, 1, kDay + 100, 1000)).out, HasSubstr("web-0"));
  EXPECT_THAT(alerts(times(1, 1, kDay + 100, 0.2)).out, HasSubstr("web-0"));
}

TEST_F(DirtyData, AnotherUnitIsNamedOfHostsThatChangeInMoreThanThat) {
  // Of three hosts the last takes over as the unit of all changes.
  const auto takes_over = [](int from) -> Change {
    return [=](int metric, int host, int step, double usual) -> std::optional<double> {
      const double unit = step < from ? 1 : 1 / 1048576.;
      const double share = host < 2 ? 1 : step < from ? 0.5 : 1.2;
      return metric == 2 ? usual * share * unit : usual;
    };
  };
  folder->write("day.csv", csv(6 * kPerDay, 8 * kPerDay, takes_over(7 * kPerDay)));
  EXPECT_THAT(run("alerts -m m.rolemix --input day.csv").err,
              HasSubstr("(x 1/1048576) on 3 of 3 hosts (web-0, web-1, web-2)"));
  folder->write("units.csv", csv(0, 6 * kPerDay, takes_over(4 * kPerDay)));
  EXPECT_THAT(train("units.csv", "units.rolemix").err,
              HasSubstr("(x 1/1048576) on 3 of 3 hosts (web-0, web-1, web-2)"));
}

TEST_F(DirtyData, AnotherUnitIsNamedThroughSamplesWithoutValues) {
  // On the last day another unit, and for a third of it zeros in every metric, or nothing.
  for (const std::optional<double> none : {std::optional(0.0), std::optional<double>()}) {
    const Change change = [=](int metric, int, int step, double usual) -> std::optional<double> {
      const int of_day = step - 5 * kPerDay;
      const bool is_none = of_day >= 200 && of_day < 280;
      return is_none ? none : metric == 2 && of_day >= 0 ? usual / 1048576 : usual;
    };
    folder->write("units.csv", csv(0, 6 * kPerDay, change));
    EXPECT_THAT(train("units.csv", "units.rolemix").err,
                HasSubstr("(x 1/1048576) on 3 of 3 hosts (web-0, web-1, web-2), from "
                          "2026-10-08 00:00 UTC: 624 values left out"));
  }
}

TEST_F(DirtyData, AFallToZeroInAnotherUnitIsNoChangeOfUnit) {
  // The unit changed for good; the input ends with an hour without requests, and goes on with it.
  constexpr int kDay = 6 * kPerDay;
  const Change stops = [](int metric, int host, int step, double usual) -> std::optional<double> {
    const bool is_down = host == 1 && step >= kDay + 250;
    return metric != 2 ? usual : is_down ? 0 : usual / 1048576;
  };
  folder->write("before.csv", csv(kDay, kDay + 262, stops));
  folder->write("after.csv", csv(kDay + 262, kDay + 288, stops));
  const Outcome before = run("alerts -m m.rolemix --input before.csv --state s.state");
  EXPECT_THAT(before.out, HasSubstr("web-1"));
  EXPECT_THAT(before.err, HasSubstr("(x 1/1048576) on 3 of 3 hosts"));
  const Outcome after = run("alerts -m m.rolemix --input after.csv --state s.state");
  EXPECT_THAT(after.err, HasSubstr("(x 1/1048576) on 2 of 3 hosts"));
  EXPECT_THAT(after.out, Not(HasSubstr("web-0")));
  EXPECT_THAT(after.out, Not(HasSubstr("web-2")));
}

TEST_F(DirtyData, AGaugeThatBecameACounterIsNamed) {
  const Change counted = [](int metric, int, int step, double usual) -> std::optional<double> {
    return metric == 2 ? 1e6 + 2e5 * (step - 6 * kPerDay) : usual;
  };
  const Outcome told = alerts(counted);
  EXPECT_THAT(told.err,
              HasSubstr("requests counts up, as a counter does, and did not in training"));
}

TEST_F(DirtyData, AMetricUnderAnotherNameIsNamed) {
  std::string day = csv(6 * kPerDay, 7 * kPerDay, times(1, 3, 0, 0.01));
  day.replace(day.find("memory.pct"), 10, "memory_ratio_pct");
  folder->write("day.csv", day);
  const Outcome told = run("alerts -m m.rolemix --input day.csv");
  EXPECT_THAT(told.err, HasSubstr("memory_ratio_pct, which the model does not know, looks like "
                                  "memory.pct, which is missing, in another unit (x 1/100)"));
}

TEST_F(DirtyData, SamplesOfAnotherRoleAreRefused) {
  const Change other = [](int metric, int, int, double usual) -> std::optional<double> {
    return metric == 1 ? 5 + usual / 100 : metric == 0 ? 90 + usual / 100 : 7 * usual;
  };
  for (const std::string verb : {"alerts", "score", "explain"}) {
    folder->write("day.csv", csv(6 * kPerDay, 7 * kPerDay + 12, other));
    const Outcome refused = run(verb + " -m m.rolemix --input day.csv");
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, HasSubstr("3 of 3 hosts are far off what \"web:app\""));
    EXPECT_EQ(run(verb + " -m m.rolemix --any-role --input day.csv").exit_code, 0);
  }
  folder->write("day.csv", csv(6 * kPerDay, 6 * kPerDay + 40, other));
  const Outcome short_one = run("alerts -m m.rolemix --input day.csv");
  EXPECT_EQ(short_one.exit_code, 0);
  EXPECT_THAT(short_one.err, HasSubstr("an incident, or another role"));
  folder->write("one.csv", "timestamp,host,cpu.pct,load,disk\n1791000000,a,1,2,3\n");
  EXPECT_THAT(run("alerts -m m.rolemix --input one.csv").err,
              HasSubstr("values of 1 of 3 metrics"));
}

TEST_F(DirtyData, SilenceOtherPacesAndNewNamesAreSaid) {
  std::string day;
  std::istringstream lines(csv(6 * kPerDay, 7 * kPerDay));
  std::string line;
  std::getline(lines, line);
  day = line + '\n';
  for (int row = 0; std::getline(lines, line); ++row) {
    const int step = row / 3;
    const int host = row % 3;
    const bool silent = host == 0 && step >= 100 && step < 130;
    const bool slow = host == 1 && step % 5 != 0;
    if (host == 2 && step >= 144) line.replace(line.find("web-2"), 5, "web-2.internal");
    if (!silent && !slow) day += line + '\n';
  }
  folder->write("day.csv", day);
  for (const Outcome& told :
       {run("alerts -m m.rolemix --input day.csv"),
        run("train --role web:app --components 1 --input day.csv -o x.rolemix")}) {
    EXPECT_THAT(told.err, HasSubstr("sent nothing for more than an hour; longest: "));
    EXPECT_THAT(
        told.err,
        HasSubstr("samples of 1 host (web-1) come every 1500 s, those of most every 300 s"));
    EXPECT_THAT(told.err, HasSubstr("web-2 ends as web-2.internal begins"));
  }
}

TEST_F(DirtyData, WhatCannotBeIsNamedWhereItIsJudged) {
  EXPECT_THAT(alerts(with(1, 1, 60, 90, 180)).err,
              HasSubstr("memory.pct: 30 values (180 % of host \"web-1\" at 1791522000"));
  EXPECT_THAT(alerts(with(0, 1, 60, 61, -3)).err, HasSubstr("that cannot be, below 0: judged"));
  const Change zeros = [](int, int host, int step, double usual) -> std::optional<double> {
    return host == 1 && step >= 6 * kPerDay + 60 && step < 6 * kPerDay + 70 ? 0 : usual;
  };
  EXPECT_THAT(alerts(zeros).err, HasSubstr("10 samples are 0 in every metric (of host \"web-1\""));
}

TEST_F(DirtyData, RowsThatRepeatOthersCountOnceAndAreScoredTwice) {
  const std::string day = csv(6 * kPerDay, 6 * kPerDay + 40);
  const std::string rows = day.substr(day.find('\n') + 1);
  folder->write("once.csv", day);
  folder->write("twice.csv", day + rows);
  const std::string once = run("score -m m.rolemix --input once.csv").out;
  const Outcome twice = run("score -m m.rolemix --input twice.csv");
  EXPECT_EQ(twice.out, once + once.substr(once.find('\n') + 1));
  EXPECT_THAT(twice.err, HasSubstr("120 rows repeat others of the same host and time"));
  EXPECT_THAT(run("alerts -m m.rolemix --input twice.csv").out,
              HasSubstr(run("alerts -m m.rolemix --input once.csv").out));
  folder->write("other.csv", "timestamp,host,cpu.pct,memory.pct,requests\n" +
                                 std::to_string(1790985600 + kStep * 6 * kPerDay) +
                                 ",web-0,1,2,3\n");
  const Outcome other = run("alerts -m m.rolemix --input once.csv other.csv --format json");
  EXPECT_EQ(other.exit_code, 0) << "one bad host does not stop the role";
  EXPECT_THAT(other.err, HasSubstr("other.csv:2: host \"web-0\""));
  EXPECT_THAT(other.err, HasSubstr("once.csv:2"));
  const Json told = Json::parse(other.out);
  EXPECT_EQ(told.at("notices")[0].at("code"), "host_left_out");
  EXPECT_EQ(told.at("notices")[0].at("host"), "web-0");
  EXPECT_EQ(told.at("rows").at("read"), 121);
  EXPECT_EQ(told.at("rows").at("used"), 80);
  EXPECT_EQ(told.at("rows").at("left_out"), 41);
  const Outcome strict = run("alerts -m m.rolemix --input once.csv other.csv --strict");
  EXPECT_EQ(strict.exit_code, 2);
  EXPECT_THAT(strict.err, HasSubstr("--strict stops here"));
}

TEST_F(DirtyData, OneHostThatContradictsItselfDoesNotStopARole) {
  const std::string all = csv(0, 6 * kPerDay);
  folder->write("all.csv", all);
  folder->write("bad.csv", "timestamp,host,cpu.pct,memory.pct,requests\n1790985900,web-1,1,2,3\n");
  const Outcome trained =
      run("train --role web:app --input all.csv bad.csv --format json -o two.rolemix");
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.err,
              HasSubstr("bad.csv:2: host \"web-1\": expected one sample per timestamp"));
  const Json samples = Json::parse(trained.out).at("samples");
  EXPECT_EQ(samples.at("read"), 3 * 6 * kPerDay + 1);
  EXPECT_EQ(samples.at("left_out"), 6 * kPerDay + 1);
  EXPECT_EQ(inspected("two.rolemix").at("provenance").at("hosts"), 2);
  EXPECT_EQ(run("train --role web:app --input all.csv bad.csv --strict -o two.rolemix").exit_code,
            2);
  // Of several, and of the long form.
  folder->write(
      "long.csv",
      "timestamp,host,metric,value\n1790985600,web-2,cpu.pct,1\n1790985600,web-2,cpu.pct,2\n");
  const Outcome last = run("train --role web:app --input all.csv bad.csv long.csv -o one.rolemix");
  EXPECT_THAT(last.err, HasSubstr("web-1"));
  EXPECT_THAT(last.err, HasSubstr("host \"web-2\""));
  // None is left.
  folder->write(
      "none.csv",
      "timestamp,host,cpu.pct,memory.pct,requests\n1790985600,a,1,2,3\n1790985600,a,2,2,3\n");
  const Outcome none = run("alerts -m m.rolemix --input none.csv");
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("none.csv:3: host \"a\": expected one sample per timestamp"));
}

TEST_F(DirtyData, RowsAddUpToWhatWasRead) {
  // A repeated row, one of a clock that is years ahead, one without a value.
  const std::string all = csv(0, 6 * kPerDay);
  const std::string last = all.substr(all.rfind('\n', all.size() - 2) + 1);
  folder->write("sum.csv", all + last + "4070908800,web-0,1,2,3\n1791504300,web-1,,,\n");
  const int read = 3 * 6 * kPerDay + 3;
  const Outcome trained =
      run("train --role web:app --components 1 --from 2026-10-04 --input sum.csv --format json "
          "-o sum.rolemix");
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const Json rows = Json::parse(trained.out).at("samples");
  const auto of = [](const Json& counts, const char* name) { return counts.at(name).get<int>(); };
  EXPECT_EQ(of(rows, "read"), read);
  EXPECT_EQ(of(rows, "repeated"), 1);
  EXPECT_EQ(of(rows, "left_out"), 1);
  EXPECT_EQ(of(rows, "unmeasured"), 1);
  EXPECT_EQ(of(rows, "outside_period") + of(rows, "repeated") + of(rows, "left_out") +
                of(rows, "unmeasured") + of(rows, "trimmed") + of(rows, "fitted"),
            read);
  for (const std::string verb : {"alerts --state sum.state", "explain"}) {
    const Json told =
        Json::parse(run(verb + " -m m.rolemix --format json --input sum.csv").out).at("rows");
    EXPECT_EQ(of(told, "read"), read);
    EXPECT_EQ(of(told, "repeated"), 1);
    EXPECT_EQ(of(told, "used") + of(told, "repeated") + of(told, "left_out"), read);
  }
  const Json again =
      Json::parse(run("alerts --state sum.state -m m.rolemix --format json --input sum.csv").out)
          .at("rows");
  EXPECT_EQ(of(again, "used"), 0);
  EXPECT_EQ(of(again, "passed_over") + of(again, "left_out"), read);
}

TEST_F(DirtyData, OneBadFileDoesNotStopARole) {
  folder->write("good.csv", csv(6 * kPerDay, 6 * kPerDay + 40));
  folder->write("bad.csv", "timestamp,host,cpu.pct\nyesterday,web-0,1\n");
  folder->write("error.json",
                R"({"status":"error","errorType":"timeout","error":"query timed out"})");
  const std::string all = "alerts -m m.rolemix --input good.csv bad.csv error.json";
  const Outcome told = run(all);
  EXPECT_EQ(told.exit_code, 0);
  EXPECT_EQ(told.out, run("alerts -m m.rolemix --input good.csv").out);
  EXPECT_THAT(told.err, HasSubstr("bad.csv: the file is left out: bad.csv:2: column timestamp"));
  EXPECT_THAT(told.err, HasSubstr("error.json: the file is left out: the server answered with an "
                                  "error: timeout: query timed out"));
  EXPECT_EQ(run(all + " --strict").exit_code, 2);
  EXPECT_EQ(run("alerts -m m.rolemix --input bad.csv").exit_code, 2);
  EXPECT_EQ(run("alerts -m m.rolemix --input error.json").exit_code, 3);
}

TEST_F(DirtyData, RangesEndWhereTheMetricDoes) {
  folder->write("day.csv", csv(6 * kPerDay, 7 * kPerDay, [](int, int host, int step, double usual) {
                  const int at = step - 6 * kPerDay;
                  return std::optional(host == 1 && at >= 100 && at < 110 ? 0 : usual);
                }));
  const std::string out =
      run("explain -m m.rolemix --input day.csv --host web-1 --format json --from " +
          std::to_string(1790985600 + kStep * (6 * kPerDay + 98)) + " --to " +
          std::to_string(1790985600 + kStep * (6 * kPerDay + 112)))
          .out;
  ASSERT_EQ(Json::parse(out).at("samples").size(), 14);
  for (const Json& moment : Json::parse(out).at("samples")) {
    for (const Json& metric : moment.at("metrics")) {
      if (metric.at("unit") == "percent") {
        EXPECT_LE(metric.at("high"), 100);
        EXPECT_GE(metric.at("low"), 0);
      }
      const double observed = metric.at("observed");
      if (metric.at("reason") == "unusual_given_others" || metric.at("reason") == "both") {
        EXPECT_TRUE(observed < metric.at("low") || observed > metric.at("high"));
        EXPECT_EQ(metric.at("direction"), observed > metric.at("high") ? "above" : "below");
      }
    }
  }
}

}  // namespace
}  // namespace rolemix
