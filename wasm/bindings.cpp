// What the module offers to the facade in js/. A model is an address that the facade keeps to
// itself; a result is a copied value, or {code, message}.
#include <emscripten/bind.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "convert.h"
#include "core/calibration.h"
#include "core/edit.h"
#include "core/explain.h"
#include "core/find_alerts.h"
#include "core/format.h"
#include "core/model_file.h"
#include "core/score.h"
#include "core/sentence.h"

namespace rolemix {
namespace {

using emscripten::val;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct LoadedModel {
  LoadedModel(Scorer&& loaded, RoleModel&& as_trained)
      : trained(std::move(as_trained)), scorer(std::move(loaded)), explainer(scorer) {}
  LoadedModel(const LoadedModel&) = delete;  // explainer refers to scorer
  LoadedModel& operator=(const LoadedModel&) = delete;

  RoleModel trained;
  Scorer scorer;
  Explainer explainer;
};

/// The address of the model, trained or edited, or the error.
val loaded(const Result<RoleModel>& model, RoleModel trained) {
  auto scorer = model.and_then([](const RoleModel& good) { return Scorer::create(good); });
  if (!scorer) {
    return to_js(scorer.error());
  }
  return val(reinterpret_cast<Address>(new LoadedModel(std::move(*scorer), std::move(trained))));
}

LoadedModel& model_at(Address address) { return *reinterpret_cast<LoadedModel*>(address); }

val load_model(Address bytes, int size) {
  const std::span file(reinterpret_cast<const std::uint8_t*>(bytes),
                       static_cast<std::size_t>(size));
  const auto model = read_model(file);
  return loaded(model, model.value_or(RoleModel()));
}

/// The trained model edited: of each of its metrics the tolerance, NaN as trained, infinity muted.
val edit_model(Address address, Address tolerances) {
  const LoadedModel& model = model_at(address);
  const auto* tolerance = reinterpret_cast<const double*>(tolerances);
  std::vector<MetricEdit> edits(model.trained.metrics.size());
  for (MetricEdit& edit : edits) {
    edit.muted = std::isinf(*tolerance);
    edit.tolerance = edit.muted ? edit.tolerance : *tolerance;
    ++tolerance;
  }
  return loaded(edited(model.trained, edits), model.trained);
}

void free_model(Address model) { delete &model_at(model); }

val model_info(Address address) {
  LoadedModel& model = model_at(address);
  const RoleModel& role = model.scorer.model();
  return to_js(role, model.explainer.explain(role.means.row(0).transpose()));
}

val score(Address address, const val& packed) {
  Scorer& scorer = model_at(address).scorer;
  const auto scores = table_from_js(packed).and_then(
      [&](const SampleTable& table) { return score_table(scorer, table); });
  return value_or_error(scores, [](const TableScores& s) { return to_js(s); });
}

val alerts(Address address, const val& packed, const val& options) {
  Scorer& scorer = model_at(address).scorer;
  const auto settings = alert_settings_from_js(options);
  if (!settings) {
    return to_js(settings.error());
  }
  const auto table = table_from_js(packed);
  if (!table) {
    return to_js(table.error());
  }
  TableScores scores = scores_from_js(packed, *table);
  if (centers_by_host(scorer.model())) {
    if (auto again = score_table(scorer, *table)) {
      scores.shifts = std::move(again->shifts);
    }
  }
  const auto found = find_alerts(scorer, *table, scores, *settings);
  return value_or_error(found, [](const std::vector<Alert>& list) { return to_js(list); });
}

val score_rows(Address address, Address values, int rows) {
  Scorer& scorer = model_at(address).scorer;
  const auto samples = rows_from_js(scorer.model(), values, rows);
  return value_or_error(samples, [&](const Eigen::Map<const Matrix>& matrix) {
    return to_js(scorer.score_rows(matrix));
  });
}

/// The rows from `first` on; shifts as Explainer takes them.
val explained(LoadedModel& model, const MatrixRef& values, const Matrix& shifts, Index first) {
  constexpr Index kChunk = 1024;  // explanations take more room than columns of numbers
  ExplanationColumns columns(model.scorer.model(), values.rows() - first);
  for (Index begin = first; begin < values.rows(); begin += kChunk) {
    const Index count = std::min(kChunk, values.rows() - begin);
    const auto explanations =
        model.explainer.explain_rows(values.middleRows(begin, count), shifts, begin);
    for (Index i = 0; i < count; ++i) {
      columns.set(begin - first + i, explanations[i]);
    }
  }
  return columns.to_js();
}

val explain_rows(Address address, Address values, int rows) {
  LoadedModel& model = model_at(address);
  const auto samples = rows_from_js(model.scorer.model(), values, rows);
  return value_or_error(samples, [&](const Eigen::Map<const Matrix>& matrix) {
    return explained(model, matrix, {}, 0);
  });
}

/// Of the rows of a table of one host, in order of time, those from `first` on.
val explain_host(Address address, const val& packed, const val& from) {
  LoadedModel& model = model_at(address);
  const auto table = table_from_js(packed);
  const auto scores = table.and_then(
      [&](const SampleTable& samples) { return score_table(model.scorer, samples); });
  return value_or_error(scores, [&](const TableScores& s) {
    const Index first = from.as<int>();
    std::vector<std::string> ignored;
    const Matrix values = select_metrics(*table, metric_names(model.scorer.model()), ignored);
    val object = explained(model, values, s.shifts, first);
    const auto count = static_cast<std::size_t>(values.rows() - first);
    put(object, "alertScore", copied(s.alert_score.data() + first, count));
    put(object, "severity", copied(s.severity.data() + first, count));
    return object;
  });
}

/// What explain_row takes of the history of a table's last sample: slow, fast and the time of its
/// memory, NaN without one, and the shifts of its metrics.
val history(Address address, const val& packed) {
  Scorer& scorer = model_at(address).scorer;
  const auto moment = table_from_js(packed).and_then(
      [&](const SampleTable& table) { return moment_of_last(scorer, table); });
  return value_or_error(moment, [](const HostMoment& m) {
    Vector numbers(3 + m.shift.size());
    numbers[0] = m.memory.slow;
    numbers[1] = m.memory.fast;
    numbers[2] = m.memory.started ? m.memory.timestamp : kNaN;
    std::copy_n(m.shift.data(), m.shift.size(), numbers.data() + 3);
    return copied(numbers);
  });
}

/// `history`: 3 + D doubles, as history() gives them.
val explain_row(Address address, Address values, double timestamp, Address history) {
  LoadedModel& model = model_at(address);
  const RoleModel& role = model.scorer.model();
  const auto samples = rows_from_js(role, values, 1);
  return value_or_error(samples, [&](const Eigen::Map<const Matrix>& matrix) {
    const auto* numbers = reinterpret_cast<const double*>(history);
    HostMoment moment{{numbers[0], numbers[1], numbers[2], !std::isnan(numbers[2]), {}},
                      Matrix(1, role.dimensions())};
    std::copy_n(numbers + 3, role.dimensions(), moment.shift.data());
    const Explanation explanation =
        model.explainer.explain(matrix.row(0).transpose(), moment.shift);
    ExplanationColumns columns(role, 1);
    columns.set(0, explanation);
    val object = columns.to_js();
    put(object, "sentence", sentence(role, explanation));
    const double alert_score =
        alert_score_at(model.scorer, moment, timestamp, matrix.row(0).transpose());
    put(object, "alertScore", alert_score);
    put(object, "severity",
        std::isnan(alert_score)
            ? alert_score
            : severity_of_return_time(return_time(role.calibration, 1, alert_score)));
    return object;
  });
}

std::string value_text(double value, const std::string& unit) { return format_value(value, unit); }

std::string range_text(double low, double high, const std::string& unit) {
  return format_range(low, high, unit);
}

}  // namespace

EMSCRIPTEN_BINDINGS(rolemix) {
  emscripten::function("loadModel", &load_model);
  emscripten::function("editModel", &edit_model);
  emscripten::function("freeModel", &free_model);
  emscripten::function("modelInfo", &model_info);
  emscripten::function("score", &score);
  emscripten::function("alerts", &alerts);
  emscripten::function("scoreRows", &score_rows);
  emscripten::function("explainRows", &explain_rows);
  emscripten::function("explainHost", &explain_host);
  emscripten::function("history", &history);
  emscripten::function("explainRow", &explain_row);
  emscripten::function("explanationNames", &explanation_names);
  emscripten::function("formatValue", &value_text);
  emscripten::function("formatRange", &range_text);
  emscripten::function("severityOfReturnTime", &severity_of_return_time);
  emscripten::function("returnTimeOfSeverity", &return_time_of_severity);
}

}  // namespace rolemix
