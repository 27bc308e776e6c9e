// Whatever table is accepted, the state that is written after it can be read, and goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "alert/alert_state_file.h"
#include "alert/find_alerts.h"
#include "model/random_model.h"
#include "score/score.h"
#include "table/far_rows.h"

namespace rolemix {
namespace {

/// Numbers that machines and people write where there is nothing to measure, and the ends of the
/// range.
constexpr double kOdd[] = {0,       -1,       1e26,    -1e26,  1e49,   9.9e49, FLT_MAX,
                           DBL_MAX, -DBL_MAX, DBL_MIN, 5e-324, 1.8e19, 1e308,  -0.0};

RoleModel odd_role(Random& random) {
  RoleModel model = random_model(random);
  const bool all_centred = random.uniform() < 0.2;
  for (MetricSpec& metric : model.metrics) {
    metric.median = from_model_units(metric, random_normal(random));
    metric.center_by_host = all_centred || random.uniform() < 0.3;
  }
  model.calibration.memory_seconds = random.uniform() < 0.2 ? 0 : 1800;
  model.model_id = "0123456789abcdef";
  return model;
}

Vector odd_values(Random& random, const RoleModel& model) {
  Vector values = random_values(random, model);
  const double kind = random.uniform();
  if (kind < 0.1) {
    values.setConstant(std::numeric_limits<double>::quiet_NaN());
  } else if (kind < 0.2) {
    values = with_gaps(random, values);
  } else if (kind < 0.4) {
    values[random_index(random, values.size())] = kOdd[random_index(random, std::ssize(kOdd))];
  } else if (kind < 0.5) {
    values.setConstant(kOdd[random_index(random, std::ssize(kOdd))]);
  } else if (kind < 0.7) {
    values[0] += 30 * model.metrics[0].tolerance;
  }
  return values;
}

/// Some hosts' next samples, with gaps of minutes to days.
std::vector<Row> odd_rows(Random& random, const RoleModel& model, double& now) {
  std::vector<Row> rows;
  const auto count = static_cast<int>(random_index(random, 60));
  for (int i = 0; i < count; ++i) {
    const double gap = random.uniform();
    now += gap < 0.9 ? 60 : gap < 0.96 ? 4000 : gap < 0.99 ? 2 * 86400 : 1e8;
    for (const char* host : {"a", "b", "c", "d\x01", "\xff"}) {
      if (random.uniform() < 0.8) {
        rows.push_back({host, now + random.uniform(), odd_values(random, model)});
      }
    }
  }
  return rows;
}

/// Without those that would be left out.
std::vector<Row> believed(const RoleModel& model, std::vector<Row> rows) {
  const SampleTable table = table_of(model, rows);
  const std::vector<HostRows> hosts = rows_by_host(table).value();
  std::vector<bool> far(rows.size(), true);
  for (const auto& believed : believed_rows(table, hosts, model.calibration.interval_seconds)) {
    for (const std::int32_t row : believed) {
      far[row] = false;
    }
  }
  std::vector<Row> result;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!far[row]) {
      result.push_back(std::move(rows[row]));
    }
  }
  return result;
}

/// Scores of rows after others are those of all together.
void expect_as_at_once(Scorer& scorer, std::vector<Row>& all, const std::vector<Row>& rows,
                       const TableScores& scores) {
  const std::size_t first = all.size();
  all.insert(all.end(), rows.begin(), rows.end());
  const RoleModel& model = scorer.model();
  const TableScores whole = score(scorer, samples_of(model, table_of(model, all)).value());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double expected = whole.alert_score[first + i];
    ASSERT_TRUE(scores.alert_score[i] == expected ||
                (std::isnan(expected) && std::isnan(scores.alert_score[i])))
        << i << ": expected " << expected << ", got " << scores.alert_score[i];
  }
}

class KeptState : public testing::TestWithParam<unsigned> {};

TEST_P(KeptState, is_read_and_goes_on) {
  for (unsigned seed = 100 * GetParam(); seed < 100 * GetParam() + 100; ++seed) {
    Random random(seed);
    const RoleModel model = odd_role(random);
    Scorer scorer = Scorer::create(model).value();
    Explainer explainer(scorer);
    AlertState state;
    std::vector<Row> all;
    double now = 1.7e9;
    for (int run = 0; run < 4; ++run) {
      HostStates before;
      for (const HostAlertState& host : state.hosts) {
        before[host.host] = host.carried;
      }
      const std::vector<Row> rows = believed(model, odd_rows(random, model, now));
      const auto samples = samples_of(model, table_of(model, rows), before);
      ASSERT_TRUE(samples) << samples.error().message;
      const TableScores scores = score(scorer, *samples);
      follow_alerts(explainer, *samples, scores, {}, state);
      expect_as_at_once(scorer, all, rows, scores);
      const auto written = write_alert_state(state, model);
      ASSERT_TRUE(written) << seed << " " << run << ": " << written.error().message;
      ASSERT_TRUE(written->notices.empty()) << seed << ": " << written->notices[0].text;
      const std::string& bytes = written->bytes;
      const auto read = read_alert_state(
          std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), model);
      ASSERT_TRUE(read) << seed << " " << run << ": " << read.error().message;
      ASSERT_EQ(write_alert_state(*read, model)->bytes, bytes) << seed;
      state = *read;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OfManyTables, KeptState, testing::Range(0U, 5U));

}  // namespace
}  // namespace rolemix
