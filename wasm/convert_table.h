// C++ values -> JavaScript values, as far as tables need it. Arrays are copied: no view of a
// module's memory leaves it.
#ifndef ROLEMIX_WASM_CONVERT_TABLE_H_
#define ROLEMIX_WASM_CONVERT_TABLE_H_

#include <emscripten/val.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "table/notice.h"
#include "table/sample_table.h"

namespace rolemix {

/// An address in the module's memory, as JavaScript sees it.
using Address = std::uintptr_t;

/// Typed arrays of their own.
emscripten::val copied(const double* values, std::size_t size);
emscripten::val copied(const std::int32_t* values, std::size_t size);
emscripten::val copied(const std::uint8_t* values, std::size_t size);

template <typename Container>
emscripten::val copied(const Container& values) {
  return copied(values.data(), static_cast<std::size_t>(values.size()));
}

inline emscripten::val text(std::string_view characters) {
  return emscripten::val(std::string(characters));
}

emscripten::val array(const std::vector<std::string>& texts);
std::vector<std::string> texts_from_js(const emscripten::val& array);

/// The table that `packed` describes: {rows, hosts, metrics, address}, where hosts are the distinct
/// names and at the address stand rows * (2 + metrics) doubles: the index of every row's host, the
/// timestamps, then metric after metric.
class PackedTable {
 public:
  explicit PackedTable(const emscripten::val& packed);

  /// Of the columns as they stand at the address. Errors: those of validate.
  Result<TableView> view() const;

 private:
  std::vector<std::string> hosts_;
  std::vector<std::string> metrics_;
  std::vector<std::int32_t> host_;
  const double* block_;
};

/// Sets a field. As a pointer, for Embind has functions of their own for every length of a literal.
template <typename T>
void put(emscripten::val& object, const char* name, const T& value) {
  object.set(name, value);
}

/// {code, message}
emscripten::val to_js(const Error& error);

/// [{code, text, file, line, host, metric}], null where there is none.
emscripten::val to_js(const std::vector<Notice>& notices);

/// {rows, hosts, metrics, values, notices}: the distinct names of hosts and metrics, and rows * (2
/// + metrics) doubles: the index of every row's host, the timestamps, then metric after metric.
emscripten::val to_js(const SampleTable& table);

/// `convert(value)`, or the error.
template <typename Result, typename Convert>
emscripten::val value_or_error(Result&& result, Convert convert) {
  return result ? convert(*result) : to_js(result.error());
}

}  // namespace rolemix

#endif  // ROLEMIX_WASM_CONVERT_TABLE_H_
