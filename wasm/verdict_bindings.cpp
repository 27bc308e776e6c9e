// What the module says of alerts beside what people know of them.
#include <emscripten/bind.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "convert_table.h"
#include "verdict/rates.h"
#include "verdict/recall.h"

namespace rolemix {
namespace {

using emscripten::val;

/// What is made of each element of an array.
template <typename Convert>
auto list_from_js(const val& array, const Convert& convert) {
  std::vector<decltype(convert(array))> list;
  const int size = array["length"].as<int>();
  for (int i = 0; i < size; ++i) {
    list.push_back(convert(array[i]));
  }
  return list;
}

double number_at(const val& object, const char* field) { return object[field].as<double>(); }

std::string text_at(const val& object, const char* field) {
  return object[field].as<std::string>();
}

/// alerts: [{hosts, startedAt, closedAt}], closedAt NaN while open; incidents: [{host, from, to}].
/// {incidentOf, caught, falseAlarms}.
val recall(const val& alerts, const val& incidents) {
  const auto alert_list = list_from_js(alerts, [](const val& from) {
    return AlertPeriod{texts_from_js(from["hosts"]), number_at(from, "startedAt"),
                       number_at(from, "closedAt")};
  });
  const auto incident_list = list_from_js(incidents, [](const val& from) {
    return LabelledIncident{text_at(from, "host"), number_at(from, "from"), number_at(from, "to")};
  });
  const Recall found = recall_of(alert_list, incident_list);
  val object = val::object();
  put(object, "incidentOf", copied(found.incident_of));
  put(object, "caught", found.caught);
  put(object, "falseAlarms", found.false_alarms);
  return object;
}

/// records: [{uid, alert_id, verdict, kind, created}]: verdict 0 true_alarm, 1 false_alarm, 2
/// unsure. {alerts, trueAlarms, falseAlarms, unsure, falseAlarmRate, kinds, elsewhere}.
val rates_of(const val& alert_ids, const val& records) {
  const VerdictRates rates =
      verdict_rates(texts_from_js(alert_ids), list_from_js(records, [](const val& from) {
                      return Verdict{text_at(from, "uid"), text_at(from, "alert_id"),
                                     static_cast<VerdictName>(from["verdict"].as<int>()),
                                     text_at(from, "kind"), number_at(from, "created")};
                    }));
  val kinds = val::array();
  for (int i = 0; i < std::ssize(rates.kinds); ++i) {
    val kind = val::object();
    put(kind, "kind", rates.kinds[i].kind);
    put(kind, "falseAlarms", rates.kinds[i].false_alarms);
    put(kind, "coverage", rates.kinds[i].coverage);
    kinds.set(i, kind);
  }
  val object = val::object();
  put(object, "alerts", rates.alerts);
  put(object, "trueAlarms", rates.true_alarms);
  put(object, "falseAlarms", rates.false_alarms);
  put(object, "unsure", rates.unsure);
  put(object, "falseAlarmRate", rates.false_alarm_rate);
  put(object, "kinds", kinds);
  put(object, "elsewhere", rates.elsewhere);
  return object;
}

}  // namespace

EMSCRIPTEN_BINDINGS(rolemix_verdict) {
  emscripten::function("recall", &recall);
  emscripten::function("verdictRates", &rates_of);
}

}  // namespace rolemix
