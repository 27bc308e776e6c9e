// Which hosts of a table are shown with which of several models: a model file does not name hosts,
// their metrics may tell.
#ifndef ROLEMIX_MODEL_ROLE_CHOICE_H_
#define ROLEMIX_MODEL_ROLE_CHOICE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "table/sample_table.h"

namespace rolemix {

/// A role that may have hosts in a table.
struct RoleCandidate {
  std::vector<std::string> metrics;               ///< of its model
  std::optional<std::vector<std::string>> hosts;  ///< where it is known whose model it is
};

/// Hosts that fit several roles alike.
struct AmbiguousHosts {
  std::vector<std::string> hosts;
  std::vector<std::size_t> roles;  ///< indices into the candidates
};

struct RoleChoice {
  std::vector<std::vector<std::string>> hosts;  ///< by candidate, in the table's order
  std::vector<AmbiguousHosts> ambiguous;        ///< they are among the hosts of each of their roles
  std::vector<std::string> left_out;            ///< fit no role
};

/// Hosts that a candidate names are its own. Any other host goes to the roles of whose metrics it
/// has values of at least half, unless another role is ahead: no less in number and in share, and
/// more in one of them. Where no host has half, whatever it has counts. A host without a row is of
/// no role. table: as validate wants it.
RoleChoice choose_roles(const std::vector<RoleCandidate>& candidates, const TableView& table);

}  // namespace rolemix

#endif  // ROLEMIX_MODEL_ROLE_CHOICE_H_
