#include "train/choose_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/random.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class ChooseMetrics : public testing::Test {
 protected:
  /// Adds a metric with 100 values of noise about 10.
  void add(const std::string& name) {
    Vector column = random_normals(random_, 100, 1);
    column.array() += 10;
    add(name, column);
  }

  void add(const std::string& name, const Vector& column) {
    table_.metrics.push_back(name);
    table_.values.conservativeResize(column.size(), std::ssize(table_.metrics));
    table_.values.rightCols(1) = column;
  }

  std::vector<MetricSpec> choose(const Matrix& measured = {}) {
    report_ = {};
    TrainingRows rows;
    rows.host.assign(table_.values.rows(), 0);
    for (Index i = 0; i < table_.values.rows(); ++i) {
      rows.host[i] = static_cast<std::int32_t>(i * hosts_ / table_.values.rows());
    }
    rows.hosts = hosts_;
    return choose_metrics(table_, rows, table_.values, measured, options_, report_);
  }

  std::vector<std::string> chosen() {
    std::vector<std::string> names;
    for (const MetricSpec& spec : choose()) {
      names.push_back(spec.name);
    }
    return names;
  }

  std::string reason_to_drop(const std::string& name) {
    choose();
    for (const DroppedMetric& dropped : report_.dropped) {
      if (dropped.name == name) {
        return dropped.reason;
      }
    }
    return "";
  }

  Random random_{1};
  int hosts_ = 1;  // each with the next rows
  SampleTable table_;
  TrainOptions options_;
  TrainReport report_;
};

TEST_F(ChooseMetrics, leaves_out_what_half_of_the_hosts_do_not_have) {
  hosts_ = 2;
  add("load");
  Vector of_one = random_normals(random_, 100, 1);
  of_one.tail(50).setConstant(kNaN);
  add("load{pod=\"a\"}", of_one);
  EXPECT_THAT(chosen(), ElementsAre("load"));
  EXPECT_EQ(reason_to_drop("load{pod=\"a\"}"), "measured on 1 of 2 hosts");
  ASSERT_EQ(report_.notices.size(), 1);
  EXPECT_EQ(report_.notices[0].code, "metrics_of_few_hosts");
  EXPECT_THAT(report_.notices[0].text, HasSubstr("sum by (instance)"));
}

TEST_F(ChooseMetrics, uses_or_drops_each_metric_once_in_the_order_of_the_table) {
  for (int i = 0; i < 30; ++i) {
    table_ = {};
    options_ = {};
    for (int d = 0; d < 8; ++d) {
      const std::string name = "metric" + std::to_string(d);
      add(name);
      const double kind = random_.uniform();
      Matrix::ColXpr column = table_.values.col(d);
      if (kind < 0.15) {
        column.setConstant(kind < 0.1 ? 7 : kNaN);
      } else if (kind < 0.3) {
        column.head(60).setConstant(kNaN);
      } else if (kind < 0.4 && d > 0) {
        column = table_.values.col(d - 1);
      }
      options_.metrics[name].drop = random_.uniform() < 0.1;
    }
    std::vector<std::string> used = chosen();
    std::vector<std::string> all;
    for (const std::string& name : table_.metrics) {
      if (!used.empty() && used.front() == name) {
        used.erase(used.begin());
      } else {
        all.push_back(name);
      }
    }
    EXPECT_THAT(used, IsEmpty());
    std::vector<std::string> dropped;
    for (const DroppedMetric& metric : report_.dropped) {
      dropped.push_back(metric.name);
      EXPECT_NE(metric.reason, "");
    }
    EXPECT_EQ(dropped, all);
  }
}

TEST_F(ChooseMetrics, drops_what_is_missing_in_more_than_half_of_the_samples) {
  add("half");
  add("less");
  table_.values.col(0).head(50).setConstant(kNaN);
  table_.values.col(1).head(51).setConstant(kNaN);
  EXPECT_THAT(chosen(), ElementsAre("half"));
  EXPECT_THAT(reason_to_drop("less"), HasSubstr("missing in more than half"));
}

