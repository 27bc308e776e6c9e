// How far a word is from another, to guess what was meant.
#ifndef ROLEMIX_CONFIG_EDIT_DISTANCE_H_
#define ROLEMIX_CONFIG_EDIT_DISTANCE_H_

#include <cstddef>
#include <string_view>

namespace rolemix {

/// The fewest bytes to add, drop or replace that make `a` of `b`.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace rolemix

#endif  // ROLEMIX_CONFIG_EDIT_DISTANCE_H_
