// Whether what is written leaves alone what is read.
#ifndef ROLEMIX_SOURCE_CHECK_OUTPUTS_H_
#define ROLEMIX_SOURCE_CHECK_OUTPUTS_H_

#include <string>
#include <vector>

#include "base/error.h"

namespace rolemix {

/// A file or folder, and what a user calls it: the option that names it.
struct NamedPath {
  std::string name;
  std::string path;  ///< of an input `-` is standard input
};

/// Whether each output can be written, and is neither an input (whatever path leads to it), nor a
/// file that is read with an input's folder, nor another output. Reads no file. Errors:
/// invalid_argument, those of check_writable.
Result<void> check_outputs(const std::vector<NamedPath>& outputs,
                           const std::vector<NamedPath>& inputs);

}  // namespace rolemix

#endif  // ROLEMIX_SOURCE_CHECK_OUTPUTS_H_
