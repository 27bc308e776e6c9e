#include "report/role_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "explain/host_explainer.h"
#include "model/random_model.h"
#include "model/units.h"

namespace rolemix {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr double kInterval = 300;

/// A role of random form, whose samples are often anomalous.
RoleModel random_role(Random& random) {
  RoleModel model = random_model(random);
  for (MetricSpec& metric : model.metrics) {
    metric.median = from_model_units(metric, random_normal(random));
    metric.center_by_host = random.uniform() < 0.3;
  }
  model.calibration.ready = true;
  model.calibration.typical_score = 0;
  model.calibration.interval_seconds = kInterval;
  model.calibration.memory_seconds = 6 * kInterval;
  model.calibration.curves = curves_of({0.2, 0.8, 1.2}, {0.1, 1, 5}, 4);
  return model;
}

/// Samples of some hosts in order of time, with gaps, odd stretches and missing values.
std::vector<Row> random_rows(Random& random, const RoleModel& model, int count) {
  std::vector<Row> rows;
  std::map<std::string, int> odd;
  for (int i = 0; i < count; ++i) {
    for (const char* host : {"b", "c", "a"}) {
      if (random.uniform() < 0.1) {
        continue;
      }
      odd[host] = random.uniform() < 0.02 ? 12 : odd[host] - 1;
      Vector values = random_values(random, model);
      if (odd[host] > 0) {
        values[0] += 20 * model.metrics[0].tolerance;
      }
      rows.push_back(
          {host, kInterval * i, random.uniform() < 0.1 ? with_gaps(random, values) : values});
    }
  }
  return rows;
}

/// Equal to the bit; NaN counts as equal to NaN.
bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

class Reports : public testing::Test {
 protected:
  explicit Reports(unsigned seed = 11)
      : random_(seed),
        model_(random_role(random_)),
        scorer_(Scorer::create(model_).value()),
        explainer_(scorer_) {}

  RoleReport report_of(const std::vector<Row>& rows, const HostStates& before = {}) {
    return RoleReport(explainer_, Shared<Samples>::of(
                                      samples_of(model_, table_of(model_, rows), before).value()));
  }

  void expect_same_row(RoleReport& actual, std::int32_t row, RoleReport& expected,
                       std::int32_t as) {
    const TableScores& a = actual.scores();
    const TableScores& b = expected.scores();
    EXPECT_TRUE(same(a.anomaly_score[row], b.anomaly_score[as]));
    EXPECT_TRUE(same(a.alert_score[row], b.alert_score[as])) << row;
    EXPECT_TRUE(same(a.severity[row], b.severity[as]));
    EXPECT_EQ(a.state[row], b.state[as]);
  }

  void expect_same_moment(RoleReport& actual, std::int32_t row, RoleReport& expected,
                          std::int32_t as) {
    const MomentReport a = actual.moment(row, Language::kEnglish);
    const MomentReport b = expected.moment(as, Language::kEnglish);
    EXPECT_EQ(a.host, b.host);
    EXPECT_EQ(a.timestamp, b.timestamp);
    EXPECT_EQ(a.sentence, b.sentence);
    EXPECT_EQ(a.explanation.ranking, b.explanation.ranking);
    for (std::size_t d = 0; d < a.explanation.metrics.size(); ++d) {
      EXPECT_EQ(a.explanation.metrics[d].blame, b.explanation.metrics[d].blame) << row;
      EXPECT_EQ(a.explanation.metrics[d].own, b.explanation.metrics[d].own);
      EXPECT_EQ(a.explanation.metrics[d].relation, b.explanation.metrics[d].relation);
    }
  }

