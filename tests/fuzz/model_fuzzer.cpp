// Any bytes give an error with a message, or a model that scores and explains.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "fuzz/message.h"
#include "fuzz/seal_bytes.h"
#include "fuzz/use_model.h"
#include "model/model_file.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string file = rolemix::seal_bytes(data, size);
  const rolemix::Result<rolemix::RoleModel> model = rolemix::read_model(rolemix::bytes_of(file));
  const std::string wrong =
      model ? rolemix::wrong_with(*model) : rolemix::wrong_with(model.error());
  if (!wrong.empty()) {
    std::fprintf(stderr, "model_fuzzer: %s\n", wrong.c_str());
    std::abort();
  }
  return 0;
}
