// Messages of errors as the fuzzers want them.
#ifndef ROLEMIX_TESTS_FUZZ_MESSAGE_H_
#define ROLEMIX_TESTS_FUZZ_MESSAGE_H_

#include <string>

#include "base/error.h"
#include "base/escape.h"

namespace rolemix {

/// An empty text when the message can be shown and put into JSON, else what is wrong.
inline std::string wrong_with(const Error& error) {
  return error.message.empty()    ? "an error without a message"
         : is_utf8(error.message) ? ""
                                  : "an error not in UTF-8: " + error.message;
}

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_FUZZ_MESSAGE_H_
