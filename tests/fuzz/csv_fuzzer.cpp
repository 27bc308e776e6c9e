// Any bytes give a valid table or an error with a message.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "fuzz/use_table.h"
#include "table/csv.h"

namespace {

/// Of central Europe, in 2026: clocks skip an hour and show one twice.
const rolemix::TimeZone& zone() {
  static const rolemix::TimeZone kZone{"Europe/Berlin",
                                       {{0, 3600}, {1774746000, 7200}, {1792890000, 3600}}};
  return kZone;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  rolemix::expect_good("csv_fuzzer", rolemix::parse_csv(bytes, "fuzz.csv"));
  auto read = rolemix::read_csv(bytes, "fuzz.csv", {.zone = &zone(), .named = false});
  if (read) {
    rolemix::expect_good("csv_fuzzer", std::move(read->table));
  } else {
    rolemix::expect_good("csv_fuzzer", std::unexpected(std::move(read.error())));
  }
  return 0;
}
