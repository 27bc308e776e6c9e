#include "convert_table.h"

namespace rolemix {

using emscripten::val;

val to_js(const Error& error) {
  val object = val::object();
  object.set("code", text(name(error.code)));
  object.set("message", error.message);
  return object;
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
  object.set("rows", static_cast<double>(rows));
  object.set("hosts", val::array(table.hosts));
  object.set("metrics", val::array(table.metrics));
  object.set("values", copied(block));
  return object;
}

}  // namespace rolemix