  Random random_;
  RoleModel model_;
  Scorer scorer_;
  Explainer explainer_;
};

/// The same for roles of several forms.
class Grown : public Reports, public testing::WithParamInterface<unsigned> {
 protected:
  Grown() : Reports(GetParam()) {}
};

TEST_P(Grown, by_any_parts_it_says_what_it_says_of_all_at_once) {
  const std::vector<Row> rows = random_rows(random_, model_, 400);
  RoleReport whole = report_of(rows);
  RoleReport grown = report_of({});
  for (auto row = rows.begin(); row != rows.end();) {
    const auto end =
        row + std::min<std::ptrdiff_t>(1 + random_index(random_, 90), rows.end() - row);
    ASSERT_TRUE(grown.append(table_of(model_, {row, end})));
    if (random_.uniform() < 0.7) {
      grown.score_some(random_index(random_, 120));
    }
    row = end;
  }
  ASSERT_EQ(grown.samples().rows(), whole.samples().rows());
  for (std::int32_t row = 0; row < whole.samples().rows(); ++row) {
    expect_same_row(grown, row, whole, row);
  }
  for (int i = 0; i < 20; ++i) {
    const auto row = static_cast<std::int32_t>(random_index(random_, std::ssize(rows)));
    expect_same_moment(grown, row, whole, row);
  }
  const auto alerts = whole.alerts({});
  const auto same_alerts = grown.alerts({});
  ASSERT_EQ(alerts.size(), same_alerts.size());
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    EXPECT_EQ(alerts[i].alert_id, same_alerts[i].alert_id);
    EXPECT_EQ(alerts[i].anomaly_score, same_alerts[i].anomaly_score);
  }
}

TEST_P(Grown, from_a_state_it_goes_on_as_if_all_had_come_at_once) {
  const std::vector<Row> rows = random_rows(random_, model_, 300);
  RoleReport whole = report_of(rows);
  HostStates states;
  for (std::ptrdiff_t first = 0; first < std::ssize(rows);) {
    const auto end =
        std::min<std::ptrdiff_t>(first + 1 + random_index(random_, 250), std::ssize(rows));
    RoleReport part = report_of({rows.begin() + first, rows.begin() + end}, states);
    for (std::int32_t row = 0; row < part.samples().rows(); ++row) {
      expect_same_row(part, row, whole, static_cast<std::int32_t>(first) + row);
    }
    for (int i = 0; i < 5; ++i) {
      const auto row = static_cast<std::int32_t>(random_index(random_, end - first));
      expect_same_moment(part, row, whole, static_cast<std::int32_t>(first) + row);
    }
    for (std::size_t h = 0; h < part.samples().hosts.size(); ++h) {
      const HostSamples& host = part.samples().hosts[h];
      states[host.name] = state_before(explainer_, host, host.size(), part.scores().memories[h]);
    }
    first = end;
  }
}

TEST_P(Grown, what_is_forgotten_still_counts) {
  const std::vector<Row> rows = random_rows(random_, model_, 300);
  RoleReport whole = report_of(rows);
  RoleReport part = report_of({rows.begin(), rows.begin() + 500});
  part.scores();
  part.forget(kInterval * 120.5);
  const auto dropped = static_cast<std::int32_t>(std::ranges::count_if(
      rows, [](const Row& row) { return row.timestamp < kInterval * 120.5; }));
  ASSERT_EQ(part.samples().rows(), 500 - dropped);
  ASSERT_TRUE(part.append(table_of(model_, {rows.begin() + 500, rows.end()})));
  ASSERT_EQ(part.samples().rows(), whole.samples().rows() - dropped);
  for (std::int32_t row = 0; row < part.samples().rows(); ++row) {
    expect_same_row(part, row, whole, row + dropped);
  }
  for (int i = 0; i < 20; ++i) {
    const auto row = static_cast<std::int32_t>(random_index(random_, part.samples().rows()));
    expect_same_moment(part, row, whole, row + dropped);
    const Vector values = random_values(random_, model_);
    const MomentReport other = part.moment_with(row, values, Language::kEnglish);
    const MomentReport expected = whole.moment_with(row + dropped, values, Language::kEnglish);
    EXPECT_TRUE(same(other.alert_score, expected.alert_score));
    EXPECT_EQ(other.sentence, expected.sentence);
  }
  part.forget(1e9);
  EXPECT_EQ(part.samples().rows(), 0);
  EXPECT_THAT(part.alerts({}), IsEmpty());
  EXPECT_EQ(part.worst_row(), -1);
}

