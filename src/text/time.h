// Times as people read them.
#ifndef ROLEMIX_TEXT_TIME_H_
#define ROLEMIX_TEXT_TIME_H_

#include <string>

namespace rolemix {

/// "2026-10-12 03:05 UTC", the minute that holds the time; "-" outside the years 1 to 9999. at:
/// epoch seconds.
std::string minute_text(double at);

}  // namespace rolemix

#endif  // ROLEMIX_TEXT_TIME_H_
