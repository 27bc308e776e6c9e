// gzip bytes -> the bytes they stand for.
#ifndef ROLEMIX_SOURCE_GZIP_H_
#define ROLEMIX_SOURCE_GZIP_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace rolemix {

/// Whether the bytes start like gzip.
bool is_gzip(std::string_view bytes);

/// Unzips all members. `source` names the bytes in error messages.
/// Errors: source_failed when the bytes are damaged or end early; too_large when they stand for
/// more than `most_bytes`, as a few megabytes can stand for more than any memory holds.
Result<std::string> gunzip(std::string_view bytes, std::string_view source, std::size_t most_bytes);

}  // namespace rolemix

#endif  // ROLEMIX_SOURCE_GZIP_H_
