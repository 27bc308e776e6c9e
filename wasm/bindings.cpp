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

#include "alert/find_alerts.h"
#include "convert.h"
#include "explain/detail.h"
#include "explain/explain.h"
#include "explain/host_explainer.h"
#include "explain/joint.h"
#include "explain/similar.h"
#include "model/calibration.h"
#include "model/edit.h"
#include "model/model_file.h"
#include "report/alert_explanation.h"
#include "say/remarks.h"
#include "say/sentence.h"
#include "say/state.h"
#include "score/score.h"
#include "text/format.h"

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

Language language_of(bool japanese) { return japanese ? Language::kJapanese : Language::kEnglish; }

val state_names(Address address, bool japanese) {
  const RoleModel& model = model_at(address).scorer.model();
  std::vector<std::string> names;
  for (Index k = 0; k < model.components(); ++k) {
    names.push_back(state_name(model, k, language_of(japanese)));
  }
  return array(names);
}

val score_table(Address address, const val& packed) {
  Scorer& scorer = model_at(address).scorer;
  const auto samples = samples_from_js(scorer.model(), packed);
  return value_or_error(samples, [&](const Samples& s) { return to_js(s, score(scorer, s)); });
}

/// options: alert settings, and whether alerts are `explained`.
val alerts(Address address, const val& packed, const val& options, bool japanese) {
  Scorer& scorer = model_at(address).scorer;
  const auto settings = alert_settings_from_js(options);
  if (!settings) {
    return to_js(settings.error());
  }
  const auto samples = samples_from_js(scorer.model(), packed);
  return value_or_error(samples, [&](const Samples& s) {
    const std::vector<Alert> found =
        find_alerts(scorer, s, scores_from_js(packed), *settings, options["explained"].as<bool>());
    return to_js(scorer.model(), found, language_of(japanese));
  });
}

val score_rows(Address address, Address values, int rows) {
  Scorer& scorer = model_at(address).scorer;
  const auto samples = rows_from_js(scorer.model(), values, rows);
  return value_or_error(samples, [&](const Eigen::Map<const Matrix>& matrix) {
    return to_js(scorer.score_rows(matrix));
  });
}

/// count explanations, made chunk by chunk: they take more room than columns of numbers.
template <typename Explain>
val explained(const RoleModel& model, Index count, const Explain& explain) {
  constexpr Index kChunk = 1024;
  ExplanationColumns columns(model, count);
  for (Index begin = 0; begin < count; begin += kChunk) {
    Index row = begin;
    for (const Explanation& explanation : explain(begin, std::min(kChunk, count - begin))) {
      columns.set(row++, explanation);
    }
  }
  return columns.to_js();
}

val explain_rows(Address address, Address values, int rows) {
  LoadedModel& model = model_at(address);
  const auto samples = rows_from_js(model.scorer.model(), values, rows);
  return value_or_error(samples, [&](const Eigen::Map<const Matrix>& matrix) {
    return explained(model.scorer.model(), matrix.rows(), [&](Index begin, Index count) {
      return model.explainer.explain_rows(matrix.middleRows(begin, count));
    });
  });
}

/// Of the rows of a table of one host, in order of time, those from `first` on.
val explain_host(Address address, const val& packed, const val& from) {
  LoadedModel& model = model_at(address);
  const auto samples = samples_from_js(model.scorer.model(), packed);
  return value_or_error(samples, [&](const Samples& s) {
    const Index first = from.as<int>();
    const Index count = s.rows() - first;
    const TableScores scores = score(model.scorer, s);
    const HostSamples none;
    HostExplainer host(model.explainer, s.hosts.empty() ? none : s.hosts.front());
    val object = explained(model.scorer.model(), count, [&](Index begin, Index chunk) {
      return host.explain(first + begin, chunk);
    });
    put(object, "alertScore",
        copied(scores.alert_score.data() + first, static_cast<std::size_t>(count)));
    put(object, "severity",
        copied(scores.severity.data() + first, static_cast<std::size_t>(count)));
    return object;
  });
}

