// Any bytes give an error with a message, or a model that scores and explains. A first byte of 'F'
// asks for the right digest to be put at the end, so that what comes after the digest's check is
// reached.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "core/digest.h"
#include "core/model_file.h"
#include "fuzz/use_model.h"

namespace {

void check(std::span<const std::uint8_t> bytes) {
  const rolemix::Result<rolemix::RoleModel> model = rolemix::read_model(bytes);
  const std::string wrong = model                           ? rolemix::wrong_with(*model)
                            : model.error().message.empty() ? "an error without a message"
                                                            : "";
  if (!wrong.empty()) {
    std::fprintf(stderr, "model_fuzzer: %s\n", wrong.c_str());
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || data[0] != 'F') {
    check({data, size});
    return 0;
  }
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::uint64_t digest = rolemix::digest(bytes);
  for (int i = 0; i < 8; ++i, digest >>= 8) {
    bytes.push_back(static_cast<char>(digest & 0xff));
  }
  check({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  return 0;
}
