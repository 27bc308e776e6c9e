// Texts made of several.
#ifndef ROLEMIX_TEXT_LISTS_H_
#define ROLEMIX_TEXT_LISTS_H_

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace rolemix {

/// One after the other.
std::string concat(std::initializer_list<std::string_view> parts);

/// "a, b, c, ...", each as of visible.
std::string some_of(const std::vector<std::string>& names);

/// "1 host", "3 hosts".
std::string count_of(std::size_t count, std::string_view what);

}  // namespace rolemix

#endif  // ROLEMIX_TEXT_LISTS_H_