TEST_F(ChooseMetrics, drops_values_that_no_mixture_takes_on_either_side) {
  for (const char* name : {"above", "below", "most"}) {
    add(name);
  }
  table_.values(3, 0) = 2 * kLargestValue;
  table_.values(3, 1) = -2 * kLargestValue;
  table_.values(3, 2) = -kLargestValue;
  EXPECT_THAT(chosen(), ElementsAre("most"));
  EXPECT_THAT(reason_to_drop("below"), HasSubstr("beyond 1e50"));
}

TEST_F(ChooseMetrics, watches_a_constant_only_with_a_tolerance_above_0) {
  add("free", Vector::Constant(100, 5));
  add("stated", Vector::Constant(100, 6));
  add("share", Vector::Constant(100, 7));
  options_.metrics["stated"].tolerance = ToleranceRule{2, false};
  options_.metrics["share"].tolerance = ToleranceRule{0, true};
  const std::vector<MetricSpec> specs = choose();
  ASSERT_EQ(specs.size(), 1U);
  EXPECT_EQ(specs[0].name, "stated");
  EXPECT_EQ(specs[0].tolerance, 2);
  EXPECT_THAT(reason_to_drop("free"), HasSubstr("never changed"));
  EXPECT_THAT(reason_to_drop("share"), HasSubstr("never changed"));
}

TEST_F(ChooseMetrics, drops_a_copy_of_a_metric_that_is_used_and_no_other) {
  add("a");
  add("copy of a", table_.values.col(0));
  add("b");
  add("copy of b", table_.values.col(2));
  options_.metrics["b"].drop = true;
  EXPECT_THAT(chosen(), ElementsAre("a", "copy of b"));
  EXPECT_EQ(reason_to_drop("copy of a"), "the same as a in every sample");
  EXPECT_EQ(reason_to_drop("b"), "dropped by the configuration");
}

TEST_F(ChooseMetrics, keeps_what_the_rule_says) {
  add("a");
  MetricRule& rule = options_.metrics["a"];
  rule.unit = "1/s";
  rule.full_scale = 200;
  rule.tolerance = ToleranceRule{0.5, false};
  rule.detection_direction = DetectionDirection::kAbove;
  rule.transform = Transform::kLogit;
  const MetricSpec spec = choose().at(0);
  EXPECT_EQ(spec.unit, rule.unit);
  EXPECT_EQ(spec.full_scale, rule.full_scale);
  EXPECT_EQ(spec.tolerance, 0.5);
  EXPECT_EQ(spec.detection_direction, rule.detection_direction);
  EXPECT_EQ(spec.transform, rule.transform);
  EXPECT_FALSE(spec.center_by_host);
}

TEST_F(ChooseMetrics, takes_a_unit_from_the_name_unless_one_is_stated) {
  for (const char* name : {"memory_bytes", "cpu.pct", "sent_bytes_total", "disk_percent"}) {
    add(name);
  }
  options_.metrics["disk_percent"].unit = "shares";
  std::vector<std::string> units;
  for (const MetricSpec& spec : choose()) {
    units.push_back(spec.unit);
  }
  EXPECT_THAT(units, ElementsAre("bytes", "percent", "", "shares"));
}

TEST_F(ChooseMetrics, knows_whether_a_value_was_ever_below_0) {
  add("zero");
  add("negative");
  table_.values(5, 0) = 0;
  table_.values(5, 1) = -1e-9;
  const std::vector<MetricSpec> specs = choose();
  EXPECT_TRUE(specs.at(0).non_negative);
  EXPECT_FALSE(specs.at(1).non_negative);
}

