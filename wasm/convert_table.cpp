#include "convert_table.h"

#include <emscripten/em_js.h>

EM_JS_DEPS(copies, "$Emval")

EM_JS(emscripten::EM_VAL, copy_doubles, (const double* values, std::size_t size),
      { return Emval.toHandle(HEAPF64.slice(values / 8, values / 8 + size)); })

EM_JS(emscripten::EM_VAL, copy_integers, (const std::int32_t* values, std::size_t size),
      { return Emval.toHandle(HEAP32.slice(values / 4, values / 4 + size)); })

EM_JS(emscripten::EM_VAL, copy_bytes, (const std::uint8_t* values, std::size_t size),
      { return Emval.toHandle(HEAPU8.slice(values, values + size)); })

namespace rolemix {

using emscripten::val;

val copied(const double* values, std::size_t size) {
  return val::take_ownership(copy_doubles(values, size));
}

val copied(const std::int32_t* values, std::size_t size) {
  return val::take_ownership(copy_integers(values, size));
}

val copied(const std::uint8_t* values, std::size_t size) {
  return val::take_ownership(copy_bytes(values, size));
}

val array(const std::vector<std::string>& texts) {
  val result = val::array();
  for (int i = 0; i < std::ssize(texts); ++i) {
    result.set(i, texts[i]);
  }
  return result;
}

std::vector<std::string> texts_from_js(const val& array) {
  const int size = array["length"].as<int>();
  std::vector<std::string> texts;
  for (int i = 0; i < size; ++i) {
    texts.push_back(array[i].as<std::string>());
  }
  return texts;
}

PackedTable::PackedTable(const val& packed)
    : hosts_(texts_from_js(packed["hosts"])),
      metrics_(texts_from_js(packed["metrics"])),
      block_(reinterpret_cast<const double*>(packed["address"].as<Address>())) {
  host_.assign(block_, block_ + packed["rows"].as<int>());
}

Result<TableView> PackedTable::view() const {
  const std::size_t rows = host_.size();
  const TableView table(metrics_, hosts_, host_, {block_ + rows, rows}, block_ + 2 * rows);
  if (auto checked = validate(table); !checked) {
    return std::unexpected(checked.error());
  }
  return table;
}

val to_js(const Error& error) {
  val object = val::object();
  put(object, "code", text(name(error.code)));
  put(object, "message", error.message);
  return object;
}

val to_js(const std::vector<Notice>& notices) {
  val list = val::array();
  for (int i = 0; i < std::ssize(notices); ++i) {
    const Notice& from = notices[i];
    val notice = val::object();
    const auto put_text = [&](const char* name, const std::string& text) {
      put(notice, name, text.empty() ? val::null() : val(text));
    };
    put_text("code", from.code);
    put_text("text", from.text);
    put_text("file", from.file);
    put(notice, "line", from.line == 0 ? val::null() : val(static_cast<double>(from.line)));
    put_text("host", from.host);
    put_text("metric", from.metric);
    list.set(i, notice);
  }
  return list;
}

val to_js(const SampleTable& table) {
  const Index rows = table.rows();
  Matrix block(2 + table.values.cols(), rows);
  for (Index row = 0; row < rows; ++row) {
    block(0, row) = table.host[row];
    block(1, row) = table.timestamps[row];
    for (Index d = 0; d < table.values.cols(); ++d) {
      block(2 + d, row) = table.values(row, d);
    }
  }
  val object = val::object();
  put(object, "rows", static_cast<double>(rows));
  put(object, "hosts", array(table.hosts));
  put(object, "metrics", array(table.metrics));
  put(object, "values", copied(block));
  put(object, "notices", to_js(table.notices));
  return object;
}

}  // namespace rolemix