INSTANTIATE_TEST_SUITE_P(Roles, Grown, testing::Range(1U, 13U));

TEST_F(Reports, of_shared_samples_do_not_change_one_another) {
  const std::vector<Row> rows = random_rows(random_, model_, 50);
  RoleReport one = report_of({rows.begin(), rows.begin() + 60});
  RoleReport other(explainer_, one.shared_samples());
  ASSERT_TRUE(one.append(table_of(model_, {rows.begin() + 60, rows.end()})));
  EXPECT_EQ(one.samples().rows(), std::ssize(rows));
  EXPECT_EQ(other.samples().rows(), 60);
  other.forget(1e9);
  EXPECT_EQ(one.scores().state.size(), rows.size());
}

TEST_F(Reports, find_the_worst_row_and_rows_by_host_and_time) {
  const std::vector<Row> rows = random_rows(random_, model_, 200);
  RoleReport report = report_of(rows);
  const TableScores& scores = report.scores();
  for (const std::string host : {"", "a", "c"}) {
    const std::int32_t worst = report.worst_row(host);
    for (std::int32_t row = 0; row < report.samples().rows(); ++row) {
      if (scores.state[row] >= 0 && (host.empty() || report.samples().host(row).name == host)) {
        EXPECT_LE(scores.severity[row], scores.severity[worst]);
      }
    }
  }
  EXPECT_EQ(report.worst_row("nobody"), -1);
  EXPECT_EQ(report.row_at(rows[7].host, rows[7].timestamp), 7);
  EXPECT_EQ(report.row_at(rows[7].host, rows[7].timestamp + 1), -1);
  EXPECT_EQ(report.row_at("nobody", 0), -1);
}

TEST_F(Reports, with_the_values_that_were_measured_say_what_they_say_of_the_sample) {
  const std::vector<Row> rows = random_rows(random_, model_, 150);
  RoleReport report = report_of(rows);
  for (const std::int32_t row : {0, 5, 100, 400}) {
    const MomentReport a = report.moment(row, Language::kEnglish);
    const MomentReport b = report.moment_with(row, rows[row].values, Language::kEnglish);
    EXPECT_TRUE(same(a.alert_score, b.alert_score));
    EXPECT_TRUE(same(a.severity, b.severity));
    EXPECT_EQ(a.sentence, b.sentence);
    EXPECT_EQ(a.remarks, b.remarks);
    EXPECT_EQ(a.explanation.ranking, b.explanation.ranking);
  }
}

TEST_F(Reports, price_settings_by_the_alerts_that_they_raise) {
  RoleReport report = report_of(random_rows(random_, model_, 300));
  const std::vector<AlertSettings> settings = {
      {Sensitivity::kSensitive, Sensitivity::kNormal, 1},
      {},
      {Sensitivity::kNormal, Sensitivity::kInsensitive, 10}};
  const std::vector<Price> prices = report.prices(settings);
  ASSERT_THAT(prices, SizeIs(3));
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const auto alerts = report.alerts(settings[i], false);
    EXPECT_EQ(prices[i].alerts, std::ssize(alerts));
    EXPECT_EQ(prices[i].critical, std::ranges::count(alerts, AlertLevel::kCritical, &Alert::level));
  }
  EXPECT_GT(prices[0].alerts, 0);
}

