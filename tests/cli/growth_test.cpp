// How the command's work grows: four times the input takes about four times the processor's time,
// not sixteen. Only ratios inside one run are looked at.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>

#include "cli/command.h"

namespace rolemix {
namespace {

constexpr int kMetrics = 12;

class Growth : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new Folder();
    folder->write("quiet.csv", csv(4, 1500, [](int) { return 0U; }));
    const Outcome trained =
        folder->run("train --role web:app --input quiet.csv --components 2 -o m.rolemix");
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
  }
  static void TearDownTestSuite() { delete folder; }

  /// missing(row): of which metrics the row has no value, bit by bit.
  static std::string csv(int hosts, int minutes, const std::function<unsigned(int)>& missing) {
    std::string text = "timestamp,host";
    for (int d = 0; d < kMetrics; ++d) {
      text += ",m" + std::to_string(d);
    }
    text += '\n';
    for (int row = 0; row < hosts * minutes; ++row) {
      text +=
          std::to_string(1760000000 + 60 * (row / hosts)) + ",web-" + std::to_string(row % hosts);
      for (int d = 0; d < kMetrics; ++d) {
        const int value = (row * (7919 + 104 * d)) % 1009 % (50 + d);
        text += (missing(row) >> d & 1) != 0 ? "," : "," + std::to_string(value);
      }
      text += '\n';
    }
    return text;
  }

  /// User time of the command.
  static double seconds(const std::string& arguments) {
    const auto used = [] {
      rusage usage{};
      ::getrusage(RUSAGE_CHILDREN, &usage);
      return static_cast<double>(usage.ru_utime.tv_sec) + 1e-6 * usage.ru_utime.tv_usec;
    };
    const double before = used();
    const Outcome outcome = folder->run(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return used() - before;
  }

  /// Of a verb on a table, and on another of four times the size.
  static double growth(const std::string& verb, const std::string& table,
                       const std::string& large_table) {
    folder->write("small.csv", table);
    folder->write("large.csv", large_table);
    return seconds(verb + " --input large.csv") / seconds(verb + " --input small.csv");
  }

  static inline Folder* folder = nullptr;
};

// Half way between linear and quadratic, by the logarithm.
constexpr double kMost = 8;

unsigned none(int) { return 0; }
unsigned all_but_one(int) { return (1U << kMetrics) - 2; }
unsigned ever_new(int row) { return static_cast<unsigned>(row) * 2654435761U >> 20 & 0xFFE; }

TEST_F(Growth, WithRows) {
  for (const char* verb : {"score -m m.rolemix", "alerts -m m.rolemix", "explain -m m.rolemix"}) {
    EXPECT_LT(growth(verb, csv(5, 4000, none), csv(5, 16000, none)), kMost) << verb;
  }
}

TEST_F(Growth, WithHosts) {
  EXPECT_LT(growth("score -m m.rolemix", csv(5000, 4, none), csv(20000, 4, none)), kMost);
  EXPECT_LT(growth("explain -m m.rolemix", csv(5000, 4, none), csv(20000, 4, none)), kMost);
}

TEST_F(Growth, WithHostsThatAStateKnows) {
  const auto seconds_of = [](int hosts) {
    folder->write("hosts.csv", csv(hosts, 4, none));
    std::filesystem::remove(folder->path("state"));
    const std::string alerts = "alerts -m m.rolemix --state state --input hosts.csv";
    const double first = seconds(alerts);
    return first + seconds(alerts);  // which begins with the first one's state
  };
  const double large = seconds_of(20000);
  EXPECT_LT(large / seconds_of(5000), kMost);
}

TEST_F(Growth, WithMissingMetrics) {
  EXPECT_LT(growth("score -m m.rolemix --any-role", csv(5, 4000, all_but_one),
                   csv(5, 16000, all_but_one)),
            kMost);
}

TEST_F(Growth, WithPatternsOfMissingMetrics) {
  EXPECT_LT(growth("score -m m.rolemix", csv(5, 200, ever_new), csv(5, 800, ever_new)), kMost);
}

}  // namespace
}  // namespace rolemix
