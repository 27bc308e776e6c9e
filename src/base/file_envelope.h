// What our binary files have in common: a FlatBuffers buffer with an identifier, then 8 bytes of
// digest.
#ifndef ROLEMIX_BASE_FILE_ENVELOPE_H_
#define ROLEMIX_BASE_FILE_ENVELOPE_H_

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace rolemix {

/// The file around a finished FlatBuffers buffer.
std::string seal(std::span<const std::uint8_t> buffer);

/// The buffer in a file, aligned: FlatBuffers reads numbers in place.
class FileBody {
 public:
  explicit FileBody(std::span<const std::uint8_t> bytes)
      : words_((bytes.size() + 7) / 8), size_(bytes.size()) {
    std::memcpy(words_.data(), bytes.data(), size_);
  }
  const std::uint8_t* data() const { return reinterpret_cast<const std::uint8_t*>(words_.data()); }
  std::size_t size() const { return size_; }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t size_;
};

/// Checks identifier, digest and version, which is the first field of the root table; `what`
/// ("model file") begins the messages. The rest of the structure is still to be verified. Errors:
/// bad_format, unsupported_version.
Result<FileBody> open_sealed(std::span<const std::uint8_t> bytes, std::string_view identifier,
                             std::uint16_t version, const std::string& what);

}  // namespace rolemix

#endif  // ROLEMIX_BASE_FILE_ENVELOPE_H_
