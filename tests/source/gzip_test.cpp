#include "source/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <string_view>

namespace rolemix {
namespace {

std::string gzip(std::string_view bytes) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  constexpr int kDefaultMemory = 8;
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipOnly, kDefaultMemory,
               Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  std::string in(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

constexpr std::size_t kMostBytes = 100'000'000;

Result<std::string> unzipped(std::string_view bytes) { return gunzip(bytes, "x", kMostBytes); }

std::string message(std::string_view bytes) {
  const Result<std::string> result = gunzip(bytes, "hosts.csv.gz", kMostBytes);
  EXPECT_FALSE(result);
  if (result) return "";
  EXPECT_EQ(result.error().code, ErrorCode::kSourceFailed);
  return result.error().message;
}

TEST(Gunzip, GivesBackWhatWasZipped) {
  EXPECT_EQ(unzipped(gzip("a,b\n1,2\n")).value(), "a,b\n1,2\n");
  EXPECT_EQ(unzipped(gzip("")).value(), "");
}

TEST(Gunzip, GivesBackMuchFromLittle) {
  std::string zeros;
  zeros.resize(30'000'000, '0');
  EXPECT_EQ(unzipped(gzip(zeros)).value(), zeros);
}

TEST(Gunzip, JoinsAllMembers) {
  EXPECT_EQ(unzipped(gzip("a,b\n") + gzip("") + gzip("1,2\n")).value(), "a,b\n1,2\n");
}

TEST(Gunzip, AllowsZerosAfterTheLastMember) {
  EXPECT_EQ(unzipped(gzip("a") + std::string(512, '\0')).value(), "a");
}

TEST(Gunzip, RejectsWhatIsNotGzip) {
  EXPECT_EQ(message("plain text"), "hosts.csv.gz: damaged gzip data: incorrect header check");
  EXPECT_EQ(message(gzip("a") + "plain text"),
            "hosts.csv.gz: damaged gzip data: incorrect header check");
}

TEST(Gunzip, RejectsEveryPrefix) {
  const std::string zipped = gzip("timestamp,host,cpu\n1,a,2\n");
  for (std::size_t size = 0; size < zipped.size(); ++size) {
    EXPECT_EQ(message(zipped.substr(0, size)),
              "hosts.csv.gz: expected more gzip data, got the end");
  }
}

TEST(Gunzip, RejectsASecondMemberThatEndsEarly) {
  const std::string zipped = gzip("a,b\n");
  EXPECT_EQ(message(zipped + zipped.substr(0, 10)),
            "hosts.csv.gz: expected more gzip data, got the end");
}

TEST(Gunzip, RejectsAWrongChecksum) {
  std::string zipped = gzip("a,b\n");
  zipped[zipped.size() - 8] ^= 1;
  EXPECT_EQ(message(zipped), "hosts.csv.gz: damaged gzip data: incorrect data check");
}

TEST(Gunzip, GivesAtMostAsManyBytesAsAllowed) {
  const std::string zipped = gzip(std::string(1'000'000, '0'));
  EXPECT_EQ(gunzip(zipped, "x", 1'000'000).value().size(), 1'000'000U);
  const auto one_less = gunzip(zipped, "x", 999'999);
  EXPECT_EQ(one_less.error().message, "x: expected at most 999999 bytes of data, got more");
  EXPECT_EQ(one_less.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(gunzip(zipped + zipped, "x", 1'999'999).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(gunzip(zipped + zipped, "x", 2'000'000).value().size(), 2'000'000U);
}

TEST(IsGzip, LooksAtTheFirstTwoBytes) {
  EXPECT_TRUE(is_gzip(gzip("")));
  EXPECT_FALSE(is_gzip(""));
  EXPECT_FALSE(is_gzip("\x1f"));
  EXPECT_FALSE(is_gzip("timestamp,host"));
}

}  // namespace
}  // namespace rolemix
