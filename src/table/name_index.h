// Distinct names numbered in order of first appearance.
#ifndef ROLEMIX_TABLE_NAME_INDEX_H_
#define ROLEMIX_TABLE_NAME_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rolemix {

class NameIndex {
 public:
  /// The name's number, or -1 when it is not known.
  std::int32_t find(std::string_view name) {
    if (last_ < names_.size() && names_[last_] == name) return static_cast<std::int32_t>(last_);
    const auto found = numbers_.find(name);
    if (found == numbers_.end()) return -1;
    last_ = static_cast<std::size_t>(found->second);
    return found->second;
  }

  /// The name's number; a new name gets the next one.
  std::int32_t find_or_add(std::string_view name) {
    const std::int32_t known = find(name);
    if (known >= 0) return known;
    const auto number = static_cast<std::int32_t>(names_.size());
    names_.emplace_back(name);
    numbers_.emplace(name, number);
    return number;
  }

  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::int32_t, std::less<>> numbers_;
  std::size_t last_ = 0;  // found last: rows of one host often follow each other
};

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_NAME_INDEX_H_
