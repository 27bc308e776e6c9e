// Any bytes give an error with a message, or a state that is written and read again as it is, and
// that goes on.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "alert/alert_state_file.h"
#include "fuzz/alert_state_model.h"
#include "fuzz/message.h"
#include "fuzz/seal_bytes.h"
#include "fuzz/use_alert_state.h"

namespace {

/// What is read can be laid out in another way; from then on it is the same bytes.
std::string wrong_when_written(const rolemix::AlertState& state) {
  const auto kept = rolemix::write_alert_state(state, rolemix::alert_state_model());
  if (!kept || !kept->notices.empty()) {
    return "what was read is not written";
  }
  const std::string& written = kept->bytes;
  const auto again =
      rolemix::read_alert_state(rolemix::bytes_of(written), rolemix::alert_state_model());
  if (!again) {
    return "what was written is not read: " + again.error().message;
  }
  return rolemix::write_alert_state(*again, rolemix::alert_state_model())->bytes == written
             ? ""
             : "other bytes when written again";
}

std::string wrong_with(const std::string& file) {
  const auto state =
      rolemix::read_alert_state(rolemix::bytes_of(file), rolemix::alert_state_model());
  if (!state) {
    return rolemix::wrong_with(state.error());
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
