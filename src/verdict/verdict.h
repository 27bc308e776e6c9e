// What a person said of an alert.
#ifndef ROLEMIX_VERDICT_VERDICT_H_
#define ROLEMIX_VERDICT_VERDICT_H_

#include <cstdint>
#include <string>
#include <vector>

namespace rolemix {

enum class VerdictName : std::uint8_t { kTrueAlarm, kFalseAlarm, kUnsure };

/// Of a record what rates need; never changed, only replaced by a later one.
struct Verdict {
  std::string uid;
  std::string alert_id;
  VerdictName verdict = VerdictName::kUnsure;
  std::string kind;    ///< of cause, such as "deploy"; may be empty
  double created = 0;  ///< epoch seconds
};

/// The records that count, one for each alert, in order of alert_id: indices. It is the newest word
/// of anybody, whatever the order of the records; of two at one time that of the larger uid.
std::vector<std::int32_t> newest_per_alert(const std::vector<Verdict>& records);

}  // namespace rolemix

#endif  // ROLEMIX_VERDICT_VERDICT_H_
