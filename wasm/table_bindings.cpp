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

namespace rolemix {
namespace {

using Parser = Result<SampleTable> (*)(std::string_view bytes, std::string_view source,
                                       std::uint64_t most_bytes);

template <Parser kParse>
emscripten::val parse(Address bytes, int size, const std::string& source) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  return value_or_error(kParse(text, source, kMostTableBytes),
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
  emscripten::function("parseTable", &parse<parse_csv>);
  emscripten::function("parsePrometheus", &parse<parse_prometheus>);
  emscripten::function("mergeTables", &merge_tables);
  emscripten::function("chooseRoles", &choose);
}

}  // namespace rolemix
