// A role's configuration applied to a model that is trained already.
#ifndef ROLEMIX_CONFIG_MODEL_EDIT_H_
#define ROLEMIX_CONFIG_MODEL_EDIT_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/role_model.h"
#include "table/notice.h"

namespace rolemix {

struct ConfiguredModel {
  RoleModel model;
  std::vector<Notice> notices;  ///< what of the configuration has no effect on it
};

/// The model with the tolerances, muted metrics (`drop`) and alert settings of a configuration
/// (docs/configuration.md); the same model, with its model_id, where those are its own. Shares are
/// resolved as training does, from what the model keeps. `source` names the text in messages.
/// Errors: those of parse_role_config and edited, and invalid_argument for another role and for
/// shares of what the model does not keep.
Result<ConfiguredModel> configured(const RoleModel& model, const std::string& yaml,
                                   std::string_view source);

}  // namespace rolemix

#endif  // ROLEMIX_CONFIG_MODEL_EDIT_H_
