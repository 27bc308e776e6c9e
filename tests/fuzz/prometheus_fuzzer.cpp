// Any bytes give a valid table or an error with a message.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/use_table.h"
#include "table/prometheus.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  rolemix::expect_good("prometheus_fuzzer", rolemix::parse_prometheus(bytes, "fuzz.json"));
  return 0;
}
