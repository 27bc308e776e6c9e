// What the second module offers: reading tables, merging them, and whose hosts they have. Pages
// that get their samples from elsewhere never load it.
#include <emscripten/bind.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "convert_table.h"
#include "model/role_choice.h"
#include "table/csv.h"
#include "table/prometheus.h"
#include "table/time_zone.h"

namespace rolemix {
namespace {

std::string_view text_at(Address bytes, int size) {
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

/// {name, from, offsets}, the periods as two arrays.
TimeZone zone_from_js(const emscripten::val& zone) {
  TimeZone out;
  out.name = zone["name"].as<std::string>();
  const auto count = zone["from"]["length"].as<int>();
  for (int i = 0; i < count; ++i) {
    out.periods.push_back({static_cast<std::int64_t>(zone["from"][i].as<double>()),
                           zone["offsets"][i].as<std::int32_t>()});
  }
  return out;
}

/// As LabelOptions has it.
LabelOptions labels_from_js(const std::string& host, const emscripten::val& dropped) {
  LabelOptions labels;
  labels.host = host;
  for (std::string& label : texts_from_js(dropped)) labels.dropped.insert(std::move(label));
  return labels;
}

/// named: whether `source` is a file's name. zone: null where there is none.
emscripten::val parse_table(Address bytes, int size, const std::string& source, bool named,
                            const emscripten::val& zone, const std::string& host_label,
                            const emscripten::val& dropped_labels) {
  TimeZone of_times;
  if (!zone.isNull()) of_times = zone_from_js(zone);
  const TableOptions options{.zone = zone.isNull() ? nullptr : &of_times,
                             .named = named,
                             .labels = labels_from_js(host_label, dropped_labels)};
  return value_or_error(read_csv(text_at(bytes, size), source, options),
                        [](const CsvTable& read) { return to_js(read.table); });
}

emscripten::val parse_answer(Address bytes, int size, const std::string& source,
                             const std::string& host_label, const emscripten::val& dropped_labels) {
  const TableOptions options{.labels = labels_from_js(host_label, dropped_labels)};
  return value_or_error(parse_prometheus(text_at(bytes, size), source, options),
                        [](const SampleTable& t) { return to_js(t); });
}

/// One table of many. Errors: those of PackedTable and merge.
emscripten::val merge_tables(const emscripten::val& packed) {
  const auto count = packed["length"].as<int>();
  std::vector<SampleTable> tables;
  for (int i = 0; i < count; ++i) {
    const PackedTable table(packed[i]);
    const auto view = table.view();
    if (!view) return to_js(view.error());
    tables.push_back(table_of(*view));
  }
  return value_or_error(merge(std::move(tables)), [](const SampleTable& t) { return to_js(t); });
}

/// candidates: [{metrics, hosts}], hosts null where they are not known.
/// {hosts: [[...]], ambiguous: [{hosts, roles}], leftOut}, roles by their places.
emscripten::val choose(const emscripten::val& candidates, const emscripten::val& packed) {
  std::vector<RoleCandidate> roles;
  for (int i = 0; i < candidates["length"].as<int>(); ++i) {
    RoleCandidate& role = roles.emplace_back();
    role.metrics = texts_from_js(candidates[i]["metrics"]);
    if (const emscripten::val hosts = candidates[i]["hosts"]; !hosts.isNull()) {
      role.hosts = texts_from_js(hosts);
    }
  }
  const PackedTable table(packed);
  return value_or_error(table.view(), [&](const TableView& view) {
    const RoleChoice choice = choose_roles(roles, view);
    emscripten::val hosts = emscripten::val::array();
    for (int i = 0; i < std::ssize(choice.hosts); ++i) {
      hosts.set(i, array(choice.hosts[i]));
    }
    emscripten::val ambiguous = emscripten::val::array();
    for (int i = 0; i < std::ssize(choice.ambiguous); ++i) {
      const auto& [names, places] = choice.ambiguous[i];
      emscripten::val group = emscripten::val::object();
      put(group, "hosts", array(names));
      put(group, "roles", copied(std::vector<std::int32_t>(places.begin(), places.end())));
      ambiguous.set(i, group);
    }
    emscripten::val object = emscripten::val::object();
    put(object, "hosts", hosts);
    put(object, "ambiguous", ambiguous);
    put(object, "leftOut", array(choice.left_out));
    return object;
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(rolemix_table) {
  emscripten::function("parseTable", &parse_table);
  emscripten::function("parsePrometheus", &parse_answer);
  emscripten::function("mergeTables", &merge_tables);
  emscripten::function("chooseRoles", &choose);
}

}  // namespace rolemix
