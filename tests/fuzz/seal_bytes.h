// Bytes for the fuzzers of our binary files.
#ifndef ROLEMIX_TESTS_FUZZ_SEAL_BYTES_H_
#define ROLEMIX_TESTS_FUZZ_SEAL_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/file_envelope.h"

namespace rolemix {

/// The bytes as a file. A first byte of 'F' asks for the rest with the right digest at the end, so
/// that what comes after the digest's check is reached.
inline std::string seal_bytes(const std::uint8_t* data, std::size_t size) {
  if (size > 0 && data[0] == 'F') {
    return seal({data + 1, size - 1});
  }
  return {reinterpret_cast<const char*>(data), size};
}

inline std::span<const std::uint8_t> bytes_of(const std::string& file) {
  return {reinterpret_cast<const std::uint8_t*>(file.data()), file.size()};
}

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_FUZZ_SEAL_BYTES_H_