/// What explain_row takes of the history of a table's last sample: slow, fast and the time of its
/// memory, NaN without one, the shifts of its metrics, and the evidence against each.
val history(Address address, const val& packed) {
  Explainer& explainer = model_at(address).explainer;
  const RoleModel& role = explainer.scorer().model();
  const auto samples = samples_from_js(role, packed);
  return value_or_error(samples, [&](const Samples& s) {
    const HostMoment moment =
        s.hosts.empty()
            ? HostMoment{{}, Matrix::Zero(1, role.dimensions()), Vector::Zero(role.dimensions())}
            : moment_of(explainer, s.hosts.front(), s.rows() - 1);
    Vector numbers(3 + moment.shift.size() + moment.evidence.size());
    numbers[0] = moment.memory.slow;
    numbers[1] = moment.memory.fast;
    numbers[2] = moment.memory.started ? moment.memory.timestamp : kNaN;
    std::copy_n(moment.shift.data(), moment.shift.size(), numbers.data() + 3);
    std::copy_n(moment.evidence.data(), moment.evidence.size(),
                numbers.data() + 3 + moment.shift.size());
    return copied(numbers);
  });
}

/// `history`: 3 + 2 D doubles, as history() gives them.
HostMoment moment_from_js(const RoleModel& role, Address history) {
  const auto* numbers = reinterpret_cast<const double*>(history);
  HostMoment moment{{numbers[0], numbers[1], numbers[2], !std::isnan(numbers[2])},
                    Matrix(1, role.dimensions()),
                    Vector(role.dimensions())};
  std::copy_n(numbers + 3, role.dimensions(), moment.shift.data());
  std::copy_n(numbers + 3 + role.dimensions(), role.dimensions(), moment.evidence.data());
  return moment;
}

/// Ellipses of two metrics, by their places, at such a moment: [{weight, outline}, ...], outline
/// x, y, x, y, ...
val joint_of(Address address, Address values, Address history, int first, int second) {
  LoadedModel& model = model_at(address);
  const RoleModel& role = model.scorer.model();
  const auto samples = rows_from_js(role, values, 1);
  return value_or_error(samples, [&](const Eigen::Map<const Matrix>& matrix) {
    const HostMoment moment = moment_from_js(role, history);
    const auto ellipses = joint_ellipses(model.explainer, matrix.row(0).transpose(),
                                         moment.shift.row(0).transpose(), first, second);
    val list = val::array();
    for (int i = 0; i < std::ssize(ellipses); ++i) {
      val ellipse = val::object();
      put(ellipse, "weight", ellipses[i].weight);
      put(ellipse, "outline", copied(ellipses[i].outline));
      list.set(i, ellipse);
    }
    return list;
  });
}

val explain_row(Address address, Address values, double timestamp, Address history, bool japanese) {
  LoadedModel& model = model_at(address);
  const RoleModel& role = model.scorer.model();
  const auto samples = rows_from_js(role, values, 1);
  return value_or_error(samples, [&](const Eigen::Map<const Matrix>& matrix) {
    const HostMoment moment = moment_from_js(role, history);
    const Explanation explanation = explain_at(model.explainer, moment, matrix.row(0).transpose());
    ExplanationColumns columns(role, 1);
    columns.set(0, explanation);
    val object = columns.to_js();
    const Detail detail = detail_of(model.explainer, matrix.row(0).transpose(),
                                    moment.shift.row(0).transpose(), explanation);
    put(object, "detail", to_js(role, detail));
    const Language language = language_of(japanese);
    put(object, "sentence", sentence(role, finding_of(explanation, detail.prediction), language));
    put(object, "remarks", array(remarks(role, explanation, detail, language)));
    const double alert_score =
        alert_score_at(model.scorer, moment, timestamp, matrix.row(0).transpose());
    put(object, "alertScore", alert_score);
    put(object, "severity", severity_at(role.calibration, alert_score));
    return object;
  });
}

