// Any bytes give a valid table or an error with a message.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/escape.h"
#include "table/prometheus.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const rolemix::Result<rolemix::SampleTable> table = rolemix::parse_prometheus(bytes, "fuzz.json");
  const bool good = table
                        ? rolemix::validate(*table).has_value() && table->rows() > 0
                        : !table.error().message.empty() && rolemix::is_utf8(table.error().message);
  if (!good) std::abort();
  return 0;
}
