// Rules for metrics that many roles share, under the names that their collector gives them.
#ifndef ROLEMIX_CONFIG_PRESETS_H_
#define ROLEMIX_CONFIG_PRESETS_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace rolemix {

/// The preset's configuration, YAML. Errors: invalid_argument, naming the presets that there are.
Result<std::string> preset_yaml(std::string_view name);

std::vector<std::string_view> preset_names();

}  // namespace rolemix

#endif  // ROLEMIX_CONFIG_PRESETS_H_
