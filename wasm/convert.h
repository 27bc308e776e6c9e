// C++ values <-> JavaScript values. Arrays are copied: no view of the module's memory leaves it.
#ifndef ROLEMIX_WASM_CONVERT_H_
#define ROLEMIX_WASM_CONVERT_H_

#include <emscripten/val.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "alert/alert.h"
#include "base/error.h"
#include "base/matrix.h"
#include "convert_table.h"
#include "explain/detail.h"
#include "explain/explain.h"
#include "explain/joint.h"
#include "explain/similar.h"
#include "model/role_model.h"
#include "report/alert_explanation.h"
#include "report/moment_report.h"
#include "report/role_report.h"
#include "samples/samples.h"
#include "score/score.h"
#include "text/language.h"

namespace rolemix {

/// (rows, metrics) doubles at the address, not copied. Errors: not_finite when there is an
/// infinity.
Result<Eigen::Map<const Matrix>> rows_from_js(const RoleModel& model, Address address, int rows);

/// {warningSensitivity, criticalSensitivity, maxCheckAttempts}. Errors: invalid_argument.
Result<AlertSettings> alert_settings_from_js(const emscripten::val& settings);

/// All but the mixture's means and covariances. `any`: sample explained, for
/// the typical ranges.
emscripten::val to_js(const RoleModel& model, const Explanation& any);

/// {hosts, rows, start, end, interval, missingMetrics}: hosts by name, times of the first and the
/// last sample, the usual seconds between two of a host.
emscripten::val to_js(const Samples& samples);

/// {anomalyScore, alertScore, severity, state}, those from a row on.
emscripten::val to_js(const TableScores& scores, Index first);

/// Without the completed scores.
emscripten::val to_js(const SampleScores& scores);

emscripten::val to_js(const RoleModel& model, const std::vector<Alert>& alerts, Language language);

/// An explanation's columns of one row, {detail, sentence, remarks, alertScore, severity}.
emscripten::val to_js(const RoleModel& model, const MomentReport& moment);

emscripten::val to_js(const std::vector<JointEllipse>& ellipses);

/// {metrics, firstToLeave, unusualHosts, measuredHosts, sentences, worst}, metrics by rank.
emscripten::val to_js(const RoleModel& model, const AlertExplanation& why);

/// [{host, timestamp, severity, similarity}].
emscripten::val to_js(const std::vector<SimilarMoment>& moments);

/// [{alerts, critical}].
emscripten::val to_js(const std::vector<Price>& prices);

/// {levels, sensitivities, directions, reasons}: words by name; {notMeasured, noLevel}: why there
/// is no reason.
emscripten::val words_to_js(Language language);

/// {reasons, directions}: names by the numbers that stand in ExplanationColumns.
emscripten::val explanation_names();

/// Explanations of many samples as one array per field: (rows), (rows, components) or, metric after
/// metric, (metrics, rows).
class ExplanationColumns {
 public:
  ExplanationColumns(const RoleModel& model, Index rows);
  void set(Index row, const Explanation& explanation);
  emscripten::val to_js() const;

 private:
  Index rows_;
  Vector anomaly_score_;
  std::vector<std::int32_t> state_;
  Matrix responsibilities_;      // (rows, components)
  std::vector<Vector> numbers_;  // by field, each (metrics * rows), as the following
  std::vector<std::int32_t> rank_;
  std::vector<std::uint8_t> reason_;
  std::vector<std::uint8_t> direction_;
};

}  // namespace rolemix

#endif  // ROLEMIX_WASM_CONVERT_H_
