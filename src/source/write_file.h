// Files that are written as a whole.
#ifndef ROLEMIX_SOURCE_WRITE_FILE_H_
#define ROLEMIX_SOURCE_WRITE_FILE_H_

#include <string>
#include <string_view>

#include "base/error.h"

namespace rolemix {

/// Writes under a temporary name in the same folder, syncs and renames: the file holds all of the
/// bytes or what it held before. Links are followed; what is not a regular file (/dev/stdout) is
/// written in place. Errors: source_failed.
Result<void> write_file_atomically(const std::string& path, std::string_view bytes);

}  // namespace rolemix

#endif  // ROLEMIX_SOURCE_WRITE_FILE_H_
