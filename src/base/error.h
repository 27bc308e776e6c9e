// Errors of every room: a code for programs and a message for people.
#ifndef ROLEMIX_BASE_ERROR_H_
#define ROLEMIX_BASE_ERROR_H_

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace rolemix {

enum class ErrorCode : std::uint8_t {
  kInvalidArgument,      ///< a value outside what the call accepts
  kShapeMismatch,        ///< sizes that do not belong together
  kNotFinite,            ///< NaN or infinity where a number is needed
  kTooFewSamples,        ///< not enough rows to do what was asked
  kNotPositiveDefinite,  ///< a covariance without a Cholesky factor
  kBadFormat,            ///< bytes that are not what they should be
  kUnsupportedVersion,   ///< a format made for another version
  kSourceFailed,         ///< a file or server that could not be read
  kTooLarge,             ///< more than the limit that is set for it
  kOtherRole,            ///< samples that are not of the model's role
};

/// What went wrong; the message names what, where, what was expected and what came.
struct Error {
  ErrorCode code;
  std::string message;
};

template <typename T>
using Result = std::expected<T, Error>;

/// The code as programs see it, such as "bad_format".
constexpr std::string_view name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid_argument";
    case ErrorCode::kShapeMismatch:
      return "shape_mismatch";
    case ErrorCode::kNotFinite:
      return "not_finite";
    case ErrorCode::kTooFewSamples:
      return "too_few_samples";
    case ErrorCode::kNotPositiveDefinite:
      return "not_positive_definite";
    case ErrorCode::kBadFormat:
      return "bad_format";
    case ErrorCode::kUnsupportedVersion:
      return "unsupported_version";
    case ErrorCode::kSourceFailed:
      return "source_failed";
    case ErrorCode::kTooLarge:
      return "too_large";
    case ErrorCode::kOtherRole:
      return "other_role";
  }
  return "unknown";
}

std::unexpected<Error> fail(ErrorCode code, std::string message);
std::unexpected<Error> fail(ErrorCode code, const char* message);

/// "2 GiB", "64 MiB" where it is a whole number of them, else "1234 bytes".
std::string size_text(std::uint64_t bytes);

}  // namespace rolemix

#endif  // ROLEMIX_BASE_ERROR_H_
