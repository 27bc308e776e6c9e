// A value with several owners on one thread. std::shared_ptr takes run-time type information, which
// the WebAssembly module is built without.
#ifndef ROLEMIX_BASE_SHARED_H_
#define ROLEMIX_BASE_SHARED_H_

#include <cstddef>
#include <utility>

namespace rolemix {

/// Copies own the same value, which goes with the last of them. Not after it was moved from.
template <typename T>
class Shared {
 public:
  template <typename... Arguments>
  static Shared of(Arguments&&... arguments) {
    return Shared(new Counted{T(std::forward<Arguments>(arguments)...)});
  }

  Shared(const Shared& other) : counted_(other.counted_) { ++counted_->owners; }
  Shared(Shared&& other) noexcept : counted_(std::exchange(other.counted_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(counted_, other.counted_);
    return *this;
  }
  ~Shared() {
    if (counted_ != nullptr && --counted_->owners == 0) {
      delete counted_;
    }
  }

  T& operator*() const { return counted_->value; }
  T* operator->() const { return &counted_->value; }
  bool is_alone() const { return counted_->owners == 1; }

 private:
  struct Counted {
    T value;
    std::size_t owners = 1;
  };

  explicit Shared(Counted* counted) : counted_(counted) {}

  Counted* counted_;
};

}  // namespace rolemix

#endif  // ROLEMIX_BASE_SHARED_H_
