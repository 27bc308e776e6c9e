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
  Unzipper(std::string_view bytes, std::size_t max_bytes) : rest_(bytes), max_bytes_(max_bytes) {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    ready_ = inflateInit2(&stream_, kGzipOnly) == Z_OK;
  }
  ~Unzipper() { inflateEnd(&stream_); }
  Unzipper(const Unzipper&) = delete;
  Unzipper& operator=(const Unzipper&) = delete;

  // Empty when all went well, else what is wrong with the bytes.
  std::string run() {
    if (!ready_) return "zlib could not be started";
    out_.resize(std::min(max_bytes_ + 1, 4 * rest_.size() + 64));
    for (;;) {
      const int status = step();
      if (written_ > max_bytes_) {
        return "expected at most " + std::to_string(max_bytes_) + " bytes of data, got more";
      }
      if (status == Z_STREAM_END) {
        if (only_padding_left()) break;
        inflateReset(&stream_);
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return std::string("damaged gzip data: ") +
               (stream_.msg != nullptr ? stream_.msg : zError(status));
      } else if (rest_.empty() && stream_.avail_out > 0) {
        return "expected more gzip data, got the end";
      }
    }
    out_.resize(written_);
    return {};
  }

  std::string take_output() { return std::move(out_); }

 private:
  // Unzips until a member ends, or the input or the room for output does; makes room for more.
  int step() {
    constexpr std::size_t kMaxStep = std::numeric_limits<uInt>::max();
    if (written_ == out_.size()) out_.resize(std::min(max_bytes_ + 1, 2 * out_.size()));
    const std::size_t input = std::min(rest_.size(), kMaxStep);
    const std::size_t room = std::min(out_.size() - written_, kMaxStep);
    // zlib does not write to its input; the cast is for its older declaration.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest_.data()));
    stream_.avail_in = static_cast<uInt>(input);
    stream_.next_out = reinterpret_cast<Bytef*>(out_.data() + written_);
    stream_.avail_out = static_cast<uInt>(room);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    rest_.remove_prefix(input - stream_.avail_in);
    written_ += room - stream_.avail_out;
    return status;
  }

  // Some writers fill up their last block with zeros.
  bool only_padding_left() const { return rest_.find_first_not_of('\0') == std::string_view::npos; }

  z_stream stream_{};
  std::string_view rest_;
  std::string out_;
  std::size_t written_ = 0;
  std::size_t max_bytes_;
  bool ready_ = false;
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with(kMagic); }

Result<std::string> gunzip(std::string_view bytes, std::string_view source, std::size_t max_bytes) {
  Unzipper unzipper(bytes, max_bytes);
  if (const std::string problem = unzipper.run(); !problem.empty()) {
    return fail(ErrorCode::kSourceFailed, std::string(source) + ": " + problem);
  }
  return unzipper.take_output();
}

}  // namespace rolemix
