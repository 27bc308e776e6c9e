// C++ values -> JavaScript values, as far as tables need it. Arrays are copied: no view of a
// module's memory leaves it.
#ifndef ROLEMIX_WASM_CONVERT_TABLE_H_
#define ROLEMIX_WASM_CONVERT_TABLE_H_

#include <emscripten/val.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "error.h"
#include "table/sample_table.h"

namespace rolemix {

/// An address in the module's memory, as JavaScript sees it.
using Address = std::uintptr_t;

/// A typed array of its own.
template <typename Container>
emscripten::val copied(const Container& values) {
  return emscripten::val(
             emscripten::typed_memory_view(static_cast<std::size_t>(values.size()), values.data()))
      .template call<emscripten::val>("slice");
}

inline emscripten::val text(std::string_view characters) {
  return emscripten::val(std::string(characters));
}

/// {code, message}
emscripten::val to_js(const Error& error);

/// {rows, hosts, metrics, values}: the distinct names of hosts and metrics, and rows * (2 +
/// metrics) doubles: the index of every row's host, the timestamps, then metric after metric.
emscripten::val to_js(const SampleTable& table);

/// `convert(value)`, or the error.
template <typename T, typename Convert>
emscripten::val value_or_error(const Result<T>& result, Convert convert) {
  return result ? convert(*result) : to_js(result.error());
}

}  // namespace rolemix

#endif  // ROLEMIX_WASM_CONVERT_TABLE_H_
