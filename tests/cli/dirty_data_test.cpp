// What the command does with data as they come: odd values, clocks, names and gaps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

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
  for (int hour = 0; hour < 24; ++hour) {
    text += std::to_string(1790985600 + kStep * 6 * kPerDay + 3600 * hour) + ",slow,30,55,200\n";
  }
  folder->write("paces.csv", text);
  const Outcome told = run("score -m m.rolemix --input paces.csv --fail-on blind");
  EXPECT_EQ(told.exit_code, 1);
  EXPECT_THAT(told.err, HasSubstr("slow cannot alert: no two of their samples are within 900 s"));
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
  const Outcome other = run("alerts -m m.rolemix --input once.csv other.csv");
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("other.csv:2: host \"web-0\""));
  EXPECT_THAT(other.err, HasSubstr("once.csv:2"));
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
