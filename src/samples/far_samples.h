// Times that are not believed, to be told of.
#ifndef ROLEMIX_SAMPLES_FAR_SAMPLES_H_
#define ROLEMIX_SAMPLES_FAR_SAMPLES_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "table/notice.h"
#include "table/sample_table.h"

namespace rolemix {

/// What was done with them.
enum class FarTime : std::uint8_t {
  kLeftOut,    ///< these rows
  kKept,       ///< these rows, for whoever counts on one sample a row
  kForgotten,  ///< what was known of the host before, which went on until then
};

/// Those of a host.
struct FarSamples {
  std::string host;
  std::int64_t count = 0;
  double time = 0;  ///< of one of them, epoch seconds
  FarTime done = FarTime::kLeftOut;
};

/// Of a host's rows those that are not believed; a count of 0: all are. believed: as of
/// believed_rows.
FarSamples far_samples(const TableView& table, const HostRows& host,
                       std::span<const std::int32_t> believed, FarTime done);

/// One for each, of many for the first ten.
std::vector<Notice> notices_of(const std::vector<FarSamples>& far);

}  // namespace rolemix

#endif  // ROLEMIX_SAMPLES_FAR_SAMPLES_H_
