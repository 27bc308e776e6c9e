// Numbers as people read them, with units. The one formatter of sentences and text output.
#ifndef ROLEMIX_CORE_FORMAT_H_
#define ROLEMIX_CORE_FORMAT_H_

#include <string>
#include <string_view>

namespace rolemix {

/// "62 %", "1.43 GiB", "250 MiB/s", "1200 /s", "0.35": at most three significant digits (the whole
/// part in full up to 1e12), bytes in powers of 1024, "1.7e18" where zeros would fill the line. "-"
/// for NaN.
std::string format_value(double value, std::string_view unit);

/// "17-22 %": both ends in one unit and with the same number of decimals.
std::string format_range(double low, double high, std::string_view unit);

}  // namespace rolemix

#endif  // ROLEMIX_CORE_FORMAT_H_
