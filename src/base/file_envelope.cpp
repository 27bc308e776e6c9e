#include "base/file_envelope.h"

#include <flatbuffers/flatbuffers.h>

#include "base/digest.h"

namespace rolemix {
namespace {

constexpr std::size_t kDigestBytes = 8;
constexpr std::size_t kIdentifierOffset = 4;

std::string little_endian(std::uint64_t value) {
  std::string bytes(kDigestBytes, '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(value & 0xff);
    value >>= 8;
  }
  return bytes;
}

/// Any of our root tables: in every version of every format the version is its first field.
class Versioned : private flatbuffers::Table {
 public:
  std::uint16_t version() const { return GetField<std::uint16_t>(kFirstField, 0); }

  // As in the code that flatc makes.
  bool Verify(flatbuffers::Verifier& verifier) const {  // NOLINT(readability-identifier-naming)
    return VerifyTableStart(verifier) &&
           VerifyField<std::uint16_t>(verifier, kFirstField, alignof(std::uint16_t)) &&
           verifier.EndTable();
  }

 private:
  static constexpr flatbuffers::voffset_t kFirstField = 4;
};

}  // namespace

std::string seal(std::span<const std::uint8_t> buffer) {
  std::string bytes(reinterpret_cast<const char*>(buffer.data()), buffer.size());
  return bytes + little_endian(digest(bytes));
}

Result<FileBody> open_sealed(std::span<const std::uint8_t> bytes, std::string_view identifier,
                             std::uint16_t version, const std::string& what) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.size() < 2 * kIdentifierOffset + kDigestBytes ||
      text.substr(kIdentifierOffset, identifier.size()) != identifier) {
    return fail(ErrorCode::kBadFormat, what + ": not a rolemix " + what + " (expected \"" +
                                           std::string(identifier) + "\" at byte 4, got " +
                                           std::to_string(text.size()) +
                                           " bytes of something else)");
  }
  const std::string_view body = text.substr(0, text.size() - kDigestBytes);
  if (text.substr(body.size()) != little_endian(digest(body))) {
    return fail(ErrorCode::kBadFormat, what + ": damaged or cut off (its digest does not fit its " +
                                           std::to_string(text.size()) + " bytes)");
  }
  FileBody file(bytes.first(body.size()));
  flatbuffers::Verifier verifier(file.data(), file.size());
  if (!verifier.VerifyBuffer<Versioned>(nullptr)) {
    return fail(ErrorCode::kBadFormat, what + ": its structure is not valid");
  }
  const std::uint16_t found = flatbuffers::GetRoot<Versioned>(file.data())->version();
  if (found != version) {
    return fail(ErrorCode::kUnsupportedVersion, what + ": format version " + std::to_string(found) +
                                                    ", this program reads version " +
                                                    std::to_string(version));
  }
  return file;
}

}  // namespace rolemix
