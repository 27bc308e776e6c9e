// What was found in the data, or done with it, and people should know: no error, since work goes
// on.
#ifndef ROLEMIX_TABLE_NOTICE_H_
#define ROLEMIX_TABLE_NOTICE_H_

#include <cstddef>
#include <string>
#include <utility>

namespace rolemix {

struct Notice {
  std::string code;       ///< which kind, for programs: such as "metrics_missing"
  std::string text;       ///< for people, without the file
  std::string file;       ///< that it is about; empty: none
  std::size_t line = 0;   ///< of the file, from 1; 0: the whole of it
  std::string host;       ///< empty: all, or none
  std::string metric;     ///< empty: several, or none
  bool left_out = false;  ///< some of the input is not used: whoever is strict stops here
};

/// As a line of text: after file and line.
inline std::string message_of(const Notice& notice) {
  std::string where = notice.file;
  if (notice.line > 0) where += ':' + std::to_string(notice.line);
  return where.empty() ? notice.text : where + ": " + notice.text;
}

/// Of no file, host or metric.
inline Notice notice(std::string code, std::string text) {
  Notice notice;
  notice.code = std::move(code);
  notice.text = std::move(text);
  return notice;
}

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_NOTICE_H_