TEST_F(Reports, find_an_alert_of_other_settings_by_its_id) {
  RoleReport report = report_of(random_rows(random_, model_, 300));
  const AlertSettings quiet = {Sensitivity::kInsensitive, Sensitivity::kInsensitive, 10};
  const auto loud = report.alerts({Sensitivity::kSensitive, Sensitivity::kInsensitive, 1}, false);
  ASSERT_FALSE(loud.empty());
  const auto found = report.alert(loud.front().alert_id, quiet);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->alert.alert_id, loud.front().alert_id);
  const auto why = report.explain(found->alert, found->settings, Language::kJapanese);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->worst.timestamp, found->alert.worst_at);
  EXPECT_EQ(why->sentences, span_sentences(model_, *why, Language::kJapanese));
  const auto none = report.alert("nothing", quiet);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("the samples have no alert \"nothing\"; they have "));
}

TEST_F(Reports, the_worst_of_the_hosts_stands_for_each_time) {
  const std::vector<Row> rows = random_rows(random_, model_, 300);
  RoleReport report = report_of(rows);
  const TableScores& scores = report.scores();
  std::map<double, std::int32_t> worst;
  for (std::int32_t row = 0; row < report.samples().rows(); ++row) {
    const auto [known, is_new] = worst.try_emplace(report.samples().time(row), row);
    const double severity = scores.severity[known->second];
    if (scores.severity[row] > severity || std::isnan(severity)) {
      known->second = row;
    }
  }
  const std::vector<std::int32_t> found = report.worst_rows();
  ASSERT_EQ(found.size(), worst.size());
  for (std::size_t i = 0; const auto& [time, row] : worst) {
    EXPECT_TRUE(same(scores.severity[found[i]], scores.severity[row])) << time;
    EXPECT_EQ(report.samples().time(found[i++]), time);
  }
}

TEST_F(Reports, hosts_that_are_measured_some_seconds_apart_have_a_time_in_common) {
  std::vector<Row> rows;
  for (int i = 0; i < 50; ++i) {
    const double time = 1000030 + kInterval * i;
    rows.push_back({"a", time, random_values(random_, model_)});
    rows.push_back({"b", time + (i % 2 == 0 ? 20 : 140), random_values(random_, model_)});
  }
  RoleReport report = report_of(rows);
  const std::vector<std::int32_t> worst = report.worst_rows();
  ASSERT_THAT(worst, SizeIs(50));
  const std::vector<double>& severity = report.scores().severity;
  bool is_any[2] = {false, false};
  for (std::int32_t i = 0; i < 50; ++i) {
    EXPECT_EQ(worst[i] / 2, i);
    EXPECT_EQ(severity[worst[i]], std::max(severity[2 * i], severity[2 * i + 1]));
    is_any[worst[i] % 2] = true;
  }
  EXPECT_TRUE(is_any[0] && is_any[1]);
}

TEST_F(Reports, time_without_samples_is_not_covered) {
  const Vector values = random_values(random_, model_);
  std::vector<Row> rows;
  for (const int day : {10, 12}) {
    for (int i = 0; i < 288; ++i) {
      rows.push_back({"a", 86400. * day + kInterval * i, values});
      if (i < 144) {
        rows.push_back({"b", 86400. * day + kInterval * i, values});
      }
    }
  }
  const CoveredTime covered = report_of(rows).covered();
  EXPECT_NEAR(covered.host_days, 3, 1e-9);
  EXPECT_NEAR(covered.role_days, 2, 1e-9);
  EXPECT_EQ(report_of({}).covered().host_days, 0);
}

TEST_F(Reports, the_nearest_sample_of_a_host_is_found) {
  const Vector values = random_values(random_, model_);
  const RoleReport report = report_of({{"a", 100, values}, {"a", 400, values}, {"b", 200, values}});
  const auto time = [&](double wanted) {
    return report.samples().time(report.nearest_row("a", wanted));
  };
  EXPECT_EQ(time(-1e9), 100);
  EXPECT_EQ(time(250), 100);
  EXPECT_EQ(time(250.5), 400);
  EXPECT_EQ(time(1e9), 400);
  EXPECT_EQ(report.nearest_row("c", 100), -1);
}

}  // namespace
}  // namespace rolemix
