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
#include "explain/similar.h"
#include "model/role_model.h"
#include "report/alert_explanation.h"
#include "samples/samples.h"
#include "score/score.h"
#include "text/language.h"

namespace rolemix {

/// The table that `packed` describes, put together with the model. Errors: those of table_from_js
/// and samples_of.
Result<Samples> samples_from_js(const RoleModel& model, const emscripten::val& packed);

/// What the fold of alerts needs of the table's scores: anomaly_score and alert_score, rows doubles
/// each, which stand after the columns of `packed`.
TableScores scores_from_js(const emscripten::val& packed);

/// (rows, metrics) doubles at the address, not copied. Errors: not_finite when there is an
/// infinity.
Result<Eigen::Map<const Matrix>> rows_from_js(const RoleModel& model, Address address, int rows);

/// {warningSensitivity, criticalSensitivity, maxCheckAttempts}. Errors: invalid_argument.
Result<AlertSettings> alert_settings_from_js(const emscripten::val& settings);

/// All but the mixture's means and covariances. `any`: sample explained, for
/// the typical ranges.
emscripten::val to_js(const RoleModel& model, const Explanation& any);

emscripten::val to_js(const Samples& samples, const TableScores& scores);

/// Without the completed scores.
emscripten::val to_js(const SampleScores& scores);

emscripten::val to_js(const RoleModel& model, const std::vector<Alert>& alerts, Language language);

/// {runnerUp, firm, groups, prediction, wouldBeNormal}: what else there is to say of a sample.
emscripten::val to_js(const RoleModel& model, const Detail& detail);

/// {metrics, firstToLeave, unusualHosts, measuredHosts, sentences}, metrics by rank.
emscripten::val to_js(const RoleModel& model, const AlertExplanation& why, Language language);

/// [{host, timestamp, severity, similarity}].
emscripten::val to_js(const Samples& samples, const TableScores& scores,
                      const std::vector<SimilarMoment>& moments);

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
