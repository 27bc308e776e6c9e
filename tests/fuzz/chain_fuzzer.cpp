// The whole way of an odd table: it is refused with a message, or its model is written and read,
// every sample scored and explained, every alert found and explained, and every state kept.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "alert/alert_state_file.h"
#include "base/escape.h"
#include "fuzz/message.h"
#include "fuzz/seal_bytes.h"
#include "fuzz/use_alert_state.h"
#include "fuzz/use_model.h"
#include "model/model_file.h"
#include "model/random_model.h"
#include "report/role_report.h"
#include "table/csv.h"
#include "table/csv_writer.h"
#include "train/train.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// What stands where nothing was measured, and the ends of the range.
constexpr double kOdd[] = {kNaN,    -1,    0,    999999, 1e26, -1e26,    FLT_MAX, DBL_MAX,
                           DBL_MIN, -9e49, 1e49, 5e-324, -0.0, -DBL_MAX, 1e-300,  1.8e19};

[[noreturn]] void stop(const std::string& wrong) {
  std::fprintf(stderr, "chain_fuzzer: %s\n", wrong.c_str());
  std::abort();
}

void expect(const std::string& wrong) {
  if (!wrong.empty()) {
    stop(wrong);
  }
}

void expect_text(const std::string& text, const char* what) {
  if (text.empty() || !is_utf8(text)) {
    stop(std::string(what) + " that is empty or not in UTF-8: " + text);
  }
}

std::string name_from(FuzzedDataProvider& bytes, const char* usual, int number) {
  switch (bytes.ConsumeIntegralInRange<int>(0, 9)) {
    case 0:
      return "=" + std::to_string(number) + ",\"\n;";
    case 1:
      return bytes.ConsumeRandomLengthString(12) + std::to_string(number);
    case 2:
      return std::string(600, 'n') + std::to_string(number);
    default:
      return usual + std::to_string(number);
  }
}

/// A metric's values of all rows, by the seed and what the bytes say of it.
void fill(FuzzedDataProvider& bytes, Random& random, Index column, SampleTable& table) {
  const Index rows = table.rows();
  const int kind = bytes.ConsumeIntegralInRange<int>(0, 15);
  const double scale =
      std::pow(10, bytes.PickValueInArray({0, 0, 0, 2, -3, 9, -30, 45, -310, 300}));
  const double odd = bytes.PickValueInArray(kOdd);
  double walk = 0;
  for (Index row = 0; row < rows; ++row) {
    const double normal = random_normal(random);
    const double before = column > 0 ? table.values(row, column - 1) : normal;
    walk += normal;
    double& value = table.values(row, column);
    value = kind == 0    ? 5
            : kind == 1  ? before
            : kind == 2  ? 2 * before + 1e-9 * normal
            : kind == 3  ? static_cast<double>(row)
            : kind == 4  ? walk
            : kind == 5  ? std::floor(2 * random.uniform())
            : kind == 6  ? std::exp(8 * normal)
            : kind == 7  ? 100 / (1 + std::exp(-normal))
            : kind == 8  ? (random.uniform() < 0.02 ? odd : 7)
            : kind == 9  ? (random.uniform() < 0.5 ? odd : normal)
            : kind == 10 ? (row % 24 < 3 ? 50 : 5) + normal
            : kind == 11 ? 1 + 1e-15 * normal
                         : 10 + normal + (column > 0 && std::abs(before) < 1e6 ? before : 0);
    value *= scale;
    if (kind != 8 && kind != 9 && random.uniform() < 0.01) {
      value = random.uniform() < 0.5 ? kNaN : value + 40 * scale;
    }
    if (std::isinf(value)) {
      value = std::copysign(DBL_MAX, value);  // readers refuse infinities
    }
  }
}

/// As a table stands in memory, valid or not.
SampleTable table_from(FuzzedDataProvider& bytes) {
  Random random(bytes.ConsumeIntegral<std::uint32_t>());
  SampleTable table;
  const int hosts = bytes.ConsumeIntegralInRange<int>(1, 4);
  const int metrics = bytes.ConsumeIntegralInRange<int>(1, 6);
  const Index rows = std::max(0, 10 * bytes.ConsumeIntegralInRange<int>(-2, 20));
  for (int h = 0; h < hosts; ++h) {
    table.hosts.push_back(name_from(bytes, "h", h));
  }
  for (int d = 0; d < metrics; ++d) {
    table.metrics.push_back(name_from(bytes, "m", d));
  }
  // Days enough to be calibrated take a tenth of a second.
  const double interval =
      bytes.PickValueInArray({60., 60., 60., 60., 300., 300., 14400., 0.01, 1e-3, 1e6});
  double time = bytes.PickValueInArray({1.79e9, 1.79e9, 0., -1e9, 2.5e11, 1e15});
  for (Index row = 0; row < rows; ++row) {
    const auto host = static_cast<int>(row % hosts);
    time += host == 0 ? interval : 0;
    table.host.push_back(host);
    table.timestamps.push_back(time);
  }
  table.values.resize(rows, metrics);
  for (int d = 0; d < metrics; ++d) {
    fill(bytes, random, d, table);
  }
  return table;
}

