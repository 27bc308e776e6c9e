// The times of one file: one unit for all numbers, one zone for all that name none.
#ifndef ROLEMIX_TABLE_TIME_READER_H_
#define ROLEMIX_TABLE_TIME_READER_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "table/notice.h"
#include "table/time_zone.h"

namespace rolemix {

/// Takes epoch seconds, milli-, micro- and nanoseconds, told by their size, and written times.
/// Those without an offset are of the zone; a date alone is midnight UTC where there is no zone.
class TimeReader {
 public:
  /// zone: may be null, else outlives the reader.
  TimeReader(std::string_view source, const TimeZone* zone) : source_(source), zone_(zone) {}

  /// Nothing where it is no time; reason() then says why.
  std::optional<LocalTime> read(std::string_view text, std::size_t line);

  /// What was expected instead of a text that read() did not take, what came, and what to do.
  std::string reason(std::string_view text) const;

  /// Which of two times is meant: the earlier, unless a row before of the same series, by its two
  /// numbers, shows that it has passed. Called for each row, in order.
  double settle(const LocalTime& local, std::int32_t host, std::int32_t metric) {
    return local.time == local.later ? local.time : settle_twice(local, {host, metric});
  }

  struct Fault {
    std::size_t line = 0;
    std::string reason;
  };

  /// Asked at the end: whether all numbers were days as spreadsheets count them.
  std::optional<Fault> day_numbers() const;

  /// What people should know of the times that were read.
  std::vector<Notice> notices() const;

 private:
  using SeriesId = std::pair<std::int32_t, std::int32_t>;

  // Of times that are not as they should be: how many, and the line of the first.
  struct Count {
    std::size_t times = 0;
    std::size_t line = 0;

    void add(std::size_t at) {
      if (times++ == 0) line = at;
    }
  };

  std::optional<LocalTime> read_number(std::string_view text, std::size_t line);
  double settle_twice(const LocalTime& local, SeriesId series);

  std::string source_;
  const TimeZone* zone_;
  double unit_ = 0;  // numbers in a second; 0: none was read yet
  std::size_t unit_line_ = 0;
  std::string first_number_;
  double smallest_ = std::numeric_limits<double>::infinity();
  double largest_ = -std::numeric_limits<double>::infinity();
  Count without_zone_;
  Count twice_;
  Count skipped_;
  std::map<SeriesId, double> passed_;  // of each series the last time that exists twice
};

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_TIME_READER_H_