TEST_F(ChooseMetrics, measures_a_centred_metric_from_the_level_and_shows_it_as_it_is) {
  add("a");
  add("b");
  const Matrix measured = table_.values;
  table_.values.topRows(50).array() += 4096;  // one of two hosts
  const std::vector<MetricSpec> not_centred = choose();
  options_.metrics["a"].center_by_host = true;
  const std::vector<MetricSpec> specs = choose(measured);
  EXPECT_TRUE(specs.at(0).center_by_host);
  EXPECT_LT(specs[0].tolerance, not_centred.at(0).tolerance / 100);
  EXPECT_GT(specs[0].median, 1000) << "of the values themselves";
  EXPECT_EQ(specs.at(1).tolerance, not_centred.at(1).tolerance);
  table_.values.col(1) = table_.values.col(0);
  EXPECT_EQ(choose(measured).size(), 1U) << "a copy in its values is a copy";
}

TEST_F(ChooseMetrics, drops_a_centred_metric_that_never_leaves_its_level) {
  add("a");
  options_.metrics["a"].center_by_host = true;
  EXPECT_THAT(choose(Matrix::Constant(100, 1, 3)), IsEmpty());
  EXPECT_THAT(report_.dropped.at(0).reason, HasSubstr("never changed"));
}

TEST_F(ChooseMetrics, warns_of_configured_names_that_the_data_lack) {
  add("a");
  options_.metrics["a"].unit = "1/s";
  options_.metrics["gone"].unit = "1/s";
  options_.metrics["unwanted"].drop = true;
  options_.metrics["preset"].from_preset = true;
  choose();
  EXPECT_THAT(report_.notices, ElementsAre(Field(&Notice::text, HasSubstr("names gone,")),
                                           Field(&Notice::text, HasSubstr("names unwanted,"))));
}

TEST_F(ChooseMetrics, notes_a_constant_sum_of_one_unit) {
  add("user");
  add("idle", 100 - table_.values.col(0).array());
  choose();
  EXPECT_THAT(report_.notices,
              ElementsAre(Field(&Notice::text, HasSubstr("user + idle is always 100"))));
  options_.metrics["user"].unit = "seconds";
  choose();
  EXPECT_THAT(report_.notices, IsEmpty());
}

TEST_F(ChooseMetrics, of_no_samples_or_one_are_none) {
  add("a", Vector(0));
  EXPECT_THAT(chosen(), IsEmpty());
  EXPECT_EQ(reason_to_drop("a"), "never measured");
  table_ = {};
  add("a", Vector::Ones(1));
  EXPECT_THAT(chosen(), IsEmpty());
  table_ = {};
  add("a", Vector::Constant(100, kNaN));
  EXPECT_EQ(reason_to_drop("a"), "never measured");
  table_ = {};
  EXPECT_THAT(chosen(), IsEmpty());
  EXPECT_THAT(report_.dropped, IsEmpty());
}

TEST(TransformRows, gives_each_metric_by_name_in_its_own_units) {
  Random random(2);
  SampleTable table;
  table.metrics = {"a", "b", "c"};
  Matrix values = 20 * random_normals(random, 50, 3);
  values(7, 2) = kNaN;
  MetricSpec c;
  c.name = "c";
  c.tolerance = 4;
  MetricSpec a;
  a.name = "a";
  a.transform = Transform::kLog1p;
  a.tolerance = 0.5;
  const Matrix samples = transform_rows(table, values, {c, a});
  ASSERT_EQ(samples.rows(), 50);
  ASSERT_EQ(samples.cols(), 2);
  for (Index i = 0; i < 50; ++i) {
    if (i == 7) {
      EXPECT_TRUE(std::isnan(samples(i, 0)));
    } else {
      EXPECT_NEAR(samples(i, 0), values(i, 2) / 4, 1e-12);
    }
    EXPECT_NEAR(samples(i, 1),
                std::copysign(std::log1p(std::abs(values(i, 0)) / 0.5), values(i, 0)), 1e-12);
  }
  EXPECT_EQ(transform_rows(table, Matrix(0, 3), {c, a}).rows(), 0);
  EXPECT_EQ(transform_rows(table, values, {}).cols(), 0);
}

}  // namespace
}  // namespace rolemix
