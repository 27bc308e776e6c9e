#include "samples/unit_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace rolemix {
namespace {

constexpr double kMebi = 1024.0 * 1024.0;

/// Values that follow the day, from 3 to 9 GB; from `change` on times the factor.
std::vector<double> day_of(Index count, Index change = 1 << 30, double factor = 1) {
  std::vector<double> values;
  for (Index i = 0; i < count; ++i) {
    const double value = 6e9 + 3e9 * std::sin(2 * M_PI * static_cast<double>(i) / 288);
    values.push_back(i < change ? value : value * factor);
  }
  return values;
}

const UsualValues kUsual = {3e9, 6e9, 9e9};

TEST(UnitChange, is_found_with_its_factor_and_its_first_value) {
  for (const double factor : {1 / kMebi, 1 / 1024., 1024., 1e3, 1e-3, 1e-9, 100.}) {
    const bool is_binary = std::log2(factor) == std::round(std::log2(factor));
    const auto span =
        span_of_other_unit(day_of(576, 300, factor), kUsual, is_binary ? "bytes/s" : "1/s");
    ASSERT_TRUE(span) << factor;
    EXPECT_EQ(span->begin, 300);
    EXPECT_EQ(span->end, 576);
    EXPECT_NEAR(span->factor, factor, 1e-9 * factor);
  }
}

TEST(UnitChange, is_found_where_it_was_there_from_the_start_and_where_it_ends) {
  std::vector<double> values = day_of(600, 0, 1 / kMebi);
  auto span = span_of_other_unit(values, kUsual, "");
  ASSERT_TRUE(span);
  EXPECT_EQ(span->begin, 0);
  EXPECT_EQ(span->end, 600);
  for (Index i = 400; i < 600; ++i) {
    values[i] *= kMebi;
  }
  span = span_of_other_unit(values, kUsual, "");
  ASSERT_TRUE(span);
  EXPECT_EQ(span->end, 400);
}

TEST(UnitChange, of_a_known_factor_needs_no_usual_values_around) {
  // A standby that takes over as the unit changes.
  std::vector<double> values = day_of(576, 300, 1 / kMebi);
  for (Index i = 0; i < 300; ++i) {
    values[i] /= 250;
  }
  EXPECT_FALSE(span_of_other_unit(values, kUsual, "bytes"));
  const UnitSpan span = span_of_unit(values, kUsual, 1 / kMebi);
  EXPECT_EQ(span.begin, 300);
  EXPECT_EQ(span.end, 576);
  EXPECT_EQ(span_of_unit(values, kUsual, 1 / kMebi / 1024).end, 0) << "none of that unit";
  EXPECT_EQ(span_of_unit(day_of(311, 300, 1 / kMebi), kUsual, 1 / kMebi).end, 0) << "eleven";
  EXPECT_EQ(span_of_unit(day_of(312, 300, 1 / kMebi), kUsual, 1 / kMebi).end, 312) << "twelve";
}

TEST(UnitChange, is_seen_through_values_that_tell_no_unit) {
  for (const double none : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    std::vector<double> values = day_of(576, 300, 1 / kMebi);
    // Right before it, within, longer than what comes after, and at its end.
    for (const auto& [begin, end] : {std::pair(290, 300), {400, 500}, {570, 576}}) {
      std::fill(values.begin() + begin, values.begin() + end, none);
    }
    const auto span = span_of_other_unit(values, kUsual, "bytes");
    ASSERT_TRUE(span) << none;
    EXPECT_EQ(span->begin, 300);
    EXPECT_EQ(span->end, 570);
    EXPECT_FALSE(span_of_other_unit(std::vector<double>(576, none), kUsual, "bytes"));
  }
}

TEST(UnitChange, usual_values_of_one_unit_are_all_but_the_ends) {
  std::vector<double> values = day_of(576);
  for (Index i = 0; i < 288; ++i) {
    values[i] /= 250;
  }
  EXPECT_FALSE(usual_values(values)) << "most are not within thirty times their median";
  const auto usual = usual_values_of_one_unit(values);
  ASSERT_TRUE(usual);
  EXPECT_NEAR(usual->low, 3e9 / 250, 1e6);
  EXPECT_NEAR(usual->high, 9e9, 1e8);
  values.resize(23);
  EXPECT_FALSE(usual_values_of_one_unit(values)) << "too few";
}

TEST(UnitChange, is_not_what_falls_or_grows_on_its_own) {
  const auto nothing = [](std::vector<double> values, const char* what) {
    EXPECT_FALSE(span_of_other_unit(values, kUsual, "")) << what;
  };
  nothing(day_of(576), "usual");
  std::vector<double> sentinel = day_of(576);
  std::fill(sentinel.begin() + 300, sentinel.begin() + 320, 6000.);
  nothing(sentinel, "one number over and over");
  nothing(day_of(576, 300, 0.3), "less");
  nothing(day_of(576, 300, 1.0 / 250), "not between units");
  nothing(day_of(576, 570, 1 / kMebi), "too few");
  nothing(day_of(576, 300, 1 / 1500.), "a thousandth or so");
  std::vector<double> falling = day_of(576);
  for (Index i = 300; i < 576; ++i) {
    falling[i] *= std::pow(0.9, static_cast<double>(i - 300));
  }
  nothing(falling, "on the way to nothing");
  std::vector<double> erratic = day_of(576);
  for (Index i = 300; i < 576; ++i) {
    erratic[i] = 6e9 / 1024 * std::pow(10, std::sin(static_cast<double>(i * i)));
  }
  nothing(erratic, "varies more than it usually does");
  std::vector<double> zero = day_of(576);
  std::fill(zero.begin() + 300, zero.end(), 0);
  nothing(zero, "nothing");
  std::vector<double> missing = day_of(576);
  std::fill(missing.begin() + 300, missing.end(), std::numeric_limits<double>::quiet_NaN());
  nothing(missing, "missing");
  EXPECT_FALSE(span_of_other_unit(day_of(576, 300, 1 / kMebi), {-1, 6e9, 9e9}, ""));
  EXPECT_FALSE(span_of_other_unit(day_of(576, 300, 1 / kMebi), {1, 6e9, 9e9}, "")) << "too wide";
}

TEST(UnitChange, usual_values_are_those_of_most) {
  const auto usual = usual_values(day_of(576, 400, 1 / kMebi));
  ASSERT_TRUE(usual);
  EXPECT_GE(usual->low, 3e9);
  EXPECT_LE(usual->high, 9e9);
  EXPECT_FALSE(usual_values(std::vector<double>(100, 0)));
  EXPECT_FALSE(usual_values(std::vector<double>{1, 2, 3}));
}

TEST(UnitChange, small_factors_need_most_hosts) {
  EXPECT_FALSE(is_believed(1024, 1, 12));
  EXPECT_TRUE(is_believed(kMebi, 1, 12));
  EXPECT_TRUE(is_believed(1 / kMebi, 1, 1));
  EXPECT_FALSE(is_believed(100, 6, 12));
  EXPECT_TRUE(is_believed(100, 7, 12));
  EXPECT_FALSE(is_believed(100, 1, 1));
}

TEST(UnitChange, is_said_with_what_to_do) {
  const auto notices = notices_of({{"memory.used", 1 / kMebi, {"a"}, 3, 1791774300, 12}});
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].code, "unit_changed");
  EXPECT_EQ(notices[0].text,
            "memory.used looks like a change of unit (x 1/1048576) on 1 of 3 hosts (a), from "
            "2026-10-12 03:05 UTC: 12 values left out; give it as before");
  EXPECT_EQ(notices[0].host, "a");
  EXPECT_TRUE(notices[0].left_out);
}

TEST(UnitChange, factors_between_medians_are_the_nearest) {
  EXPECT_EQ(factor_between(100, 120, ""), 1);
  EXPECT_EQ(factor_between(0, 0, ""), 1);
  EXPECT_EQ(factor_between(kMebi, 1, ""), 1 / kMebi);
  EXPECT_FALSE(factor_between(100, 1000, ""));
  EXPECT_FALSE(factor_between(100, -100, ""));
}

TEST(UnitChange, counters_count_up) {
  std::vector<double> counter;
  for (int i = 0; i < 100; ++i) {
    counter.push_back(i * i);
  }
  EXPECT_EQ(counts_up(counter), true);
  EXPECT_EQ(counts_up(day_of(288)), false);
  EXPECT_FALSE(counts_up(std::vector<double>(100, 5)));
  EXPECT_FALSE(counts_up(std::vector<double>{1, 2, 3}));
}

}  // namespace
}  // namespace rolemix