/// Of a table with its scores, as alerts() takes it. alert: {alertId, worstHost, worstAt,
/// startedAt, closedAt}, closedAt NaN while open.
val explain_alert_of(Address address, const val& packed, const val& options, const val& of,
                     bool japanese) {
  LoadedModel& model = model_at(address);
  const RoleModel& role = model.scorer.model();
  const auto settings = alert_settings_from_js(options);
  if (!settings) {
    return to_js(settings.error());
  }
  const auto samples = samples_from_js(role, packed);
  if (!samples) {
    return to_js(samples.error());
  }
  Alert alert;
  alert.alert_id = of["alertId"].as<std::string>();
  alert.worst_host = of["worstHost"].as<std::string>();
  alert.worst_at = of["worstAt"].as<double>();
  alert.started_at = of["startedAt"].as<double>();
  alert.closed_at = of["closedAt"].as<double>();
  const auto why = explain_alert(model.explainer, *samples, scores_from_js(packed),
                                 alert_thresholds(role.calibration, *settings), alert);
  return value_or_error(why, [&](const AlertExplanation& explanation) {
    return to_js(role, explanation, language_of(japanese));
  });
}

/// Of a table with its scores, as alerts() takes it, the past moments like one of its rows.
val similar_to(Address address, const val& packed, const val& row) {
  LoadedModel& model = model_at(address);
  const RoleModel& role = model.scorer.model();
  const auto samples = samples_from_js(role, packed);
  return value_or_error(samples, [&](const Samples& s) {
    TableScores scores = scores_from_js(packed);
    scores.severity = scores.alert_score.unaryExpr(
        [&](double alert_score) { return severity_at(role.calibration, alert_score); });
    const std::int32_t here = row.as<int>();
    const Explanation explanation = explain(model.explainer, s, {here}).front();
    return to_js(s, scores, similar_moments(model.explainer, s, scores, here, explanation));
  });
}

std::string value_text(double value, const std::string& unit) { return format_value(value, unit); }

std::string range_text(double low, double high, const std::string& unit) {
  return format_range(low, high, unit);
}

val words_of(bool japanese) { return words_to_js(language_of(japanese)); }

/// As an alert of the role is told of, by the sentence of its worst host.
std::string role_text(int hosts, const std::string& worst_host, const std::string& of_worst,
                      bool japanese) {
  return role_sentence(static_cast<std::size_t>(hosts), worst_host, of_worst,
                       language_of(japanese));
}

}  // namespace

EMSCRIPTEN_BINDINGS(rolemix) {
  emscripten::function("loadModel", &load_model);
  emscripten::function("editModel", &edit_model);
  emscripten::function("freeModel", &free_model);
  emscripten::function("modelInfo", &model_info);
  emscripten::function("stateNames", &state_names);
  emscripten::function("score", &score_table);
  emscripten::function("alerts", &alerts);
  emscripten::function("scoreRows", &score_rows);
  emscripten::function("explainRows", &explain_rows);
  emscripten::function("explainHost", &explain_host);
  emscripten::function("history", &history);
  emscripten::function("explainRow", &explain_row);
  emscripten::function("joint", &joint_of);
  emscripten::function("explainAlert", &explain_alert_of);
  emscripten::function("similar", &similar_to);
  emscripten::function("explanationNames", &explanation_names);
  emscripten::function("formatValue", &value_text);
  emscripten::function("formatRange", &range_text);
  emscripten::function("words", &words_of);
  emscripten::function("roleSentence", &role_text);
  emscripten::function("severityOfReturnTime", &severity_of_return_time);
  emscripten::function("returnTimeOfSeverity", &return_time_of_severity);
}

}  // namespace rolemix
