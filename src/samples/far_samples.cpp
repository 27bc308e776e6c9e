#include "samples/far_samples.h"

#include <cstddef>
#include <iterator>
#include <utility>

#include "base/escape.h"
#include "text/time.h"

namespace rolemix {
namespace {

constexpr std::size_t kMostNotices = 10;

}  // namespace

FarSamples far_samples(const TableView& table, const HostRows& host,
                       std::span<const std::int32_t> believed, FarTime done) {
  const bool at_end = believed.empty() || believed.back() != host.rows.back();
  return {table.hosts[host.host], std::ssize(host.rows) - std::ssize(believed),
          table.timestamps[at_end ? host.rows.back() : host.rows.front()], done};
}

std::vector<Notice> notices_of(const std::vector<FarSamples>& far) {
  std::vector<Notice> notices;
  for (const FarSamples& of : far) {
    std::string text = std::to_string(of.count) + (of.count == 1 ? " sample of " : " samples of ") +
                       in_quotes(of.host) + " at " + minute_text(of.time) + ", more than a day ";
    if (of.done == FarTime::kForgotten) {
      text += "after all that came now: the state of the host is forgotten";
    } else {
      text += of.done == FarTime::kKept ? "from all others" : "from all others: left out";
    }
    notices.push_back(notice("time_not_believed", std::move(text)));
    notices.back().host = of.host;
    notices.back().left_out = of.done == FarTime::kLeftOut;
    if (notices.size() == kMostNotices && far.size() > kMostNotices) {
      notices.push_back(
          notice("time_not_believed",
                 "and so of " + std::to_string(far.size() - kMostNotices) + " more hosts"));
      break;
    }
  }
  return notices;
}

}  // namespace rolemix
