#include "samples/host_times.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "base/escape.h"
#include "table/sample_table.h"
#include "text/lists.h"
#include "text/time.h"

namespace rolemix {
namespace {

constexpr double kHour = 3600;
constexpr double kIntervals = 3;  // more are a gap
constexpr double kOtherPace = 2;

double silence_of(double interval) { return std::max(kHour, kIntervals * interval); }

void note_silence(std::span<const HostTimes> hosts, double interval, double latest,
                  std::vector<Notice>& notices) {
  std::vector<std::string> silent;
  double longest = 0;
  std::string where;
  for (const auto& [host, times] : hosts) {
    double most = 0;
    double from = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
      const double next = i + 1 < times.size() ? times[i + 1] : latest;
      if (next - times[i] > most) {
        most = next - times[i];
        from = times[i];
      }
    }
    if (most > silence_of(interval)) {
      silent.push_back(host);
      if (most > longest) {
        longest = most;
        where = concat({visible(host), ", ", minute_text(from), " to ", minute_text(from + most)});
      }
    }
  }
  if (!silent.empty()) {
    notices.push_back(
        notice("hosts_silent",
               concat({count_of(silent.size(), "host"), " of ", std::to_string(hosts.size()),
                       " sent nothing for more than an hour; longest: ", where})));
    notices.back().host = silent.size() == 1 ? silent.front() : "";
  }
}

void note_paces(std::span<const HostTimes> hosts, double interval, std::vector<Notice>& notices) {
  constexpr std::size_t kEnough = 1000;  // samples, to tell a host's pace
  std::vector<std::string> others;
  double first = 0;
  for (const auto& [host, times] : hosts) {
    const auto some = times.first(std::min(kEnough, times.size()));
    const double own = median_interval({std::vector<double>(some.begin(), some.end())});
    if (own > 0 && (own >= kOtherPace * interval || own * kOtherPace <= interval)) {
      first = others.empty() ? own : first;
      others.push_back(host);
    }
  }
  if (!others.empty() && others.size() < hosts.size()) {
    notices.push_back(
        notice("intervals_differ",
               concat({"samples of ", count_of(others.size(), "host"), " (", some_of(others),
                       ") come every ", std::to_string(std::llround(first)),
                       others.size() == 1 ? " s" : " s or so", ", those of most every ",
                       std::to_string(std::llround(interval)), " s"})));
    notices.back().host = others.size() == 1 ? others.front() : "";
  }
}

/// Hosts that end long before the others, and those that begin long after them.
void note_renames(std::span<const HostTimes> hosts, double interval, double latest,
                  std::vector<Notice>& notices) {
  constexpr double kAtOnce = 900;  // as long as a restart takes
  constexpr std::size_t kMost = 12;
  double earliest = std::numeric_limits<double>::infinity();
  for (const HostTimes& host : hosts) {
    earliest = std::min(earliest, host.times.front());
  }
  const double silence = silence_of(interval);
  std::size_t found = 0;
  std::string text;
  std::string only;
  for (const HostTimes& old : hosts) {
    const double end = old.times.back();
    if (latest - end <= silence) {
      continue;
    }
    const HostTimes* next = nullptr;
    for (const HostTimes& host : hosts) {
      const double begin = host.times.front();
      if (begin - earliest > silence && begin > end &&
          begin - end <= std::max(kAtOnce, kIntervals * interval) &&
          (next == nullptr || begin < next->times.front())) {
        next = &host;
      }
    }
    if (next != nullptr && ++found <= kMost) {
      text += concat({text.empty() ? "" : "; ", visible(old.host), " ends as ", visible(next->host),
                      " begins, at ", minute_text(next->times.front())});
      only = next->host;
    }
  }
  if (found > 0) {
    notices.push_back(notice(
        "host_renamed",
        concat({text, found > kMost ? "; ..." : "",
                ": perhaps the same host, whose own level is learned anew under another name"})));
    notices.back().host = found == 1 ? only : "";
  }
}

}  // namespace

std::vector<Notice> notices_of(std::span<const HostTimes> hosts, double interval) {
  std::vector<Notice> notices;
  if (hosts.empty() || !(interval > 0)) {
    return notices;
  }
  double latest = -std::numeric_limits<double>::infinity();
  for (const HostTimes& host : hosts) {
    latest = std::max(latest, host.times.back());
  }
  note_silence(hosts, interval, latest, notices);
  note_paces(hosts, interval, notices);
  note_renames(hosts, interval, latest, notices);
  return notices;
}

}  // namespace rolemix
