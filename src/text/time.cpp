#include "text/time.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace rolemix {

std::string minute_text(double at) {
  constexpr double kFirst = -62135596800;  // 0001-01-01
  constexpr double kEnd = 253402300800;    // 10000-01-01
  if (!(at >= kFirst && at < kEnd)) {
    return "-";
  }
  // By days: minutes of the standard library overflow where long has 32 bits.
  const double day = std::floor(at / 86400);
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(static_cast<int>(day)))};
  const auto clock = static_cast<int>((at - 86400 * day) / 60);
  const auto padded = [](int number, std::size_t width) {
    std::string digits = std::to_string(number);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
  };
  return padded(static_cast<int>(date.year()), 4) + "-" +
         padded(static_cast<int>(static_cast<unsigned>(date.month())), 2) + "-" +
         padded(static_cast<int>(static_cast<unsigned>(date.day())), 2) + " " +
         padded(clock / 60, 2) + ":" + padded(clock % 60, 2) + " UTC";
}

}  // namespace rolemix
