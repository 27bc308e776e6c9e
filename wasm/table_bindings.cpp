// What the second module offers: reading tables. Pages that get their samples from elsewhere never
// load it.
#include <emscripten/bind.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "convert_table.h"
#include "table/csv.h"

namespace rolemix {
namespace {

emscripten::val parse_table(Address bytes, int size, const std::string& source) {
  const std::string_view csv(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  return value_or_error(parse_csv(csv, source), [](const SampleTable& t) { return to_js(t); });
}

}  // namespace

EMSCRIPTEN_BINDINGS(rolemix_table) { emscripten::function("parseTable", &parse_table); }

}  // namespace rolemix
