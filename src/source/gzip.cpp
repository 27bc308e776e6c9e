#include "source/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace rolemix {
namespace {

constexpr std::string_view kMagic = "\x1f\x8b";

// Unzips one member after the other into one string.
class Unzipper {
 public:
  Unzipper(std::string_view bytes, std::size_t most_bytes) : rest_(bytes), most_bytes_(most_bytes) {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    ready_ = inflateInit2(&stream_, kGzipOnly) == Z_OK;
  }
  ~Unzipper() { inflateEnd(&stream_); }
  Unzipper(const Unzipper&) = delete;
  Unzipper& operator=(const Unzipper&) = delete;

  Result<void> run() {
    if (!ready_) return fail(ErrorCode::kSourceFailed, "zlib could not be started");
    room_ = std::min(most_bytes_ + 1, 4 * rest_.size() + 64);
    for (;;) {
      const int status = step();
      if (out_.size() > most_bytes_) {
        return fail(ErrorCode::kTooLarge,
                    "expected at most " + size_text(most_bytes_) + " of data, got more");
      }
      if (status == Z_STREAM_END) {
        if (only_padding_left()) break;
        inflateReset(&stream_);
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return fail(ErrorCode::kSourceFailed,
                    std::string("damaged gzip data: ") +
                        (stream_.msg != nullptr ? stream_.msg : zError(status)));
      } else if (rest_.empty() && stream_.avail_out > 0) {
        return fail(ErrorCode::kSourceFailed, "expected more gzip data, got the end");
      }
    }
    return {};
  }

  std::string take_output() { return std::move(out_); }

 private:
  // Unzips until a member ends, or the input or the room for output does; makes room for more.
  int step() {
    constexpr std::size_t kMaxStep = std::numeric_limits<uInt>::max();
    if (out_.size() == room_) room_ = std::min(most_bytes_ + 1, 2 * room_);
    const std::size_t input = std::min(rest_.size(), kMaxStep);
    // zlib does not write to its input; the cast is for its older declaration.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest_.data()));
    stream_.avail_in = static_cast<uInt>(input);
    int status = Z_OK;
    // Room that is not written to takes no memory.
    out_.resize_and_overwrite(room_, [&, written = out_.size()](char* data, std::size_t size) {
      const std::size_t room = std::min(size - written, kMaxStep);
      stream_.next_out = reinterpret_cast<Bytef*>(data + written);
      stream_.avail_out = static_cast<uInt>(room);
      status = inflate(&stream_, Z_NO_FLUSH);
      return written + room - stream_.avail_out;
    });
    rest_.remove_prefix(input - stream_.avail_in);
    return status;
  }

  // Some writers fill up their last block with zeros.
  bool only_padding_left() const { return rest_.find_first_not_of('\0') == std::string_view::npos; }

  z_stream stream_{};
  std::string_view rest_;
  std::string out_;
  std::size_t room_ = 0;
  std::size_t most_bytes_;
  bool ready_ = false;
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with(kMagic); }

Result<std::string> gunzip(std::string_view bytes, std::string_view source,
                           std::size_t most_bytes) {
  Unzipper unzipper(bytes, most_bytes);
  if (auto unzipped = unzipper.run(); !unzipped) {
    return fail(unzipped.error().code, std::string(source) + ": " + unzipped.error().message);
  }
  return unzipper.take_output();
}

}  // namespace rolemix
