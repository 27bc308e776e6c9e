// The configuration of a role (YAML) -> training options. docs/configuration.md lists the keys.
#ifndef ROLEMIX_CONFIG_ROLE_CONFIG_H_
#define ROLEMIX_CONFIG_ROLE_CONFIG_H_

#include <string>
#include <string_view>

#include "base/error.h"
#include "train/train.h"

namespace rolemix {

/// Reads a role's configuration over the options of a preset, or the defaults. Every key is
/// optional; an unknown key is an error that names the nearest known one. `source` names the text
/// in messages, `FILE:LINE:COLUMN`. Errors: bad_format, invalid_argument.
Result<TrainOptions> parse_role_config(const std::string& yaml, std::string_view source,
                                       TrainOptions base = {});

/// The options of a preset. Errors: invalid_argument for a name that is not one.
Result<TrainOptions> preset_options(std::string_view name);

/// "5" (in the metric's unit) or "5 %" (a share).
Result<ToleranceRule> parse_tolerance(std::string_view text);

/// "3" or "1-8" -> least and most.
Result<std::pair<int, int>> parse_components(std::string_view text);

}  // namespace rolemix

#endif  // ROLEMIX_CONFIG_ROLE_CONFIG_H_
