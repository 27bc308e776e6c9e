// Where a path leads that is written to.
#ifndef ROLEMIX_SOURCE_TARGET_H_
#define ROLEMIX_SOURCE_TARGET_H_

#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"

namespace rolemix {

/// What a path names when links are followed.
struct Target {
  std::filesystem::path path;         ///< no link; perhaps there is nothing yet
  int descriptor = -1;                ///< of /dev/stdout, /dev/stderr and /dev/fd/N: what is open
  std::optional<struct stat> status;  ///< of what is there

  bool is_regular() const { return status && S_ISREG(status->st_mode); }
  /// Whether it is written to as it is, and not replaced: a device, a pipe, what is open.
  bool is_in_place() const { return descriptor >= 0 || (status && !is_regular()); }
};

/// Errors: source_failed for links in a circle and for what cannot be looked at.
Result<Target> find_target(const std::string& path);

/// Whether the target can be written, as far as that is known before. Errors, which name `path`:
/// invalid_argument for a folder; source_failed for a file or a folder that is not writable.
Result<void> check_writable(const Target& target, const std::string& path);

}  // namespace rolemix

#endif  // ROLEMIX_SOURCE_TARGET_H_
