// What reading and writing files share: open files, and errors that name them.
#ifndef ROLEMIX_SOURCE_DESCRIPTOR_H_
#define ROLEMIX_SOURCE_DESCRIPTOR_H_

#include <unistd.h>

#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"

namespace rolemix {

inline std::unexpected<Error> fail_file(const std::string& path, const std::string& what) {
  return fail(ErrorCode::kSourceFailed, path + ": " + what);
}

inline std::unexpected<Error> fail_errno(const std::string& path, int error) {
  return fail_file(path, std::strerror(error));
}

/// An open file, closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  bool close() { return number_ < 0 || ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

}  // namespace rolemix

#endif  // ROLEMIX_SOURCE_DESCRIPTOR_H_
