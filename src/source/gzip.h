// gzip bytes -> the bytes they stand for.
#ifndef ROLEMIX_SOURCE_GZIP_H_
#define ROLEMIX_SOURCE_GZIP_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace rolemix {

/// What gunzip gives at most, 8 GiB: a few megabytes of gzip can stand for more than any memory
/// holds.
constexpr std::size_t kMaxUnzippedBytes = std::size_t{8} << 30;

/// Whether the bytes start like gzip.
bool is_gzip(std::string_view bytes);

/// Unzips all members. `source` names the bytes in error messages.
/// Errors: source_failed when the bytes are damaged, end early or stand for more than `max_bytes`.
Result<std::string> gunzip(std::string_view bytes, std::string_view source,
                           std::size_t max_bytes = kMaxUnzippedBytes);

}  // namespace rolemix

#endif  // ROLEMIX_SOURCE_GZIP_H_
