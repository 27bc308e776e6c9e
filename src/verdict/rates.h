// How often alerts are right, and what kind of false alarm covers most of the wrong ones.
#ifndef ROLEMIX_VERDICT_RATES_H_
#define ROLEMIX_VERDICT_RATES_H_

#include <string>
#include <vector>

#include "verdict/verdict.h"

namespace rolemix {

struct KindCoverage {
  std::string kind;  ///< empty: none was given
  int false_alarms = 0;
  double coverage = 0;  ///< 0-1, of all false alarms
};

/// Of some alerts, each counted by the verdict that counts.
struct VerdictRates {
  int alerts = 0;  ///< distinct ones
  int true_alarms = 0;
  int false_alarms = 0;
  int unsure = 0;
  double false_alarm_rate = 0;      ///< of those called true or false; NaN: none was
  std::vector<KindCoverage> kinds;  ///< largest coverage first; of the same by name
  int elsewhere = 0;                ///< alerts with verdicts that are not among these
};

VerdictRates verdict_rates(const std::vector<std::string>& alert_ids,
                           const std::vector<Verdict>& records);

}  // namespace rolemix

#endif  // ROLEMIX_VERDICT_RATES_H_
