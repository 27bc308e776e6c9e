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

#include "base/shared.h"
#include "convert.h"
#include "explain/explain.h"
#include "explain/host_explainer.h"
#include "model/calibration.h"
#include "model/edit.h"
#include "model/model_file.h"
#include "report/alert_explanation.h"
#include "report/role_report.h"
#include "samples/samples.h"
#include "say/sentence.h"
#include "say/state.h"
#include "text/format.h"

namespace rolemix {
namespace {

using emscripten::val;

/// A model, trained or edited, as long as someone has it open.
struct OpenModel {
  OpenModel(Scorer&& loaded, RoleModel&& as_trained)
      : trained(std::move(as_trained)), scorer(std::move(loaded)), explainer(scorer) {}
  OpenModel(const OpenModel&) = delete;  // explainer refers to scorer
  OpenModel& operator=(const OpenModel&) = delete;

  const RoleModel& role() const { return scorer.model(); }

  RoleModel trained;
  Scorer scorer;
  Explainer explainer;
};

using ModelHandle = Shared<OpenModel>;

/// Samples that are open with a model.
struct OpenSamples {
  ModelHandle model;
  RoleReport report;
};

template <typename Handle>
Handle& at(Address address) {
  return *reinterpret_cast<Handle*>(address);
}

template <typename Handle>
val address_of(Handle* handle) {
  return val(reinterpret_cast<Address>(handle));
}

OpenModel& model_at(Address address) { return *at<ModelHandle>(address); }
RoleReport& report_at(Address address) { return at<OpenSamples>(address).report; }

/// The address of the model, trained or edited, or the error.
val loaded(const Result<RoleModel>& model, RoleModel trained) {
  auto scorer = model.and_then([](const RoleModel& good) { return Scorer::create(good); });
  return value_or_error(scorer, [&](Scorer& of_model) {
    return address_of(new ModelHandle(ModelHandle::of(std::move(of_model), std::move(trained))));
  });
}

val load_model(Address bytes, int size) {
  const std::span file(reinterpret_cast<const std::uint8_t*>(bytes),
                       static_cast<std::size_t>(size));
  const auto model = read_model(file, kMostWorkInBrowser);
  return loaded(model, model.value_or(RoleModel()));
}

/// The trained model edited: of each of its metrics the tolerance, NaN as trained, infinity muted.
val edit_model(Address address, Address tolerances) {
  const OpenModel& model = model_at(address);
  const auto* tolerance = reinterpret_cast<const double*>(tolerances);
  std::vector<MetricEdit> edits(model.trained.metrics.size());
  for (MetricEdit& edit : edits) {
    edit.muted = std::isinf(*tolerance);
    edit.tolerance = edit.muted ? edit.tolerance : *tolerance;
    ++tolerance;
  }
  return loaded(edited(model.trained, edits), model.trained);
}

void free_model(Address model) { delete &at<ModelHandle>(model); }

val model_info(Address address) {
  OpenModel& model = model_at(address);
  return to_js(model.role(), model.explainer.explain(model.role().means.row(0).transpose()));
}

Language language_of(bool japanese) { return japanese ? Language::kJapanese : Language::kEnglish; }

val state_names(Address address, bool japanese) {
  const RoleModel& model = model_at(address).role();
  std::vector<std::string> names;
  for (Index k = 0; k < model.components(); ++k) {
    names.push_back(state_name(model, k, language_of(japanese)));
  }
  return array(names);
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
  OpenModel& model = model_at(address);
  const auto samples = rows_from_js(model.role(), values, rows);
  return value_or_error(samples, [&](const Eigen::Map<const Matrix>& matrix) {
    return explained(model.role(), matrix.rows(), [&](Index begin, Index count) {
      return model.explainer.explain_rows(matrix.middleRows(begin, count));
    });
  });
}

/// The address of the samples of a table with the model, or the error: also of samples that look
/// like another role's, unless any role is taken.
val open_table(Address address, const val& packed, bool any_role) {
  const ModelHandle& model = at<ModelHandle>(address);
  const PackedTable table(packed);
  auto samples =
      table.view().and_then([&](const TableView& view) { return samples_of(model->role(), view); });
  if (!samples) {
    return to_js(samples.error());
  }
  auto* opened = new OpenSamples{
      model, RoleReport(model->explainer, Shared<Samples>::of(std::move(*samples)))};
  if (auto fits = any_role ? Result<void>() : opened->report.check_role(); !fits) {
    delete opened;
    return to_js(fits.error());
  }
  return address_of(opened);
}

/// The same samples with the same model edited.
Address open_samples(Address address, Address other) {
  const ModelHandle& model = at<ModelHandle>(address);
  const OpenSamples& known = at<OpenSamples>(other);
  auto samples = known.report.shared_samples();
  if (metric_names(model->role()) != metric_names(known.model->role())) {
    samples = Shared<Samples>::of(with_metrics_of(model->role(), known.model->role(), *samples));
  }
  return reinterpret_cast<Address>(
      new OpenSamples{model, RoleReport(model->explainer, std::move(samples))});
}

void free_samples(Address samples) { delete &at<OpenSamples>(samples); }

val samples_info(Address address) { return to_js(report_at(address).samples()); }

val notices(Address address) { return to_js(report_at(address).notices()); }

/// Of each row of the table its row in the samples, -1 where it was passed over.
val append_table(Address address, const val& packed) {
  RoleReport& report = report_at(address);
  const PackedTable table(packed);
  const auto rows =
      table.view().and_then([&](const TableView& view) { return report.append(view); });
  return value_or_error(rows, [](const std::vector<std::int32_t>& r) { return copied(r); });
}

void forget_before(Address address, double before) { report_at(address).forget(before); }

bool score_some(Address address, int rows) { return report_at(address).score_some(rows); }

/// Those from a row on.
val scores_of(Address address, int first) { return to_js(report_at(address).scores(), first); }

/// A host's times, and either severities or the values of a metric, by its place.
val series(Address address, const std::string& host, int metric) {
  RoleReport& report = report_at(address);
  const HostSamples* samples = report.samples().find(host);
  const double* severity = metric < 0 ? report.scores().severity.data() : nullptr;
  std::vector<double> values;
  for (Index i = 0; samples != nullptr && i < samples->size(); ++i) {
    values.push_back(metric < 0 ? severity[samples->rows[i]] : samples->values()(i, metric));
  }
  val object = val::object();
  put(object, "timestamps", copied(samples == nullptr ? std::vector<double>() : samples->times));
  put(object, "values", copied(values));
  return object;
}

/// {hostDays, roleDays}.
val covered(Address address) {
  const auto [host_days, role_days] = report_at(address).covered();
  val object = val::object();
  put(object, "hostDays", host_days);
  put(object, "roleDays", role_days);
  return object;
}

/// Rows, of each time that of the worst of all hosts.
val worst_rows(Address address) { return copied(report_at(address).worst_rows()); }

/// The time of the host's sample that is nearest; NaN without one.
double nearest(Address address, const std::string& host, double timestamp) {
  const RoleReport& report = report_at(address);
  const std::int32_t row = report.nearest_row(host, timestamp);
  return row < 0 ? std::numeric_limits<double>::quiet_NaN() : report.samples().time(row);
}

/// The values of a row's sample, some of them others: `count` pairs of a metric's place and value.
Vector changed(const RoleReport& report, std::int32_t row, Address changes, int count) {
  Vector values = report.values(row);
  const auto* change = reinterpret_cast<const double*>(changes);
  for (int i = 0; i < count; ++i, change += 2) {
    values[static_cast<Index>(change[0])] = change[1];
  }
  return values;
}

/// What is made of the row of a host's sample; null without one.
template <typename Use>
val of_row(const RoleReport& report, const std::string& host, double timestamp, const Use& use) {
  const std::int32_t row = report.row_at(host, timestamp);
  return row < 0 ? val::null() : use(row);
}

val explain_sample(Address address, const std::string& host, double timestamp, bool japanese) {
  RoleReport& report = report_at(address);
  return of_row(report, host, timestamp, [&](std::int32_t row) {
    return to_js(report.model(), report.moment(row, language_of(japanese)));
  });
}

/// changes: as many pairs of a metric's place and its value.
val explain_with(Address address, const std::string& host, double timestamp, Address changes,
                 int count, bool japanese) {
  RoleReport& report = report_at(address);
  return of_row(report, host, timestamp, [&](std::int32_t row) {
    return to_js(report.model(), report.moment_with(row, changed(report, row, changes, count),
                                                    language_of(japanese)));
  });
}

/// Ellipses of two metrics, by their places: [{weight, outline}, ...], outline x, y, x, y, ...
val joint_of(Address address, const std::string& host, double timestamp, Address changes, int count,
             int first, int second) {
  RoleReport& report = report_at(address);
  return of_row(report, host, timestamp, [&](std::int32_t row) {
    return to_js(report.joint(row, changed(report, row, changes, count), first, second));
  });
}

/// A host's samples of from <= time < to; null when it has none at all.
val explain_host(Address address, const std::string& name, double from, double to) {
  RoleReport& report = report_at(address);
  const HostSamples* samples = report.samples().find(name);
  if (samples == nullptr) {
    return val::null();
  }
  const Index first = samples->first_from(from);
  const Index count = std::max<Index>(samples->first_from(to) - first, 0);
  HostExplainer host(at<OpenSamples>(address).model->explainer, *samples);
  val object = explained(report.model(), count, [&](Index begin, Index chunk) {
    return host.explain(first + begin, chunk);
  });
  put(object, "timestamps", copied(samples->times.data() + first, static_cast<std::size_t>(count)));
  const TableScores& scores = report.scores();
  std::vector<double> alert_score;
  std::vector<double> severity;
  for (Index i = first; i < first + count; ++i) {
    alert_score.push_back(scores.alert_score[samples->rows[i]]);
    severity.push_back(scores.severity[samples->rows[i]]);
  }
  put(object, "alertScore", copied(alert_score));
  put(object, "severity", copied(severity));
  return object;
}

/// options: alert settings, and whether alerts are `explained`.
val alerts(Address address, const val& options, bool japanese) {
  RoleReport& report = report_at(address);
  return value_or_error(alert_settings_from_js(options), [&](const AlertSettings& settings) {
    return to_js(report.model(), report.alerts(settings, options["explained"].as<bool>()),
                 language_of(japanese));
  });
}

/// alert: {alertId, worstHost, worstAt, startedAt, closedAt}, closedAt NaN while open.
val explain_alert_of(Address address, const val& options, const val& of, bool japanese) {
  RoleReport& report = report_at(address);
  const auto settings = alert_settings_from_js(options);
  if (!settings) {
    return to_js(settings.error());
  }
  Alert alert;
  alert.alert_id = of["alertId"].as<std::string>();
  alert.worst_host = of["worstHost"].as<std::string>();
  alert.worst_at = of["worstAt"].as<double>();
  alert.started_at = of["startedAt"].as<double>();
  alert.closed_at = of["closedAt"].as<double>();
  return value_or_error(report.explain(alert, *settings, language_of(japanese)),
                        [&](const AlertExplanation& why) { return to_js(report.model(), why); });
}

val similar_to(Address address, const std::string& host, double timestamp) {
  RoleReport& report = report_at(address);
  return of_row(report, host, timestamp,
                [&](std::int32_t row) { return to_js(report.similar(row)); });
}

/// [{alerts, critical}], of each of the settings.
val prices(Address address, const val& list) {
  std::vector<AlertSettings> settings;
  for (int i = 0; i < list["length"].as<int>(); ++i) {
    const auto each = alert_settings_from_js(list[i]);
    if (!each) {
      return to_js(each.error());
    }
    settings.push_back(*each);
  }
  return to_js(report_at(address).prices(settings));
}

/// {host, timestamp} of the highest severity, or null.
val worst(Address address) {
  RoleReport& report = report_at(address);
  const std::int32_t row = report.worst_row();
  if (row < 0) {
    return val::null();
  }
  val object = val::object();
  put(object, "host", report.samples().host(row).name);
  put(object, "timestamp", report.samples().time(row));
  return object;
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
  emscripten::function("scoreRows", &score_rows);
  emscripten::function("explainRows", &explain_rows);
  emscripten::function("openTable", &open_table);
  emscripten::function("openSamples", &open_samples);
  emscripten::function("freeSamples", &free_samples);
  emscripten::function("samplesInfo", &samples_info);
  emscripten::function("notices", &notices);
  emscripten::function("append", &append_table);
  emscripten::function("forget", &forget_before);
  emscripten::function("scoreSome", &score_some);
  emscripten::function("scores", &scores_of);
  emscripten::function("series", &series);
  emscripten::function("explain", &explain_sample);
  emscripten::function("explainWith", &explain_with);
  emscripten::function("joint", &joint_of);
  emscripten::function("explainHost", &explain_host);
  emscripten::function("alerts", &alerts);
  emscripten::function("explainAlert", &explain_alert_of);
  emscripten::function("similar", &similar_to);
  emscripten::function("prices", &prices);
  emscripten::function("worst", &worst);
  emscripten::function("worstRows", &worst_rows);
  emscripten::function("nearest", &nearest);
  emscripten::function("covered", &covered);
  emscripten::function("explanationNames", &explanation_names);
  emscripten::function("formatValue", &value_text);
  emscripten::function("formatRange", &range_text);
  emscripten::function("words", &words_of);
  emscripten::function("roleSentence", &role_text);
  emscripten::function("severityOfReturnTime", &severity_of_return_time);
  emscripten::function("returnTimeOfSeverity", &return_time_of_severity);
}

}  // namespace rolemix
