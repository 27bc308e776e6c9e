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

}  // namespace rolemix
