// Not in the header: the WebAssembly module has a hundred errors.
#include "base/error.h"

#include <utility>

namespace rolemix {

std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

std::unexpected<Error> fail(ErrorCode code, const char* message) {
  return fail(code, std::string(message));
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
  constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30;
  if (bytes > 0 && bytes % kGibibyte == 0) return std::to_string(bytes / kGibibyte) + " GiB";
  if (bytes > 0 && bytes % kMebibyte == 0) return std::to_string(bytes / kMebibyte) + " MiB";
  return std::to_string(bytes) + " bytes";
}

}  // namespace rolemix