/// Changes single rows: values, times, incidents.
void change(FuzzedDataProvider& bytes, SampleTable& table) {
  const Index rows = table.rows();
  for (int i = bytes.ConsumeIntegralInRange<int>(0, 6); rows > 0 && i > 0; --i) {
    const Index row = bytes.ConsumeIntegralInRange<Index>(0, rows - 1);
    const Index d = bytes.ConsumeIntegralInRange<Index>(0, table.values.cols() - 1);
    switch (bytes.ConsumeIntegralInRange<int>(0, 4)) {
      case 0: {
        const double any = std::bit_cast<double>(bytes.ConsumeIntegral<std::uint64_t>());
        table.values(row, d) = std::isinf(any) ? kNaN : any;
        break;
      }
      case 1:
        table.values.row(row).setConstant(bytes.PickValueInArray(kOdd));
        break;
      case 2:
        table.timestamps[row] += bytes.PickValueInArray({1., -7200., 1e7, -1e7, 1e11, 1e14});
        break;
      default:  // an incident
        for (Index i = row; i < std::min(rows, row + 30); ++i) {
          table.values(i, d) = 20 * table.values(i, d) + 100;
        }
        break;
    }
  }
  table.values = table.values.array().isInf().select(kNaN, table.values);
}

TrainOptions options_from(FuzzedDataProvider& bytes, const SampleTable& table) {
  TrainOptions options;
  options.role = "fuzz:role";
  options.min_components = bytes.ConsumeIntegralInRange<int>(1, 3);
  options.max_components = std::min(3, options.min_components + bytes.ConsumeBool());
  options.default_tolerance = bytes.PickValueInArray({0.03, 1e-12, 0.99});
  options.alert_settings = {bytes.PickValueInArray({Sensitivity::kSensitive, Sensitivity::kNormal}),
                            Sensitivity::kInsensitive, bytes.ConsumeIntegralInRange<int>(1, 10)};
  for (const std::string& name : table.metrics) {
    MetricRule& rule = options.metrics[name];
    rule.full_scale = bytes.PickValueInArray({kNaN, 100., 1e-50, 1e50});
    if (bytes.ConsumeBool()) {
      rule.tolerance =
          ToleranceRule{bytes.PickValueInArray({0.5, 1e-50, 1e50, 0.05}), bytes.ConsumeBool()};
    }
    rule.detection_direction =
        static_cast<DetectionDirection>(bytes.ConsumeIntegral<std::uint8_t>() % 3);
    rule.transform = bytes.ConsumeBool() ? Transform::kLog1p : Transform::kIdentity;
    rule.center_by_host = bytes.ConsumeIntegralInRange<int>(0, 3) == 0;
  }
  return options;
}

/// With a calibration in every case, so that there are alerts.
RoleModel read_again(RoleModel model) {
  const auto read = read_model(bytes_of(write_model(model)));
  if (!read) {
    stop("a model that is not read: " + read.error().message);
  }
  if (write_model(*read) != write_model(model)) {
    stop("another model when read again");
  }
  if (read->calibration.ready) {
    return *read;
  }
  expect_text(read->calibration.not_ready_reason, "a reason");
  const double interval = model.calibration.interval_seconds;
  model.calibration = simple_calibration();
  model.calibration.interval_seconds = interval;
  return read_model(bytes_of(write_model(model))).value();
}

/// The values of a row without those of centred metrics of which its host has no level yet.
Vector known_values(const RoleReport& report, std::int32_t row) {
  const RoleModel& model = report.model();
  const Samples& samples = report.samples();
  const Matrix shift = samples.host(row).shifts(model, samples.places[row].sample, 1);
  Vector values = report.values(row);
  for (Index d = 0; d < values.size(); ++d) {
    const bool known = !model.metrics[d].center_by_host || !std::isnan(shift(0, d));
    values[d] = known ? values[d] : kNaN;
  }
  return values;
}

void check_scores(RoleReport& report) {
  const TableScores& scores = report.scores();
  for (std::int32_t row = 0; row < report.samples().rows(); ++row) {
    const bool measured = !known_values(report, row).array().isNaN().all();
    const double score = scores.anomaly_score[row];
    const double alert_score = scores.alert_score[row];
    const double severity = scores.severity[row];
    if (measured ? !std::isfinite(score) : !std::isnan(score)) {
      stop("an anomaly score that is not finite");
    }
    if (std::isnan(score) != std::isnan(alert_score) || std::isinf(alert_score) ||
        alert_score < 0) {
      stop("an alert score that is not finite, or negative");
    }
    if (std::isnan(severity) != std::isnan(alert_score) || severity < 0 || severity > 100) {
      stop("a severity out of range");
    }
  }
}

