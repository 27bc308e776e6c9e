// Any bytes give a valid table or an error with a message.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/use_table.h"
#include "table/csv.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  rolemix::expect_good("csv_fuzzer", rolemix::parse_csv(bytes, "fuzz.csv"));
  return 0;
}
