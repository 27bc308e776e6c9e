// Any bytes give an error with a message, or a state that is written and read again as it is, and
// that goes on.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "alert/alert_state_file.h"
#include "fuzz/seal_bytes.h"
#include "fuzz/use_alert_state.h"

namespace {

/// Two of the metrics of the corpus, and one more.
rolemix::RoleModel a_model() {
  rolemix::RoleModel model;
  model.role = "fuzz:role";
  model.model_id = "78b87279d36febec";
  for (const char* name : {"disk", "load", "cpu"}) {
    model.metrics.emplace_back().name = name;
  }
  return model;
}

/// What is read can be laid out in another way; from then on it is the same bytes.
std::string wrong_when_written(const rolemix::AlertState& state) {
  const std::string written = rolemix::write_alert_state(state, a_model());
  const auto again = rolemix::read_alert_state(rolemix::bytes_of(written), a_model());
  if (!again) {
    return "what was written is not read: " + again.error().message;
  }
  return rolemix::write_alert_state(*again, a_model()) == written
             ? ""
             : "other bytes when written again";
}

std::string wrong_with(const std::string& file) {
  const auto state = rolemix::read_alert_state(rolemix::bytes_of(file), a_model());
  if (!state) {
    return state.error().message.empty() ? "an error without a message" : "";
  }
  const std::string wrong = wrong_when_written(*state);
  return wrong.empty() ? rolemix::wrong_with(*state) : wrong;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string wrong = wrong_with(rolemix::seal_bytes(data, size));
  if (!wrong.empty()) {
    std::fprintf(stderr, "alert_state_fuzzer: %s\n", wrong.c_str());
    std::abort();
  }
  return 0;
}