void check_moment(const RoleReport& report, const MomentReport& moment, std::int32_t row) {
  expect(wrong_in(moment.explanation, known_values(report, row)));
  expect_text(moment.sentence, "a sentence");
  for (const std::string& remark : moment.remarks) {
    expect_text(remark, "a remark");
  }
}

void check_alerts(RoleReport& report, const AlertSettings& settings) {
  const std::vector<Alert> alerts = report.alerts(settings);
  for (const Alert& alert : alerts) {
    const bool open = std::isnan(alert.closed_at);
    expect(wrong_in(AlertEvent{open ? AlertChange::kOpened : AlertChange::kClosed, alert}));
    for (const Language language : {Language::kEnglish, Language::kJapanese}) {
      const auto why = report.explain(alert, settings, language);
      if (!why) {
        stop("an alert that is not explained: " + why.error().message);
      }
      expect_text(why->worst.sentence, "a sentence");
      for (const std::string& sentence : why->sentences) {
        expect_text(sentence, "a sentence");
      }
    }
  }
  const std::vector<Price> prices = report.prices(std::vector<AlertSettings>{settings});
  if (prices.at(0).alerts != std::ssize(alerts)) {
    stop("a price that is not the number of alerts");
  }
}

/// The table in two runs with a state written and read between them.
void check_state(Explainer& explainer, const SampleTable& table) {
  const RoleModel& model = explainer.scorer().model();
  AlertState state;
  for (const bool late : {false, true}) {
    std::vector<std::int32_t> rows;
    for (std::int32_t row = 0; row < table.rows(); ++row) {
      if ((row >= table.rows() / 2) == late) {
        rows.push_back(row);
      }
    }
    HostStates before;
    for (const HostAlertState& host : state.hosts) {
      before[host.host] = host.carried;
    }
    auto samples = samples_of(model, select_rows(table, rows), before);
    if (!samples) {
      stop("no samples: " + samples.error().message);
    }
    RoleReport report(explainer, Shared<Samples>::of(std::move(*samples)));
    report.follow_alerts(model.alert_settings, state);
    const auto written = write_alert_state(state, model);
    if (!written) {
      stop("a state that is not written: " + written.error().message);
    }
    const auto read = read_alert_state(bytes_of(written->bytes), model);
    if (!read || write_alert_state(*read, model)->bytes != written->bytes) {
      stop("a state that is not read as it was written");
    }
    expect(wrong_with(*read));
    state = *read;
  }
}

void use(const RoleModel& model, const SampleTable& table) {
  auto scorer = Scorer::create(model);
  if (!scorer) {
    stop("no scorer for a model that was trained: " + scorer.error().message);
  }
  Explainer explainer(*scorer);
  auto samples = samples_of(model, table);
  if (!samples) {
    stop("no samples: " + samples.error().message);
  }
  RoleReport report(explainer, Shared<Samples>::of(std::move(*samples)));
  for (const Notice& notice : report.notices()) {
    expect_text(notice.text, "a notice");
  }
  check_scores(report);
  if (const std::int32_t worst = report.worst_row(); worst >= 0) {
    for (const Language language : {Language::kEnglish, Language::kJapanese}) {
      check_moment(report, report.moment(worst, language), worst);
    }
    report.similar(worst);
    for (const JointEllipse& ellipse :
         report.joint(worst, report.values(worst), 0, static_cast<int>(model.dimensions()) - 1)) {
      if (!ellipse.outline.allFinite()) {
        stop("an ellipse that is not finite");
      }
    }
  }
  check_alerts(report, model.alert_settings);
  check_state(explainer, table);
}

/// What a reader makes of it, as CSV or as if it had been read.
Result<SampleTable> accepted(SampleTable table, bool as_csv) {
  if (auto valid = validate(table); !valid) {
    return std::unexpected(valid.error());
  }
  if (as_csv) {
    return parse_csv(to_csv(table), "fuzz.csv");
  }
  if (!std::ranges::all_of(table.metrics, is_utf8) || !std::ranges::all_of(table.hosts, is_utf8)) {
    return fail(ErrorCode::kBadFormat, "names that no reader accepts");
  }
  return table;
}

void run(FuzzedDataProvider& bytes) {
  SampleTable made = table_from(bytes);
  change(bytes, made);
  const auto table = accepted(std::move(made), bytes.ConsumeBool());
  if (!table) {
    expect(wrong_with(table.error()));
    return;
  }
  const auto trained = train(*table, options_from(bytes, *table), [](const auto&, double) {});
  if (!trained) {
    expect(wrong_with(trained.error()));
    return;
  }
  for (const Notice& notice : trained->report.notices) {
    expect_text(notice.text, "a notice");
  }
  use(read_again(trained->model), *table);
}

}  // namespace
}  // namespace rolemix

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider bytes(data, size);
  rolemix::run(bytes);
  return 0;
}
