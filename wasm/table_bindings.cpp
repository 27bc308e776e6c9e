// What the second module offers: reading tables and merging them. Pages that get their samples from
// elsewhere never load it.
#include <emscripten/bind.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "convert_table.h"
#include "table/csv.h"
#include "table/prometheus.h"

namespace rolemix {
namespace {

using Parser = Result<SampleTable> (*)(std::string_view bytes, std::string_view source);

template <Parser kParse>
emscripten::val parse(Address bytes, int size, const std::string& source) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  return value_or_error(kParse(text, source), [](const SampleTable& t) { return to_js(t); });
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

}  // namespace

EMSCRIPTEN_BINDINGS(rolemix_table) {
  emscripten::function("parseTable", &parse<parse_csv>);
  emscripten::function("parsePrometheus", &parse<parse_prometheus>);
  emscripten::function("mergeTables", &merge_tables);
}

}  // namespace rolemix
