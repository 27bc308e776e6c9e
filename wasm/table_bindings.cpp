// What the second module offers: reading tables. Pages that get their samples from elsewhere never
// load it.
#include <emscripten/bind.h>

#include <cstddef>
#include <string>
#include <string_view>

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

}  // namespace

EMSCRIPTEN_BINDINGS(rolemix_table) {
  emscripten::function("parseTable", &parse<parse_csv>);
  emscripten::function("parsePrometheus", &parse<parse_prometheus>);
}

}  // namespace rolemix
