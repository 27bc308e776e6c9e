// Files that are written as a whole.
#ifndef ROLEMIX_SOURCE_WRITE_FILE_H_
#define ROLEMIX_SOURCE_WRITE_FILE_H_

#include <string>
#include <string_view>

#include "base/error.h"

namespace rolemix {

/// Writes under a temporary name in the same folder, syncs and renames: the file holds all of the
/// bytes or what it held before. It keeps mode, owner and group of the file that it replaces, or
/// has those of the file `like`; a new one has the mode of the umask. Where the group cannot be
/// kept, the new group may do what all others may. Links are followed, also to what does not exist
/// yet. Devices, pipes and what is open (/dev/stdout) are written in place. Errors: those of
/// check_writable, source_failed.
Result<void> write_file_atomically(const std::string& path, std::string_view bytes,
                                   const std::string& like = "");

/// From now on SIGHUP, SIGINT, SIGQUIT and SIGTERM remove the temporary file that is being written,
/// before they end the process as they do by themselves. Those that are ignored (nohup) stay so.
void remove_temporary_files_on_signals();

}  // namespace rolemix

#endif  // ROLEMIX_SOURCE_WRITE_FILE_H_
