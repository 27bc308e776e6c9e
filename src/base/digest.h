// FNV-1a, 64 bit (Fowler, Noll & Vo; IETF draft-eastlake-fnv): recognises damage and names content.
// Not for secrets.
#ifndef ROLEMIX_BASE_DIGEST_H_
#define ROLEMIX_BASE_DIGEST_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rolemix {

constexpr std::uint64_t digest(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return hash;
}

/// 16 hexadecimal digits.
inline std::string hexadecimal(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 0; i < 16; ++i) {
    text[15 - i] = "0123456789abcdef"[(value >> (4 * i)) & 15];
  }
  return text;
}

}  // namespace rolemix

#endif  // ROLEMIX_BASE_DIGEST_H_
