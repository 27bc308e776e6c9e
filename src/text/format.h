// Numbers as people read them, with units. The one formatter of sentences and text output.
#ifndef ROLEMIX_TEXT_FORMAT_H_
#define ROLEMIX_TEXT_FORMAT_H_

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rolemix {

/// "62 %", "1.43 GiB", "250 MiB/s", "1200 /s", "0.35": at most three significant digits (the whole
/// part in full up to 1e12), bytes in powers of 1024, "1.7e18" where zeros would fill the line. "-"
/// for NaN.
std::string format_value(double value, std::string_view unit);

/// "17-22 %": both ends in one unit and with the same number of decimals. `between` is what stands
/// between the ends; when empty, "-", or " to " where that would read as a sign.
std::string format_range(double low, double high, std::string_view unit,
                         std::string_view between = {});

/// A value and a range that are shown together.
struct ShownValue {
  std::string value;
  std::string range;
};

/// As format_value and format_range, but with as many more digits as it takes to see rightly
/// whether the value lies in the range: the printed value is below, in or above the printed range
/// where the value itself is. "90 B/s" and "100 B/s to 250 MiB/s", where one unit would show "0-250
/// MiB/s".
ShownValue format_against(double value, double low, double high, std::string_view unit,
                          std::string_view between = {});

struct ValueRange {
  double low = 0;
  double high = 0;
};

struct ShownValueAndRanges {
  std::string value;
  std::vector<std::string> ranges;
};

/// The same of one value and several ranges.
ShownValueAndRanges format_against(double value, std::span<const ValueRange> ranges,
                                   std::string_view unit, std::string_view between = {});

/// Two values to be compared, each as format_value, but with as many more digits as it takes to see
/// which of them is larger.
std::pair<std::string, std::string> format_both(double a, double b, std::string_view unit);

}  // namespace rolemix

#endif  // ROLEMIX_TEXT_FORMAT_H_
